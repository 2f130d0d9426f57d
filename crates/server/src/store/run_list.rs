//! Lists of runs and of their hosts, as the API filters them (reference §6.2.20, §6.2.21, §8.10).

use assay_link::Telemetry;
use assay_model::arn::{Realm, RulesPackageArn, RunArn, TemplateArn};
use assay_model::run::RunState;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::creation::CreationPosition;
use super::error::StoreError;
use super::open::Store;
use super::page::{Listing, Page};
use super::statement::{Statement, Value};

/// Milliseconds or seconds from one to another, both included; an absent end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub from: Option<i64>,
    /// At most.
    pub to: Option<i64>,
}

/// Which runs to list; what is absent or empty takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunListFilter {
    /// Of one of these templates.
    pub templates: Vec<TemplateArn>,
    /// Whose names fit, `*` being any run of characters.
    pub name_pattern: Option<String>,
    /// In one of these states.
    pub states: Vec<RunState>,
    /// Of a template with a duration in this range, in seconds.
    pub duration: Range,
    /// With one of these rules packages.
    pub rules_packages: Vec<RulesPackageArn>,
    /// Started in this range, in milliseconds.
    pub started: Range,
    /// Ended in this range, in milliseconds.
    pub completed: Range,
    /// Whose state changed last in this range, in milliseconds.
    pub state_changed: Range,
}

/// Which hosts of a run to list; an empty list takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunAgentFilter {
    /// Whose health was one of these words when the run started.
    pub healths: Vec<String>,
    /// Whose health had one of these causes.
    pub health_codes: Vec<String>,
}

/// A host of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAgent {
    /// Its id.
    pub agent_id: String,
    /// How its agent was when the run started.
    pub health: String,
    /// Why.
    pub health_code: String,
    /// What else was known of it, as JSON.
    pub member: String,
    /// What its agent has sent.
    pub telemetry: Vec<Telemetry>,
}

/// A host's place in the order of ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAgentPosition(String);

impl Store {
    /// The runs of a realm that a filter takes, oldest first.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn run_arns(
        &self,
        realm: &Realm,
        filter: &RunListFilter,
        page: &Page<CreationPosition>,
    ) -> Result<Listing<String, CreationPosition>, StoreError> {
        let mut statement = Statement::new("SELECT created_at, arn FROM run");
        if !filter.templates.is_empty() {
            let templates = filter.templates.iter().map(|template| Value::from(template.as_str()));
            statement.condition("template_arn IN ").bind_list(templates);
        }
        if let Some(pattern) = &filter.name_pattern {
            self.push_pattern(&mut statement, "name", pattern);
        }
        if !filter.states.is_empty() {
            statement.condition("state IN ").bind_list(filter.states.iter().map(|state| state.as_str().into()));
        }
        for (index, package) in filter.rules_packages.iter().enumerate() {
            if index == 0 {
                statement.condition("(rules_packages LIKE ");
            } else {
                statement.push(" OR rules_packages LIKE ");
            }
            statement.bind(format!("%\n{}\n%", package.id()));
        }
        if !filter.rules_packages.is_empty() {
            statement.push(")");
        }
        for (range, from, to) in [
            (filter.duration, "duration >= ", "duration <= "),
            (filter.started, "started_at >= ", "started_at <= "),
            (filter.completed, "completed_at >= ", "completed_at <= "),
            (filter.state_changed, "state_changed_at >= ", "state_changed_at <= "),
        ] {
            if let Some(least) = range.from {
                statement.condition(from).bind(least);
            }
            if let Some(most) = range.to {
                statement.condition(to).bind(most);
            }
        }
        self.list_arns(statement, realm, page).await
    }

    /// The hosts of a run that a filter takes, by id.
    ///
    /// # Errors
    ///
    /// As [`Store::run_arns`].
    pub async fn run_agents(
        &self,
        arn: &RunArn,
        filter: &RunAgentFilter,
        page: &Page<RunAgentPosition>,
    ) -> Result<Listing<RunAgent, RunAgentPosition>, StoreError> {
        let failed = self.failed_to("list the hosts of a run");
        let mut statement = Statement::new("SELECT agent_id, health, health_code, member, telemetry FROM run_agent");
        statement.condition("run_arn = ").bind(arn.as_str());
        if !filter.healths.is_empty() {
            statement.condition("health IN ").bind_list(filter.healths.iter().map(|word| word.as_str().into()));
        }
        if !filter.health_codes.is_empty() {
            let codes = filter.health_codes.iter().map(|word| word.as_str().into());
            statement.condition("health_code IN ").bind_list(codes);
        }
        if let Some(RunAgentPosition(last)) = &page.after {
            statement.condition("agent_id > ").bind(last.as_str());
        }
        statement.push(" ORDER BY agent_id LIMIT ").bind(i64::from(page.limit) + 1);
        let mut connection = self.connection().await?;
        let mut rows = Vec::new();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let text = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
            let agent = RunAgent {
                agent_id: text(0)?,
                health: text(1)?,
                health_code: text(2)?,
                member: text(3)?,
                telemetry: self.decode("telemetry", &text(4)?)?,
            };
            rows.push((RunAgentPosition(agent.agent_id.clone()), agent));
        }
        Ok(Listing::of_rows(rows, page.limit))
    }

    /// What each agent of a run has sent.
    ///
    /// # Errors
    ///
    /// As [`Store::run_arns`].
    pub async fn run_telemetry(&self, arn: &RunArn) -> Result<Vec<Vec<Telemetry>>, StoreError> {
        let mut statement = Statement::new("SELECT telemetry FROM run_agent");
        statement.condition("run_arn = ").bind(arn.as_str());
        self.fetch_bodies("telemetry", statement).await
    }
}
