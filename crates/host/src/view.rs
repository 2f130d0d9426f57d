//! The `Host` interface: what every kind of source can answer.

use std::io::{self, Read, Seek, SeekFrom};

use assay_model::evidence::{Problem, SourceKind};

use crate::error::HostError;

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A device, FIFO or socket.
    Other,
}

/// Facts about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Kind.
    pub kind: FileKind,
    /// Permission bits: the low 12 bits of `st_mode`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Size in bytes.
    pub size: u64,
    /// Device, as `st_dev`.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Last modification, seconds since 1970-01-01.
    pub modified: i64,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirectoryEntry {
    /// Name; bytes that are no UTF-8 are replaced by U+FFFD.
    pub name: String,
    /// Kind, links not followed.
    pub kind: FileKind,
}

/// An open file, which can be read from any place on: of a large program or archive only little is needed.
pub trait FileReader: Read + Seek {}

impl<T: Read + Seek> FileReader for T {}

/// Where a reader of `size` bytes is after a seek.
pub(crate) fn position_after(to: SeekFrom, position: u64, size: u64) -> io::Result<u64> {
    let moved = match to {
        SeekFrom::Start(position) => Some(position),
        SeekFrom::End(by) => size.checked_add_signed(by),
        SeekFrom::Current(by) => position.checked_add_signed(by),
    };
    moved.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

/// A read-only view of a machine.
///
/// Paths are absolute in the target. Links are followed inside the root unless a method says otherwise.
pub trait Host: Sync {
    /// What kind of source this is.
    fn source(&self) -> SourceKind;

    /// Opens a regular file for reading. The reader is not bounded: wrap it in [`Read::take`].
    ///
    /// # Errors
    ///
    /// As [`Host::read`], except that nothing is too large.
    fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError>;

    /// Reads a whole regular file of at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// When it is not there, not permitted, no regular file (nothing is waited for), larger than `limit` (also when it
    /// grows past its stated size), or behind a loop of links.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError>;

    /// Facts about what a path leads to, links followed.
    ///
    /// # Errors
    ///
    /// When it is not there, not permitted, or behind a loop of links.
    fn metadata(&self, path: &str) -> Result<Metadata, HostError>;

    /// Facts about the path itself: a final link is not followed.
    ///
    /// # Errors
    ///
    /// As [`Host::metadata`].
    fn link_metadata(&self, path: &str) -> Result<Metadata, HostError>;

    /// The text of a symbolic link.
    ///
    /// # Errors
    ///
    /// As [`Host::metadata`], and when it is no link.
    fn read_link(&self, path: &str) -> Result<String, HostError>;

    /// The entries of a directory, sorted by name, without `.` and `..`.
    ///
    /// # Errors
    ///
    /// As [`Host::metadata`], and when it is no directory.
    fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError>;

    /// Whether this is the running system, so that `/proc` and `/sys` speak of it.
    fn is_live(&self) -> bool {
        self.source() == SourceKind::LiveHost
    }

    /// What of the source itself could not be read, such as a layer of an image; empty when all of it can be asked for.
    fn problems(&self) -> Vec<Problem> {
        Vec::new()
    }
}
