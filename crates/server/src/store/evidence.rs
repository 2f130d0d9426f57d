//! Evidence: stored once by content address, as raw deflate.
//!
//! Level 1 of deflate: evidence is JSON that repeats itself, and level 6 takes three times as long for a tenth less.

use std::io::{Read, Write};

use assay_model::evidence::Evidence;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value};

/// The largest evidence that is read back, in bytes.
const MAX_EVIDENCE_BYTES: u64 = 1 << 30;

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
        let content: Vec<u8> = row.try_get(1).map_err(&failed)?;
        inflate(&content, u64::try_from(size).unwrap_or_default())
            .filter(|bytes| Evidence::digest(bytes) == digest)
            .ok_or_else(|| StoreError::DamagedEvidence { path: self.path().to_owned(), digest: digest.to_owned() })
    }
}

/// Stores evidence unless it is there.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    digest: &str,
    size: usize,
    deflated: Vec<u8>,
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("INSERT INTO evidence (digest, size, content) VALUES ");
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    statement.bind_list([Value::from(digest), Value::from(size), Value::Bytes(deflated)]);
    statement.push(" ON CONFLICT (digest) DO NOTHING");
    statement.execute(connection).await.map(|_| ())
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
