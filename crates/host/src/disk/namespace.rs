//! The tree of all mounted file systems, and the way of a path through it.
//!
//! The semantics are the kernel's for a process whose root is this tree: links are followed inside it, `..` at the root
//! stays there, and what is mounted on a directory hides it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::cache::Cache;
use super::directory::Directory;
use super::error::{ReadError, damaged};
use super::filesystem::{FileSystem, Node};
use crate::error::HostError;
use crate::tree::{FollowLast, Lookup, resolve_path};
use crate::view::FileKind;

/// An inode of one of the file systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Which file system, in the order of mounting.
    pub(crate) file_system: usize,
    pub(crate) inode: u64,
}

/// Mounted file systems.
#[derive(Debug)]
pub(crate) struct Namespace {
    file_systems: Vec<Arc<dyn FileSystem>>,
    /// What is mounted on a directory.
    mounts: HashMap<Place, Place>,
    directories: Cache<Place, Directory>,
}

impl Namespace {
    /// A tree of one file system; `cache_bytes` of directories are kept in memory.
    pub(crate) fn new(root: Arc<dyn FileSystem>, cache_bytes: usize) -> Namespace {
        Namespace { file_systems: vec![root], mounts: HashMap::new(), directories: Cache::new(cache_bytes) }
    }

    /// Mounts a file system on a directory.
    pub(crate) fn mount(&mut self, file_system: &Arc<dyn FileSystem>, at: &str) -> Result<(), HostError> {
        let (place, node) = self.resolve(at, FollowLast::Yes)?;
        if node.node_type.kind() != FileKind::Directory {
            let path = at.to_owned();
            return Err(HostError::WrongType { path, found: node.node_type.described(), expected: "a directory" });
        }
        let mounted = Place { file_system: self.file_systems.len(), inode: file_system.root() };
        self.file_systems.push(Arc::clone(file_system));
        self.mounts.insert(place, mounted);
        Ok(())
    }

    pub(crate) fn file_system(&self, place: Place) -> Result<&dyn FileSystem, ReadError> {
        let found = self.file_systems.get(place.file_system).map(|found| &**found);
        found.ok_or_else(|| damaged!("there is no file system {}", place.file_system))
    }

    /// The inode that a path leads to.
    pub(crate) fn resolve(&self, path: &str, follow_last: FollowLast) -> Result<(Place, Node), HostError> {
        let find = || {
            let (place, _) = resolve_path(self, path.as_bytes(), follow_last)?;
            Ok((place, self.file_system(place)?.node(place.inode)?))
        };
        find().map_err(|error: ReadError| error.at(path))
    }

    /// What is mounted on a place, or the place itself.
    fn covered(&self, place: Place) -> Place {
        self.mounts.get(&place).copied().unwrap_or(place)
    }

    /// The entries of a directory.
    pub(crate) fn directory(&self, place: Place) -> Result<Arc<Directory>, ReadError> {
        if let Some(directory) = self.directories.get(place) {
            return Ok(directory);
        }
        let file_system = self.file_system(place)?;
        let node = file_system.node(place.inode)?;
        if node.node_type.kind() != FileKind::Directory {
            return Err(damaged!("inode {} is {}, not a directory", node.inode, node.node_type.described()));
        }
        let directory = Arc::new(Directory::read(file_system, &node)?);
        self.directories.insert(place, Arc::clone(&directory), directory.weight());
        Ok(directory)
    }
}

/// A place, and what the entry that led to it says it is.
impl Lookup for Namespace {
    type Node = (Place, FileKind);
    type Error = ReadError;

    fn root(&self) -> (Place, FileKind) {
        let inode = self.file_systems.first().map_or(0, |root| root.root());
        (self.covered(Place { file_system: 0, inode }), FileKind::Directory)
    }

    fn kind(&self, (_, kind): (Place, FileKind)) -> Result<FileKind, ReadError> {
        Ok(kind)
    }

    fn child(&self, (here, _): (Place, FileKind), name: &[u8]) -> Result<Option<(Place, FileKind)>, ReadError> {
        let found = self.directory(here)?.find(name);
        Ok(found.map(|(inode, kind)| {
            let place = Place { file_system: here.file_system, inode };
            (if kind == FileKind::Directory { self.covered(place) } else { place }, kind)
        }))
    }

    fn link_text(&self, (place, _): (Place, FileKind)) -> Result<Cow<'_, [u8]>, ReadError> {
        let file_system = self.file_system(place)?;
        let node = file_system.node(place.inode)?;
        if node.node_type.kind() != FileKind::Link {
            return Err(damaged!("inode {} is {}, not a link", node.inode, node.node_type.described()));
        }
        Ok(Cow::Owned(file_system.link_target(&node)?))
    }
}
