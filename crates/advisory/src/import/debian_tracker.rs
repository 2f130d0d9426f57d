//! The Debian security tracker's JSON (`https://security-tracker.debian.org/tracker/data/json`).

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::{AdvisoryError, FeedOrigin, Limits};

/// The feed's name in traces and in a mirror.
pub const FEED: &str = "debian-tracker";

/// The tracker's JSON, read: every release it speaks of.
#[derive(Debug)]
pub struct DebianTracker {}

/// What the feed holds for one release; compare it with the last one before it is put to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Source packages with at least one record.
    pub sources: u64,
    /// (source package, vulnerability) records.
    pub records: u64,
    /// Records whose status is `open`.
    pub open: u64,
    /// Records that can never be decided: a status that is no known word, `resolved` without a version, or a fixed
    /// version that is no Debian version. They are kept and give the verdict unknown.
    pub undecidable: u64,
}

impl DebianTracker {
    /// Reads the unpacked JSON.
    ///
    /// # Errors
    ///
    /// When it breaks off, is no JSON of this shape, has no record at all, or is over a limit.
    pub fn read(reader: impl Read, limits: &Limits) -> Result<DebianTracker, AdvisoryError> {
        let _ = (reader, limits);
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// The releases it speaks of, sorted.
    pub fn releases(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What it holds for a release; absent when it does not speak of it.
    pub fn summary(&self, release: &str) -> Option<ReleaseSummary> {
        let _ = release;
        None
    }

    /// The compiled database of one release, as the bytes of its file.
    ///
    /// # Errors
    ///
    /// When the feed does not speak of the release, or the database would be too large.
    pub fn compile(&self, release: &str, origin: &FeedOrigin) -> Result<Vec<u8>, AdvisoryError> {
        let _ = (release, origin);
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// Compiles one release and puts it into a directory as `debian-RELEASE.assaydb`, atomically; gives its path.
    ///
    /// # Errors
    ///
    /// As [`DebianTracker::compile`], and when it cannot be written; the file that was there before then stays.
    pub fn write(&self, release: &str, origin: &FeedOrigin, directory: &Path) -> Result<PathBuf, AdvisoryError> {
        let _ = (release, origin, directory);
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }
}
