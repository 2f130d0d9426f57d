//! Reports that were asked for: what became of each, and its bytes, stored once by content address as evidence is.

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, Row};

use super::accounts::time_of;
use super::error::StoreError;
use super::evidence::{deflate, inflate};
use super::jobs::{self, NewJob, REPORT_JOB};
use super::open::Store;
use super::statement::{Statement, Value};

/// Which report of a run: words that the caller chooses and understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportName {
    /// The run.
    pub run: RunArn,
    /// For example `PDF`.
    pub format: &'static str,
    /// For example `FULL`.
    pub kind: &'static str,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportProgress {
    /// A job makes it.
    InProgress,
    /// It is there.
    Completed,
    /// It could not be made: when it was asked for, and why.
    Failed {
        /// When it was asked for.
        requested_at: Timestamp,
        /// One sentence.
        message: String,
    },
}

impl Store {
    /// Asks for a report of a run that is there, and adds its job, whose subject the caller chooses. One that failed and was
    /// asked for before `forget_failures_of` is begun anew.
    ///
    /// # Errors
    ///
    /// When the run is not there, or the database fails.
    pub async fn request_report(
        &self,
        name: &ReportName,
        subject: &str,
        now: Timestamp,
        forget_failures_of: Timestamp,
    ) -> Result<ReportProgress, StoreError> {
        let failed = self.failed_to("ask for a report");
        let mut transaction = self.begin("ask for a report").await?;
        let mut forget = Statement::new("DELETE FROM report");
        push_name(&mut forget, name);
        forget.condition("status = 'FAILED'").condition("requested_at < ").bind(forget_failures_of.as_millisecond());
        forget.execute(&mut transaction).await.map_err(&failed)?;
        let mut insert = Statement::new("INSERT INTO report (run_arn, format, kind, status, requested_at) VALUES ");
        insert.bind_list([
            name.run.as_str().into(),
            name.format.into(),
            name.kind.into(),
            "WORK_IN_PROGRESS".into(),
            now.as_millisecond().into(),
        ]);
        insert.push(" ON CONFLICT (run_arn, format, kind) DO NOTHING");
        let progress = match insert.execute(&mut transaction).await.map_err(&failed)? {
            0 => progress(&mut transaction, name).await.map_err(&failed)?,
            _ => {
                let (subject, payload) = (subject.to_owned(), String::new());
                let job = NewJob { kind: REPORT_JOB, subject, payload, due_at: now };
                jobs::enqueue(&mut transaction, &job).await.map_err(&failed)?;
                ReportProgress::InProgress
            }
        };
        transaction.commit().await.map_err(&failed)?;
        Ok(progress)
    }

    /// Stores a report that was asked for; tells whether its run is still there.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is stored.
    pub async fn complete_report(&self, name: &ReportName, bytes: &[u8]) -> Result<bool, StoreError> {
        let failed = self.failed_to("store a report");
        let digest = digest(bytes);
        let deflated = deflate(bytes);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let mut transaction = self.begin("store a report").await?;
        let mut insert = Statement::new("INSERT INTO report_content (digest, size, content) VALUES ");
        insert.bind_list([digest.as_str().into(), size.into(), Value::Bytes(deflated)]);
        insert.push(" ON CONFLICT (digest) DO NOTHING");
        insert.execute(&mut transaction).await.map_err(&failed)?;
        let mut update = Statement::new("UPDATE report SET status = 'COMPLETED', message = NULL, digest = ");
        update.bind(digest.as_str());
        push_name(&mut update, name);
        if update.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(false);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(true)
    }

    /// Says that a report cannot be made, and why.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn fail_report(&self, name: &ReportName, message: &str) -> Result<(), StoreError> {
        let mut update = Statement::new("UPDATE report SET status = 'FAILED', message = ");
        update.bind(message);
        push_name(&mut update, name);
        update.condition("status <> 'COMPLETED'");
        let mut connection = self.connection().await?;
        update.execute(&mut connection).await.map(|_| ()).map_err(self.failed_to("store that a report failed"))
    }

    /// The bytes of a report that is there; their digest is verified.
    ///
    /// # Errors
    ///
    /// When the database fails, or they no longer have their digest.
    pub async fn report(&self, name: &ReportName) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = self.failed_to("read a report");
        let mut statement = Statement::new(
            "SELECT report.digest, content.size, content.content FROM report \
             JOIN report_content content ON content.digest = report.digest",
        );
        push_name(&mut statement, name);
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let expected: String = row.try_get(0).map_err(&failed)?;
        let size: i64 = row.try_get(1).map_err(&failed)?;
        let content: Vec<u8> = row.try_get(2).map_err(&failed)?;
        let bytes = inflate(&content, u64::try_from(size).unwrap_or_default());
        match bytes.filter(|bytes| digest(bytes) == expected) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(StoreError::DamagedReport { path: self.path().to_owned(), run: name.run.to_string() }),
        }
    }
}

async fn progress(connection: &mut AnyConnection, name: &ReportName) -> Result<ReportProgress, sqlx::Error> {
    let mut statement = Statement::new("SELECT status, requested_at, message FROM report");
    push_name(&mut statement, name);
    let rows = statement.fetch(connection).await?;
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let status: String = row.try_get(0)?;
    Ok(match status.as_str() {
        "COMPLETED" => ReportProgress::Completed,
        "FAILED" => ReportProgress::Failed {
            requested_at: time_of(row.try_get(1)?),
            message: row.try_get::<Option<String>, _>(2)?.unwrap_or_default(),
        },
        _ => ReportProgress::InProgress,
    })
}

fn push_name(statement: &mut Statement, name: &ReportName) {
    statement.condition("run_arn = ").bind(name.run.as_str());
    statement.condition("format = ").bind(name.format).condition("kind = ").bind(name.kind);
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Removes the bytes of reports that are no more.
pub(super) async fn delete_unused_reports(connection: &mut AnyConnection) -> Result<u64, sqlx::Error> {
    let mut statement = Statement::new("DELETE FROM report_content");
    statement.condition("NOT EXISTS (SELECT 1 FROM report WHERE report.digest = report_content.digest)");
    statement.execute(connection).await
}
