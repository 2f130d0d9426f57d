//! Agents: who is enrolled, what each said last, and who is not welcome any more.

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode, Poll};
use assay_model::Timestamp;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, StrDeserializer};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::error::StoreError;
use super::open::{Store, encode};
use super::statement::Statement;
use crate::agents::AgentKey;

/// A heartbeat that says nothing new is written only after so long: with 2,000 agents that poll every minute, that is what
/// keeps the store from writing all the time.
const FRESH_MILLISECONDS: i64 = 40_000;

/// An enrolled agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// 12 digits.
    pub account: String,
    /// The region that it enrolled for.
    pub region: String,
    /// What it said last.
    pub facts: AgentFacts,
    /// How it was then.
    pub health: AgentHealth,
    /// Why.
    pub code: AgentHealthCode,
    /// When it enrolled.
    pub enrolled_at: Timestamp,
    /// When it was heard from last.
    pub last_seen_at: Option<Timestamp>,
    /// Since when it is not welcome any more.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// The agents of an account, or of all.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn agents(&self, account: Option<&str>) -> Result<Vec<Agent>, StoreError> {
        let failed = self.failed_to("read agents");
        let mut statement = Statement::new(
            "SELECT account, region, facts, health, code, enrolled_at, last_seen_at, revoked_at FROM agent",
        );
        if let Some(account) = account {
            statement.condition("account = ").bind(account);
        }
        statement.push(" ORDER BY account, agent_id");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(|row| self.agent_of_row(row)).collect()
    }

    fn agent_of_row(&self, row: &AnyRow) -> Result<Agent, StoreError> {
        let failed = self.failed_to("read an agent");
        let text = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        let time =
            |index: usize| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(index).map_err(&failed)?.map(time_of));
        Ok(Agent {
            account: text(0)?,
            region: text(1)?,
            facts: self.decode("an agent's facts", &text(2)?)?,
            health: code_of(&text(3)?, AgentHealth::Unknown),
            code: code_of(&text(4)?, AgentHealthCode::Unknown),
            enrolled_at: time_of(row.try_get(5).map_err(&failed)?),
            last_seen_at: time(6)?,
            revoked_at: time(7)?,
        })
    }

    /// Records that an agent was heard from. What says nothing new is written rarely.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn record_heartbeat(&self, agent: &AgentKey, poll: &Poll, now: Timestamp) -> Result<(), StoreError> {
        // The id is the certificate's, whatever the message says.
        let facts = AgentFacts { agent: agent.agent.clone(), ..poll.facts.clone() };
        let facts = encode("an agent's facts", &facts)?;
        let (health, code) = (poll.health.as_str(), poll.code.as_str());
        let detail = poll.detail.as_deref().unwrap_or_default();
        let now = now.as_millisecond();
        let mut statement = Statement::new("UPDATE agent SET facts = ");
        statement.bind(facts.as_str()).push(", health = ").bind(health).push(", code = ").bind(code);
        statement.push(", detail = ").bind(detail).push(", last_seen_at = ").bind(now);
        statement.condition("account = ").bind(agent.account.as_str());
        statement.condition("agent_id = ").bind(agent.agent.as_str());
        statement.condition("(last_seen_at IS NULL OR last_seen_at < ").bind(now.saturating_sub(FRESH_MILLISECONDS));
        statement.push(" OR facts <> ").bind(facts.as_str()).push(" OR health <> ").bind(health);
        statement.push(" OR code <> ").bind(code).push(" OR detail <> ").bind(detail).push(")");
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map_err(self.failed_to("record a heartbeat"))?;
        Ok(())
    }

    /// Makes all certificates of an agent useless, at once and until it is removed; tells whether there was such an agent that
    /// was welcome before.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revoke_agent(&self, account: &str, agent_id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Statement::new("UPDATE agent SET revoked_at = ");
        statement.bind(now.as_millisecond());
        statement.condition("revoked_at IS NULL");
        statement.condition("account = ").bind(account);
        statement.condition("agent_id = ").bind(agent_id);
        let mut connection = self.connection().await?;
        Ok(statement.execute(&mut connection).await.map_err(self.failed_to("revoke an agent"))? > 0)
    }

    /// Forgets an agent with its certificates, which are of no use from then on; its host may enrol anew. Tells whether it was
    /// there.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn remove_agent(&self, account: &str, agent_id: &str) -> Result<bool, StoreError> {
        let mut statement = Statement::new("DELETE FROM agent");
        statement.condition("account = ").bind(account);
        statement.condition("agent_id = ").bind(agent_id);
        let mut connection = self.connection().await?;
        Ok(statement.execute(&mut connection).await.map_err(self.failed_to("remove an agent"))? > 0)
    }
}

/// A stored word of an enum; another version's becomes the unknown one.
pub(super) fn code_of<T: DeserializeOwned>(word: &str, unknown: T) -> T {
    T::deserialize(StrDeserializer::<Error>::new(word)).unwrap_or(unknown)
}
