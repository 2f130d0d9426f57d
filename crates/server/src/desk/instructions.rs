//! Instructions: what an agent is told, decided from the run that it takes part in.

use assay_link::{Collect, Instruction};
use assay_model::Timestamp;
use assay_model::arn::{RulesPackageArn, RunArn};
use assay_model::run::{AssessmentRun, RunState};

use crate::service::Judge;
use crate::store::AgentWork;

/// Seconds between two looks at processes and sockets: 60 looks in a run, but none more often than every 2 seconds and none
/// less often than every minute.
fn sample_interval(duration_seconds: u32) -> u32 {
    (duration_seconds / 60).clamp(2, 60)
}

/// What an agent is told that works on `running`.
pub(super) fn instruction(
    work: &AgentWork,
    running: Option<&RunArn>,
    judge: &dyn Judge,
    now: Timestamp,
) -> Instruction {
    let assignment = match work {
        AgentWork::Unwelcome => return Instruction::Revoked,
        AgentWork::Nothing => return Instruction::Idle,
        AgentWork::Assigned(assignment) => assignment,
    };
    let run = &assignment.run;
    match (run.state(), running == Some(&run.arn)) {
        (RunState::StopDataCollectionPending, true) => Instruction::Stop { run: run.arn.clone() },
        // Who has not begun has nothing to send.
        (RunState::StopDataCollectionPending, false) => Instruction::Idle,
        (_, true) => Instruction::Idle,
        (_, false) => Instruction::Collect(collect(run, judge, now)),
    }
}

fn collect(run: &AssessmentRun, judge: &dyn Judge, now: Timestamp) -> Collect {
    let rules_packages: Vec<_> = run.rules_package_arns.iter().filter_map(RulesPackageArn::resolve).collect();
    let until = run.started_at.unwrap_or(now).as_second().saturating_add(i64::from(run.duration_seconds));
    Collect {
        run: run.arn.clone(),
        request: judge.request_for(&rules_packages),
        until: Timestamp::from_second(until).unwrap_or(Timestamp::MAX),
        sample_interval_seconds: sample_interval(run.duration_seconds),
        rules_packages,
    }
}
