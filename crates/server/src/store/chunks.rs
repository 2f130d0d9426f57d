//! Chunks: pieces of evidence that is not complete yet. Run, agent and number name one.

use assay_model::arn::RunArn;
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::intake::{Intake, intake};
use super::open::Store;
use super::statement::{Statement, Value};
use crate::agents::{AgentKey, Stored};

impl Store {
    /// Stores a chunk; sent again it changes nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn put_chunk(
        &self,
        run: &RunArn,
        agent: &AgentKey,
        number: u32,
        digest: &str,
        content: Vec<u8>,
    ) -> Result<Stored, StoreError> {
        let failed = self.failed_to("store a chunk");
        let mut transaction = self.begin("store a chunk").await?;
        if intake(&mut transaction, run, agent).await.map_err(&failed)? != Intake::Open {
            transaction.rollback().await.map_err(&failed)?;
            return Ok(Stored::Closed);
        }
        let mut insert = Statement::new("INSERT INTO chunk (run_arn, agent_id, number, digest, content) VALUES ");
        let number = i64::from(number);
        insert.bind_list([
            run.as_str().into(),
            agent.agent.as_str().into(),
            number.into(),
            digest.into(),
            Value::Bytes(content),
        ]);
        insert.push(" ON CONFLICT (run_arn, agent_id, number) DO NOTHING");
        if insert.execute(&mut transaction).await.map_err(&failed)? > 0 {
            transaction.commit().await.map_err(&failed)?;
            return Ok(Stored::Kept);
        }
        let mut select = Statement::new("SELECT digest FROM chunk");
        of_agent(&mut select, run, agent).condition("number = ").bind(number);
        let rows = select.fetch(&mut transaction).await.map_err(&failed)?;
        let there: Option<String> = rows.first().map(|row| row.try_get(0)).transpose().map_err(&failed)?;
        transaction.rollback().await.map_err(&failed)?;
        Ok(if there.as_deref() == Some(digest) { Stored::Kept } else { Stored::Conflict })
    }

    /// The numbers of the chunks that are stored, in ascending order.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn chunk_numbers(&self, run: &RunArn, agent: &AgentKey) -> Result<Vec<u32>, StoreError> {
        let failed = self.failed_to("list chunks");
        let mut statement = Statement::new("SELECT number FROM chunk");
        of_agent(&mut statement, run, agent).push(" ORDER BY number");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let number = |row: &sqlx::any::AnyRow| Ok(u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(u32::MAX));
        rows.iter().map(number).collect::<Result<_, _>>().map_err(failed)
    }

    /// The bytes of a chunk.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn chunk(&self, run: &RunArn, agent: &AgentKey, number: u32) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = self.failed_to("read a chunk");
        let mut statement = Statement::new("SELECT content FROM chunk");
        of_agent(&mut statement, run, agent).condition("number = ").bind(i64::from(number));
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.first().map(|row| row.try_get(0)).transpose().map_err(failed)
    }

    /// Deletes the chunks of an agent in a run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete_chunks(&self, run: &RunArn, agent: &AgentKey) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        delete_chunks(&mut connection, run, agent).await.map_err(self.failed_to("delete chunks"))
    }

    /// Deletes the chunks of runs that have ended: nobody will complete them.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete_chunks_of_ended_runs(&self) -> Result<(), StoreError> {
        let failed = self.failed_to("delete chunks of ended runs");
        let mut connection = self.connection().await?;
        // Asked first, because a deletion takes SQLite's lock even where there is nothing to delete.
        let mut select =
            Statement::new("SELECT run_arn FROM chunk WHERE run_arn IN (SELECT arn FROM run WHERE active = 0)");
        select.push(" LIMIT 1");
        if !select.fetch(&mut connection).await.map_err(&failed)?.is_empty() {
            let delete = Statement::new("DELETE FROM chunk WHERE run_arn IN (SELECT arn FROM run WHERE active = 0)");
            delete.execute(&mut connection).await.map_err(&failed)?;
        }
        Ok(())
    }
}

/// Deletes the chunks of an agent in a run.
pub(super) async fn delete_chunks(
    connection: &mut AnyConnection,
    run: &RunArn,
    agent: &AgentKey,
) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("DELETE FROM chunk");
    of_agent(&mut statement, run, agent);
    statement.execute(connection).await.map(|_| ())
}

/// Adds the conditions that a row is of an agent in a run.
pub(super) fn of_agent<'a>(statement: &'a mut Statement, run: &RunArn, agent: &AgentKey) -> &'a mut Statement {
    statement.condition("run_arn = ").bind(run.as_str());
    statement.condition("agent_id = ").bind(agent.agent.as_str())
}
