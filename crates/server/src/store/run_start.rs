//! Starting a run: one transaction that names it, captures its hosts, and enqueues its job.
//!
//! The account's lock makes counts hold, and names unique; raising `started_runs` keeps the template. A key of `busy_agent` keeps a host out of a second run.

use std::collections::BTreeSet;

use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, RunArn, TemplateArn};
use assay_model::run::{AssessmentRun, FindingCounts, RunState};
use assay_model::template::AssessmentTemplate;
use sqlx::Row;

use super::connections::WriteTransaction;
use super::creation::{count, lock_account};
use super::error::StoreError;
use super::jobs::{self, NewJob};
use super::open::Store;
use super::rows::{realm_text, run_row};
use super::run_announce::announce_start;
use super::save::INSERT_RUN;
use super::statement::{Statement, Value, insert_rows};
use super::wake::Wake;
use crate::service::Limits;

/// Longest name of a run, in characters.
const MAX_NAME_CHARACTERS: usize = 140;

/// How many numbers are tried for a name that nobody gave.
const MOST_NUMBERS: i64 = 1000;

/// Rows per statement, where each may be there already.
const BUSY_ROWS: usize = 100;

/// How far the host of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its agent was not told yet.
    Waiting,
    /// Its agent was told.
    Collecting,
    /// Its evidence is stored.
    Collected,
    /// It was judged.
    Evaluated,
    /// There is no evidence of it, and there will be none.
    Lost,
}

impl Stage {
    const ALL: [Stage; 5] = [Stage::Waiting, Stage::Collecting, Stage::Collected, Stage::Evaluated, Stage::Lost];

    /// The word of the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Waiting => "waiting",
            Stage::Collecting => "collecting",
            Stage::Collected => "collected",
            Stage::Evaluated => "evaluated",
            Stage::Lost => "lost",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// A host that a run begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRunAgent {
    /// The agent's, or the instance's, id.
    pub agent_id: String,
    /// Its name.
    pub hostname: String,
    /// [`Stage::Waiting`] where an agent can be asked, else [`Stage::Lost`].
    pub stage: Stage,
    /// Inspector's word for the health of its agent.
    pub health: String,
    /// Inspector's word for the cause.
    pub health_code: String,
    /// What else was known of it, as JSON.
    pub member: String,
}

/// What is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Of this template.
    pub template: TemplateArn,
    /// A random id.
    pub id: Id,
    /// The name, unless the service gives one.
    pub name: Option<String>,
    /// The hosts, each once.
    pub agents: Vec<NewRunAgent>,
    /// Now.
    pub now: Timestamp,
}

/// A host that takes part in a run already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusyAgent {
    /// The host.
    pub agent_id: String,
    /// Its run.
    pub run: String,
}

/// What became of a start.
#[derive(Clone, Debug, PartialEq)]
pub enum Started {
    /// It has begun.
    Run(Box<AssessmentRun>),
    /// There is no such template.
    NoTemplate,
    /// Another run of the template has this name.
    NameTaken,
    /// Some hosts are in other runs.
    Busy(Vec<BusyAgent>),
    /// The account has as many runs as it may have.
    TooManyRuns,
    /// As many hosts are in active runs as may be.
    TooManyInstances,
}

impl Store {
    /// Starts a run.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing has begun.
    pub async fn start_run(&self, new: &NewRun, limits: &Limits) -> Result<Started, StoreError> {
        let mut transaction = self.begin("start a run").await?;
        let started = self.begin_run(&mut transaction, new, limits).await?;
        if let Started::Run(_) = started {
            transaction.commit().await.map_err(self.failed_to("start a run"))?;
        }
        Ok(started)
    }

    /// Starts a run in a transaction, which is to be given up unless it is [`Started::Run`].
    pub(super) async fn begin_run(
        &self,
        transaction: &mut WriteTransaction<'_>,
        new: &NewRun,
        limits: &Limits,
    ) -> Result<Started, StoreError> {
        let failed = self.failed_to("start a run");
        let realm = realm_text(&new.template.realm());
        lock_account(transaction, &new.template.realm()).await.map_err(&failed)?;
        let mut lock = Statement::new("UPDATE template SET started_runs = started_runs + 1");
        lock.condition("arn = ").bind(new.template.as_str()).push(" RETURNING started_runs, body");
        let rows = lock.fetch(transaction).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(Started::NoTemplate) };
        let number: i64 = row.try_get(0).map_err(&failed)?;
        let body: String = row.try_get(1).map_err(&failed)?;
        let template: AssessmentTemplate = self.decode("a template", &body)?;
        let mut runs = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM run");
        runs.condition("realm = ").bind(realm.as_str());
        if count(transaction, runs).await.map_err(&failed)? >= limits.runs {
            return Ok(Started::TooManyRuns);
        }
        let name = match &new.name {
            Some(name) if is_taken(transaction, &template.arn, name).await.map_err(&failed)? => None,
            Some(name) => Some(name.clone()),
            None => free_name(transaction, &template, number).await.map_err(&failed)?,
        };
        let Some(name) = name else { return Ok(Started::NameTaken) };
        let run = run_of(new, &template, name);
        let row = run_row(&run, &realm)?;
        insert_rows(transaction, INSERT_RUN, [row].into_iter()).await.map_err(&failed)?;
        let occupied = occupy(transaction, &realm, &run.arn, &new.agents).await.map_err(&failed)?;
        if occupied < new.agents.len() as u64 {
            let busy = busy_in(transaction, &realm, Some(&run.arn)).await.map_err(&failed)?;
            let wanted: BTreeSet<&str> = new.agents.iter().map(|agent| agent.agent_id.as_str()).collect();
            return Ok(Started::Busy(
                busy.into_iter().filter(|busy| wanted.contains(busy.agent_id.as_str())).collect(),
            ));
        }
        let mut instances = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM busy_agent");
        instances.condition("realm = ").bind(realm.as_str());
        let in_runs = count(transaction, instances).await.map_err(&failed)?;
        if !new.agents.is_empty() && in_runs > limits.instances_in_active_runs {
            return Ok(Started::TooManyInstances);
        }
        let agents = new.agents.iter().map(|agent| agent_row(&run.arn, agent));
        insert_rows(transaction, INSERT_AGENT, agents).await.map_err(&failed)?;
        let job = NewJob {
            kind: jobs::RUN_JOB,
            subject: run.arn.as_str().to_owned(),
            payload: String::new(),
            due_at: new.now,
        };
        announce_start(transaction, &run).await.map_err(&failed)?;
        transaction.wake(Wake::Runs);
        transaction.wake(Wake::Messages);
        jobs::enqueue(transaction, &job).await.map_err(&failed)?;
        Ok(Started::Run(Box::new(run)))
    }

    /// The hosts of a realm that are in active runs.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn busy_agents(&self, realm: &Realm) -> Result<Vec<BusyAgent>, StoreError> {
        let mut connection = self.connection().await?;
        busy_in(&mut connection, &realm_text(realm), None).await.map_err(self.failed_to("read the hosts of runs"))
    }
}

