//! What can go wrong between here and the evidence.

use std::io;

use camino::Utf8PathBuf;

use super::output::OutputError;

/// Why there is no evidence. What `ssh` and the host say about it was passed on as it came.
#[derive(Debug, thiserror::Error)]
pub(super) enum SshError {
    /// The program to send cannot be read.
    #[error("failed to read the collector {path}")]
    Collector {
        /// Path.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The program to send is none.
    #[error("{path} cannot be the collector: {reason}")]
    NoCollector {
        /// Path.
        path: Utf8PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// There is no `ssh`.
    #[error("ssh is not installed here (Debian: openssh-client)")]
    NoClient,
    /// `ssh` does not start, or its pipes fail.
    #[error("failed to run ssh")]
    Client(#[source] io::Error),
    /// Exit code 255, which is ssh's own.
    #[error("ssh could not connect or log in, or the connection broke (exit code 255)")]
    Connection,
    /// Exit code 86.
    #[error("the collector is for another kind of machine; name a build for it with --collector")]
    OtherMachine,
    /// Exit code 87.
    #[error("the host has no directory that the collector may be run from")]
    NoDirectory,
    /// Exit code 88.
    #[error("the collector did not arrive whole; is a disk of the host full?")]
    Incomplete,
    /// Exit codes 126 and 127 of a shell.
    #[error(
        "the host could not run the collector (exit code {0}); a build that is linked statically runs anywhere: --collector"
    )]
    NotRun(i32),
    /// Another exit code, or none.
    #[error("the collector failed on the host (exit code {})", .0.map_or_else(|| "unknown".to_owned(), |code| code.to_string()))]
    Failed(Option<i32>),
    /// `--ssh-timeout`.
    #[error("no evidence came within {0} seconds (--ssh-timeout)")]
    TimedOut(u64),
    /// What came is none.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl SshError {
    /// What an exit code of `ssh` means, which is the remote script's except for 255.
    pub(super) fn of_exit(code: Option<i32>, seconds: u64) -> SshError {
        match code {
            Some(86) => SshError::OtherMachine,
            Some(87) => SshError::NoDirectory,
            Some(88) => SshError::Incomplete,
            Some(124) => SshError::TimedOut(seconds),
            Some(code @ (126 | 127)) => SshError::NotRun(code),
            Some(255) => SshError::Connection,
            code => SshError::Failed(code),
        }
    }
}
