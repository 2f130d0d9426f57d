//! Why the store could not do what it was asked.
//!
//! SQLite's result codes become the cases that an operator can act upon; the rest is [`StoreError::Execute`].

use std::io;

use assay_model::arn::ParseArnError;
use camino::{Utf8Path, Utf8PathBuf};

use crate::blobs::BlobError;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The data directory could not be made.
    #[error("failed to create the data directory {path}")]
    CreateDirectory {
        /// The directory.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The database file could not be made.
    #[error("failed to create the store at {path}")]
    CreateFile {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The file or its directory may not be read and written by this user.
    #[error("no permission to read and write the store at {path} and its directory")]
    NotPermitted {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file is there but could not be opened.
    #[error("failed to open the store at {path}")]
    Open {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: sqlx::Error,
    },
    /// The file is no database, or a damaged one.
    #[error(
        "the store at {path} is damaged; restore it from a backup, or move it and {path}-wal away to start a new one"
    )]
    Damaged {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: sqlx::Error,
    },
    /// A newer version of Assay has written the file.
    #[error("the store at {path} has schema {found}, this version knows {known}; use a newer Assay or another --data")]
    NewerSchema {
        /// The file.
        path: Utf8PathBuf,
        /// The file's schema version.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// The schema could not be brought up to date.
    #[error("failed to update the schema of the store at {path}")]
    Migrate {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: sqlx::migrate::MigrateError,
    },
    /// No space is left; nothing of the operation was kept.
    #[error("no space left for the store at {path}; what was stored before is kept")]
    Full {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: sqlx::Error,
    },
    /// Another process held the write lock longer than the time-out.
    #[error("the store at {path} is in use by another process")]
    Busy {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: sqlx::Error,
    },
    /// Any other failure of the database.
    #[error("failed to {operation} in the store at {path}")]
    Execute {
        /// The file.
        path: Utf8PathBuf,
        /// What was tried, as an infinitive.
        operation: &'static str,
        /// The cause.
        #[source]
        cause: sqlx::Error,
    },
    /// A value has no JSON form, which only a defect of the model can cause.
    #[error("failed to write {what} as JSON")]
    Encode {
        /// The kind of object.
        what: &'static str,
        /// The cause.
        #[source]
        cause: serde_json::Error,
    },
    /// A stored object is not understood.
    #[error("failed to read {what} from the store at {path}")]
    Decode {
        /// The file.
        path: Utf8PathBuf,
        /// The kind of object.
        what: &'static str,
        /// The cause.
        #[source]
        cause: serde_json::Error,
    },
    /// A stored ARN is not well-formed.
    #[error("failed to read an ARN from the store at {path}")]
    DecodeArn {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: ParseArnError,
    },
    /// The evidence given is not what the assessment says it judged: a defect of the caller.
    #[error("the evidence has the digest {found}, the assessment names {expected}")]
    WrongEvidence {
        /// The digest that the assessment names.
        expected: String,
        /// The digest of the bytes given.
        found: String,
    },
    /// No evidence with this digest is stored.
    #[error("no evidence {digest} is stored")]
    NoEvidence {
        /// What was asked for.
        digest: String,
    },
    /// A row names evidence that is no longer where it was put.
    #[error("the evidence {digest} is no longer at {place}, where it was put")]
    MissingEvidence {
        /// The place.
        place: String,
        /// Its content address.
        digest: String,
    },
    /// A row names evidence that is kept beside the database, and nobody said where.
    #[error("the evidence {digest} is not in the database: --evidence-store has to say where evidence is kept")]
    EvidenceElsewhere {
        /// Its content address.
        digest: String,
    },
    /// The place of evidence failed.
    #[error(transparent)]
    Blob(BlobError),
    /// Stored evidence no longer matches its digest.
    #[error("the evidence {digest} in the store at {path} is damaged")]
    DamagedEvidence {
        /// The file.
        path: Utf8PathBuf,
        /// Its content address.
        digest: String,
    },
    /// A stored report no longer matches its digest.
    #[error("a report of {run} in the store at {path} is damaged")]
    DamagedReport {
        /// The file.
        path: Utf8PathBuf,
        /// The run.
        run: String,
    },
    /// Nothing matches a selector.
    #[error("no {what} matches {selector:?}")]
    NoMatch {
        /// The kind of object.
        what: &'static str,
        /// What was asked for.
        selector: String,
    },
    /// Several objects match a selector.
    #[error("{selector:?} matches several: {}", candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        selector: String,
        /// The ids that match, at most five.
        candidates: Vec<String>,
    },
}

impl StoreError {
    /// Whether evidence is not there or not what it was: to ask again does not help.
    pub(crate) fn is_loss_of_evidence(&self) -> bool {
        use StoreError::{DamagedEvidence, MissingEvidence, NoEvidence};
        matches!(self, NoEvidence { .. } | MissingEvidence { .. } | DamagedEvidence { .. })
    }

    /// Names a failure of the database: the code tells damage, a full disk and a lock from all else.
    pub(super) fn execute(path: &Utf8Path, operation: &'static str, cause: sqlx::Error) -> StoreError {
        let path = path.to_owned();
        match ResultCode::of(&cause) {
            ResultCode::Damaged => StoreError::Damaged { path, cause },
            ResultCode::Full => StoreError::Full { path, cause },
            ResultCode::Busy => StoreError::Busy { path, cause },
            ResultCode::CannotOpen | ResultCode::Other => StoreError::Execute { path, operation, cause },
        }
    }
}

/// SQLite's primary result code, as far as it matters (<https://sqlite.org/rescode.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultCode {
    /// `SQLITE_CORRUPT` (11) or `SQLITE_NOTADB` (26).
    Damaged,
    /// `SQLITE_FULL` (13), or no room for the shared-memory file (`SQLITE_IOERR_SHMSIZE`, 4874).
    Full,
    /// `SQLITE_BUSY` (5).
    Busy,
    /// `SQLITE_CANTOPEN` (14), `SQLITE_PERM` (3) or `SQLITE_READONLY` (8).
    CannotOpen,
    /// Anything else.
    Other,
}

impl ResultCode {
    /// The low byte of an extended code is the primary one.
    pub(super) fn of(error: &sqlx::Error) -> ResultCode {
        let code = error
            .as_database_error()
            .and_then(|database| database.code())
            .and_then(|code| code.parse::<u32>().ok())
            .unwrap_or_default();
        match (code, code & 0xff) {
            (4874, _) => ResultCode::Full,
            (_, 11 | 26) => ResultCode::Damaged,
            (_, 13) => ResultCode::Full,
            (_, 5) => ResultCode::Busy,
            (_, 3 | 8 | 14) => ResultCode::CannotOpen,
            _ => ResultCode::Other,
        }
    }
}
