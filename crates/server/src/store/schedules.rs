//! Schedules: recurring assessments as they were declared, and how each stands. When something recurs is computed by
//! [`crate::schedule`]; here it is a number.

use assay_model::Timestamp;
use assay_model::arn::{Realm, TemplateArn};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::connections::WriteTransaction;
use super::creation::{Creation, count, lock_account};
use super::error::StoreError;
use super::open::{Store, encode};
use super::page::{Listing, Page};
use super::rows::realm_text;
use super::statement::{Statement, Value};

/// What to do about starts that nobody was there to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CatchUpPolicy {
    /// However many were missed, one run is started.
    Once,
    /// Nothing: the next one comes.
    None,
}

/// A recurring assessment as it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleDeclaration {
    /// For example `0 3 * * 1-5`, `rate(12 hours)`, `every 7 days`.
    pub expression: String,
    /// Whose wall clock, as the time zone database names it.
    pub time_zone: String,
    /// What days and elapsed time are counted from; absent is when the schedule was first declared.
    pub starts_at: Option<Timestamp>,
    /// Runs start up to so much later, always by the same.
    pub jitter_seconds: u32,
    /// About missed starts.
    pub catch_up: CatchUpPolicy,
    /// How old a missed start may be to be made up for.
    pub catch_up_window_seconds: u32,
    /// Whether it starts anything.
    pub is_enabled: bool,
}

/// A schedule of the store; its realm is that of its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSchedule {
    /// Unique in its realm.
    pub name: String,
    /// What its runs are of.
    pub template: TemplateArn,
    /// What was declared.
    pub declaration: ScheduleDeclaration,
    /// When it was first declared.
    pub created_at: Timestamp,
    /// Raised with each change and each turn.
    pub version: i64,
    /// The starts meant until then are dealt with.
    pub dealt_at: Timestamp,
    /// When the next run starts, the jitter included; absent where none does.
    pub next_at: Option<Timestamp>,
    /// What instant the last start was meant for.
    pub last_at: Option<Timestamp>,
    /// The ARN of the run that was started last; it may have been deleted since.
    pub last_run: Option<String>,
    /// Why the last start was not made, and when that was; absent once one was made.
    pub problem: Option<(String, Timestamp)>,
}

const SELECT: &str = "SELECT name, template_arn, body, created_at, version, dealt_at, next_at, last_at, last_run, problem, \
                      problem_at FROM schedule";

