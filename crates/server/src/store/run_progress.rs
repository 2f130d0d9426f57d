//! Progress of a run: what its job needs to know to decide, and how it moves the run on.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::exclusion::Exclusion;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::Severity;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::connections::WriteTransaction;
use super::error::StoreError;
use super::jobs::{self, Held, LeasedJob};
use super::open::{Store, encode};
use super::run_announce::announce_states;
use super::run_networks::RunEnd;
use super::run_start::Stage;
use super::save::INSERT_EXCLUSION;
use super::settle::settle;
use super::statement::{Statement, insert_rows};

/// The word for an agent that can be worked with.
const HEALTHY: &str = "HEALTHY";

/// How many hosts of a run are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageCounts {
    /// Not told yet, and their agents were well when the run started.
    pub waiting: u64,
    /// Not told yet, and their agents were not well.
    pub waiting_unwell: u64,
    /// Told.
    pub collecting: u64,
    /// Their evidence is stored.
    pub collected: u64,
    /// Judged.
    pub evaluated: u64,
    /// Without evidence.
    pub lost: u64,
}

/// A run, and how far its hosts are.
#[derive(Clone, Debug, PartialEq)]
pub struct RunProgress {
    /// The run.
    pub run: AssessmentRun,
    /// Its hosts.
    pub stages: StageCounts,
}

/// A host of a run, for what is said of it when the run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunHost {
    /// Its id.
    pub agent_id: String,
    /// How far it is.
    pub stage: Stage,
    /// The member that was captured at the start, as JSON.
    pub member: String,
    /// Why its agent could not collect, where it said so.
    pub loss: Option<String>,
    /// The content address of its evidence, where there is any.
    pub evidence_digest: Option<String>,
}

/// Whether a run was moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Moved {
    /// It was.
    Yes,
    /// It is in another state by now.
    Overtaken,
    /// Another process has the job.
    LeaseLost,
}

