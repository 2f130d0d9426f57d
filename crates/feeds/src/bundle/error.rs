//! Errors of bundles, each with what to do about it.

use std::io;

use camino::Utf8PathBuf;

use crate::error::FeedError;
use crate::source::Source;

/// A bundle that could not be made, or is refused. What is in use is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A key file is of no use.
    #[error("{path} is no key to use: {reason}")]
    Key {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        reason: String,
    },
    /// The cryptographic library failed: a defect.
    #[error("the cryptographic library failed to {operation}")]
    Cryptography {
        /// What it was asked to do.
        operation: &'static str,
    },
    /// There is nothing to put into a bundle.
    #[error("none of these feeds is in use, so there is nothing to bundle")]
    Nothing,
    /// The file is no bundle, or damaged where it cannot be told what it was.
    #[error("{path} is no bundle of feeds: {reason}")]
    NotABundle {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        reason: String,
    },
    /// It was signed with another key, or altered.
    #[error("{path} is not signed with this key, or was altered")]
    Signature {
        /// The file.
        path: Utf8PathBuf,
    },
    /// It is not what its signed list says.
    #[error("{path} was altered: {member} {reason}")]
    Altered {
        /// The file.
        path: Utf8PathBuf,
        /// What in it.
        member: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Its signed list asks for what no bundle may do.
    #[error("{path} is refused: {reason}")]
    Refused {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        reason: String,
    },
    /// What it holds is older than what is in use.
    #[error("{path} is older than what is in use of {}", names(.sources))]
    Downgrade {
        /// The file.
        path: Utf8PathBuf,
        /// The feeds that would become older.
        sources: Vec<Source>,
    },
    /// A file could not be read.
    #[error("failed to read {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// What concerns the folder of feeds.
    #[error(transparent)]
    Feed(#[from] FeedError),
}

impl BundleError {
    /// What to do about it, as a sentence.
    pub fn remedy(&self) -> String {
        match self {
            BundleError::Key { .. } => {
                "Make a key with `assay feeds bundle create --key FILE`, and take FILE.pub to verify with.".to_owned()
            }
            BundleError::Cryptography { .. } => "This is a defect of Assay: please report it.".to_owned(),
            BundleError::Nothing => "Run `assay feeds sync` first.".to_owned(),
            BundleError::NotABundle { .. } | BundleError::Altered { .. } => {
                "Get the bundle anew; the feeds in use are unchanged.".to_owned()
            }
            BundleError::Signature { .. } => {
                "Check that the public key is the one of who made the bundle, and get it anew; the feeds in use are \
                 unchanged."
                    .to_owned()
            }
            BundleError::Refused { .. } => "The feeds in use are unchanged.".to_owned(),
            BundleError::Downgrade { .. } => "Use `--force` if going back is meant.".to_owned(),
            BundleError::Read { path, .. } => format!("Check owner and permissions of {path}."),
            BundleError::Feed(error) => error.remedy(),
        }
    }
}

fn names(sources: &[Source]) -> String {
    sources.iter().map(|source| source.name()).collect::<Vec<&str>>().join(", ")
}
