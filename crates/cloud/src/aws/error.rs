//! Errors: of one call, after which the others go on, and of all.

use aws_credential_types::provider::error::CredentialsError;
use camino::Utf8PathBuf;

use crate::answer::AnswerError;
use crate::failure::Failure;

/// Why there is no answer to a call.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The service says no.
    #[error("{0}")]
    Service(Failure),
    /// The service is out of reach.
    #[error("no connection to {host}")]
    Connection {
        /// Its name.
        host: String,
        /// Why.
        #[source]
        cause: reqwest::Error,
    },
    /// The answer is larger than any is read.
    #[error("the answer is over the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The answer cannot be used.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The answers do not end.
    #[error("its pages repeat themselves")]
    Endless,
    /// There is nothing to sign with.
    #[error(transparent)]
    Fatal(#[from] CloudError),
}

impl AskError {
    /// Whether it may be different a moment later.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            AskError::Service(failure) => failure.is_temporary(),
            AskError::Connection { cause, .. } => !cause.is_builder() && !cause.is_redirect(),
            _ => false,
        }
    }

    /// The error and what caused it, in one line.
    pub(crate) fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        text
    }
}

/// Why nothing can be had.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// The name of a region would lead to another host.
    #[error("{0:?} is no region")]
    Region(String),
    /// No region is named.
    #[error("no region is named, and neither the environment nor the profile has one")]
    NoRegion,
    /// The endpoint is no address.
    #[error("{0:?} is no address of an endpoint")]
    Endpoint(String),
    /// The client cannot be set up.
    #[error("failed to set up the client")]
    Client(#[source] reqwest::Error),
    /// There are no credentials.
    #[error("there are no credentials: neither in the environment nor in the profile nor from this machine's role")]
    NoCredentials,
    /// Credentials could not be had.
    #[error("failed to get credentials")]
    Credentials(#[source] CredentialsError),
    /// The credentials are not accepted.
    #[error("the credentials are not accepted: {0}")]
    NotAccepted(Failure),
    /// A request cannot be signed.
    #[error("failed to sign a request")]
    Sign(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was had cannot be written.
    #[error("failed to write {path}")]
    Write {
        /// Where.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A task was lost: our defect.
    #[error("a call was lost")]
    Lost(#[source] tokio::task::JoinError),
}

impl CloudError {
    /// Wraps what went wrong at a path.
    pub(crate) fn writing(path: &camino::Utf8Path) -> impl FnOnce(std::io::Error) -> CloudError + use<'_> {
        move |cause| CloudError::Write { path: path.to_owned(), cause }
    }

    /// Whether the caller asked for something that cannot be.
    pub fn is_usage(&self) -> bool {
        matches!(self, CloudError::Region(_) | CloudError::NoRegion | CloudError::Endpoint(_))
    }
}