impl Store {
    /// Stores a schedule where its realm has less than `most`. `NoParent` is a template that is not there.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn create_schedule(&self, schedule: &StoredSchedule, most: u64) -> Result<Creation, StoreError> {
        let failed = self.failed_to("make a schedule");
        let realm = schedule.template.realm();
        let mut transaction = self.begin("make a schedule").await?;
        lock_account(&mut transaction, &realm).await.map_err(&failed)?;
        if !lock_template(&mut transaction, &schedule.template).await.map_err(&failed)? {
            return Ok(Creation::NoParent);
        }
        let mut others = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM schedule");
        others.condition("realm = ").bind(realm_text(&realm));
        others.condition("name <> ").bind(schedule.name.as_str());
        if count(&mut transaction, others).await.map_err(&failed)? >= most {
            return Ok(Creation::TooMany);
        }
        let mut insert = Statement::new(
            "INSERT INTO schedule (realm, name, template_arn, body, created_at, version, dealt_at, next_at) VALUES ",
        );
        insert.bind_list([
            realm_text(&realm).into(),
            schedule.name.as_str().into(),
            schedule.template.as_str().into(),
            encode("a schedule", &schedule.declaration)?.into(),
            schedule.created_at.as_millisecond().into(),
            schedule.version.into(),
            schedule.dealt_at.as_millisecond().into(),
            Value::OptionalInteger(schedule.next_at.map(Timestamp::as_millisecond)),
        ]);
        insert.push(" ON CONFLICT (realm, name) DO NOTHING");
        if insert.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Creation::NameTaken);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Creation::Done)
    }

    /// Replaces what is declared where the schedule still has this version, which is raised; what is told of its last run
    /// stays. Absent when somebody else changed it or took its turn meanwhile; `NoParent` is a template that is not there.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn replace_schedule(&self, schedule: &StoredSchedule) -> Result<Option<Creation>, StoreError> {
        let failed = self.failed_to("change a schedule");
        let mut transaction = self.begin("change a schedule").await?;
        if !lock_template(&mut transaction, &schedule.template).await.map_err(&failed)? {
            return Ok(Some(Creation::NoParent));
        }
        let mut update = Statement::new("UPDATE schedule SET version = version + 1, problem = NULL, problem_at = NULL");
        update.push(", template_arn = ").bind(schedule.template.as_str());
        update.push(", body = ").bind(encode("a schedule", &schedule.declaration)?);
        update.push(", dealt_at = ").bind(schedule.dealt_at.as_millisecond());
        update.push(", next_at = ").bind(Value::OptionalInteger(schedule.next_at.map(Timestamp::as_millisecond)));
        update.condition("realm = ").bind(realm_text(&schedule.template.realm()));
        update.condition("name = ").bind(schedule.name.as_str());
        update.condition("version = ").bind(schedule.version);
        if update.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(None);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Some(Creation::Done))
    }

    /// One schedule.
    ///
    /// # Errors
    ///
    /// When the database fails or the row is not understood.
    pub async fn schedule(&self, realm: &Realm, name: &str) -> Result<Option<StoredSchedule>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.condition("realm = ").bind(realm_text(realm));
        statement.condition("name = ").bind(name);
        Ok(self.fetch_schedules(statement).await?.pop())
    }

    /// The schedules of a realm by name.
    ///
    /// # Errors
    ///
    /// As [`Store::schedule`].
    pub async fn schedules(
        &self,
        realm: &Realm,
        page: &Page<String>,
    ) -> Result<Listing<StoredSchedule, String>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.condition("realm = ").bind(realm_text(realm));
        if let Some(name) = &page.after {
            statement.condition("name > ").bind(name.as_str());
        }
        statement.push(" ORDER BY name LIMIT ").bind(i64::from(page.limit) + 1);
        let schedules = self.fetch_schedules(statement).await?;
        Ok(Listing::of_rows(schedules.into_iter().map(|one| (one.name.clone(), one)).collect(), page.limit))
    }

    /// The schedules of all realms whose turn it is, at most `limit` of them, those that wait the longest first.
    ///
    /// # Errors
    ///
    /// As [`Store::schedule`].
    pub async fn due_schedules(&self, now: Timestamp, limit: u32) -> Result<Vec<StoredSchedule>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.condition("next_at <= ").bind(now.as_millisecond());
        statement.push(" ORDER BY next_at, realm, name LIMIT ").bind(i64::from(limit));
        self.fetch_schedules(statement).await
    }

    /// Deletes a schedule, not its runs; tells whether it was there.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete_schedule(&self, realm: &Realm, name: &str) -> Result<bool, StoreError> {
        let mut delete = Statement::new("DELETE FROM schedule");
        delete.condition("realm = ").bind(realm_text(realm));
        delete.condition("name = ").bind(name);
        let mut connection = self.connection().await?;
        let deleted = delete.execute(&mut connection).await.map_err(self.failed_to("delete a schedule"))?;
        Ok(deleted > 0)
    }

    async fn fetch_schedules(&self, statement: Statement) -> Result<Vec<StoredSchedule>, StoreError> {
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(self.failed_to("read schedules"))?;
        rows.iter().map(|row| self.schedule_of_row(row)).collect()
    }

    fn schedule_of_row(&self, row: &AnyRow) -> Result<StoredSchedule, StoreError> {
        let failed = self.failed_to("read schedules");
        let text = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        let time = |index: usize| row.try_get(index).map(time_of).map_err(&failed);
        let optional_time =
            |index: usize| row.try_get::<Option<i64>, _>(index).map(|at| at.map(time_of)).map_err(&failed);
        let problem: Option<String> = row.try_get(9).map_err(&failed)?;
        Ok(StoredSchedule {
            name: text(0)?,
            template: TemplateArn::try_from(text(1)?)
                .map_err(|cause| StoreError::DecodeArn { path: self.path().to_owned(), cause })?,
            declaration: self.decode("a schedule", &text(2)?)?,
            created_at: time(3)?,
            version: row.try_get(4).map_err(&failed)?,
            dealt_at: time(5)?,
            next_at: optional_time(6)?,
            last_at: optional_time(7)?,
            last_run: row.try_get(8).map_err(&failed)?,
            problem: problem.zip(optional_time(10)?),
        })
    }
}

/// Keeps a template until the transaction ends; tells whether it is there.
async fn lock_template(transaction: &mut WriteTransaction<'_>, template: &TemplateArn) -> Result<bool, sqlx::Error> {
    let mut lock = Statement::new("UPDATE template SET started_runs = started_runs");
    lock.condition("arn = ").bind(template.as_str());
    Ok(lock.execute(transaction).await? > 0)
}
