//! Turns: what a schedule does once, in one transaction with the run that it starts. However many processes see that a
//! schedule is due, and wherever one of them dies, one of them takes the turn, with its run or not at all.

use assay_model::Timestamp;
use assay_model::arn::Realm;
use sqlx::AnyConnection;

use super::error::StoreError;
use super::open::Store;
use super::rows::realm_text;
use super::run_start::{NewRun, Started};
use super::schedules::StoredSchedule;
use super::statement::{Statement, Value};
use crate::service::Limits;

/// Longest problem that is kept, in characters.
const MAX_PROBLEM_CHARACTERS: usize = 1000;

/// A turn of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleTurn {
    /// Whose schedule.
    pub realm: Realm,
    /// Its name.
    pub name: String,
    /// The version that was looked at.
    pub version: i64,
    /// The starts meant until then are dealt with by this turn.
    pub dealt_at: Timestamp,
    /// When the next turn is due.
    pub next_at: Option<Timestamp>,
}

impl ScheduleTurn {
    /// The turn of a schedule.
    pub fn of(schedule: &StoredSchedule, dealt_at: Timestamp, next_at: Option<Timestamp>) -> ScheduleTurn {
        let (realm, name) = (schedule.template.realm(), schedule.name.clone());
        ScheduleTurn { realm, name, version: schedule.version, dealt_at, next_at }
    }
}

impl Store {
    /// Starts a run of a schedule, which was meant for an instant, and takes the turn in the same transaction. Absent when
    /// it is another's turn: then nothing has begun. Where the start is refused, the turn is not taken.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing has begun.
    pub async fn start_scheduled_run(
        &self,
        new: &NewRun,
        limits: &Limits,
        turn: &ScheduleTurn,
        meant_for: Timestamp,
    ) -> Result<Option<Started>, StoreError> {
        let failed = self.failed_to("start a run");
        let mut transaction = self.begin("start a run").await?;
        let started = self.begin_run(&mut transaction, new, limits).await?;
        let Started::Run(run) = &started else { return Ok(Some(started)) };
        let mut update = Statement::new("UPDATE schedule SET problem = NULL, problem_at = NULL");
        update.push(", last_at = ").bind(meant_for.as_millisecond());
        update.push(", last_run = ").bind(run.arn.as_str());
        if !take(&mut transaction, update, turn).await.map_err(&failed)? {
            return Ok(None);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Some(started))
    }

    /// Takes a turn that starts nothing, and keeps why; tells whether it was one's turn.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn skip_schedule_turn(
        &self,
        turn: &ScheduleTurn,
        problem: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let problem: String = problem.chars().take(MAX_PROBLEM_CHARACTERS).collect();
        let mut update = Statement::new("UPDATE schedule SET problem = ");
        update.bind(problem).push(", problem_at = ").bind(now.as_millisecond());
        let mut connection = self.connection().await?;
        take(&mut connection, update, turn).await.map_err(self.failed_to("take the turn of a schedule"))
    }
}

/// Completes an update by what every turn does, where it still has the version that was looked at.
async fn take(connection: &mut AnyConnection, mut update: Statement, turn: &ScheduleTurn) -> Result<bool, sqlx::Error> {
    update.push(", version = version + 1, dealt_at = ").bind(turn.dealt_at.as_millisecond());
    update.push(", next_at = ").bind(Value::OptionalInteger(turn.next_at.map(Timestamp::as_millisecond)));
    update.condition("realm = ").bind(realm_text(&turn.realm));
    update.condition("name = ").bind(turn.name.as_str());
    update.condition("version = ").bind(turn.version);
    Ok(update.execute(connection).await? > 0)
}