impl Store {
    /// A run and how far its hosts are; absent when there is no such run.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn run_progress(&self, arn: &RunArn) -> Result<Option<RunProgress>, StoreError> {
        let Some(run) = self.run_body(arn).await? else { return Ok(None) };
        let failed = self.failed_to("read the hosts of a run");
        let mut statement = Statement::new("SELECT stage, health, CAST(count(*) AS BIGINT) FROM run_agent");
        statement.condition("run_arn = ").bind(arn.as_str()).push(" GROUP BY stage, health");
        let mut connection = self.connection().await?;
        let mut stages = StageCounts::default();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let stage: String = row.try_get(0).map_err(&failed)?;
            let health: String = row.try_get(1).map_err(&failed)?;
            let count = u64::try_from(row.try_get::<i64, _>(2).map_err(&failed)?).unwrap_or_default();
            let field = match Stage::of_word(&stage) {
                Some(Stage::Waiting) if health == HEALTHY => &mut stages.waiting,
                Some(Stage::Waiting) => &mut stages.waiting_unwell,
                Some(Stage::Collecting) => &mut stages.collecting,
                Some(Stage::Collected) => &mut stages.collected,
                Some(Stage::Evaluated) => &mut stages.evaluated,
                Some(Stage::Lost) | None => &mut stages.lost,
            };
            *field += count;
        }
        Ok(Some(RunProgress { run, stages }))
    }

    /// One run; absent when there is no such run.
    ///
    /// # Errors
    ///
    /// As [`Store::run_progress`].
    pub async fn run_body(&self, arn: &RunArn) -> Result<Option<AssessmentRun>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM run");
        statement.condition("arn = ").bind(arn.as_str());
        self.fetch_body("a run", statement).await
    }

    /// The hosts of a run, by id.
    ///
    /// # Errors
    ///
    /// As [`Store::run_progress`].
    pub async fn run_hosts(&self, arn: &RunArn) -> Result<Vec<RunHost>, StoreError> {
        let failed = self.failed_to("read the hosts of a run");
        let mut statement = Statement::new("SELECT agent_id, stage, member, loss, evidence_digest FROM run_agent");
        statement.condition("run_arn = ").bind(arn.as_str()).push(" ORDER BY agent_id");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter()
            .map(|row| {
                let stage: String = row.try_get(1)?;
                Ok(RunHost {
                    agent_id: row.try_get(0)?,
                    stage: Stage::of_word(&stage).unwrap_or(Stage::Lost),
                    member: row.try_get(2)?,
                    loss: row.try_get(3)?,
                    evidence_digest: row.try_get(4)?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(failed)
    }

    /// Moves a run from a state through others, in one transaction with what they bring along: once data is collected, the
    /// hosts without evidence are lost; once rules are evaluated, each host with evidence has a job.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is changed.
    pub async fn move_run(
        &self,
        job: &LeasedJob,
        arn: &RunArn,
        from: RunState,
        through: &[RunState],
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let failed = self.failed_to("move a run");
        let mut transaction = self.begin("move a run").await?;
        let Some(mut run) = self.lock_run(&mut transaction, arn).await? else { return Ok(Moved::Overtaken) };
        if run.state() != from {
            return Ok(Moved::Overtaken);
        }
        for state in through {
            debug_assert!(*state > run.state(), "no state goes back");
            if *state == RunState::StartDataCollectionPending {
                run.started_at = run.started_at.or(Some(now));
            }
            run.enter(*state, now);
        }
        self.write_run(&mut transaction, &run).await?;
        if through.contains(&RunState::DataCollected) {
            let mut lost = Statement::new("UPDATE run_agent SET stage = 'lost'");
            lost.condition("run_arn = ").bind(arn.as_str()).condition("stage IN ('waiting', 'collecting')");
            lost.execute(&mut transaction).await.map_err(&failed)?;
        }
        if through.contains(&RunState::EvaluatingRules) {
            enqueue_evaluations(&mut transaction, arn, now).await.map_err(&failed)?;
        }
        announce_states(&mut transaction, &run, through, now).await.map_err(&failed)?;
        if jobs::hold(&mut transaction, job).await.map_err(&failed)? == Held::Lost {
            return Ok(Moved::LeaseLost);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Moved::Yes)
    }

    /// Makes sure that every host with evidence has a job, which a transaction of an agent may have missed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn ensure_evaluations(&self, arn: &RunArn, now: Timestamp) -> Result<(), StoreError> {
        let failed = self.failed_to("add jobs of a run");
        let mut transaction = self.begin("add jobs of a run").await?;
        enqueue_evaluations(&mut transaction, arn, now).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }

    /// Ends a run whose hosts are all judged: with what is reachable of them, the number of its findings, and what was not
    /// checked.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is changed.
    pub async fn complete_run(
        &self,
        job: &LeasedJob,
        arn: &RunArn,
        end: RunEnd,
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let failed = self.failed_to("end a run");
        let mut transaction = self.begin("end a run").await?;
        let Some(mut run) = self.lock_run(&mut transaction, arn).await? else { return Ok(Moved::Overtaken) };
        if run.state() != RunState::EvaluatingRules {
            return Ok(Moved::Overtaken);
        }
        self.save_networks(&mut transaction, arn, end.hosts, now).await?;
        run.finding_counts = finding_counts(&mut transaction, arn).await.map_err(&failed)?;
        self.append_exclusions(&mut transaction, arn, &end.exclusions).await?;
        let mut errors = Statement::new("SELECT agent_id FROM run_agent");
        errors.condition("run_arn = ").bind(arn.as_str()).condition("evaluation_errors > 0 LIMIT 1");
        let has_errors = end.has_errors || !errors.fetch(&mut transaction).await.map_err(&failed)?.is_empty();
        run.enter(if has_errors { RunState::CompletedWithErrors } else { RunState::Completed }, now);
        self.write_run(&mut transaction, &run).await?;
        announce_states(&mut transaction, &run, &[run.state()], now).await.map_err(&failed)?;
        settle(&mut transaction, &run).await.map_err(&failed)?;
        if jobs::finish(&mut transaction, job, now).await.map_err(&failed)? == Held::Lost {
            return Ok(Moved::LeaseLost);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Moved::Yes)
    }

    /// Ends a run that cannot go on: without findings, and with one reason.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is changed.
    pub async fn fail_run(
        &self,
        job: &LeasedJob,
        arn: &RunArn,
        exclusion: &Exclusion,
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let failed = self.failed_to("end a run");
        let mut transaction = self.begin("end a run").await?;
        let Some(mut run) = self.lock_run(&mut transaction, arn).await? else { return Ok(Moved::Overtaken) };
        if run.state().is_terminal() {
            return Ok(Moved::Overtaken);
        }
        // Reference §8.3: which of the two is our decision.
        let state = if run.data_collected { RunState::Failed } else { RunState::Error };
        self.clear_results(&mut transaction, arn).await?;
        self.append_exclusions(&mut transaction, arn, std::slice::from_ref(exclusion)).await?;
        run.finding_counts = Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
        run.enter(state, now);
        self.write_run(&mut transaction, &run).await?;
        announce_states(&mut transaction, &run, &[state], now).await.map_err(&failed)?;
        if jobs::hold(&mut transaction, job).await.map_err(&failed)? == Held::Lost {
            return Ok(Moved::LeaseLost);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Moved::Yes)
    }

    async fn append_exclusions(
        &self,
        transaction: &mut WriteTransaction<'_>,
        arn: &RunArn,
        exclusions: &[Exclusion],
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("store exclusions");
        let first = next_ordinal(transaction, arn).await.map_err(&failed)?;
        let mut rows = Vec::new();
        for (ordinal, exclusion) in (first..).zip(exclusions) {
            let body = encode("an exclusion", exclusion)?;
            rows.push(vec![arn.as_str().into(), ordinal.into(), exclusion.arn.id().into(), body.into()]);
        }
        insert_rows(transaction, INSERT_EXCLUSION, rows.into_iter()).await.map_err(&failed)
    }
}

/// A job for each host with evidence that has none.
async fn enqueue_evaluations(
    transaction: &mut WriteTransaction<'_>,
    arn: &RunArn,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("SELECT agent_id FROM run_agent");
    statement.condition("run_arn = ").bind(arn.as_str()).condition("stage = 'collected'");
    statement.condition("NOT EXISTS (SELECT 1 FROM job WHERE kind = ").bind(jobs::EVALUATION_JOB);
    statement.push(" AND subject = run_arn || ' ' || agent_id) ORDER BY agent_id");
    let rows = statement.fetch(transaction).await?;
    let subject = |row: &AnyRow| Ok(evaluation_subject(arn, row.try_get(0)?));
    let subjects: Vec<String> = rows.iter().map(subject).collect::<Result<_, sqlx::Error>>()?;
    jobs::enqueue_missing(transaction, jobs::EVALUATION_JOB, &subjects, now).await
}

/// Asks for the run's job once no host is left that collects: those that were not told yet may not matter any more.
pub(super) async fn wake_if_collected(transaction: &mut WriteTransaction<'_>, arn: &RunArn) -> Result<(), sqlx::Error> {
    let mut others = Statement::new("SELECT agent_id FROM run_agent");
    others.condition("run_arn = ").bind(arn.as_str());
    others.condition("stage = 'collecting' LIMIT 1");
    if others.fetch(transaction).await?.is_empty() {
        jobs::wake(transaction, jobs::RUN_JOB, arn.as_str()).await?;
    }
    Ok(())
}

/// The subject of the job that evaluates a host.
fn evaluation_subject(arn: &RunArn, agent_id: &str) -> String {
    format!("{arn} {agent_id}")
}

async fn finding_counts(
    transaction: &mut WriteTransaction<'_>,
    arn: &RunArn,
) -> Result<BTreeMap<Severity, u32>, sqlx::Error> {
    let mut counts: BTreeMap<Severity, u32> = Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
    let mut statement = Statement::new("SELECT severity, CAST(count(*) AS BIGINT) FROM finding");
    statement.condition("run_arn = ").bind(arn.as_str()).push(" GROUP BY severity");
    for row in statement.fetch(transaction).await? {
        let word: String = row.try_get(0)?;
        let number = u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(u32::MAX);
        let severity = Severity::ALL.into_iter().find(|severity| severity.as_str() == word);
        *counts.entry(severity.unwrap_or(Severity::Undefined)).or_default() += number;
    }
    Ok(counts)
}

/// The number after the highest one of the run's findings, exclusions and rule results.
pub(super) async fn next_ordinal(transaction: &mut WriteTransaction<'_>, arn: &RunArn) -> Result<i64, sqlx::Error> {
    let mut highest = -1;
    for select in [
        "SELECT MAX(ordinal) FROM finding",
        "SELECT MAX(ordinal) FROM exclusion",
        "SELECT MAX(ordinal) FROM rule_result",
    ] {
        let mut statement = Statement::new(select);
        statement.condition("run_arn = ").bind(arn.as_str());
        let rows = statement.fetch(transaction).await?;
        let found: Option<i64> = rows.first().map_or(Ok(None), |row| row.try_get(0))?;
        highest = highest.max(found.unwrap_or(-1));
    }
    Ok(highest + 1)
}
