//! What can fail with feeds and databases; each variant is the operation that failed, and where.

use std::io;
use std::path::{Path, PathBuf};

/// Why a feed or a database could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdvisoryError {
    /// A file could not be opened.
    #[error("failed to open {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A stream of a feed broke off, or its packing is damaged.
    #[error("failed to read {feed}")]
    Read {
        /// The feed.
        feed: &'static str,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A feed holds more than any honest one does.
    #[error("{feed}: {what} is over the limit of {limit}")]
    OverLimit {
        /// The feed, or the file.
        feed: String,
        /// What was counted or measured.
        what: &'static str,
        /// The limit that was passed.
        limit: u64,
    },
    /// A feed is not JSON, or a member has another type than the format says.
    #[error("failed to parse {feed}")]
    Parse {
        /// The feed.
        feed: &'static str,
        /// The cause, with line and column.
        #[source]
        cause: serde_json::Error,
    },
    /// A feed can be parsed but does not say what its format requires.
    #[error("{feed}: {place}: {detail}")]
    Malformed {
        /// The feed.
        feed: &'static str,
        /// Where: a line, a record, a member.
        place: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The feed has nothing about this release.
    #[error("{feed} has no records of release {release:?}")]
    NoSuchRelease {
        /// The feed.
        feed: &'static str,
        /// The release asked for.
        release: String,
    },
    /// A compiled database could not be written; one that was there before is unchanged.
    #[error("failed to write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A feed is larger than the compiled format can hold.
    #[error("{what} does not fit into a compiled database")]
    DoesNotFit {
        /// What does not.
        what: &'static str,
    },
    /// A file is no compiled database of this kind.
    #[error("{} is no {expected}", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What was expected.
        expected: &'static str,
    },
    /// A compiled database was written by another version of Assay; compiling the feed again replaces it.
    #[error("{} has schema {found}, this version reads {supported}", path.display())]
    OtherSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The schema this version reads.
        supported: u32,
    },
    /// A compiled database is damaged.
    #[error("{} is corrupt: {detail}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        detail: String,
    },
}

impl AdvisoryError {
    pub(crate) fn corrupt(path: &Path, detail: impl Into<String>) -> AdvisoryError {
        AdvisoryError::Corrupt { path: path.to_owned(), detail: detail.into() }
    }
}
