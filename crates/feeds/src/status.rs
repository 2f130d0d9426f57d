//! Status: what is known of each feed, as `assay feeds status` shows it, and how old it is.
//!
//! A feed's age is not the time since it was copied. For what is published daily, an old date of publication counts even
//! if it was fetched a minute ago: that is how a mirror that stands still is noticed.

use std::time::Duration;

use assay_model::Timestamp;
use assay_model::assessment::FeedSummary;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::canary::CanaryResult;
use crate::download::hexadecimal;
use crate::manifest::{RawFile, SourceRecord};
use crate::source::{Cadence, Need, Source};

/// How the last attempt to bring a feed up to date ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FeedState {
    /// What is in use is what the mirror has.
    Ok,
    /// Some of its files could not be got; older ones of these are in use where there were any.
    Incomplete {
        /// Which files, and why.
        reason: String,
    },
    /// It could not be got; what was there before stays in use.
    Failed {
        /// Why.
        reason: String,
    },
    /// What came was not trusted and was put aside; what was there before stays in use.
    Quarantined {
        /// Why.
        reason: String,
        /// Where it was put, relative to the folder of feeds.
        folder: String,
    },
    /// There is none, and there was none before.
    Missing {
        /// Why.
        reason: String,
    },
}

impl FeedState {
    /// One word.
    pub fn word(&self) -> &'static str {
        match self {
            FeedState::Ok => "ok",
            FeedState::Incomplete { .. } => "incomplete",
            FeedState::Failed { .. } => "failed",
            FeedState::Quarantined { .. } => "quarantined",
            FeedState::Missing { .. } => "missing",
        }
    }

    /// Why it is not [`FeedState::Ok`].
    pub fn reason(&self) -> Option<&str> {
        match self {
            FeedState::Ok => None,
            FeedState::Incomplete { reason }
            | FeedState::Failed { reason }
            | FeedState::Quarantined { reason, .. }
            | FeedState::Missing { reason } => Some(reason),
        }
    }
}

/// One file of a feed in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedFile {
    /// Its publisher's name for it, without packing.
    pub name: String,
    /// The address or path it came from, without user name and password.
    pub origin: String,
    /// When its content came.
    pub fetched_at: Timestamp,
    /// When it was published, where that is known.
    pub published_at: Option<Timestamp>,
    /// `ETag` of the server.
    pub etag: Option<String>,
    /// `Last-Modified` of the server.
    pub last_modified: Option<String>,
    /// SHA-256 of what came, hexadecimal.
    pub digest: String,
    /// Size in bytes, as it came.
    pub bytes: u64,
}

/// What is known of one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedStatus {
    /// Which.
    pub source: Source,
    /// How the last attempt ended.
    pub state: FeedState,
    /// When the last attempt was.
    pub attempted_at: Option<Timestamp>,
    /// When what is in use was last known to be what the mirror has.
    pub checked_at: Option<Timestamp>,
    /// Records of what is in use.
    pub records: Option<u64>,
    /// Records of what was in use before.
    pub previous_records: Option<u64>,
    /// How the canaries fared in what is in use.
    pub canaries: Vec<CanaryResult>,
    /// The date that the feed in use states itself, where it states one.
    pub stated_at: Option<Timestamp>,
    /// The files in use; empty when there are none.
    pub files: Vec<FeedFile>,
}

impl FeedStatus {
    pub(crate) fn of(source: Source, record: Option<&SourceRecord>) -> FeedStatus {
        let Some(record) = record else {
            return FeedStatus {
                source,
                state: FeedState::Missing { reason: "it was never fetched".to_owned() },
                attempted_at: None,
                checked_at: None,
                records: None,
                previous_records: None,
                canaries: Vec::new(),
                stated_at: None,
                files: Vec::new(),
            };
        };
        FeedStatus {
            source,
            state: record.state.clone(),
            attempted_at: Some(record.attempted_at),
            checked_at: record.checked_at,
            records: record.records,
            previous_records: record.previous_records,
            canaries: record.canaries.clone(),
            stated_at: record.stated_at,
            files: record.files.iter().map(FeedFile::of).collect(),
        }
    }

    /// Whether hosts can be judged without it.
    pub fn need(&self) -> Need {
        self.source.need()
    }

    /// Whether there is something in use, of whatever age.
    pub fn is_in_use(&self) -> bool {
        !self.files.is_empty()
    }

    /// When the newest of its files came.
    pub fn fetched_at(&self) -> Option<Timestamp> {
        self.files.iter().map(|file| file.fetched_at).max()
    }

