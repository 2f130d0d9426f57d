//! Work: what an agent has to do for the run that it takes part in, and how far it is.

use assay_model::run::{AssessmentRun, RunState};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value};
use crate::agents::AgentKey;

/// The states in which a run takes evidence.
pub(super) const COLLECTING_STATES: [RunState; 4] = [
    RunState::StartDataCollectionPending,
    RunState::StartDataCollectionInProgress,
    RunState::CollectingData,
    RunState::StopDataCollectionPending,
];

/// What an agent has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentWork {
    /// It is not enrolled, or not welcome any more.
    Unwelcome,
    /// Nothing.
    Nothing,
    /// It takes part in a run that has no evidence of it yet.
    Assigned(Box<Assignment>),
}

/// A run that has no evidence of an agent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The run, in a state in which it takes evidence.
    pub run: AssessmentRun,
    /// Whether the agent was told of it.
    pub is_told: bool,
}

/// What is asked of an agent, as far as a change of it matters to the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedAgent {
    /// The ARN of the run.
    pub run: String,
    /// Whether the agent is to stop.
    pub is_stopping: bool,
}

impl Store {
    /// What an agent has to do.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn agent_work(&self, agent: &AgentKey) -> Result<AgentWork, StoreError> {
        let failed = self.failed_to("look for an agent's work");
        let mut connection = self.connection().await?;
        let mut welcome = Statement::new("SELECT agent_id FROM agent");
        welcome.condition("revoked_at IS NULL");
        welcome.condition("account = ").bind(agent.account.as_str());
        welcome.condition("agent_id = ").bind(agent.agent.as_str());
        if welcome.fetch(&mut connection).await.map_err(&failed)?.is_empty() {
            return Ok(AgentWork::Unwelcome);
        }
        let mut statement =
            Statement::new("SELECT run.body, run_agent.stage FROM run_agent JOIN run ON run.arn = run_agent.run_arn");
        statement.condition("run_agent.agent_id = ").bind(agent.agent.as_str());
        statement.condition("run_agent.stage IN ('waiting', 'collecting')");
        statement.condition("run.active = 1");
        statement.condition("run.state IN ").bind_list(collecting_states());
        statement.push(" ORDER BY run.created_at, run.arn");
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        for row in &rows {
            let body: String = row.try_get(0).map_err(&failed)?;
            let run: AssessmentRun = self.decode("a run", &body)?;
            // Ids of agents are unique in an account only.
            if run.arn.account() == agent.account {
                let stage: String = row.try_get(1).map_err(&failed)?;
                return Ok(AgentWork::Assigned(Box::new(Assignment { run, is_told: stage == "collecting" })));
            }
        }
        Ok(AgentWork::Nothing)
    }

    /// All agents that a run waits for.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn assigned_agents(&self) -> Result<Vec<(AgentKey, AssignedAgent)>, StoreError> {
        let failed = self.failed_to("look for agents that runs wait for");
        let mut statement = Statement::new(
            "SELECT run_agent.agent_id, run.realm, run.arn, run.state FROM run \
             JOIN run_agent ON run_agent.run_arn = run.arn",
        );
        statement.condition("run.active = 1");
        statement.condition("run_agent.stage IN ('waiting', 'collecting')");
        statement.condition("run.state IN ").bind_list(collecting_states());
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let assigned = |row: &AnyRow| {
            let (agent, realm): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let state: String = row.try_get(3)?;
            let account = realm.rsplit('/').next().unwrap_or_default().to_owned();
            let is_stopping = state == RunState::StopDataCollectionPending.as_str();
            let assigned = AssignedAgent { run: row.try_get(2)?, is_stopping };
            // An instance whose id could not be an agent's has none that waits.
            Ok(agent.parse().ok().map(|agent| (AgentKey { account, agent }, assigned)))
        };
        rows.iter().filter_map(|row| assigned(row).transpose()).collect::<Result<_, _>>().map_err(failed)
    }
}

/// The states of [`COLLECTING_STATES`] as values.
pub(super) fn collecting_states() -> impl Iterator<Item = Value> {
    COLLECTING_STATES.into_iter().map(|state| state.as_str().into())
}
