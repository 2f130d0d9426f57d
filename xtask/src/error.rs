//! Why a developer command could not do its work; what tidy finds is no error but a violation.

use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why a developer command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XtaskError {
    /// A program could not be started.
    #[error("failed to start {program}")]
    Start {
        program: String,
        #[source]
        cause: io::Error,
    },
    /// A program failed.
    #[error("{command} failed: {message}")]
    Command { command: String, message: String },
    /// A file could not be read.
    #[error("failed to read {path}")]
    Read {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// A folder could not be made.
    #[error("failed to create {path}")]
    Create {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// What cargo says about the workspace is not understood.
    #[error("failed to read the output of cargo metadata")]
    Metadata {
        #[source]
        cause: serde_json::Error,
    },
    /// The caller's arguments are wrong.
    #[error("{0}")]
    Usage(String),
}

impl XtaskError {
    /// The error and its causes in one line.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
