//! Notifications: what a run says about the messages that it caused (Inspector `AssessmentRun.notifications`).
//!
//! There are at most 50. Findings, of which there may be a hundred thousand, take no more than half of them.

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::open::Store;
use super::outbox::{OutboxMessage, PublishStatus};
use super::statement::{Statement, Value};

const MOST: i64 = 50;
const MOST_OF_FINDINGS: i64 = 25;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// When that was known.
    pub at: Timestamp,
    /// Inspector's word of the event.
    pub event: String,
    /// What went wrong.
    pub message: Option<String>,
    /// The ARN of the topic.
    pub topic: String,
    /// Inspector's word, for example `SUCCESS`.
    pub status: String,
}

impl Notification {
    /// Whether the message did not arrive.
    pub fn is_error(&self) -> bool {
        self.status != PublishStatus::Success.as_str()
    }
}

impl Store {
    /// The notifications of a run, oldest first.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn notifications(&self, run: &RunArn) -> Result<Vec<Notification>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM notification");
        statement.condition("run_arn = ").bind(run.as_str()).push(" ORDER BY ordinal");
        self.fetch_bodies("a notification", statement).await
    }
}

/// Adds what became of a message to its run, where the run is still there and has room for it.
pub(super) async fn notify(
    connection: &mut AnyConnection,
    message: &OutboxMessage,
    status: PublishStatus,
    error: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let Some(run) = message.run.as_deref() else { return Ok(()) };
    let notification = Notification {
        at: now,
        event: message.event.clone(),
        message: error.map(|error| error.chars().take(500).collect()),
        topic: message.topic.clone(),
        status: status.as_str().to_owned(),
    };
    let body = serde_json::to_string(&notification).map_err(|cause| sqlx::Error::Encode(Box::new(cause)))?;
    // A message that was given up before, and was tried again.
    let mut update = Statement::new("UPDATE notification SET body = ");
    update.bind(body.as_str()).condition("message_id = ").bind(message.id.as_str());
    if update.execute(connection).await? > 0 {
        return Ok(());
    }
    let most = if message.finding.is_some() { MOST_OF_FINDINGS } else { MOST };
    if last_ordinal(connection, run).await? >= most - 1 {
        return Ok(());
    }
    // Nothing changes, but of two who add to one run the second waits.
    let mut lock = Statement::new("UPDATE run SET active = active");
    lock.condition("arn = ").bind(run);
    if lock.execute(connection).await? == 0 {
        return Ok(());
    }
    let ordinal = last_ordinal(connection, run).await? + 1;
    if ordinal >= most {
        return Ok(());
    }
    let mut insert = Statement::new("INSERT INTO notification (run_arn, ordinal, message_id, about, body) VALUES ");
    insert.bind_list([
        run.into(),
        ordinal.into(),
        message.id.as_str().into(),
        Value::OptionalText(message.finding.clone()),
        body.into(),
    ]);
    // A finding is named once.
    insert.push(" ON CONFLICT DO NOTHING");
    insert.execute(connection).await?;
    Ok(())
}

async fn last_ordinal(connection: &mut AnyConnection, run: &str) -> Result<i64, sqlx::Error> {
    let mut statement = Statement::new("SELECT CAST(coalesce(max(ordinal), -1) AS BIGINT) FROM notification");
    statement.condition("run_arn = ").bind(run);
    statement.fetch(connection).await?.first().map_or(Ok(-1), |row| row.try_get(0))
}
