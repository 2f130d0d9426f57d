//! What every file system can answer: nodes by inode number, where their content lies, the entries of a directory.

use std::fmt::Debug;
use std::sync::Arc;

use super::error::{ReadError, damaged};
use super::source::Source;
use crate::view::FileKind;

/// What an inode is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeType {
    File,
    Directory,
    Link,
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
}

impl NodeType {
    /// The type in the upper bits of a mode.
    pub(crate) fn from_mode(mode: u16) -> Option<NodeType> {
        match mode >> 12 {
            0o01 => Some(NodeType::Fifo),
            0o02 => Some(NodeType::CharacterDevice),
            0o04 => Some(NodeType::Directory),
            0o06 => Some(NodeType::BlockDevice),
            0o10 => Some(NodeType::File),
            0o12 => Some(NodeType::Link),
            0o14 => Some(NodeType::Socket),
            _ => None,
        }
    }

    /// The kind, as the host tells it.
    pub(crate) fn kind(self) -> FileKind {
        match self {
            NodeType::File => FileKind::File,
            NodeType::Directory => FileKind::Directory,
            NodeType::Link => FileKind::Link,
            _ => FileKind::Other,
        }
    }

    /// The type with its article.
    pub(crate) fn described(self) -> &'static str {
        match self {
            NodeType::File => "a file",
            NodeType::Directory => "a directory",
            NodeType::Link => "a symbolic link",
            NodeType::Fifo => "a FIFO",
            NodeType::Socket => "a socket",
            NodeType::CharacterDevice => "a character device",
            NodeType::BlockDevice => "a block device",
        }
    }
}

/// An inode.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) inode: u64,
    pub(crate) node_type: NodeType,
    /// Permission bits.
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) size: u64,
    /// Seconds since 1970-01-01.
    pub(crate) modified: i64,
    /// The inode as it is on the disk; only its file system reads it.
    pub(crate) raw: Vec<u8>,
}

/// Where a stretch of a node's content lies.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// Nowhere: zeros.
    Hole { length: u64 },
    /// At a place of the device.
    Device { offset: u64, length: u64 },
    /// In the inode: these bytes, from the place asked for.
    Inline(Vec<u8>),
}

/// One entry of a directory, as it is handed out while reading.
pub(crate) struct RawEntry<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) inode: u64,
    /// Absent where the file system does not keep it in the directory.
    pub(crate) kind: Option<FileKind>,
}

/// Takes entries; an error ends the reading.
pub(crate) type EntrySink<'a> = dyn FnMut(RawEntry<'_>) -> Result<(), ReadError> + 'a;

/// A file system on a device.
pub(crate) trait FileSystem: Debug + Send + Sync {
    /// The inode number of its root directory.
    fn root(&self) -> u64;

    /// Where its runs lie.
    fn device(&self) -> &Arc<dyn Source>;

    /// An inode by its number.
    fn node(&self, inode: u64) -> Result<Node, ReadError>;

    /// The stretch of content that begins at `offset`, which lies before the node's end.
    fn run(&self, node: &Node, offset: u64) -> Result<Run, ReadError>;

    /// Hands out all entries of a directory but `.` and `..`, in any order.
    fn entries(&self, directory: &Node, sink: &mut EntrySink<'_>) -> Result<(), ReadError>;

    /// The text of a symbolic link.
    fn link_target(&self, link: &Node) -> Result<Vec<u8>, ReadError>;
}

/// Bytes of a link's text at most: the limit of Linux for a path.
pub(crate) const MAX_LINK: u64 = 4096;

/// Content of a node, read from front to back or anywhere.
pub(crate) struct Content<'a> {
    file_system: &'a dyn FileSystem,
    node: Node,
    /// The last run and where it begins.
    run: Option<(u64, Run)>,
}

impl<'a> Content<'a> {
    pub(crate) fn new(file_system: &'a dyn FileSystem, node: Node) -> Content<'a> {
        Content { file_system, node, run: None }
    }

    /// The node whose content it is.
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// Reads some bytes at `offset`: none only at the end.
    pub(crate) fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let left = self.node.size.saturating_sub(offset);
        if left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let (start, run) = match self.run.take() {
            Some((start, run)) if offset >= start && offset - start < run.length() => (start, run),
            _ => (offset, self.file_system.run(&self.node, offset)?),
        };
        let within = offset - start;
        let length = run.length().saturating_sub(within).min(left);
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(buffer.len());
        let Some(target) = buffer.get_mut(..length).filter(|target| !target.is_empty()) else {
            return Err(damaged!("inode {} has no content at {offset}", self.node.inode));
        };
        match &run {
            Run::Hole { .. } => target.fill(0),
            Run::Device { offset, .. } => {
                let place = offset.checked_add(within).ok_or_else(|| damaged!("a place lies beyond 2^64"))?;
                self.file_system.device().read_at(place, target)?;
            }
            Run::Inline(bytes) => {
                let from = usize::try_from(within).unwrap_or(usize::MAX);
                let bytes = bytes.get(from..).and_then(|rest| rest.get(..length));
                target.copy_from_slice(bytes.ok_or_else(|| damaged!("inode {} is cut short", self.node.inode))?);
            }
        }
        self.run = Some((start, run));
        Ok(length)
    }

    /// Fills `buffer` from `offset`; an end before that is an error.
    pub(crate) fn read_exact_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let mut done = 0;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.read_at(offset.saturating_add(done as u64), rest)? {
                0 => return Err(damaged!("inode {} ends at {}", self.node.inode, self.node.size)),
                read => done += read,
            }
        }
        Ok(())
    }
}

impl Run {
    fn length(&self) -> u64 {
        match self {
            Run::Hole { length } | Run::Device { length, .. } => *length,
            Run::Inline(bytes) => bytes.len() as u64,
        }
    }
}
