//! The outbox: messages that have to be delivered, taken under a lease.
//!
//! Whoever takes a message moves its next turn to the end of the lease; if it dies, the message is due again then, and may
//! arrive twice. What one reports late about a message that another has taken meanwhile changes nothing, unless it is that
//! the message has arrived.

use assay_model::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::accounts::time_of;
use super::error::StoreError;
use super::notifications::notify;
use super::open::Store;
use super::statement::{Statement, Value};

/// Longest error that is kept, in characters.
const MAX_ERROR_CHARACTERS: usize = 1000;

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// It is to be delivered.
    Pending,
    /// It has arrived.
    Delivered,
    /// It was given up.
    Dead,
    /// Its topic had no sink: it was for nobody.
    Nowhere,
}

impl MessageState {
    /// All of them.
    pub const ALL: [MessageState; 4] =
        [MessageState::Pending, MessageState::Delivered, MessageState::Dead, MessageState::Nowhere];

    /// The word of the store and of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            MessageState::Pending => "pending",
            MessageState::Delivered => "delivered",
            MessageState::Dead => "dead",
            MessageState::Nowhere => "nowhere",
        }
    }

    /// The state that a word means.
    pub fn from_name(name: &str) -> Option<MessageState> {
        MessageState::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Orders messages by time; the same each time that the message is sent.
    pub id: String,
    /// The ARN of the topic.
    pub topic: String,
    /// The run that it is about.
    pub run: Option<String>,
    /// The finding that it is about.
    pub finding: Option<String>,
    /// Inspector's word.
    pub event: String,
    /// JSON.
    pub body: String,
    /// How far it is.
    pub state: MessageState,
    /// When it was first due, or was asked for again.
    pub since: Timestamp,
    /// When it is due; while somebody has taken it, the end of the lease.
    pub next_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// What a receiver made of a message, as a run's `notifications` say it (reference §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishStatus {
    /// It arrived.
    Success,
    /// There is no such topic, or nothing behind it.
    TopicDoesNotExist,
    /// The receiver does not let us in.
    AccessDenied,
    /// Anything else.
    InternalError,
}

impl PublishStatus {
    /// Inspector's word.
    pub fn as_str(self) -> &'static str {
        match self {
            PublishStatus::Success => "SUCCESS",
            PublishStatus::TopicDoesNotExist => "TOPIC_DOES_NOT_EXIST",
            PublishStatus::AccessDenied => "ACCESS_DENIED",
            PublishStatus::InternalError => "INTERNAL_ERROR",
        }
    }
}

/// What became of a message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It has arrived.
    Delivered,
    /// Its topic has no sink.
    Nowhere,
    /// It is given up.
    Dead(PublishStatus, String),
    /// It was tried in vain, and is due again then.
    Retry(String, Timestamp),
    /// It was not tried, and is due then.
    Release(Timestamp),
}

/// How many messages are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxCount {
    /// The state.
    pub state: MessageState,
    /// How many.
    pub messages: u64,
    /// Since when the oldest is there.
    pub oldest: Timestamp,
}

impl Store {
    /// Takes the messages that are due the longest, at most so many, until `until`; none of the topics in `busy`.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn take_messages(
        &self,
        limit: u32,
        busy: &[String],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<OutboxMessage>, StoreError> {
        let failed = self.failed_to("take messages");
        let mut connection = self.connection().await?;
        // Looking first keeps idle processes from taking SQLite's write lock again and again.
        let mut look = Statement::new("SELECT id FROM outbox");
        push_due(&mut look, busy, now, 1);
        if look.fetch(&mut connection).await.map_err(&failed)?.is_empty() {
            return Ok(Vec::new());
        }
        let mut take = Statement::new("UPDATE outbox SET next_at = ");
        take.bind(until.as_millisecond());
        take.push(" WHERE state = 'pending' AND next_at <= ").bind(now.as_millisecond());
        take.push(" AND id IN (SELECT id FROM outbox");
        push_due(&mut take, busy, now, limit);
        take.push(self.skip_locked()).push(") RETURNING ").push(COLUMNS);
        let rows = take.fetch(&mut connection).await.map_err(&failed)?;
        let mut messages = rows.iter().map(message_of_row).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        messages.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(messages)
    }

    /// Writes down what became of messages that were taken, and tells their runs.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is written.
    pub async fn settle_messages(
        &self,
        settled: &[(OutboxMessage, Settlement)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("settle messages");
        let mut transaction = self.begin("settle messages").await?;
        for (message, settlement) in settled {
            let is_changed = settle(&mut transaction, message, settlement, now).await.map_err(&failed)?;
            let (status, error) = match settlement {
                Settlement::Delivered => (PublishStatus::Success, None),
                Settlement::Nowhere => (PublishStatus::TopicDoesNotExist, Some("no sink is configured for this topic")),
                Settlement::Dead(status, error) => (*status, Some(error.as_str())),
                Settlement::Retry(..) | Settlement::Release(_) => continue,
            };
            if is_changed {
                notify(&mut transaction, message, status, error, now).await.map_err(&failed)?;
            }
        }
        transaction.commit().await.map_err(&failed)
    }

    /// Puts off all messages of a topic that are due: its sink does not work.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn put_off_topic(&self, topic: &str, now: Timestamp, until: Timestamp) -> Result<(), StoreError> {
        let mut statement = Statement::new("UPDATE outbox SET next_at = ");
        statement.bind(until.as_millisecond());
        statement.condition("state = 'pending' AND topic_arn = ").bind(topic);
        statement.condition("next_at <= ").bind(now.as_millisecond());
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map_err(self.failed_to("put off messages"))?;
        Ok(())
    }

