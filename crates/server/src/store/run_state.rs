//! The state of a run: each change is one transaction that holds the run's row, and no state goes back.

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::Severity;
use sqlx::Row;

use super::connections::WriteTransaction;
use super::deletion::Deletion;
use super::error::StoreError;
use super::evidence::delete_unused;
use super::jobs;
use super::open::{Store, encode};
use super::reports::delete_unused_reports;
use super::run_announce::announce_states;
use super::save;
use super::statement::{Statement, Value};
use super::wake::Wake;

/// What became of a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It stops, or was stopping already.
    Yes,
    /// It had ended.
    Ended,
    /// There is no such run.
    NoRun,
}

/// What to do with what was collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterStop {
    /// Evaluate it.
    Evaluate,
    /// Cancel the run.
    Cancel,
}

impl Store {
    /// Ends the collection of a run, or the run.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is changed.
    pub async fn stop_run(&self, arn: &RunArn, then: AfterStop, now: Timestamp) -> Result<Stopped, StoreError> {
        let failed = self.failed_to("stop a run");
        let mut transaction = self.begin("stop a run").await?;
        let Some(mut run) = self.lock_run(&mut transaction, arn).await? else { return Ok(Stopped::NoRun) };
        if run.state().is_terminal() {
            return Ok(Stopped::Ended);
        }
        match then {
            AfterStop::Evaluate if run.state() >= RunState::StopDataCollectionPending => return Ok(Stopped::Yes),
            AfterStop::Evaluate => run.enter(RunState::StopDataCollectionPending, now),
            AfterStop::Cancel => {
                self.clear_results(&mut transaction, arn).await?;
                run.finding_counts = Severity::ALL.into_iter().map(|severity| (severity, 0)).collect();
                run.enter(RunState::Canceled, now);
            }
        }
        self.write_run(&mut transaction, &run).await?;
        announce_states(&mut transaction, &run, &[run.state()], now).await.map_err(&failed)?;
        jobs::wake(&mut transaction, jobs::RUN_JOB, arn.as_str()).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Stopped::Yes)
    }

    /// Deletes a run that has ended, with all that belongs to it, and the evidence that no other run refers to.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is deleted.
    pub async fn delete_ended_run(&self, arn: &RunArn) -> Result<Deletion, StoreError> {
        let failed = self.failed_to("delete a run");
        let mut transaction = self.begin("delete a run").await?;
        let Some(run) = self.lock_run(&mut transaction, arn).await? else { return Ok(Deletion::NotThere) };
        if !run.state().is_terminal() {
            return Ok(Deletion::RunsInProgress(vec![arn.clone()]));
        }
        let digests = save::delete(&mut transaction, arn).await.map_err(&failed)?;
        for digest in digests.iter().flatten() {
            delete_unused(&mut transaction, digest).await.map_err(&failed)?;
        }
        delete_unused_reports(&mut transaction).await.map_err(&failed)?;
        jobs::remove(&mut transaction, jobs::RUN_JOB, arn.as_str()).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Deletion::Done)
    }

    /// The run, which nobody else changes until the transaction ends.
    pub(super) async fn lock_run(
        &self,
        transaction: &mut WriteTransaction<'_>,
        arn: &RunArn,
    ) -> Result<Option<AssessmentRun>, StoreError> {
        let failed = self.failed_to("read a run");
        let mut statement = Statement::new("SELECT body FROM run");
        statement.condition("arn = ").bind(arn.as_str()).push(self.for_update());
        let rows = statement.fetch(transaction).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let body: String = row.try_get(0).map_err(&failed)?;
        self.decode("a run", &body).map(Some)
    }

    /// Writes a run that was locked; one that has ended lets go of its hosts.
    pub(super) async fn write_run(
        &self,
        transaction: &mut WriteTransaction<'_>,
        run: &AssessmentRun,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("change a run");
        let millisecond = |time: Option<Timestamp>| Value::OptionalInteger(time.map(Timestamp::as_millisecond));
        let mut statement = Statement::new("UPDATE run SET state = ");
        statement.bind(run.state().as_str()).push(", active = ").bind(i64::from(!run.state().is_terminal()));
        statement.push(", started_at = ").bind(millisecond(run.started_at));
        statement.push(", completed_at = ").bind(millisecond(run.completed_at));
        statement.push(", state_changed_at = ").bind(run.state_changed_at().as_millisecond());
        statement.push(", body = ").bind(encode("a run", run)?);
        statement.condition("arn = ").bind(run.arn.as_str());
        statement.execute(transaction).await.map_err(&failed)?;
        transaction.wake(Wake::Runs);
        transaction.wake(Wake::Messages);
        if run.state().is_terminal() {
            let mut free = Statement::new("DELETE FROM busy_agent");
            free.condition("run_arn = ").bind(run.arn.as_str());
            free.execute(transaction).await.map_err(&failed)?;
        }
        Ok(())
    }

    /// Removes what the evaluation of a run has written so far.
    pub(super) async fn clear_results(
        &self,
        transaction: &mut WriteTransaction<'_>,
        arn: &RunArn,
    ) -> Result<(), StoreError> {
        for delete in
            ["DELETE FROM finding", "DELETE FROM finding_cell", "DELETE FROM exclusion", "DELETE FROM rule_result"]
        {
            let mut statement = Statement::new(delete);
            statement.condition("run_arn = ").bind(arn.as_str());
            statement.execute(transaction).await.map_err(self.failed_to("remove the results of a run"))?;
        }
        Ok(())
    }
}
