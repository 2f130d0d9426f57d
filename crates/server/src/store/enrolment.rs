//! Enrolment: spends a token and records the agent, in one transaction.
//!
//! The same host may come again with the same token and the same signing request, because the answer may have got lost, or
//! because it was off for longer than its certificate lived: that spends nothing.

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode};
use assay_model::Timestamp;
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::open::{Store, encode};
use super::statement::{Statement, Value, insert_rows};

/// A host that has no certificate after so long never got one: its id is free again.
const HALF_ENROLLED_MILLISECONDS: i64 = 3_600_000;

/// What became of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// The agent is recorded in this account, now or before.
    Account(String),
    /// The token is wrong, spent, revoked or expired.
    BadToken,
    /// Another host is enrolled under the id, and has a certificate that has not ended.
    Taken,
    /// The agent was revoked: it has to be removed before it may enrol anew.
    Revoked,
    /// The account has as many agents as it may have.
    Full,
}

/// A token that lets in.
struct Token {
    id: String,
    account: String,
    region: String,
}

/// Who has the id already.
struct Holder {
    token_id: String,
    key_digest: String,
    enrolled_at: i64,
    is_revoked: bool,
}

/// Who wants to enrol.
struct Applicant<'a> {
    token_digest: &'a str,
    key_digest: &'a str,
    agent_id: &'a str,
    facts: &'a str,
    /// Agents that an account may have.
    most: u64,
}

impl Store {
    /// Spends a token and records an agent. `token_digest` and `key_digest` are the SHA-256 of the token and of the signing
    /// request; `most` is how many agents an account may have.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is spent.
    pub async fn enrol_agent(
        &self,
        token_digest: &str,
        key_digest: &str,
        facts: &AgentFacts,
        most: u64,
        now: Timestamp,
    ) -> Result<Enrolment, StoreError> {
        let failed = self.failed_to("enrol an agent");
        let body = encode("an agent's facts", facts)?;
        let mut transaction = self.begin("enrol an agent").await?;
        let applicant = Applicant { token_digest, key_digest, facts: &body, agent_id: facts.agent.as_str(), most };
        let enrolment = enrol(&mut transaction, &applicant, now.as_millisecond()).await.map_err(&failed)?;
        match enrolment {
            Enrolment::Account(_) => transaction.commit().await.map_err(&failed)?,
            _ => transaction.rollback().await.map_err(&failed)?,
        }
        Ok(enrolment)
    }
}

const INSERT_AGENT: &str = "INSERT INTO agent (account, agent_id, region, token_id, key_digest, facts, health, code, detail, \
                            enrolled_at, last_seen_at, revoked_at) VALUES ";

async fn enrol(connection: &mut AnyConnection, applicant: &Applicant<'_>, now: i64) -> Result<Enrolment, sqlx::Error> {
    let Applicant { agent_id, key_digest, .. } = *applicant;
    let Some(token) = lock_token(connection, applicant.token_digest, now).await? else {
        return Ok(Enrolment::BadToken);
    };
    match holder(connection, &token.account, agent_id).await? {
        Some(holder) if holder.is_revoked => return Ok(Enrolment::Revoked),
        Some(holder) if holder.token_id == token.id && holder.key_digest == key_digest => {
            return Ok(Enrolment::Account(token.account));
        }
        Some(holder) => {
            let is_enrolling = holder.enrolled_at > now.saturating_sub(HALF_ENROLLED_MILLISECONDS);
            if is_enrolling || has_certificate(connection, &token.account, agent_id, now).await? {
                return Ok(Enrolment::Taken);
            }
            delete_agent(connection, &token.account, agent_id).await?;
        }
        None if count_agents(connection, &token.account).await? >= applicant.most => return Ok(Enrolment::Full),
        None => {}
    }
    let mut spend = Statement::new("UPDATE enrolment_token SET uses_left = uses_left - 1");
    spend.condition("uses_left > 0");
    spend.condition("id = ").bind(token.id.as_str());
    if spend.execute(connection).await? == 0 {
        return Ok(Enrolment::BadToken);
    }
    let row = vec![
        token.account.as_str().into(),
        agent_id.into(),
        token.region.into(),
        token.id.into(),
        key_digest.into(),
        applicant.facts.into(),
        AgentHealth::Unknown.as_str().into(),
        AgentHealthCode::Unknown.as_str().into(),
        "".into(),
        now.into(),
        Value::OptionalInteger(None),
        Value::OptionalInteger(None),
    ];
    // With two tokens, two hosts may come under one id at the same time: the second one fails here, and finds the id taken
    // when it tries again.
    insert_rows(connection, INSERT_AGENT, [row].into_iter()).await?;
    Ok(Enrolment::Account(token.account))
}

/// The token, if it is neither revoked nor expired; nobody else spends it until the transaction ends.
async fn lock_token(connection: &mut AnyConnection, digest: &str, now: i64) -> Result<Option<Token>, sqlx::Error> {
    let mut lock = Statement::new("UPDATE enrolment_token SET uses_left = uses_left");
    lock.condition("revoked_at IS NULL");
    lock.condition("expires_at > ").bind(now);
    lock.condition("digest = ").bind(digest);
    if lock.execute(connection).await? == 0 {
        return Ok(None);
    }
    let mut select = Statement::new("SELECT id, account, region FROM enrolment_token");
    select.condition("digest = ").bind(digest);
    let rows = select.fetch(connection).await?;
    let token =
        |row: &sqlx::any::AnyRow| Ok(Token { id: row.try_get(0)?, account: row.try_get(1)?, region: row.try_get(2)? });
    rows.first().map(token).transpose()
}

async fn holder(connection: &mut AnyConnection, account: &str, agent: &str) -> Result<Option<Holder>, sqlx::Error> {
    let mut select = Statement::new("SELECT token_id, key_digest, enrolled_at, revoked_at FROM agent");
    select.condition("account = ").bind(account);
    select.condition("agent_id = ").bind(agent);
    let rows = select.fetch(connection).await?;
    let holder = |row: &sqlx::any::AnyRow| {
        Ok(Holder {
            token_id: row.try_get(0)?,
            key_digest: row.try_get(1)?,
            enrolled_at: row.try_get(2)?,
            is_revoked: row.try_get::<Option<i64>, _>(3)?.is_some(),
        })
    };
    rows.first().map(holder).transpose()
}

async fn has_certificate(
    connection: &mut AnyConnection,
    account: &str,
    agent: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let mut select = Statement::new("SELECT serial FROM agent_certificate");
    select.condition("account = ").bind(account);
    select.condition("agent_id = ").bind(agent);
    select.condition("not_after > ").bind(now);
    Ok(!select.fetch(connection).await?.is_empty())
}

async fn delete_agent(connection: &mut AnyConnection, account: &str, agent: &str) -> Result<(), sqlx::Error> {
    let mut delete = Statement::new("DELETE FROM agent");
    delete.condition("account = ").bind(account);
    delete.condition("agent_id = ").bind(agent);
    delete.execute(connection).await.map(|_| ())
}

async fn count_agents(connection: &mut AnyConnection, account: &str) -> Result<u64, sqlx::Error> {
    let mut count = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM agent");
    count.condition("account = ").bind(account);
    let rows = count.fetch(connection).await?;
    let there: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Ok(u64::try_from(there).unwrap_or_default())
}
