//! Jobs: work that some process has to do at some time, taken under a lease.
//!
//! A job is enqueued in the transaction of what it belongs to. Whoever takes it may die at any moment: the lease then runs
//! out, and the next one begins anew. A lease has a fencing number, and what is done under it is committed only while it is
//! still held ([`hold`]). Rows are locked in the order run, its agents, jobs.

use assay_model::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::accounts::time_of;
use super::connections::WriteTransaction;
use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value};
use super::wake::Wake;

/// Longest error that is kept, in characters.
const MAX_ERROR_CHARACTERS: usize = 2000;

/// The jobs of runs: the subject is the run's ARN.
pub(crate) const RUN_JOB: &str = "run";
/// The jobs that evaluate a host of a run: the subject is the run's ARN, a space, and the agent's id.
pub(crate) const EVALUATION_JOB: &str = "evaluation";
/// The jobs that compute previews of exclusions: the subject is the preview's token.
pub(crate) const EXCLUSIONS_PREVIEW_JOB: &str = "exclusions-preview";
/// The jobs that make reports: the subject is the path of the report.
pub(crate) const REPORT_JOB: &str = "report";
/// The job that lets go of old evidence.
pub(crate) const RETENTION_JOB: &str = "retention";
/// The job that removes objects beside the database which nothing refers to.
pub(crate) const SWEEP_JOB: &str = "sweep";

/// Rows per statement when many are added.
const JOBS_PER_STATEMENT: usize = 16;

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Who does it: the kind of its handler.
    pub kind: &'static str,
    /// What it is about. There is one job of a kind and subject.
    pub subject: String,
    /// What the handler needs beside the subject.
    pub payload: String,
    /// Not before.
    pub due_at: Timestamp,
}

/// A job that this process holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    id: String,
    fence: i64,
    wakes: i64,
    /// Who does it.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What the handler needs beside the subject.
    pub payload: String,
    /// How often it was leased since its last progress; 1 the first time.
    pub attempts: u32,
    /// Why the attempt before failed, if it said so.
    pub error: Option<String>,
}

/// Whether a lease was still held, and so whether what was asked for happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Held {
    /// It was.
    Yes,
    /// Another process has the job now, or it is gone. Nothing was changed.
    Lost,
}

impl Held {
    fn of(changed_rows: u64) -> Held {
        if changed_rows > 0 { Held::Yes } else { Held::Lost }
    }
}

/// A job that is not tried any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// Why the last attempt failed.
    pub error: String,
    /// When it was given up.
    pub dead_at: Timestamp,
}