    /// Messages in a state or in all, newest first.
    ///
    /// # Errors
    ///
    /// As [`Store::take_messages`].
    pub async fn messages(&self, state: Option<MessageState>, limit: u32) -> Result<Vec<OutboxMessage>, StoreError> {
        let failed = self.failed_to("read messages");
        let mut statement = Statement::new("SELECT ");
        statement.push(COLUMNS).push(" FROM outbox");
        if let Some(state) = state {
            statement.condition("state = ").bind(state.as_str());
        }
        statement.push(" ORDER BY id DESC LIMIT ").bind(i64::from(limit));
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(message_of_row).collect::<Result<_, _>>().map_err(failed)
    }

    /// Lets messages that were given up, or were for nobody, be delivered again: one, or all that were given up.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn retry_messages(&self, id: Option<&str>, now: Timestamp) -> Result<u64, StoreError> {
        let mut statement =
            Statement::new("UPDATE outbox SET state = 'pending', attempts = 0, last_error = NULL, since = ");
        statement.bind(now.as_millisecond()).push(", next_at = ").bind(now.as_millisecond());
        match id {
            Some(id) => statement.condition("state IN ('dead', 'nowhere') AND id = ").bind(id),
            None => statement.condition("state = 'dead'"),
        };
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map_err(self.failed_to("retry messages"))
    }

    /// Deletes messages that arrived or were for nobody before one time, and that were given up before another.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn purge_messages(&self, settled_before: Timestamp, dead_before: Timestamp) -> Result<u64, StoreError> {
        let mut statement =
            Statement::new("DELETE FROM outbox WHERE (state IN ('delivered', 'nowhere') AND changed_at < ");
        statement.bind(settled_before.as_millisecond());
        statement.push(") OR (state = 'dead' AND changed_at < ").bind(dead_before.as_millisecond()).push(")");
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map_err(self.failed_to("delete old messages"))
    }

    /// How many messages are in each state that any is in.
    ///
    /// # Errors
    ///
    /// As [`Store::take_messages`].
    pub async fn outbox_counts(&self) -> Result<Vec<OutboxCount>, StoreError> {
        let failed = self.failed_to("count messages");
        let select = "SELECT state, CAST(count(*) AS BIGINT), CAST(min(since) AS BIGINT) FROM outbox GROUP BY state \
                      ORDER BY state";
        let mut connection = self.connection().await?;
        let rows = Statement::new(select).fetch(&mut connection).await.map_err(&failed)?;
        let count = |row: &AnyRow| {
            let messages: i64 = row.try_get(1)?;
            Ok(OutboxCount {
                state: state_of(row.try_get(0)?)?,
                messages: u64::try_from(messages).unwrap_or_default(),
                oldest: time_of(row.try_get(2)?),
            })
        };
        rows.iter().map(count).collect::<Result<_, _>>().map_err(failed)
    }
}

const COLUMNS: &str = "id, topic_arn, run_arn, finding_arn, event, body, state, since, next_at, attempts, last_error";

fn push_due(statement: &mut Statement, busy: &[String], now: Timestamp, limit: u32) {
    statement.push(" WHERE state = 'pending' AND next_at <= ").bind(now.as_millisecond());
    if !busy.is_empty() {
        statement.push(" AND topic_arn NOT IN ").bind_list(busy.iter().map(|topic| Value::from(topic.as_str())));
    }
    statement.push(" ORDER BY next_at, id LIMIT ").bind(i64::from(limit));
}

/// Tells whether the message was still pending and, where it did not arrive, still ours.
async fn settle(
    connection: &mut AnyConnection,
    message: &OutboxMessage,
    settlement: &Settlement,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let mut statement = Statement::new("UPDATE outbox SET changed_at = ");
    statement.bind(now.as_millisecond());
    let error = |error: &str| error.chars().take(MAX_ERROR_CHARACTERS).collect::<String>();
    match settlement {
        Settlement::Delivered => {
            statement.push(", state = 'delivered', last_error = NULL, attempts = attempts + 1");
        }
        Settlement::Nowhere => {
            statement.push(", state = 'nowhere'");
        }
        Settlement::Dead(_, text) => {
            statement.push(", state = 'dead', attempts = attempts + 1, last_error = ").bind(error(text));
        }
        Settlement::Retry(text, at) => {
            statement.push(", attempts = attempts + 1, last_error = ").bind(error(text));
            statement.push(", next_at = ").bind(at.as_millisecond());
        }
        Settlement::Release(at) => {
            statement.push(", next_at = ").bind(at.as_millisecond());
        }
    }
    statement.condition("state = 'pending' AND id = ").bind(message.id.as_str());
    if *settlement != Settlement::Delivered {
        statement.condition("next_at = ").bind(message.next_at.as_millisecond());
    }
    Ok(statement.execute(connection).await? > 0)
}

fn message_of_row(row: &AnyRow) -> Result<OutboxMessage, sqlx::Error> {
    let attempts: i64 = row.try_get(9)?;
    Ok(OutboxMessage {
        id: row.try_get(0)?,
        topic: row.try_get(1)?,
        run: row.try_get(2)?,
        finding: row.try_get(3)?,
        event: row.try_get(4)?,
        body: row.try_get(5)?,
        state: state_of(row.try_get(6)?)?,
        since: time_of(row.try_get(7)?),
        next_at: time_of(row.try_get(8)?),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        last_error: row.try_get(10)?,
    })
}

fn state_of(name: String) -> Result<MessageState, sqlx::Error> {
    let state = MessageState::from_name(&name);
    state.ok_or_else(|| sqlx::Error::Decode(format!("{name:?} is no state of a message").into()))
}