const INSERT_AGENT: &str =
    "INSERT INTO run_agent (run_arn, agent_id, hostname, stage, health, health_code, member) VALUES ";

fn run_of(new: &NewRun, template: &AssessmentTemplate, name: String) -> AssessmentRun {
    let mut run = AssessmentRun {
        arn: RunArn::new(&template.arn, &new.id),
        name,
        template_arn: template.arn.clone(),
        duration_seconds: template.duration_seconds,
        rules_package_arns: template.rules_package_arns.clone(),
        user_attributes_for_findings: template.user_attributes_for_findings.clone(),
        created_at: new.now,
        started_at: None,
        completed_at: None,
        state_changes: Vec::new(),
        data_collected: false,
        finding_counts: FindingCounts::new(),
    };
    run.enter(RunState::Created, new.now);
    run
}

fn agent_row(run: &RunArn, agent: &NewRunAgent) -> Vec<Value> {
    let NewRunAgent { agent_id, hostname, stage, health, health_code, member } = agent;
    vec![
        run.as_str().into(),
        agent_id.as_str().into(),
        hostname.as_str().into(),
        stage.as_str().into(),
        health.as_str().into(),
        health_code.as_str().into(),
        member.as_str().into(),
    ]
}

async fn is_taken(
    transaction: &mut WriteTransaction<'_>,
    template: &TemplateArn,
    name: &str,
) -> Result<bool, sqlx::Error> {
    let mut statement = Statement::new("SELECT arn FROM run");
    statement.condition("template_arn = ").bind(template.as_str()).condition("name = ").bind(name);
    Ok(!statement.fetch(transaction).await?.is_empty())
}

/// `Run 3 for NAME` (reference §6.2.33), with the first number from `number` on that is free.
async fn free_name(
    transaction: &mut WriteTransaction<'_>,
    template: &AssessmentTemplate,
    number: i64,
) -> Result<Option<String>, sqlx::Error> {
    for number in number..number.saturating_add(MOST_NUMBERS) {
        let name = format!("Run {number} for {}", template.name);
        let name: String = name.chars().take(MAX_NAME_CHARACTERS).collect();
        if !is_taken(transaction, &template.arn, &name).await? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Marks hosts as being in a run; gives the number of those that were free. They are taken in the order of their ids, so that
/// two starts that want the same ones wait for each other, and not in a circle.
async fn occupy(
    transaction: &mut WriteTransaction<'_>,
    realm: &str,
    run: &RunArn,
    agents: &[NewRunAgent],
) -> Result<u64, sqlx::Error> {
    let mut ids: Vec<&str> = agents.iter().map(|agent| agent.agent_id.as_str()).collect();
    ids.sort_unstable();
    let mut occupied = 0;
    for ids in ids.chunks(BUSY_ROWS) {
        let mut statement = Statement::new("INSERT INTO busy_agent (realm, agent_id, run_arn) VALUES ");
        for (index, id) in ids.iter().enumerate() {
            statement.push(if index == 0 { "" } else { ", " });
            statement.bind_list([realm.into(), (*id).into(), run.as_str().into()]);
        }
        statement.push(" ON CONFLICT (realm, agent_id) DO NOTHING");
        occupied += statement.execute(transaction).await?;
    }
    Ok(occupied)
}

async fn busy_in(
    connection: &mut sqlx::AnyConnection,
    realm: &str,
    except: Option<&RunArn>,
) -> Result<Vec<BusyAgent>, sqlx::Error> {
    let mut statement = Statement::new("SELECT agent_id, run_arn FROM busy_agent");
    statement.condition("realm = ").bind(realm);
    if let Some(run) = except {
        statement.condition("run_arn <> ").bind(run.as_str());
    }
    statement.push(" ORDER BY agent_id");
    let rows = statement.fetch(connection).await?;
    rows.iter().map(|row| Ok(BusyAgent { agent_id: row.try_get(0)?, run: row.try_get(1)? })).collect()
}
