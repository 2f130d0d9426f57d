//! Why the place of evidence did not do what it was asked.

use std::error::Error;
use std::io;

/// Why the place of evidence did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// This program cannot reach such a place.
    #[error("{place}: this build knows no S3 (it is without the feature `s3`)")]
    NotBuilt {
        /// The place.
        place: String,
    },
    /// The folder, or a file in it, could not be used.
    #[error("failed to {operation} {path}")]
    File {
        /// What was tried, as an infinitive.
        operation: &'static str,
        /// The file or folder.
        path: String,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The bucket refused or did not answer.
    #[error("failed to {operation} {address}")]
    Bucket {
        /// What was tried, as an infinitive.
        operation: &'static str,
        /// The object, or the bucket.
        address: String,
        /// The cause.
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },
    /// An object is larger than what was put there.
    #[error("{address} has {size} bytes, {most} at most were put there")]
    TooLarge {
        /// The object.
        address: String,
        /// Its size in bytes.
        size: u64,
        /// The largest that it may be.
        most: u64,
    },
}

impl BlobError {
    /// Whether no space is left.
    pub(crate) fn is_full(&self) -> bool {
        let is_full = |kind| matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        matches!(self, BlobError::File { cause, .. } if is_full(cause.kind()))
    }

    /// The cause, when no space is left.
    pub(crate) fn into_full(self) -> Result<io::Error, BlobError> {
        let is_full = self.is_full();
        match self {
            BlobError::File { cause, .. } if is_full => Ok(cause),
            other => Err(other),
        }
    }
}
