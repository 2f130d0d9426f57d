//! Download: one file that came, hashed and counted on its way to disk.
//!
//! Writes are plain blocking ones, also under HTTP: a chunk is at most some tens of kilobytes, and an error is then
//! reported by the write that caused it, which an asynchronous file would put off to a later one.

use std::fs::File;
use std::io::Write;

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use crate::error::{FeedError, FetchError};

/// What a server said about a file, to be sent back when asking for it again (RFC 9110 §8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

impl Validators {
    pub(crate) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// A file that came and lies in the folder for incoming files.
#[derive(Clone, Debug)]
pub(crate) struct Download {
    pub(crate) path: Utf8PathBuf,
    /// Name with the packing that it really has.
    pub(crate) name: String,
    /// From where, as it may be shown.
    pub(crate) origin: String,
    /// SHA-256 of the bytes as they came, hexadecimal.
    pub(crate) digest: String,
    pub(crate) bytes: u64,
    pub(crate) validators: Validators,
    /// When its publisher or mirror last changed it, where that is known.
    pub(crate) published_at: Option<Timestamp>,
}

/// The answer to a request for one file.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Came(Download),
    NotModified,
    NotThere,
}

/// What went wrong with one file: either it concerns this file alone, or the whole sync.
#[derive(Debug)]
pub(crate) enum Failure {
    File(FetchError),
    Sync(FeedError),
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Failure {
        Failure::File(error)
    }
}

impl From<FeedError> for Failure {
    fn from(error: FeedError) -> Failure {
        Failure::Sync(error)
    }
}

/// A file being written, with its digest and a limit.
#[derive(Debug)]
pub(crate) struct Sink {
    path: Utf8PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    limit: u64,
}

impl Sink {
    pub(crate) fn create(path: &Utf8Path, limit: u64) -> Result<Sink, FeedError> {
        let file = File::create(path).map_err(|cause| FeedError::writing(path, cause))?;
        Ok(Sink { path: path.to_owned(), file, hasher: Sha256::new(), bytes: 0, limit })
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.bytes += chunk.len() as u64;
        if self.bytes > self.limit {
            return Err(FetchError::TooLarge { limit: self.limit }.into());
        }
        self.hasher.update(chunk);
        self.file.write_all(chunk).map_err(|cause| FeedError::writing(&self.path, cause).into())
    }

    /// Brings the file to the disk and returns its SHA-256, hexadecimal.
    pub(crate) fn finish(self) -> Result<String, FeedError> {
        self.file.sync_all().map_err(|cause| FeedError::writing(&self.path, cause))?;
        Ok(hexadecimal(&self.hasher.finalize()))
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
