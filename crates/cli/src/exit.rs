//! Exit codes, and which error means which.

use std::io;
use std::process::ExitCode;

use assay_agent::AgentError;
use assay_host::HostError;

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and no gate failed.
    Done = 0,
    /// An operational error.
    Failed = 1,
    /// `--fail-on`: a finding is as bad as that. `network check`: the policy is broken. `apply --diff`: something would change.
    GateFailed = 2,
    /// `--fail-on-incomplete`: something could not be decided.
    Incomplete = 3,
    /// `--max-feed-age`: a feed is stale, missing or untrusted.
    FeedStale = 4,
    /// The command line is wrong (sysexits.h `EX_USAGE`).
    Usage = 64,
    /// Not permitted (sysexits.h `EX_NOPERM`).
    NotPermitted = 77,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// The command line asks for something that cannot be: a wrong value that clap cannot see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// The exit code of an error, from the causes in its chain.
pub fn code_of(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if cause.is::<UsageError>() || cause.is::<crate::config::ConfigError>() {
            return Exit::Usage;
        }
        if cause.downcast_ref::<AgentError>().is_some_and(AgentError::is_usage) {
            return Exit::Usage;
        }
        if cause.downcast_ref::<AgentError>().is_some_and(AgentError::is_not_permitted) {
            return Exit::NotPermitted;
        }
        if matches!(cause.downcast_ref::<HostError>(), Some(HostError::NotPermitted { .. })) {
            return Exit::NotPermitted;
        }
        if io_kind(cause) == Some(io::ErrorKind::PermissionDenied) {
            return Exit::NotPermitted;
        }
    }
    Exit::Failed
}

/// Whether the reader of our output went away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| io_kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

fn io_kind(cause: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    cause.downcast_ref::<io::Error>().map(io::Error::kind)
}
