//! The audit record: every call in order, each record bound to the one before (reference §11.4).
//!
//! The number and digest of the last record stand apart, so that records cut off at the end are missed, too. The chain shows
//! what somebody changed who could write to some records; who can rewrite all of them and the head is not shown.

use assay_model::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::accounts::time_of;
use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, insert_rows};

/// The setting that holds number and digest of the last record.
const HEAD: &str = "audit-head";

/// Records that are verified at a time.
const BATCH: i64 = 500;

/// A call to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When it was made.
    pub at: Timestamp,
    /// Region and account, as `region/account`; empty where nobody proved who he is.
    pub realm: String,
    /// JSON.
    pub body: String,
}

/// A call that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number, from 1, without gaps.
    pub sequence: i64,
    /// What is recorded.
    pub entry: AuditEntry,
    previous: String,
    digest: String,
}

/// Whether the records are those that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditVerdict {
    /// They are.
    Whole {
        /// Their number.
        records: i64,
        /// The digest of the last one; noted elsewhere, it shows later that nothing before it has changed.
        digest: String,
    },
    /// They are not.
    Broken {
        /// The first record that is not as it should be.
        sequence: i64,
        /// What is wrong.
        reason: &'static str,
    },
}

/// The last record.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    sequence: i64,
    digest: String,
}

impl Head {
    fn none() -> Head {
        Head { sequence: 0, digest: "0".repeat(64) }
    }

    fn read(text: &str) -> Option<Head> {
        let (sequence, digest) = text.split_once(' ')?;
        Some(Head { sequence: sequence.parse().ok()?, digest: digest.to_owned() })
    }

    fn text(&self) -> String {
        format!("{} {}", self.sequence, self.digest)
    }

    fn next(&self, entry: &AuditEntry) -> AuditRecord {
        let sequence = self.sequence + 1;
        let digest = digest(&self.digest, sequence, entry);
        AuditRecord { sequence, entry: entry.clone(), previous: self.digest.clone(), digest }
    }
}

impl Store {
    /// Adds records, in one transaction.
    ///
    /// # Errors
    ///
    /// When the database fails; then none is added.
    pub async fn append_audit(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let failed = self.failed_to("record calls");
        let mut transaction = self.begin("record calls").await?;
        let mut make = Statement::new("INSERT INTO setting (name, value) VALUES ");
        make.bind_list([HEAD.into(), Head::none().text().into()]).push(" ON CONFLICT (name) DO NOTHING");
        make.execute(&mut transaction).await.map_err(&failed)?;
        let mut head = fetch_head(&mut transaction, self.for_update()).await.map_err(&failed)?;
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            let AuditRecord { sequence, entry, previous, digest } = head.next(entry);
            head = Head { sequence, digest: digest.clone() };
            rows.push(vec![
                sequence.into(),
                entry.at.as_millisecond().into(),
                entry.realm.into(),
                entry.body.into(),
                previous.into(),
                digest.into(),
            ]);
        }
        let insert = "INSERT INTO audit (sequence, at, realm, body, previous, digest) VALUES ";
        insert_rows(&mut transaction, insert, rows.into_iter()).await.map_err(&failed)?;
        let mut update = Statement::new("UPDATE setting SET value = ");
        update.bind(head.text()).condition("name = ").bind(HEAD);
        update.execute(&mut transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }

    /// The last records, newest first.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn audit_records(&self, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.push(" ORDER BY sequence DESC LIMIT ").bind(i64::from(limit));
        self.fetch_records(statement).await
    }

    /// Computes the digests of all records anew.
    ///
    /// # Errors
    ///
    /// As [`Store::audit_records`].
    pub async fn verify_audit(&self) -> Result<AuditVerdict, StoreError> {
        // Records that are added meanwhile come after this one.
        let mut connection = self.connection().await?;
        let expected = fetch_head(&mut connection, "").await.map_err(self.failed_to("read the audit record"))?;
        drop(connection);
        let mut head = Head::none();
        let mut seen_expected = expected.sequence == 0;
        loop {
            let mut statement = Statement::new(SELECT);
            statement.condition("sequence > ").bind(head.sequence).push(" ORDER BY sequence LIMIT ").bind(BATCH);
            let records = self.fetch_records(statement).await?;
            if records.is_empty() {
                break;
            }
            for record in records {
                let broken = |reason| Ok(AuditVerdict::Broken { sequence: head.sequence + 1, reason });
                let made_anew = head.next(&record.entry);
                if record.sequence != made_anew.sequence {
                    return broken("it is missing");
                }
                if record.previous != made_anew.previous {
                    return broken("it does not follow the record before");
                }
                if record.digest != made_anew.digest {
                    return broken("it was changed");
                }
                head = Head { sequence: record.sequence, digest: record.digest };
                seen_expected |= head == expected;
            }
        }
        if seen_expected {
            return Ok(AuditVerdict::Whole { records: head.sequence, digest: head.digest });
        }
        let reason = if head.sequence < expected.sequence { "it is missing" } else { "the chain was made anew" };
        let sequence = expected.sequence.min(head.sequence + 1);
        Ok(AuditVerdict::Broken { sequence, reason })
    }

    async fn fetch_records(&self, statement: Statement) -> Result<Vec<AuditRecord>, StoreError> {
        let failed = self.failed_to("read the audit record");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(record_of_row).collect::<Result<_, _>>().map_err(failed)
    }
}

const SELECT: &str = "SELECT sequence, at, realm, body, previous, digest FROM audit";

async fn fetch_head(connection: &mut AnyConnection, lock: &'static str) -> Result<Head, sqlx::Error> {
    let mut statement = Statement::new("SELECT value FROM setting");
    statement.condition("name = ").bind(HEAD).push(lock);
    let rows = statement.fetch(connection).await?;
    let Some(row) = rows.first() else { return Ok(Head::none()) };
    let text: String = row.try_get(0)?;
    Head::read(&text).ok_or_else(|| sqlx::Error::Decode(format!("{text:?} is no head of the audit record").into()))
}

fn record_of_row(row: &AnyRow) -> Result<AuditRecord, sqlx::Error> {
    Ok(AuditRecord {
        sequence: row.try_get(0)?,
        entry: AuditEntry { at: time_of(row.try_get(1)?), realm: row.try_get(2)?, body: row.try_get(3)? },
        previous: row.try_get(4)?,
        digest: row.try_get(5)?,
    })
}

/// The digest of a record; no field but the last may hold a line feed, so that none can pass for another.
fn digest(previous: &str, sequence: i64, entry: &AuditEntry) -> String {
    let AuditEntry { at, realm, body } = entry;
    let text = format!("{previous}\n{sequence}\n{}\n{realm}\n{body}", at.as_millisecond());
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
