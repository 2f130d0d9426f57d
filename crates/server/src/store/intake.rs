//! Intake: whether a run takes evidence of an agent, and the moment at which it is there.

use assay_link::Telemetry;
use assay_model::arn::RunArn;
use assay_model::evidence::Evidence;
use hyper::body::Bytes;
use sqlx::{AnyConnection, Row};

use super::chunks::{delete_chunks, of_agent};
use super::error::StoreError;
use super::evidence::deflate;
use super::open::{Store, encode};
use super::run_progress::wake_if_collected;
use super::statement::Statement;
use super::work::{COLLECTING_STATES, collecting_states};
use crate::agents::AgentKey;

/// Whether a run takes evidence of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intake {
    /// It does.
    Open,
    /// It has the evidence with this digest.
    Stored(String),
    /// It does not: the run is over or does not know the agent, or the agent has given up.
    Closed,
}

/// Evidence as it is stored. Packing takes its time.
#[derive(Debug)]
pub struct PackedEvidence {
    digest: String,
    size: usize,
    deflated: Bytes,
}

impl PackedEvidence {
    /// Packs a document's canonical bytes.
    pub fn pack(bytes: &[u8]) -> PackedEvidence {
        PackedEvidence { digest: Evidence::digest(bytes), size: bytes.len(), deflated: deflate(bytes).into() }
    }
}

impl Store {
    /// Whether a run takes evidence of an agent.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn intake(&self, run: &RunArn, agent: &AgentKey) -> Result<Intake, StoreError> {
        let mut connection = self.connection().await?;
        intake(&mut connection, run, agent).await.map_err(self.failed_to("look for a run's evidence"))
    }

    /// Notes that an agent was told of a run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mark_told(&self, run: &RunArn, agent: &AgentKey) -> Result<(), StoreError> {
        let mut statement = Statement::new("UPDATE run_agent SET stage = 'collecting'");
        of_agent(&mut statement, run, agent).condition("stage = 'waiting'");
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map_err(self.failed_to("note that an agent was told"))?;
        Ok(())
    }

    /// Stores the evidence of an agent, what it counted, and that it is there; its chunks are deleted. All of it in one
    /// transaction, and only while the run is open for it; gives how the intake was found.
    ///
    /// # Errors
    ///
    /// When the database or the place of evidence fails; then nothing is stored.
    pub async fn store_evidence(
        &self,
        run: &RunArn,
        agent: &AgentKey,
        packed: PackedEvidence,
        telemetry: &[Telemetry],
    ) -> Result<Intake, StoreError> {
        let failed = self.failed_to("store evidence");
        let telemetry = encode("telemetry", &telemetry)?;
        let PackedEvidence { digest, size, deflated } = packed;
        let content = self.put_evidence(&digest, deflated).await?;
        let mut transaction = self.begin("store evidence").await?;
        self.insert_evidence(&mut transaction, &digest, size, content).await?;
        lock_run(&mut transaction, run).await.map_err(&failed)?;
        let found = intake(&mut transaction, run, agent).await.map_err(&failed)?;
        if found != Intake::Open {
            transaction.rollback().await.map_err(&failed)?;
            return Ok(found);
        }
        let mut update = Statement::new("UPDATE run_agent SET stage = 'collected', evidence_digest = ");
        update.bind(digest).push(", telemetry = ").bind(telemetry);
        of_agent(&mut update, run, agent);
        update.execute(&mut transaction).await.map_err(&failed)?;
        delete_chunks(&mut transaction, run, agent).await.map_err(&failed)?;
        wake_if_collected(&mut transaction, run).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Intake::Open)
    }

    /// Notes that an agent could not collect, and why, while its run waits for it; its chunks are deleted. Tells whether
    /// something changed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn lose_agent(&self, run: &RunArn, agent: &AgentKey, reason: &str) -> Result<bool, StoreError> {
        let failed = self.failed_to("note a failure");
        let mut transaction = self.begin("note a failure").await?;
        lock_run(&mut transaction, run).await.map_err(&failed)?;
        if intake(&mut transaction, run, agent).await.map_err(&failed)? != Intake::Open {
            transaction.rollback().await.map_err(&failed)?;
            return Ok(false);
        }
        let mut update = Statement::new("UPDATE run_agent SET stage = 'lost', loss = ");
        update.bind(reason);
        of_agent(&mut update, run, agent);
        update.execute(&mut transaction).await.map_err(&failed)?;
        delete_chunks(&mut transaction, run, agent).await.map_err(&failed)?;
        wake_if_collected(&mut transaction, run).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(true)
    }
}

/// Whether a run takes evidence of an agent; runs of other accounts do not.
pub(super) async fn intake(
    connection: &mut AnyConnection,
    run: &RunArn,
    agent: &AgentKey,
) -> Result<Intake, sqlx::Error> {
    if run.account() != agent.account {
        return Ok(Intake::Closed);
    }
    let mut statement = Statement::new(
        "SELECT run.state, run_agent.stage, run_agent.evidence_digest FROM run_agent \
         JOIN run ON run.arn = run_agent.run_arn",
    );
    statement.condition("run_agent.run_arn = ").bind(run.as_str());
    statement.condition("run_agent.agent_id = ").bind(agent.agent.as_str());
    let rows = statement.fetch(connection).await?;
    let Some(row) = rows.first() else { return Ok(Intake::Closed) };
    let (state, stage, digest): (String, String, Option<String>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let is_open = COLLECTING_STATES.iter().any(|open| open.as_str() == state);
    Ok(match (stage.as_str(), digest) {
        ("waiting" | "collecting", _) if is_open => Intake::Open,
        ("collected" | "evaluated", Some(digest)) => Intake::Stored(digest),
        _ => Intake::Closed,
    })
}

/// Whoever changes the run's state waits until the transaction ends. Nothing is changed where it takes no evidence any more.
async fn lock_run(connection: &mut AnyConnection, run: &RunArn) -> Result<(), sqlx::Error> {
    let mut lock = Statement::new("UPDATE run SET active = active");
    lock.condition("arn = ").bind(run.as_str());
    lock.condition("state IN ").bind_list(collecting_states());
    lock.execute(connection).await.map(|_| ())
}
