//! Where the files of an image lie: in a directory, or in an archive, which is looked at without being unpacked.
//!
//! Paths in documents are hostile; both kinds resolve them inside their root. An archive of `docker save` has links of
//! its own, from a layer to the same layer of another image.

use std::path::Path;

use rustix::io::Errno;

use super::extent::Extent;
use super::member::clean_name;
use super::tar::{Data, TarBudget, TarError, TarKind, TarReader};
use crate::error::HostError;
use crate::rooted::RootedHost;
use crate::tree::{Attributes, FollowLast, NodeKind, TreeLimits, VirtualTree};
use crate::view::{FileKind, Host as _};

/// Files in an archive of images; each layer is one or three.
const TREE_LIMITS: TreeLimits = TreeLimits { nodes: 100_000, text_bytes: 16 << 20 };

/// Where the files of an image lie.
#[derive(Debug)]
pub(crate) enum Store {
    /// In a directory.
    Directory(RootedHost),
    /// In an archive.
    Archive(ArchiveStore),
}

/// The files of an archive.
#[derive(Debug)]
pub(crate) struct ArchiveStore {
    archive: Extent,
    /// Content is where a file begins; nothing for a sparse one.
    tree: VirtualTree<Option<u64>>,
    broken: Option<TarError>,
}

impl Store {
    /// The files in a directory.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub(crate) fn directory(path: &Path) -> Result<Store, HostError> {
        Ok(Store::Directory(RootedHost::root_directory(path)?))
    }

    /// The files in an archive that is not packed.
    pub(crate) fn archive(archive: Extent) -> Store {
        let mut tree = VirtualTree::new(TREE_LIMITS);
        let broken = index(&archive, &mut tree).err();
        Store::Archive(ArchiveStore { archive, tree, broken })
    }

    /// Why the archive cannot be read to its end.
    pub(crate) fn broken(&self) -> Option<&TarError> {
        match self {
            Store::Directory(_) => None,
            Store::Archive(archive) => archive.broken.as_ref(),
        }
    }

    /// Whether there is a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        let metadata = match self {
            Store::Directory(host) => host.metadata(path),
            Store::Archive(archive) => archive.tree.metadata(path, FollowLast::Yes),
        };
        metadata.is_ok_and(|metadata| metadata.kind == FileKind::File)
    }

    /// A file.
    ///
    /// # Errors
    ///
    /// When it is not there, is no regular file, or cannot be read by position.
    pub(crate) fn blob(&self, path: &str) -> Result<Extent, HostError> {
        let archive = match self {
            Store::Directory(host) => {
                let (file, size) = host.open_file(path)?;
                return Ok(Extent::whole(file, size));
            }
            Store::Archive(archive) => archive,
        };
        let (size, start) = archive.tree.file(path)?;
        let start = start.ok_or_else(|| HostError::NotSupported { path: path.to_owned() })?;
        archive.archive.part(start, size).ok_or_else(|| HostError::from_errno(path, Errno::IO))
    }
}

fn index(archive: &Extent, tree: &mut VirtualTree<Option<u64>>) -> Result<(), TarError> {
    let mut budget = TarBudget::new(4 * TREE_LIMITS.nodes as u64, TREE_LIMITS.nodes as u64);
    let mut reader = TarReader::new(archive, &mut budget);
    while let Some(entry) = reader.next_entry()? {
        let Some(path) = clean_name(&entry.name) else { continue };
        let attributes = Attributes { mode: 0o644, uid: 0, gid: 0, size: entry.size, modified: 0 };
        let kind = match entry.kind {
            TarKind::File => match entry.data {
                Data::Run(start) => NodeKind::File(Some(start)),
                Data::Sparse(_) => NodeKind::File(None),
            },
            TarKind::Directory => NodeKind::Directory,
            TarKind::SymbolicLink => NodeKind::Link(entry.link.into()),
            TarKind::HardLink => {
                // What cannot be put is missed when it is asked for.
                let _ = clean_name(&entry.link).map(|target| tree.insert_hard_link(&path, &target));
                continue;
            }
            TarKind::Special(_) | TarKind::Unknown(_) => continue,
        };
        if let Err(error) = tree.insert(&path, attributes, kind)
            && error.is_limit()
        {
            return Err(TarError::TooMany { what: "files in the archive", limit: TREE_LIMITS.nodes as u64 });
        }
    }
    Ok(())
}
