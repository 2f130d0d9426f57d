//! Starting what is due, as long as the process lives.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::plan::Plan;
use crate::runs::{self, StartError};
use crate::schedule::Due;
use crate::service::Service;
use crate::store::{ScheduleTurn, Started, StoreError, StoredSchedule};

/// How often to look: schedules are of whole minutes, and looking is one query of an index.
const PERIOD: Duration = Duration::from_secs(1);
/// Schedules of one look.
const BATCH: u32 = 100;
/// When a schedule is looked at again that is not understood on this system, as where the time zone database is gone.
const NOT_UNDERSTOOD: SignedDuration = SignedDuration::from_secs(600);

/// Starts what is due, and looks again every second, until `shutdown` says so.
pub async fn start_what_is_due(service: Arc<Service>, mut shutdown: watch::Receiver<bool>) {
    loop {
        match start_due(&service).await {
            Ok(()) => {}
            Err(error @ StoreError::Busy { .. }) => tracing::warn!("{error}"),
            Err(error) => tracing::error!(cause = error.source().map(ToString::to_string), "{error}"),
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            _ = shutdown.wait_for(|is_over| *is_over) => return,
        }
    }
}

/// Starts what is due now.
///
/// # Errors
///
/// When the store fails; what is not started yet then is still due.
pub async fn start_due(service: &Service) -> Result<(), StoreError> {
    let schedules = service.store.due_schedules(service.now(), BATCH).await?;
    for schedule in &schedules {
        take_turn(service, schedule).await?;
    }
    Ok(())
}

async fn take_turn(service: &Service, schedule: &StoredSchedule) -> Result<(), StoreError> {
    let now = service.now();
    let plan = match Plan::of_stored(schedule) {
        Ok(plan) => plan,
        Err(error) => {
            let again_at = now.checked_add(NOT_UNDERSTOOD).ok();
            let turn = ScheduleTurn::of(schedule, schedule.dealt_at, again_at);
            return skip(service, &turn, &error.to_string(), now).await;
        }
    };
    let Due { start, next } = plan.due(schedule.dealt_at, now);
    let turn = ScheduleTurn::of(schedule, plan.meant_until(now).max(schedule.dealt_at), next);
    let Some(meant_for) = start else {
        let missed = schedule.next_at.unwrap_or(now);
        let problem = format!("the start of {missed:.0} was missed, as no server ran, and is not made up for");
        return skip(service, &turn, &problem, now).await;
    };
    let problem = match runs::start_scheduled(service, schedule, &turn, meant_for, now).await {
        Ok(Some(started)) => refusal(service, &started),
        // Another process has taken the turn.
        Ok(None) => None,
        Err(StartError::Store(error @ StoreError::Busy { .. })) => return Err(error),
        Err(error) => Some(match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        }),
    };
    match problem {
        Some(problem) => {
            let problem = format!("the run meant for {meant_for:.0} could not be started: {problem}");
            skip(service, &turn, &problem, now).await
        }
        None => Ok(()),
    }
}

/// Takes a turn that starts nothing, and says why where people look.
async fn skip(service: &Service, turn: &ScheduleTurn, problem: &str, now: Timestamp) -> Result<(), StoreError> {
    if service.store.skip_schedule_turn(turn, problem, now).await? {
        let next = turn.next_at.map(|next| next.to_string());
        tracing::warn!(schedule = turn.name, account = turn.realm.account, problem, next, "a schedule started nothing");
    }
    Ok(())
}

/// Why a start was refused; nothing where a run has begun.
fn refusal(service: &Service, started: &Started) -> Option<String> {
    let limits = &service.limits;
    Some(match started {
        Started::Run(_) => return None,
        Started::NoTemplate => "its template is not there".to_owned(),
        Started::NameTaken => "no name is free for its run".to_owned(),
        Started::Busy(busy) => match busy.first() {
            Some(first) => {
                format!("{} of its hosts take part in other runs, as {} in {}", busy.len(), first.agent_id, first.run)
            }
            None => "some of its hosts take part in other runs".to_owned(),
        },
        Started::TooManyRuns => format!("the account has {} runs in this region, which is the limit", limits.runs),
        Started::TooManyInstances => {
            format!("more than {} instances would be in active runs", limits.instances_in_active_runs)
        }
    })
}
