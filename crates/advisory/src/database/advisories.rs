//! The advisories of one feed at one release.

use std::path::Path;

use assay_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryError, FeedOrigin};

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHeader {
    /// The release it is for, for example `bookworm`.
    pub release: String,
    /// Where the feed came from.
    pub origin: FeedOrigin,
    /// The program that compiled it, for example `assay 0.1.0`.
    pub created_by: String,
    /// Number of (source package, vulnerability) records.
    pub record_count: u64,
    /// Number of source packages.
    pub source_count: u64,
}

/// An open database.
#[derive(Debug)]
pub struct Database {
    header: DatabaseHeader,
}

/// One record of a database.
#[derive(Clone, Copy, Debug)]
pub struct Advisory<'a> {
    _database: &'a Database,
}

impl Database {
    /// Opens a compiled database; only its header is read.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is no database, is of another schema, or its header is damaged.
    pub fn open(path: &Path) -> Result<Database, AdvisoryError> {
        Err(AdvisoryError::NotADatabase { path: path.to_owned(), expected: "advisory database" })
    }

    /// Opens a database from its bytes.
    ///
    /// # Errors
    ///
    /// As [`Database::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Database, AdvisoryError> {
        let _ = bytes;
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// What it says of itself.
    pub fn header(&self) -> &DatabaseHeader {
        &self.header
    }

    /// When the feed was fetched.
    pub fn fetched_at(&self) -> Timestamp {
        self.header.origin.fetched_at
    }

    /// Checks every section's checksum and every record's references.
    ///
    /// # Errors
    ///
    /// When anything is damaged.
    pub fn verify(&self) -> Result<(), AdvisoryError> {
        Ok(())
    }
}
