//! A file tree in memory, compact enough for millions of files: what an archive says of each, and where its content is.
//!
//! Directory entries and nodes are apart, as names and inodes are, so that hard links share a node. What is removed
//! from a directory is no longer reachable, but its nodes stay in memory and count towards the limit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustix::fs::FileType;
use rustix::io::Errno;

use super::lookup::{FollowLast, Lookup, resolve_path};
use crate::error::HostError;
use crate::view::{DirectoryEntry, FileKind, Metadata};

/// How large a tree may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreeLimits {
    /// Files, directories and links.
    pub(crate) nodes: usize,
    /// Bytes of names and of link texts.
    pub(crate) text_bytes: usize,
}

/// A node: the place of a file, as an inode number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(super) u32);

pub(super) const ROOT: NodeId = NodeId(0);

/// The layers of a tree, in the order in which they were put on each other; the first is 1.
pub(super) type Layer = u32;

/// What is known of a file, whatever its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// Permission bits: the low 12 bits of `st_mode`.
    pub(crate) mode: u16,
    /// Owner.
    pub(crate) uid: u32,
    /// Group.
    pub(crate) gid: u32,
    /// Bytes of a regular file; of no meaning for others.
    pub(crate) size: u64,
    /// Last modification, seconds since 1970-01-01.
    pub(crate) modified: i64,
}

impl Attributes {
    /// Of a directory that nothing speaks of: root's, and open to all for reading.
    pub(super) const IMPLIED_DIRECTORY: Attributes = Attributes { mode: 0o755, uid: 0, gid: 0, size: 0, modified: 0 };
}

/// What a node is; `C` says where the content of a regular file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind<C> {
    /// A regular file.
    File(C),
    /// A directory.
    Directory,
    /// A symbolic link and its text.
    Link(Box<[u8]>),
    /// A device, FIFO or socket.
    Other(FileType),
}

/// One name in a directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) node: NodeId,
    /// The last layer that spoke of it, or of something below it.
    pub(super) layer: Layer,
}

#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) entries: BTreeMap<Box<[u8]>, Entry>,
    /// The layer since which no entry of an earlier layer is below it.
    pub(super) cleared: Layer,
}

#[derive(Debug)]
pub(super) enum Body<C> {
    File(C),
    Directory(Box<Directory>),
    Link(Box<[u8]>),
    Other(FileType),
}

#[derive(Debug)]
pub(super) struct Node<C> {
    pub(super) attributes: Attributes,
    pub(super) body: Body<C>,
}

/// A file tree in memory.
#[derive(Debug)]
pub(crate) struct VirtualTree<C> {
    pub(super) limits: TreeLimits,
    pub(super) nodes: Vec<Node<C>>,
    pub(super) text_bytes: usize,
    pub(super) layer: Layer,
    /// The directory that the last entry went into, by its path: archives list a directory's files one after another.
    pub(super) last_parent: Option<(Vec<u8>, NodeId)>,
}

impl<C> VirtualTree<C> {
    /// A tree of nothing but the root directory, in its first layer.
    pub(crate) fn new(limits: TreeLimits) -> VirtualTree<C> {
        let root = Node { attributes: Attributes::IMPLIED_DIRECTORY, body: Body::Directory(Box::default()) };
        VirtualTree { limits, nodes: vec![root], text_bytes: 0, layer: 1, last_parent: None }
    }

    /// A regular file: its size, and where its content is.
    ///
    /// # Errors
    ///
    /// When it is not there, is no regular file, or is behind a loop of links.
    pub(crate) fn file(&self, path: &str) -> Result<(u64, &C), HostError> {
        let node = self.node(self.resolve(path, FollowLast::Yes)?, path)?;
        match &node.body {
            Body::File(content) => Ok((node.attributes.size, content)),
            body => Err(HostError::wrong_type(path, body.file_type(), "a file")),
        }
    }

