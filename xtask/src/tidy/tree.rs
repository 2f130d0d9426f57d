//! Tree: the files of the repository and what cargo knows about its packages, as values.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::metadata::Metadata;
use crate::error::XtaskError;

/// The repository as tidy sees it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Text by path relative to the workspace; files that are no text are there with empty text.
    pub(crate) files: BTreeMap<String, String>,
    /// The bytes of the files that are no text.
    pub(crate) others: BTreeMap<String, Vec<u8>>,
    /// Packages, dependencies included.
    pub(crate) metadata: Metadata,
    /// The folder the workspace is in.
    pub(crate) root: String,
}

impl Tree {
    /// Reads all files that are committed or could be: ignored ones are left out.
    pub(crate) fn read(root: &Path, metadata: Metadata) -> Result<Tree, XtaskError> {
        let listing = command_output(Command::new("git").current_dir(root).args([
            "ls-files",
            "-z",
            "-c",
            "-o",
            "--exclude-standard",
        ]))?;
        let (mut files, mut others) = (BTreeMap::new(), BTreeMap::new());
        for name in listing.split('\0').filter(|name| !name.is_empty()) {
            let path = root.join(name);
            // A file that is deleted but not yet committed is still listed; a link to a folder is no file.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path).map_err(|cause| XtaskError::Read { path, cause })?;
            let text = String::from_utf8(bytes).unwrap_or_else(|error| {
                others.insert(name.to_owned(), error.into_bytes());
                String::new()
            });
            files.insert(name.to_owned(), text);
        }
        Ok(Tree { files, others, metadata, root: root.display().to_string() })
    }

    /// The Rust sources of the workspace's crates and of xtask, tests not included.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rust_files().filter(|(name, _)| name.contains("/src/"))
    }

    /// Every Rust file.
    pub(crate) fn rust_files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files_ending_in(".rs")
    }

    /// Every file whose name ends so.
    pub(crate) fn files_ending_in(&self, ending: &'static str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(name, _)| name.ends_with(ending))
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a file; absent when it is not there.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// A tree of literals, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Tree { files, root: "/build/assay".into(), ..Tree::default() }
    }
}

/// The standard output of a command that must succeed.
pub(crate) fn command_output(command: &mut Command) -> Result<String, XtaskError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|cause| XtaskError::Start { program, cause })?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(XtaskError::Command { command: format!("{command:?}"), message });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Numbered lines of a text, from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines())
}
