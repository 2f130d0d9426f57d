//! Why a disk image, or something on it, could not be read.

use std::io;
use std::path::PathBuf;

use assay_model::evidence::ProblemKind;
use rustix::io::Errno;

use crate::error::HostError;

/// Why a disk image gives no host; each variant names the image.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// The image cannot be opened.
    #[error("failed to open {}", path.display())]
    Open {
        /// The image.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// Neither a regular file nor a block device.
    #[error("{} is neither a file nor a block device", path.display())]
    WrongType {
        /// The image.
        path: PathBuf,
    },
    /// A format, or a feature of one, that is not read.
    #[error("{}: {what}", path.display())]
    NotSupported {
        /// The image.
        path: PathBuf,
        /// What it is, and what can be done.
        what: String,
    },
    /// It contradicts its own format.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The image.
        path: PathBuf,
        /// Where and how.
        what: String,
    },
    /// The operating system failed to read it.
    #[error("failed to read {}", path.display())]
    Read {
        /// The image.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// No root file system that can be read.
    #[error("{} has no root file system that can be read: {found}", path.display())]
    NoRoot {
        /// The image.
        path: PathBuf,
        /// What is there instead, volume by volume.
        found: String,
    },
}

impl DiskError {
    pub(crate) fn of(path: &std::path::Path, error: ReadError) -> DiskError {
        let path = path.to_owned();
        match error {
            ReadError::Damaged(what) => DiskError::Damaged { path, what },
            ReadError::NotSupported(what) => DiskError::NotSupported { path, what },
            ReadError::TooManyEntries(limit) => {
                DiskError::Damaged { path, what: format!("a directory has more than {limit} entries") }
            }
            ReadError::Io(cause) => DiskError::Read { path, cause },
        }
    }
}

/// Why a structure on the disk could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// It contradicts its format.
    #[error("{0}")]
    Damaged(String),
    /// It is sound, but of a kind that is not read.
    #[error("{0}")]
    NotSupported(String),
    /// A directory beyond the limit.
    #[error("more than {0} entries")]
    TooManyEntries(usize),
    /// The operating system failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ReadError {
    /// The answer to a look at `path` of the host.
    pub(crate) fn at(self, path: &str) -> HostError {
        let kind = self.kind();
        match self {
            ReadError::Damaged(reason) | ReadError::NotSupported(reason) => {
                HostError::Unreadable { path: path.to_owned(), kind, reason }
            }
            ReadError::TooManyEntries(limit) => HostError::TooManyEntries { path: path.to_owned(), limit },
            ReadError::Io(cause) => HostError::from_io(path, cause),
        }
    }

    /// The kind of problem it is, in the evidence's words.
    pub(crate) fn kind(&self) -> ProblemKind {
        match self {
            ReadError::Damaged(_) => ProblemKind::Malformed,
            ReadError::NotSupported(_) => ProblemKind::NotSupported,
            ReadError::TooManyEntries(_) => ProblemKind::TooLarge,
            ReadError::Io(_) => ProblemKind::Failed,
        }
    }
}

impl From<Errno> for ReadError {
    fn from(errno: Errno) -> ReadError {
        ReadError::Io(errno.into())
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> io::Error {
        match error {
            ReadError::Io(cause) => cause,
            other => io::Error::new(io::ErrorKind::InvalidData, other.to_string()),
        }
    }
}

/// [`ReadError::Damaged`] with a formatted text.
macro_rules! damaged {
    ($($text:tt)*) => { $crate::disk::error::ReadError::Damaged(format!($($text)*)) };
}

/// [`ReadError::NotSupported`] with a formatted text.
macro_rules! not_supported {
    ($($text:tt)*) => { $crate::disk::error::ReadError::NotSupported(format!($($text)*)) };
}

pub(crate) use {damaged, not_supported};