    /// Facts about what `path` leads to, or about itself.
    ///
    /// # Errors
    ///
    /// When it is not there, or is behind a loop of links.
    pub(crate) fn metadata(&self, path: &str, follow_last: FollowLast) -> Result<Metadata, HostError> {
        let id = self.resolve(path, follow_last)?;
        let node = self.node(id, path)?;
        let Attributes { mode, uid, gid, size, modified } = node.attributes;
        let (mode, size) = match &node.body {
            Body::File(_) => (mode, size),
            Body::Directory(_) | Body::Other(_) => (mode, 0),
            // As lstat(2) has it: a link's own permissions mean nothing.
            Body::Link(text) => (0o777, text.len() as u64),
        };
        let inode = u64::from(id.0) + 1;
        Ok(Metadata { kind: node.body.kind(), mode: mode.into(), uid, gid, size, device: 1, inode, modified })
    }

    /// The text of a symbolic link.
    ///
    /// # Errors
    ///
    /// When it is not there, is no link, or is behind a loop of links.
    pub(crate) fn read_link(&self, path: &str) -> Result<String, HostError> {
        match &self.node(self.resolve(path, FollowLast::No)?, path)?.body {
            Body::Link(text) => Ok(String::from_utf8_lossy(text).into_owned()),
            body => Err(HostError::wrong_type(path, body.file_type(), "a symbolic link")),
        }
    }

    /// The entries of a directory, sorted by name.
    ///
    /// # Errors
    ///
    /// When it is not there, is no directory, or is behind a loop of links.
    pub(crate) fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
        let directory = match &self.node(self.resolve(path, FollowLast::Yes)?, path)?.body {
            Body::Directory(directory) => directory,
            body => return Err(HostError::wrong_type(path, body.file_type(), "a directory")),
        };
        let named = directory.entries.iter().filter_map(|(name, entry)| {
            let kind = self.nodes.get(entry.node.0 as usize)?.body.kind();
            Some(DirectoryEntry { name: String::from_utf8_lossy(name).into_owned(), kind })
        });
        let mut entries: Vec<DirectoryEntry> = named.collect();
        // Bytes that are no UTF-8 may sort elsewhere once they are replaced.
        entries.sort();
        Ok(entries)
    }

    fn resolve(&self, path: &str, follow_last: FollowLast) -> Result<NodeId, HostError> {
        resolve_path(self, path.as_bytes(), follow_last).map_err(|errno| HostError::from_errno(path, errno))
    }

    fn node(&self, id: NodeId, path: &str) -> Result<&Node<C>, HostError> {
        self.nodes.get(id.0 as usize).ok_or_else(|| HostError::NotFound { path: path.to_owned() })
    }

    pub(super) fn body(&self, id: NodeId) -> Option<&Body<C>> {
        self.nodes.get(id.0 as usize).map(|node| &node.body)
    }

    pub(super) fn directory(&self, id: NodeId) -> Option<&Directory> {
        match self.body(id)? {
            Body::Directory(directory) => Some(directory),
            _ => None,
        }
    }

    pub(super) fn directory_mut(&mut self, id: NodeId) -> Option<&mut Directory> {
        match &mut self.nodes.get_mut(id.0 as usize)?.body {
            Body::Directory(directory) => Some(directory),
            _ => None,
        }
    }
}

impl<C> Body<C> {
    fn file_type(&self) -> FileType {
        match self {
            Body::File(_) => FileType::RegularFile,
            Body::Directory(_) => FileType::Directory,
            Body::Link(_) => FileType::Symlink,
            Body::Other(file_type) => *file_type,
        }
    }

    fn kind(&self) -> FileKind {
        match self {
            Body::File(_) => FileKind::File,
            Body::Directory(_) => FileKind::Directory,
            Body::Link(_) => FileKind::Link,
            Body::Other(_) => FileKind::Other,
        }
    }
}

impl<C> Lookup for VirtualTree<C> {
    type Node = NodeId;
    type Error = Errno;

    fn root(&self) -> NodeId {
        ROOT
    }

    fn kind(&self, node: NodeId) -> Result<FileKind, Errno> {
        self.body(node).map(Body::kind).ok_or(Errno::NOENT)
    }

    fn child(&self, directory: NodeId, name: &[u8]) -> Result<Option<NodeId>, Errno> {
        let directory = self.directory(directory).ok_or(Errno::NOTDIR)?;
        Ok(directory.entries.get(name).map(|entry| entry.node))
    }

    fn link_text(&self, link: NodeId) -> Result<Cow<'_, [u8]>, Errno> {
        match self.body(link) {
            Some(Body::Link(text)) => Ok(Cow::Borrowed(text)),
            _ => Err(Errno::INVAL),
        }
    }
}
