//! Error: what stops the agent, or a command of it.

use std::io;

use assay_link::{AgentId, Refusal, RefusalCode};
use camino::Utf8PathBuf;

use crate::client::LinkFailure;

/// What stops the agent, or a command of it.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The text names no server.
    #[error("{address:?} is no address of a server: it is https://HOST:PORT and nothing else")]
    Address {
        /// The text.
        address: String,
    },
    /// The proxy's address cannot be used.
    #[error("{address:?} is no address of a proxy")]
    Proxy {
        /// The text, without a password.
        address: String,
    },
    /// The fingerprint or file that shall tell the server's authority is none.
    #[error("{0}")]
    Pin(String),
    /// A file of the agent's own folder.
    #[error("failed to {operation} {path}")]
    File {
        /// What was tried.
        operation: &'static str,
        /// With which file.
        path: Utf8PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// A file of the agent's own folder holds something else.
    #[error("{path} is damaged: remove it and enrol again")]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
    },
    /// There is no certificate yet.
    #[error("this host is not enrolled: `assay agent enroll --server URL --token TOKEN` does that")]
    NotEnrolled,
    /// Another process has the folder.
    #[error("an agent is running with {folder}: stop it first")]
    Running {
        /// The folder.
        folder: Utf8PathBuf,
    },
    /// A key or a signing request could not be made.
    #[error("failed to make a key")]
    Key(#[source] rcgen::Error),
    /// TLS or HTTP could not be set up with what the folder holds.
    #[error("failed to set up the connection to the server")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server's answer to an enrolment or a renewal cannot be used.
    #[error("the certificate that the server issued cannot be used: {0}")]
    Issued(&'static str),
    /// No answer.
    #[error("failed to talk to {server}")]
    Link {
        /// The server.
        server: String,
        /// Why.
        #[source]
        cause: LinkFailure,
    },
    /// The server said no.
    #[error("the server refused: {}", .0.reason)]
    Refused(Refusal),
    /// The agent is no longer welcome.
    #[error("the server has revoked this agent: its key and certificate are removed, and it stays silent")]
    Revoked,
    /// The certificate ended, and the token lets nobody in any more.
    #[error("the certificate has ended and the token is of no use any more ({reason}): enrol again with a new token")]
    Ended {
        /// The server's reason.
        reason: String,
    },
    /// The folder was copied from another host.
    #[error("this host is {is}, but the folder belongs to {enrolled}: it is a copy; enrol this host by itself")]
    Copied {
        /// Who was enrolled.
        enrolled: AgentId,
        /// Who this host is.
        is: AgentId,
    },
    /// The program that takes part in a run cannot be started.
    #[error("failed to start {program}")]
    Start {
        /// The program.
        program: Utf8PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

impl AgentError {
    /// Whether it is the caller's mistake: what was given is none, or too little was given.
    pub fn is_usage(&self) -> bool {
        matches!(self, AgentError::Address { .. } | AgentError::Proxy { .. } | AgentError::Pin(_))
    }

    /// Whether somebody has to let the agent in again: trying it once more is of no use.
    pub fn is_not_permitted(&self) -> bool {
        match self {
            AgentError::Revoked | AgentError::Ended { .. } | AgentError::Copied { .. } => true,
            AgentError::Refused(refusal) => matches!(
                refusal.code,
                RefusalCode::Token | RefusalCode::Taken | RefusalCode::Revoked | RefusalCode::NoCertificate
            ),
            _ => false,
        }
    }
}