impl Store {
    /// Adds a job, in a transaction of its own.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn enqueue_job(&self, job: &NewJob) -> Result<(), StoreError> {
        let failed = self.failed_to("add a job");
        let mut transaction = self.begin("add a job").await?;
        enqueue(&mut transaction, job).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }

    /// Takes the job of these kinds that is due the longest, if there is one, until `until`.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn lease_job(
        &self,
        kinds: &[&str],
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<LeasedJob>, StoreError> {
        if kinds.is_empty() {
            return Ok(None);
        }
        let failed = self.failed_to("take a job");
        let mut connection = self.connection().await?;
        // Looking first keeps idle processes from taking SQLite's write lock again and again.
        let mut look = Statement::new("SELECT id FROM job");
        push_due(&mut look, kinds, now);
        if look.fetch(&mut connection).await.map_err(&failed)?.is_empty() {
            return Ok(None);
        }
        let mut take = Statement::new("UPDATE job SET fence = fence + 1, attempts = attempts + 1, owner = ");
        take.bind(owner).push(", lease_until = ").bind(until.as_millisecond());
        take.condition("id = (SELECT id FROM job");
        push_due(&mut take, kinds, now);
        take.push(self.skip_locked()).push(") RETURNING id, fence, wakes, kind, subject, payload, attempts, error");
        let rows = take.fetch(&mut connection).await.map_err(&failed)?;
        rows.first().map(leased_of_row).transpose().map_err(failed)
    }

    /// Prolongs a lease.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn prolong_job(&self, job: &LeasedJob, until: Timestamp) -> Result<Held, StoreError> {
        let mut statement = Statement::new("UPDATE job SET lease_until = ");
        statement.bind(until.as_millisecond());
        self.change(job, statement).await
    }

    /// Ends a job that is done. One that was asked for again meanwhile stays, and is due at once.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn finish_job(&self, job: &LeasedJob, now: Timestamp) -> Result<Held, StoreError> {
        let failed = self.failed_to("end a job");
        let mut transaction = self.begin("end a job").await?;
        let held = finish(&mut transaction, job, now).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(held)
    }

    /// Gives a job back that is to go on at some time; at once where it was asked for meanwhile.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn postpone_job(&self, job: &LeasedJob, due_at: Timestamp, now: Timestamp) -> Result<Held, StoreError> {
        let mut statement = Statement::new("UPDATE job SET lease_until = 0, attempts = 0, error = NULL, due_at = ");
        statement.push("CASE WHEN wakes = ").bind(job.wakes);
        statement.push(" THEN CAST(").bind(due_at.as_millisecond()).push(" AS BIGINT)");
        statement.push(" ELSE CAST(").bind(now.as_millisecond()).push(" AS BIGINT) END");
        self.change(job, statement).await
    }

    /// Gives a job back after a failure, to be tried again at some time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn retry_job(&self, job: &LeasedJob, error: &str, retry_at: Timestamp) -> Result<Held, StoreError> {
        let mut statement = Statement::new("UPDATE job SET lease_until = 0, error = ");
        statement.bind(bounded(error)).push(", due_at = ").bind(retry_at.as_millisecond());
        self.change(job, statement).await
    }

    /// Gives a job up. It stays, with its error, until somebody asks for it again.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn bury_job(&self, job: &LeasedJob, error: &str, now: Timestamp) -> Result<Held, StoreError> {
        let mut statement = Statement::new("UPDATE job SET lease_until = 0, error = ");
        statement.bind(bounded(error)).push(", dead_at = ").bind(now.as_millisecond());
        self.change(job, statement).await
    }

    /// Gives a job back untouched: the process ends.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn release_job(&self, job: &LeasedJob) -> Result<Held, StoreError> {
        self.change(job, Statement::new("UPDATE job SET lease_until = 0, attempts = attempts - 1")).await
    }

    /// The jobs that are not tried any more, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn dead_jobs(&self, limit: u32) -> Result<Vec<DeadJob>, StoreError> {
        let failed = self.failed_to("read jobs");
        let mut statement = Statement::new("SELECT kind, subject, error, dead_at FROM job WHERE dead_at IS NOT NULL");
        statement.push(" ORDER BY dead_at DESC, id LIMIT ").bind(i64::from(limit));
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let dead = |row: &AnyRow| {
            Ok(DeadJob {
                kind: row.try_get(0)?,
                subject: row.try_get(1)?,
                error: row.try_get::<Option<String>, _>(2)?.unwrap_or_default(),
                dead_at: time_of(row.try_get(3)?),
            })
        };
        rows.iter().map(dead).collect::<Result<_, _>>().map_err(failed)
    }

    /// Lets jobs that were given up begin anew, now: the one of a kind and subject, or all. Gives how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revive_jobs(&self, only: Option<(&str, &str)>, now: Timestamp) -> Result<u64, StoreError> {
        let failed = self.failed_to("revive jobs");
        let mut statement = Statement::new("UPDATE job SET dead_at = NULL, attempts = 0, wakes = wakes + 1, due_at = ");
        statement.bind(now.as_millisecond()).condition("dead_at IS NOT NULL");
        if let Some((kind, subject)) = only {
            statement.condition("kind = ").bind(kind).condition("subject = ").bind(subject);
        }
        let mut transaction = self.begin("revive jobs").await?;
        let revived = statement.execute(&mut transaction).await.map_err(&failed)?;
        transaction.wake(Wake::Jobs);
        transaction.commit().await.map_err(&failed)?;
        Ok(revived)
    }

    async fn change(&self, job: &LeasedJob, mut statement: Statement) -> Result<Held, StoreError> {
        push_held(&mut statement, job);
        let mut connection = self.connection().await?;
        let changed = statement.execute(&mut connection).await.map_err(self.failed_to("change a job"))?;
        Ok(Held::of(changed))
    }
}

/// Adds a job. Where there is one of its kind and subject, that one gets the new payload and is due no later than the new
/// one; if it is being done, it will be done again; if it was given up, it begins anew.
pub(super) async fn enqueue(transaction: &mut WriteTransaction<'_>, job: &NewJob) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new(INSERT_JOB);
    statement.bind_list(job_row(job));
    statement.push(
        " ON CONFLICT (kind, subject) DO UPDATE SET payload = excluded.payload, wakes = job.wakes + 1, \
         due_at = CASE WHEN excluded.due_at < job.due_at THEN excluded.due_at ELSE job.due_at END, \
         attempts = CASE WHEN job.dead_at IS NULL THEN job.attempts ELSE 0 END, dead_at = NULL",
    );
    statement.execute(transaction).await?;
    transaction.wake(Wake::Jobs);
    Ok(())
}

