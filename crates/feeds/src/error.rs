//! Errors of this crate, each with what to do about it.
//!
//! [`FeedError`] ends an operation. What concerns one source only (its server is down, its file is garbage) does not
//! end a sync: it is an outcome in the report, with a [`FetchError`] or a reason in words.

use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::source::Source;

/// An operation on the feeds that failed as a whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedError {
    /// A feed that is needed was never put into use.
    #[error("the feed {feed} is missing{}", because(.reason.as_deref()))]
    Missing {
        /// Which.
        feed: Source,
        /// What the last attempt to get it came to, where there was one.
        reason: Option<String>,
    },
    /// There are feeds of the platform, but none says anything about this release.
    #[error("no feed says anything about {scope} (they cover {})", .covered.join(", "))]
    ScopeNotCovered {
        /// The scope asked for.
        scope: String,
        /// What they cover of the platform.
        covered: Vec<String>,
    },
    /// This version of Assay knows no feed of the platform.
    #[error("there is no feed of {scope}")]
    NoFeed {
        /// The scope asked for.
        scope: String,
    },
    /// A feed is older than allowed.
    #[error("the feed {feed} is {} old, more than the {} allowed", in_words(*.age), in_words(*.limit))]
    Stale {
        /// Which.
        feed: Source,
        /// How old.
        age: Duration,
        /// How old it may be.
        limit: Duration,
    },
    /// A stored file is not what was stored.
    #[error("{path} is damaged")]
    Corrupt {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A compiled database is of another version of Assay.
    #[error("{path} was compiled by another version of Assay (schema {found}, this one reads {supported})")]
    OtherVersion {
        /// The file.
        path: Utf8PathBuf,
        /// Its schema.
        found: u32,
        /// The schema that is understood.
        supported: u32,
    },
    /// The folder was written by a newer Assay.
    #[error("{path} has version {version}, this Assay knows {supported}")]
    Incompatible {
        /// The file.
        path: Utf8PathBuf,
        /// Its version.
        version: u64,
        /// The version that is understood.
        supported: u32,
    },
    /// Another sync is at work in the same folder.
    #[error("another sync is at work in {folder}{}", process(.holder.as_deref()))]
    Locked {
        /// The folder.
        folder: Utf8PathBuf,
        /// The process id that it left, where it did.
        holder: Option<String>,
    },
    /// There is no room to write.
    #[error("no space left to write {path}")]
    DiskFull {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A file or folder could not be written.
    #[error("failed to write {path}")]
    Write {
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A file or folder could not be read.
    #[error("failed to read {path}")]
    Read {
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The folder given as a mirror is not there.
    #[error("there is no folder {folder} to take feeds from")]
    NoSuchMirror {
        /// The folder.
        folder: Utf8PathBuf,
    },
    /// An address could not be formed: a defect of the table of sources or an odd mirror address.
    #[error("{address:?} is no address")]
    Address {
        /// The address.
        address: String,
    },
    /// The HTTP client could not be set up, most often because no certificate authorities are installed.
    #[error("failed to set up the HTTPS client")]
    Client {
        /// The cause.
        #[source]
        cause: reqwest::Error,
    },
    /// The file of further certificate authorities is of no use.
    #[error("{path} holds no usable certificates")]
    Certificates {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: Option<reqwest::Error>,
    },
    /// Building a database from feeds that had been accepted failed: a defect.
    #[error("failed to compile the feeds")]
    Compile {
        /// The cause.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The thread that compiled ended without a result: a defect.
    #[error("the compilation of the feeds was interrupted")]
    Interrupted {
        /// The cause.
        #[source]
        cause: tokio::task::JoinError,
    },
}

impl FeedError {
    /// What to do about it, as a sentence for an exclusion or below an error message.
    pub fn remedy(&self) -> String {
        match self {
            FeedError::Missing { .. } => {
                "Run `assay feeds sync`, or `assay feeds import FOLDER` on a machine without network.".to_owned()
            }
            FeedError::ScopeNotCovered { .. } | FeedError::NoFeed { .. } => {
                "Run `assay feeds sync`; a release that is still not covered then has no advisories to compare with."
                    .to_owned()
            }
            FeedError::Stale { .. } => {
                "Run `assay feeds sync`, and look at `assay feeds status` if it stays old.".to_owned()
            }
            FeedError::Corrupt { .. } => "Run `assay feeds sync`: it replaces what is damaged.".to_owned(),
            FeedError::OtherVersion { .. } => {
                "Run `assay feeds sync`: it compiles again what is there, also without network.".to_owned()
            }
            FeedError::Incompatible { .. } => {
                "Use the newer Assay that wrote it, or another folder (`--data`, `--feeds`).".to_owned()
            }
            FeedError::Locked { .. } => "Wait until it has finished, then try again.".to_owned(),
            FeedError::DiskFull { path, .. } => {
                format!("Free some space on the file system of {path}; the feeds in use are unchanged.")
            }
            FeedError::Write { path, .. } => {
                format!("Check owner and permissions of {}; the feeds in use are unchanged.", folder_of(path))
            }
            FeedError::Read { path, .. } => format!("Check owner and permissions of {path}."),
            FeedError::NoSuchMirror { .. } | FeedError::Address { .. } => {
                "Check the mirror (`--mirror`, `ASSAY_FEEDS_MIRROR`).".to_owned()
            }
            FeedError::Client { .. } => {
                "Install the certificate authorities of the system (Debian: `apt-get install ca-certificates`)."
                    .to_owned()
            }
            FeedError::Certificates { .. } => "Give a file of certificates in PEM form.".to_owned(),
            FeedError::Compile { .. } | FeedError::Interrupted { .. } => {
                "This is a defect of Assay: please report it. The feeds in use are unchanged.".to_owned()
            }
        }
    }

    /// A failure to write, told apart from a full disk. A file size limit counts as one, and so does a quota.
    pub(crate) fn writing(path: &Utf8Path, cause: io::Error) -> FeedError {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                FeedError::DiskFull { path, cause }
            }
            _ => FeedError::Write { path, cause },
        }
    }

    /// A failure to read.
    pub(crate) fn reading(path: &Utf8Path, cause: io::Error) -> FeedError {
        FeedError::Read { path: path.to_owned(), cause }
    }
}

/// Why one file of one source could not be got. The others go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The server answered, but not with the file.
    #[error("the server answered {status}")]
    Status {
        /// HTTP status code.
        status: u16,
    },
    /// No connection, or it broke.
    #[error("the connection failed")]
    Connection {
        /// The cause, without the address.
        #[source]
        cause: reqwest::Error,
    },
    /// The server's host could not be reached a moment ago.
    #[error("{host} could not be reached")]
    Unreachable {
        /// The host.
        host: String,
    },
    /// Nothing came for too long.
    #[error("nothing came for {}", in_words(*.after))]
    Idle {
        /// For how long.
        after: Duration,
    },
    /// It took too long as a whole.
    #[error("it took longer than {}", in_words(*.after))]
    TooSlow {
        /// The limit.
        after: Duration,
    },
    /// More came than the source may have.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// Fewer bytes came than were announced.
    #[error("{received} bytes came of {announced}")]
    Truncated {
        /// Announced by `Content-Length`.
        announced: u64,
        /// Received.
        received: u64,
    },
    /// Packed in a way that was not asked for.
    #[error("it is encoded as {encoding:?}, which was not asked for")]
    Encoding {
        /// `Content-Encoding`.
        encoding: String,
    },
    /// A directory, device or FIFO in place of a file.
    #[error("it is no regular file")]
    NotAFile,
    /// The file of a mirror folder could not be read.
    #[error("it could not be read")]
    Read {
        /// The cause.
        #[source]
        cause: io::Error,
    },
}

impl FetchError {
    /// Message and causes in one line.
    pub(crate) fn in_full(&self) -> String {
        in_full(self)
    }
}

/// Message and causes of an error in one line, without what a hostile feed could put into it: no control characters, at
/// most 300 characters.
pub(crate) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// A duration as people say it, rounded down: `3 days`, `5 hours`, `10 minutes`, `30 seconds`, `50 milliseconds`.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (count, unit) = match seconds {
        0 => (u64::from(duration.subsec_millis()), "millisecond"),
        1..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn because(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn process(holder: Option<&str>) -> String {
    holder.map(|holder| format!(" (process {holder})")).unwrap_or_default()
}

/// The folder that a file is in. A bare name is in the working folder, for which `parent` has no word.
pub(crate) fn folder_of(path: &Utf8Path) -> &Utf8Path {
    match path.parent() {
        Some(folder) if folder.as_str().is_empty() => Utf8Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_a_folder() {
        for (path, folder) in [("a", "."), ("a/b", "a"), ("./a", "."), ("/a", "/"), ("/a/b", "/a"), ("/", "/")] {
            assert_eq!(folder_of(Utf8Path::new(path)), folder, "{path}");
        }
    }

    #[test]
    fn durations_read_well() {
        for (seconds, words) in [(1, "1 second"), (119, "119 seconds"), (600, "10 minutes"), (86_400, "24 hours")] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
        assert_eq!(in_words(Duration::from_secs(10 * 86_400)), "10 days");
        assert_eq!(in_words(Duration::from_millis(50)), "50 milliseconds");
    }

    #[test]
    fn a_full_disk_is_told_apart() {
        let path = Utf8Path::new("/data/feeds/raw/json");
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge] {
            assert!(matches!(FeedError::writing(path, kind.into()), FeedError::DiskFull { .. }), "{kind}");
        }
        let denied = FeedError::writing(path, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, FeedError::Write { .. }));
        assert!(denied.remedy().contains("/data/feeds/raw;"), "{}", denied.remedy());
    }
}