    /// Size of all its files as they came, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// SHA-256 of what came, hexadecimal: of the file, or of the list of digests where there are several files.
    pub fn digest(&self) -> Option<String> {
        digest_of(self.files.iter().map(|file| (file.name.as_str(), file.digest.as_str())))
    }

    /// How old what is in use is; absent when nothing is. Never negative.
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        let checked_at = self.checked_at.or_else(|| self.fetched_at()).filter(|_| self.is_in_use())?;
        let published_at = self.stated_at.or_else(|| self.files.iter().filter_map(|file| file.published_at).max());
        let from = match (self.source.cadence(), published_at) {
            (Cadence::Daily, Some(published_at)) => published_at.min(checked_at),
            _ => checked_at,
        };
        Some(Duration::try_from(now.duration_since(from)).unwrap_or_default())
    }

    /// Whether it is older than allowed; what is not there is.
    pub fn is_stale(&self, max_age: Duration, now: Timestamp) -> bool {
        self.age(now).is_none_or(|age| age > max_age)
    }

    /// The feed as a run keeps it; absent when nothing is in use.
    pub fn summary(&self) -> Option<FeedSummary> {
        Some(FeedSummary {
            name: self.source.name().to_owned(),
            fetched_at: self.fetched_at()?,
            digest: self.digest()?,
            records: self.records?,
        })
    }
}

impl FeedFile {
    fn of(file: &RawFile) -> FeedFile {
        FeedFile {
            name: file.name.clone(),
            origin: file.origin.clone(),
            fetched_at: file.fetched_at,
            published_at: file.published_at,
            etag: file.etag.clone(),
            last_modified: file.last_modified.clone(),
            digest: file.digest.clone(),
            bytes: file.bytes,
        }
    }
}

/// One digest for a set of files: that of a single file itself, else of lines as `sha256sum` writes them, by name.
pub(crate) fn digest_of<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut files: Vec<(&str, &str)> = files.collect();
    files.sort_unstable();
    match files.as_slice() {
        [] => None,
        [(_, digest)] => Some((*digest).to_owned()),
        _ => {
            let lines: String = files.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
            Some(hexadecimal(&Sha256::digest(lines)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn status(source: Source, checked_at: &str, published_at: Option<&str>) -> FeedStatus {
        let mut status = FeedStatus::of(source, None);
        status.checked_at = Some(checked_at.parse().unwrap());
        status.files.push(FeedFile {
            name: "json".to_owned(),
            origin: String::new(),
            fetched_at: "2026-11-01T00:00:00Z".parse().unwrap(),
            published_at: published_at.map(|time| time.parse().unwrap()),
            etag: None,
            last_modified: None,
            digest: "00".to_owned(),
            bytes: 1,
        });
        status
    }

    fn check_age(source: Source, checked_at: &str, published_at: Option<&str>, hours: u32) {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let age = status(source, checked_at, published_at).age(now);
        assert_eq!(age, Some(HOUR * hours), "{source} {checked_at} {published_at:?}");
    }

    #[test]
    fn a_mirror_that_stands_still_makes_daily_feeds_old() {
        check_age(Source::DebianTracker, "2026-11-24T11:00:00Z", None, 1);
        check_age(Source::DebianTracker, "2026-11-24T11:00:00Z", Some("2026-11-24T02:00:00Z"), 10);
        check_age(Source::CisaKev, "2026-11-24T11:00:00Z", Some("2026-11-20T12:00:00Z"), 1);
        check_age(Source::DebianTracker, "2026-11-23T12:00:00Z", Some("2026-11-24T02:00:00Z"), 24);
        check_age(Source::DebianTracker, "2026-11-25T12:00:00Z", None, 0);
    }

    #[test]
    fn what_is_missing_is_stale() {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        assert!(FeedStatus::of(Source::Epss, None).is_stale(HOUR * 1_000_000, now));
        let status = status(Source::DebianTracker, "2026-11-24T11:00:00Z", None);
        assert!(!status.is_stale(HOUR, now));
        assert!(status.is_stale(HOUR / 2, now));
    }

    #[test]
    fn several_files_have_one_digest_whatever_their_order() {
        assert_eq!(digest_of([].into_iter()), None);
        assert_eq!(digest_of([("a", "11")].into_iter()).as_deref(), Some("11"));
        let forth = digest_of([("a", "11"), ("b", "22")].into_iter());
        assert_eq!(forth, digest_of([("b", "22"), ("a", "11")].into_iter()));
        assert_ne!(forth, digest_of([("a", "22"), ("b", "11")].into_iter()));
    }
}
