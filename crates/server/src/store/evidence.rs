//! Evidence: stored once by content address, as raw deflate. Its row says that it is there; the bytes are in the row, or, where the
//! row's are empty, in an object beside the database.
//!
//! Level 1 of deflate: evidence is JSON that repeats itself, and level 6 takes three times as long for a tenth less.

use std::io::{Read, Write};

use assay_model::evidence::Evidence;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hyper::body::Bytes;
use sqlx::{AnyConnection, Row};

use super::connections::WriteTransaction;
use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value};
use crate::blobs::{BlobError, BlobName};

/// The largest evidence that is read back, in bytes.
const MAX_EVIDENCE_BYTES: u64 = 1 << 30;

/// The content of a row whose bytes are beside the database: raw deflate is never empty.
pub(super) const EMPTY: Vec<u8> = Vec::new();

impl Store {
    /// The bytes of stored evidence; their digest is verified.
    ///
    /// # Errors
    ///
    /// When no such evidence is stored, or it no longer has its digest.
    pub async fn evidence(&self, digest: &str) -> Result<Vec<u8>, StoreError> {
        let mut statement = Statement::new("SELECT size, content FROM evidence WHERE digest = ");
        statement.bind(digest);
        let mut connection = self.connection().await?;
        let failed = self.failed_to("read evidence");
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let row = rows.first().ok_or_else(|| StoreError::NoEvidence { digest: digest.to_owned() })?;
        let size: i64 = row.try_get(0).map_err(&failed)?;
        let size = u64::try_from(size).unwrap_or_default();
        let content: Vec<u8> = row.try_get(1).map_err(&failed)?;
        drop(connection);
        let is_whole = |bytes: &Vec<u8>| Evidence::digest(bytes) == digest;
        if !content.is_empty() {
            let damaged = || StoreError::DamagedEvidence { path: self.path().to_owned(), digest: digest.to_owned() };
            return inflate(&content, size).filter(is_whole).ok_or_else(damaged);
        }
        let Some(blobs) = self.blobs() else { return Err(StoreError::EvidenceElsewhere { digest: digest.to_owned() }) };
        let name = BlobName::new(digest).ok_or_else(|| StoreError::NoEvidence { digest: digest.to_owned() })?;
        let damaged = || StoreError::DamagedEvidence { path: blobs.address(&name).into(), digest: digest.to_owned() };
        match blobs.get(&name, most_deflated(size)).await {
            Ok(Some(content)) => inflate(&content, size).filter(is_whole).ok_or_else(damaged),
            Ok(None) => {
                let (place, digest) = (blobs.place().to_string(), digest.to_owned());
                Err(StoreError::MissingEvidence { place, digest })
            }
            Err(BlobError::TooLarge { .. }) => Err(damaged()),
            Err(error) => Err(StoreError::Blob(error)),
        }
    }

    /// Puts evidence where it is kept beside the database, if it is. It comes before its row, so that a row never names what
    /// is not there.
    pub(super) async fn put_evidence(&self, digest: &str, deflated: Bytes) -> Result<StoredContent, StoreError> {
        match (self.blobs(), BlobName::new(digest)) {
            (Some(blobs), Some(name)) => {
                let mut outcome = blobs.put(&name, deflated.clone()).await;
                if outcome.as_ref().is_err_and(BlobError::is_full) && self.has_emptied_log().await {
                    outcome = blobs.put(&name, deflated.clone()).await;
                }
                outcome.map_err(|error| self.blob_failed(error))?;
                Ok(StoredContent::Beside { name, deflated })
            }
            _ => Ok(StoredContent::InRow(deflated)),
        }
    }

    /// Stores the row of evidence unless it is there.
    pub(super) async fn insert_evidence(
        &self,
        transaction: &mut WriteTransaction<'_>,
        digest: &str,
        size: usize,
        content: StoredContent,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("store evidence");
        let (name, deflated) = match content {
            StoredContent::InRow(deflated) => {
                return insert(transaction, digest, size, deflated.into()).await.map_err(failed);
            }
            StoredContent::Beside { name, deflated } => (name, deflated),
        };
        insert(transaction, digest, size, EMPTY).await.map_err(failed)?;
        // A sweep may have come in between. From here on it finds the row.
        let Some(blobs) = self.blobs() else { return Ok(()) };
        if !blobs.has(&name).await.map_err(StoreError::Blob)? {
            blobs.put(&name, deflated).await.map_err(|error| self.blob_failed(error))?;
        }
        Ok(())
    }

