//! Starting a run of a template, for whoever asks: the API, or a schedule.

use assay_model::Timestamp;
use assay_model::arn::TemplateArn;

use super::handlers::needs_agents;
use crate::service::{Service, random_id};
use crate::store::{Member, NewRun, NewRunAgent, ScheduleTurn, Stage, Started, StoreError, StoredSchedule};

/// Why a run could neither be started nor refused.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system has no random numbers.
    #[error("the system has no random numbers")]
    Random,
    /// A member has no JSON form, which only a defect can cause.
    #[error("failed to write a member as JSON")]
    Encode(#[source] serde_json::Error),
}

/// Starts a run of a template over the members that its target has now. Without a name it gets the next number.
///
/// # Errors
///
/// When the store fails; what speaks against a start is no error.
pub async fn start(
    service: &Service,
    template: &TemplateArn,
    name: Option<String>,
    now: Timestamp,
) -> Result<Started, StartError> {
    let Some(new) = new_run(service, template, name, now).await? else { return Ok(Started::NoTemplate) };
    let started = service.store.start_run(&new, &service.limits).await?;
    tell(&new, &started);
    Ok(started)
}

/// Starts a run of a schedule, which was meant for an instant, with its turn; absent when it is another process's turn.
///
/// # Errors
///
/// When the store fails; what speaks against a start is no error, and leaves the turn untaken.
pub(crate) async fn start_scheduled(
    service: &Service,
    schedule: &StoredSchedule,
    turn: &ScheduleTurn,
    meant_for: Timestamp,
    now: Timestamp,
) -> Result<Option<Started>, StartError> {
    let Some(new) = new_run(service, &schedule.template, None, now).await? else {
        return Ok(Some(Started::NoTemplate));
    };
    let started = service.store.start_scheduled_run(&new, &service.limits, turn, meant_for).await?;
    if let Some(started) = &started {
        tell(&new, started);
    }
    Ok(started)
}

/// The run with the members that its target has now; absent when there is no such template.
async fn new_run(
    service: &Service,
    template: &TemplateArn,
    name: Option<String>,
    now: Timestamp,
) -> Result<Option<NewRun>, StartError> {
    let Some(summary) = service.store.template(template).await? else { return Ok(None) };
    let members = service.store.members_of(&summary.template.target_arn, now).await?;
    let asks_agents = needs_agents(&summary.template.rules_package_arns);
    let agents = members.iter().map(|member| new_agent(member, asks_agents));
    Ok(Some(NewRun {
        template: template.clone(),
        id: random_id().map_err(|_| StartError::Random)?,
        name,
        agents: agents.collect::<Result<_, _>>().map_err(StartError::Encode)?,
        now,
    }))
}

fn tell(new: &NewRun, started: &Started) {
    if let Started::Run(run) = started {
        tracing::info!(run = %run.arn, hosts = new.agents.len(), "a run has begun");
    }
}

/// A host that nobody can ask is lost from the beginning: the run does not wait for it.
fn new_agent(member: &Member, asks_agents: bool) -> Result<NewRunAgent, serde_json::Error> {
    let can_be_asked = asks_agents && member.facts.is_some();
    Ok(NewRunAgent {
        agent_id: member.agent_id.clone(),
        hostname: member.hostname.clone(),
        stage: if can_be_asked { Stage::Waiting } else { Stage::Lost },
        health: member.health.as_str().to_owned(),
        health_code: member.code.as_str().to_owned(),
        member: serde_json::to_string(member)?,
    })
}