/// Adds jobs without a payload for these subjects, where there are none.
pub(super) async fn enqueue_missing(
    transaction: &mut WriteTransaction<'_>,
    kind: &'static str,
    subjects: &[String],
    due_at: Timestamp,
) -> Result<(), sqlx::Error> {
    for subjects in subjects.chunks(JOBS_PER_STATEMENT) {
        let mut statement = Statement::new(INSERT_JOB);
        for (index, subject) in subjects.iter().enumerate() {
            let job = NewJob { kind, subject: subject.clone(), payload: String::new(), due_at };
            statement.push(if index == 0 { "" } else { ", " }).bind_list(job_row(&job));
        }
        statement.push(" ON CONFLICT (kind, subject) DO NOTHING");
        statement.execute(transaction).await?;
    }
    transaction.wake(Wake::Jobs);
    Ok(())
}

/// Makes a job due at once, where there is one that was not given up; one that is being done will be done again.
pub(super) async fn wake(transaction: &mut WriteTransaction<'_>, kind: &str, subject: &str) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("UPDATE job SET wakes = wakes + 1, due_at = 0");
    statement.condition("dead_at IS NULL").condition("kind = ").bind(kind).condition("subject = ").bind(subject);
    statement.execute(transaction).await?;
    transaction.wake(Wake::Jobs);
    Ok(())
}

/// Removes a job whose subject is gone, whoever holds it.
pub(super) async fn remove(
    transaction: &mut WriteTransaction<'_>,
    kind: &str,
    subject: &str,
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("DELETE FROM job");
    statement.condition("kind = ").bind(kind).condition("subject = ").bind(subject);
    statement.execute(transaction).await.map(|_| ())
}

/// Makes sure that a lease is held until the transaction ends, and counts its changes as progress. The transaction must be
/// dropped where it is lost. This comes last, before the commit: see the order of locks above.
pub(super) async fn hold(transaction: &mut WriteTransaction<'_>, job: &LeasedJob) -> Result<Held, sqlx::Error> {
    let mut statement = Statement::new("UPDATE job SET attempts = 1");
    push_held(&mut statement, job);
    statement.execute(transaction).await.map(Held::of)
}

/// As [`Store::finish_job`]; the transaction must be dropped where the lease is lost.
pub(super) async fn finish(
    transaction: &mut WriteTransaction<'_>,
    job: &LeasedJob,
    now: Timestamp,
) -> Result<Held, sqlx::Error> {
    let mut delete = Statement::new("DELETE FROM job");
    push_held(&mut delete, job);
    delete.condition("wakes = ").bind(job.wakes);
    if delete.execute(transaction).await? > 0 {
        return Ok(Held::Yes);
    }
    let mut again = Statement::new("UPDATE job SET lease_until = 0, attempts = 0, error = NULL, due_at = ");
    again.bind(now.as_millisecond());
    push_held(&mut again, job);
    let changed = again.execute(transaction).await?;
    transaction.wake(Wake::Jobs);
    Ok(Held::of(changed))
}

const INSERT_JOB: &str =
    "INSERT INTO job (id, kind, subject, payload, due_at, lease_until, owner, fence, wakes, attempts) VALUES ";

fn job_row(job: &NewJob) -> [Value; 10] {
    let NewJob { kind, subject, payload, due_at } = job;
    [
        Uuid::now_v7().to_string().into(),
        (*kind).into(),
        subject.as_str().into(),
        payload.as_str().into(),
        due_at.as_millisecond().into(),
        0.into(),
        "".into(),
        0.into(),
        0.into(),
        0.into(),
    ]
}

fn push_held(statement: &mut Statement, job: &LeasedJob) {
    statement.condition("id = ").bind(job.id.as_str()).condition("fence = ").bind(job.fence);
}

/// The job that is due the longest and that nobody holds.
fn push_due(statement: &mut Statement, kinds: &[&str], now: Timestamp) {
    let now = now.as_millisecond();
    statement.push(" WHERE dead_at IS NULL AND due_at <= ").bind(now).push(" AND lease_until <= ").bind(now);
    statement.push(" AND kind IN ").bind_list(kinds.iter().map(|kind| Value::from(*kind)));
    statement.push(" ORDER BY due_at, id LIMIT 1");
}

fn leased_of_row(row: &AnyRow) -> Result<LeasedJob, sqlx::Error> {
    Ok(LeasedJob {
        id: row.try_get(0)?,
        fence: row.try_get(1)?,
        wakes: row.try_get(2)?,
        kind: row.try_get(3)?,
        subject: row.try_get(4)?,
        payload: row.try_get(5)?,
        attempts: u32::try_from(row.try_get::<i64, _>(6)?).unwrap_or(u32::MAX),
        error: row.try_get(7)?,
    })
}

fn bounded(error: &str) -> String {
    error.chars().take(MAX_ERROR_CHARACTERS).collect()
}