    /// Gives back the room of SQLite's write-ahead log, which keeps what a transaction took that then did not fit.
    async fn has_emptied_log(&self) -> bool {
        if self.is_shared() {
            return false;
        }
        let Ok(mut connection) = self.connection().await else { return false };
        Statement::new("PRAGMA wal_checkpoint(TRUNCATE)").fetch(&mut connection).await.is_ok()
    }

    /// A full disk is one wherever it is.
    fn blob_failed(&self, error: BlobError) -> StoreError {
        match error.into_full() {
            Ok(cause) => StoreError::Full { path: self.path().to_owned(), cause: sqlx::Error::Io(cause) },
            Err(error) => StoreError::Blob(error),
        }
    }
}

/// The bytes of evidence on their way into the store.
#[derive(Debug)]
pub(super) enum StoredContent {
    /// They go into the row.
    InRow(Bytes),
    /// They were put beside the database.
    Beside {
        /// Their name there.
        name: BlobName,
        /// The bytes.
        deflated: Bytes,
    },
}

/// Stores the row of evidence unless it is there. One whose bytes are beside the database takes them in where they are given:
/// who gives them may not know of that place.
async fn insert(
    connection: &mut AnyConnection,
    digest: &str,
    size: usize,
    content: Vec<u8>,
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("INSERT INTO evidence (digest, size, content) VALUES ");
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let is_elsewhere = content.is_empty();
    statement.bind_list([Value::from(digest), Value::from(size), Value::Bytes(content)]);
    statement.push(match is_elsewhere {
        true => " ON CONFLICT (digest) DO NOTHING",
        false => " ON CONFLICT (digest) DO UPDATE SET content = excluded.content WHERE length(evidence.content) = 0",
    });
    statement.execute(connection).await.map(|_| ())
}

/// How many bytes deflate makes of so many at most: it can at worst store them, in blocks with a head each.
fn most_deflated(size: u64) -> u64 {
    size.min(MAX_EVIDENCE_BYTES) + size.min(MAX_EVIDENCE_BYTES) / 64 + 1024
}

/// Removes evidence that no run refers to.
pub(super) async fn delete_unused(connection: &mut AnyConnection, digest: &str) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("DELETE FROM evidence WHERE digest = ");
    statement.bind(digest);
    statement.push(" AND NOT EXISTS (SELECT 1 FROM run_agent WHERE evidence_digest = digest)");
    statement.execute(connection).await.map(|_| ())
}

/// The bytes as raw deflate (RFC 1951).
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory cannot fail")
}

/// The bytes of raw deflate, if they are as many as they should be.
pub(super) fn inflate(deflated: &[u8], size: u64) -> Option<Vec<u8>> {
    if size > MAX_EVIDENCE_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    DeflateDecoder::new(deflated).take(size + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == size).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deflate_makes_has_a_limit() {
        // Xorshift: nothing in it repeats itself.
        let mut state = 88_172_645_463_325_252_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        for size in [0, 1, 100, 65_536, 1 << 20] {
            let bytes: Vec<u8> = (0..size).map(|_| next()).collect();
            let deflated = deflate(&bytes).len() as u64;
            assert!(deflated > 0 && deflated <= most_deflated(size), "{size}: {deflated}");
        }
    }

    #[test]
    fn deflate_comes_back_only_whole() {
        let bytes = b"PermitRootLogin yes\n".repeat(1000);
        let deflated = deflate(&bytes);
        assert!(deflated.len() < bytes.len() / 10);
        assert_eq!(inflate(&deflated, 20_000).as_deref(), Some(bytes.as_slice()));
        assert_eq!(inflate(&deflated, 19_999), None);
        assert_eq!(inflate(&deflated, 20_001), None);
        assert_eq!(inflate(&deflated, u64::MAX), None);
        assert_eq!(inflate(&deflated[..deflated.len() / 2], 20_000), None);
    }
}
