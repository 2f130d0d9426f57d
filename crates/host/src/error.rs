//! Why a look at the target failed.

use assay_model::evidence::{Problem, ProblemKind};

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
    /// The path it is about.
    pub fn path(&self) -> &str {
        match self {
            HostError::NotFound { path }
            | HostError::NotPermitted { path }
            | HostError::TooLarge { path, .. }
            | HostError::WrongType { path, .. }
            | HostError::LinkLoop { path }
            | HostError::NotSupported { path }
            | HostError::Io { path, .. } => path,
        }
    }

    /// The kind of problem it is, in the evidence's words.
    pub fn kind(&self) -> ProblemKind {
        match self {
            HostError::NotFound { .. } => ProblemKind::NotFound,
            HostError::NotPermitted { .. } => ProblemKind::NotPermitted,
            HostError::TooLarge { .. } => ProblemKind::TooLarge,
            HostError::WrongType { .. } => ProblemKind::WrongType,
            HostError::LinkLoop { .. } => ProblemKind::LinkLoop,
            HostError::NotSupported { .. } => ProblemKind::NotSupported,
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
