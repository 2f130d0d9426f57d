//! Why a look at the target failed.

use assay_model::evidence::{Problem, ProblemKind};
use rustix::fs::FileType;
use rustix::io::Errno;

/// Why a look at the target failed; each variant names the path in the target.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Nothing is there.
    #[error("{path} does not exist")]
    NotFound {
        /// The path asked for.
        path: String,
    },
    /// The operating system refused.
    #[error("no permission to read {path}")]
    NotPermitted {
        /// The path asked for.
        path: String,
    },
    /// More than the reader accepts.
    #[error("{path} is {size} bytes, over the limit of {limit}")]
    TooLarge {
        /// The path asked for.
        path: String,
        /// Its size in bytes, or the bytes seen so far.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A directory with more entries than are read.
    #[error("{path} has more than {limit} entries")]
    TooManyEntries {
        /// The path asked for.
        path: String,
        /// The limit.
        limit: usize,
    },
    /// A FIFO, device, socket or directory where a file is expected, or the reverse.
    #[error("{path} is {found}, not {expected}")]
    WrongType {
        /// The path asked for.
        path: String,
        /// What it is, with article.
        found: &'static str,
        /// What was expected, with article.
        expected: &'static str,
    },
    /// Symbolic links that never end.
    #[error("{path} leads through too many symbolic links")]
    LinkLoop {
        /// The path asked for.
        path: String,
    },
    /// This source cannot answer.
    #[error("{path} cannot be read from this kind of source")]
    NotSupported {
        /// What was asked for.
        path: String,
    },
    /// It is there, but the image that holds it is damaged there, or keeps it in a way that is not read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The path asked for.
        path: String,
        /// Malformed or not supported.
        kind: ProblemKind,
        /// What is wrong with it.
        reason: String,
    },
    /// Any other failure.
    #[error("failed to read {path}")]
    Io {
        /// The path asked for.
        path: String,
        /// The cause.
        #[source]
        cause: std::io::Error,
    },
}

impl HostError {
    /// The error that the operating system's answer means for `path`.
    pub(crate) fn from_errno(path: &str, errno: Errno) -> HostError {
        let path = path.to_owned();
        match errno {
            // ESRCH: a file of /proc/PID whose process has ended since it was opened.
            Errno::NOENT | Errno::NOTDIR | Errno::SRCH => HostError::NotFound { path },
            Errno::ACCESS | Errno::PERM => HostError::NotPermitted { path },
            Errno::LOOP => HostError::LinkLoop { path },
            errno => HostError::Io { path, cause: errno.into() },
        }
    }

    /// As [`HostError::from_errno`], for a failed read.
    pub(crate) fn from_io(path: &str, cause: std::io::Error) -> HostError {
        match Errno::from_io_error(&cause) {
            Some(errno) => HostError::from_errno(path, errno),
            None => HostError::Io { path: path.to_owned(), cause },
        }
    }

    /// `path` is something else than what was expected, which is named with its article.
    pub(crate) fn wrong_type(path: &str, found: FileType, expected: &'static str) -> HostError {
        let found = match found {
            FileType::RegularFile => "a file",
            FileType::Directory => "a directory",
            FileType::Symlink => "a symbolic link",
            FileType::Fifo => "a FIFO",
            FileType::Socket => "a socket",
            FileType::CharacterDevice => "a character device",
            FileType::BlockDevice => "a block device",
            FileType::Unknown => "of an unknown type",
        };
        HostError::WrongType { path: path.to_owned(), found, expected }
    }

    /// The path it is about.
    pub fn path(&self) -> &str {
        match self {
            HostError::NotFound { path }
            | HostError::NotPermitted { path }
            | HostError::TooLarge { path, .. }
            | HostError::TooManyEntries { path, .. }
            | HostError::WrongType { path, .. }
            | HostError::LinkLoop { path }
            | HostError::NotSupported { path }
            | HostError::Unreadable { path, .. }
            | HostError::Io { path, .. } => path,
        }
    }

    /// The kind of problem it is, in the evidence's words.
    pub fn kind(&self) -> ProblemKind {
        match self {
            HostError::NotFound { .. } => ProblemKind::NotFound,
            HostError::NotPermitted { .. } => ProblemKind::NotPermitted,
            HostError::TooLarge { .. } | HostError::TooManyEntries { .. } => ProblemKind::TooLarge,
            HostError::WrongType { .. } => ProblemKind::WrongType,
            HostError::LinkLoop { .. } => ProblemKind::LinkLoop,
            HostError::NotSupported { .. } => ProblemKind::NotSupported,
            HostError::Unreadable { kind, .. } => *kind,
            HostError::Io { .. } => ProblemKind::Failed,
        }
    }

    /// The problem to put into the evidence.
    pub fn to_problem(&self) -> Problem {
        let detail = match self {
            HostError::Io { cause, .. } => format!("{self}: {cause}"),
            _ => self.to_string(),
        };
        Problem::new(self.path(), self.kind(), detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_the_system_has_its_kind() {
        for (errno, kind) in [
            (Errno::NOENT, ProblemKind::NotFound),
            (Errno::NOTDIR, ProblemKind::NotFound),
            (Errno::SRCH, ProblemKind::NotFound),
            (Errno::ACCESS, ProblemKind::NotPermitted),
            (Errno::PERM, ProblemKind::NotPermitted),
            (Errno::LOOP, ProblemKind::LinkLoop),
            (Errno::NAMETOOLONG, ProblemKind::Failed),
            (Errno::IO, ProblemKind::Failed),
        ] {
            let problem = HostError::from_errno("/etc/x", errno).to_problem();
            assert_eq!((problem.kind, problem.subject.as_str()), (kind, "/etc/x"), "{errno:?}");
            assert_eq!(HostError::from_io("/etc/x", errno.into()).kind(), kind, "{errno:?}");
        }
    }
}
