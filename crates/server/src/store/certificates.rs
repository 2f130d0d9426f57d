//! Certificates of agents: one that is not recorded here is of no use.

use assay_model::Timestamp;
use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::statement::Statement;
use crate::agents::{AgentKey, Certificate};

impl Store {
    /// Records a certificate of an agent that is there, and forgets its certificates that have ended.
    ///
    /// # Errors
    ///
    /// When there is no such agent, or the database fails.
    pub async fn record_certificate(
        &self,
        agent: &AgentKey,
        certificate: &Certificate,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("record a certificate");
        let (account, agent_id) = (agent.account.as_str(), agent.agent.as_str());
        let mut transaction = self.begin("record a certificate").await?;
        let mut forget = Statement::new("DELETE FROM agent_certificate");
        forget.condition("account = ").bind(account);
        forget.condition("agent_id = ").bind(agent_id);
        forget.condition("not_after < ").bind(now.as_millisecond());
        forget.execute(&mut transaction).await.map_err(&failed)?;
        let mut insert = Statement::new("INSERT INTO agent_certificate (serial, account, agent_id, not_after) VALUES ");
        insert.bind_list([
            certificate.serial.as_str().into(),
            account.into(),
            agent_id.into(),
            certificate.not_after.as_millisecond().into(),
        ]);
        insert.push(" ON CONFLICT (serial) DO NOTHING");
        insert.execute(&mut transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }

    /// Whether a certificate of an agent is recorded and the agent welcome.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn is_certificate_good(&self, agent: &AgentKey, serial: &str) -> Result<bool, StoreError> {
        let failed = self.failed_to("look a certificate up");
        let mut statement = Statement::new(
            "SELECT agent.revoked_at FROM agent_certificate JOIN agent ON agent.account = agent_certificate.account \
             AND agent.agent_id = agent_certificate.agent_id",
        );
        statement.condition("agent_certificate.serial = ").bind(serial);
        statement.condition("agent.account = ").bind(agent.account.as_str());
        statement.condition("agent.agent_id = ").bind(agent.agent.as_str());
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(false) };
        let revoked_at: Option<i64> = row.try_get(0).map_err(&failed)?;
        Ok(revoked_at.is_none())
    }
}
