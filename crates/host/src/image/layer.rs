//! Puts one layer upon those below it, entry by entry, as container runtimes do.

use assay_model::evidence::{Problem, ProblemKind};

use super::content::{Content, Contents};
use super::extent::Extent;
use super::member::{Whiteout, clean_name};
use super::tar::{TarBudget, TarEntry, TarError, TarKind, TarReader};
use crate::tree::{Attributes, NodeKind, TreeError, VirtualTree};

/// Entries of a layer that are told of one by one.
const TOLD: usize = 20;

/// Puts layers upon each other.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) tree: VirtualTree<Content>,
    pub(crate) contents: Contents,
    pub(crate) budget: TarBudget,
    pub(crate) problems: Vec<Problem>,
}

impl Stack {
    /// Puts a layer on top. What of it cannot be used becomes problems.
    pub(crate) fn put(&mut self, label: &str, layer: &Extent) {
        self.tree.begin_layer();
        let source = self.contents.add_source(layer.clone());
        let mut reader = TarReader::new(layer, &mut self.budget);
        let mut refused = 0;
        loop {
            let entry = match reader.next_entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => break,
                Err(error) => {
                    let detail = format!("{error}; what would follow is not seen");
                    self.problems.push(Problem::new(label, kind_of_tar(&error), detail));
                    break;
                }
            };
            let name = String::from_utf8_lossy(&entry.name).into_owned();
            let Err(refusal) = put_entry(&mut self.tree, &mut self.contents, source, entry) else { continue };
            if let Refusal::Tree(error) = refusal
                && error.is_limit()
            {
                let detail = format!("{error}; what would follow is not seen");
                self.problems.push(Problem::new(label, ProblemKind::TooLarge, detail));
                break;
            }
            refused += 1;
            if refused <= TOLD {
                let detail = format!("an entry of {label} is not used: {refusal}");
                self.problems.push(Problem::new(name, refusal.kind(), detail));
            }
        }
        if refused > TOLD {
            let detail = format!("{} more of its entries are not used", refused - TOLD);
            self.problems.push(Problem::new(label, ProblemKind::Malformed, detail));
        }
    }
}

/// Why an entry is not used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum Refusal {
    #[error("its name leads out of the image")]
    ClimbsOut,
    #[error("what it links to lies outside the image")]
    LinksOut,
    #[error("it would hide something that cannot be there")]
    SenselessWhiteout,
    #[error("its type is {:?}, which is not known", char::from(*.0))]
    UnknownType(u8),
    #[error("{0}")]
    Tree(TreeError),
}

impl Refusal {
    fn kind(self) -> ProblemKind {
        match self {
            Refusal::ClimbsOut | Refusal::LinksOut | Refusal::SenselessWhiteout => ProblemKind::Malformed,
            Refusal::UnknownType(_) => ProblemKind::NotSupported,
            Refusal::Tree(error) => match error {
                TreeError::TooManyNodes { .. } | TreeError::TooMuchText { .. } => ProblemKind::TooLarge,
                TreeError::LinkLoop => ProblemKind::LinkLoop,
                TreeError::NoLinkTarget => ProblemKind::NotFound,
                TreeError::NameTooLong => ProblemKind::Malformed,
                TreeError::ReplacesRoot | TreeError::LinkToDirectory => ProblemKind::WrongType,
            },
        }
    }
}

fn put_entry(
    tree: &mut VirtualTree<Content>,
    contents: &mut Contents,
    source: u32,
    entry: TarEntry,
) -> Result<(), Refusal> {
    let path = clean_name(&entry.name).ok_or(Refusal::ClimbsOut)?;
    match Whiteout::of(&path) {
        Whiteout::None => {}
        Whiteout::Own => return Ok(()),
        Whiteout::Senseless => return Err(Refusal::SenselessWhiteout),
        Whiteout::Content { directory } => {
            tree.hide_content(directory);
            return Ok(());
        }
        Whiteout::Of { directory, name } => {
            tree.hide(&[directory, b"/", name].concat());
            return Ok(());
        }
    }
    let kind = match entry.kind {
        TarKind::HardLink => {
            let target = clean_name(&entry.link).ok_or(Refusal::LinksOut)?;
            return tree.insert_hard_link(&path, &target).map_err(Refusal::Tree);
        }
        TarKind::Unknown(flag) => return Err(Refusal::UnknownType(flag)),
        TarKind::File => NodeKind::File(contents.add(source, &entry.data)),
        TarKind::Directory => NodeKind::Directory,
        TarKind::SymbolicLink => NodeKind::Link(entry.link.as_slice().into()),
        TarKind::Special(file_type) => NodeKind::Other(file_type),
    };
    let attributes = Attributes {
        mode: u16::try_from(entry.mode & 0o7777).unwrap_or(0),
        // What is no id at all is nobody's.
        uid: u32::try_from(entry.uid).unwrap_or(u32::MAX),
        gid: u32::try_from(entry.gid).unwrap_or(u32::MAX),
        size: entry.size,
        modified: entry.modified,
    };
    tree.insert(&path, attributes, kind).map_err(Refusal::Tree)
}

fn kind_of_tar(error: &TarError) -> ProblemKind {
    match error {
        TarError::Read(_) => ProblemKind::Failed,
        TarError::Truncated { .. } | TarError::Malformed { .. } => ProblemKind::Malformed,
        TarError::TooMany { .. } => ProblemKind::TooLarge,
    }
}
