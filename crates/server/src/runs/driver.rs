//! Driver: the job of a run, which moves it from state to state.
//!
//! Each move is one transaction that expects the state it was decided in, so a second driver of the same run is harmless.

use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::run::RunState;

use super::decide::{Situation, Step, decide};
use super::exclusions::{self, Scene, did_not_deliver, evaluation_error, without_agent};
use super::handlers::needs_agents;
use super::networks::add_networks;
use super::timing::RunTiming;
use crate::jobs::{Handler, JobError, Next, Work};
use crate::service::Service;
use crate::store::{LeasedJob, Member, Moved, RUN_JOB, RunEnd, RunProgress, Stage};

/// Moves runs on.
pub(super) struct RunDriver {
    pub(super) service: Arc<Service>,
    pub(super) timing: RunTiming,
}

impl Handler for RunDriver {
    fn kind(&self) -> &'static str {
        RUN_JOB
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(self.drive(job))
    }

    fn give_up<'a>(&'a self, job: &'a LeasedJob, error: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            let arn: RunArn = job.subject.parse()?;
            let store = &self.service.store;
            let Some(run) = store.run_body(&arn).await? else { return Ok(()) };
            let text = evaluation_error(&run.rules_package_arns, error);
            for exclusion in exclusions::exclusions(&arn, "run", vec![text]) {
                if store.fail_run(job, &arn, &exclusion, self.service.now()).await? == Moved::Yes {
                    tracing::error!(run = %arn, error, "a run has failed");
                }
            }
            Ok(())
        })
    }
}

impl RunDriver {
    async fn drive(&self, job: &LeasedJob) -> Result<Next, JobError> {
        let arn: RunArn = job.subject.parse()?;
        let store = &self.service.store;
        loop {
            let Some(progress) = store.run_progress(&arn).await? else { return Ok(Next::Done) };
            let now = self.service.now();
            let state = progress.run.state();
            let moved = match decide(&situation(&progress, now), &self.timing) {
                Step::Over => return Ok(Next::Done),
                Step::Wait(at) => {
                    if state == RunState::EvaluatingRules && is_old(&progress, now, self.timing.look) {
                        store.ensure_evaluations(&arn, now).await?;
                    }
                    return Ok(Next::At(at));
                }
                Step::Through(states) => store.move_run(job, &arn, state, states, now).await?,
                Step::Complete => {
                    let end = self.end(&progress).await?;
                    match store.complete_run(job, &arn, end, now).await? {
                        Moved::Yes => {
                            tracing::info!(run = %arn, "a run has ended");
                            return Ok(Next::Settled);
                        }
                        moved => moved,
                    }
                }
            };
            match moved {
                Moved::LeaseLost => return Ok(Next::Settled),
                Moved::Yes => tracing::info!(run = %arn, from = %state, "a run has moved on"),
                Moved::Overtaken => {}
            }
        }
    }

    /// What is reachable of the hosts, what the run as a whole did not check, and the hosts that there is no evidence of.
    async fn end(&self, progress: &RunProgress) -> Result<RunEnd, JobError> {
        let run = &progress.run;
        let mut hosts = Vec::new();
        for host in self.service.store.run_hosts(&run.arn).await? {
            let member: Member = serde_json::from_str(&host.member)?;
            hosts.push((host, member));
        }
        let mut of_hosts = Vec::new();
        for (host, member) in &hosts {
            if host.stage == Stage::Lost && needs_agents(&run.rules_package_arns) {
                let text = match host.loss.as_deref() {
                    None => without_agent(member).unwrap_or_else(|| did_not_deliver(&member.agent_id, None)),
                    loss => did_not_deliver(&member.agent_id, loss),
                };
                of_hosts.push(text);
            }
        }
        let members: Vec<Member> = hosts.iter().map(|(_, member)| member.clone()).collect();
        let scene = Scene { judge: &*self.service.judge, packages: &run.rules_package_arns, members: &members };
        let mut texts = scene.of_run();
        texts.extend(of_hosts);
        let exclusions = exclusions::exclusions(&run.arn, "run", texts);
        let mut end = RunEnd { exclusions, ..RunEnd::default() };
        add_networks(&self.service, run, &hosts, &mut end).await?;
        Ok(end)
    }
}

fn situation(progress: &RunProgress, now: Timestamp) -> Situation {
    let run = &progress.run;
    let started_at = run.started_at.unwrap_or(run.created_at);
    let duration = Duration::from_secs(u64::from(run.duration_seconds));
    Situation {
        state: run.state(),
        since: run.state_changed_at(),
        until: started_at.checked_add(duration).unwrap_or(Timestamp::MAX),
        needs_agents: needs_agents(&run.rules_package_arns),
        stages: progress.stages,
        now,
    }
}

/// Whether a run has been in its state for a while.
fn is_old(progress: &RunProgress, now: Timestamp, age: Duration) -> bool {
    progress.run.state_changed_at().checked_add(age).is_ok_and(|old_at| now >= old_at)
}
