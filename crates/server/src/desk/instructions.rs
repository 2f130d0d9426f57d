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
    let assignment = match (work, running) {
        (AgentWork::Unwelcome, _) => return Instruction::Revoked,
        (AgentWork::Nothing, None) => return Instruction::Idle,
        // Its run has ended, or was cancelled: it would collect for nobody, and take no part in another one meanwhile.
        (AgentWork::Nothing, Some(run)) => return Instruction::Stop { run: run.clone() },
        (AgentWork::Assigned(assignment), Some(run)) if *run != assignment.run.arn => {
            return Instruction::Stop { run: run.clone() };
        }
        (AgentWork::Assigned(assignment), _) => assignment,
    };
    let run = &assignment.run;
    match (run.state(), running.is_some()) {
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

#[cfg(test)]
mod tests {
    use assay_model::arn::{Id, Realm, TargetArn, TemplateArn};
    use assay_model::evidence::request::CollectionRequest;
    use assay_model::rules_package::RulesPackageKind;
    use assay_model::run::FindingCounts;

    use super::*;
    use crate::service::{Judgement, RulesPackageAbout, Subject};
    use crate::store::Assignment;

    struct NoJudge;

    impl Judge for NoJudge {
        fn request_for(&self, _: &[RulesPackageKind]) -> CollectionRequest {
            CollectionRequest::default()
        }

        fn about(&self, _: RulesPackageKind) -> RulesPackageAbout {
            RulesPackageAbout { version: String::new(), description: String::new(), rules: None }
        }

        fn judge(&self, _: &Subject<'_>) -> Judgement {
            Err(String::new())
        }
    }

    fn run(id: &str, state: RunState) -> AssessmentRun {
        let template = TemplateArn::new(&TargetArn::new(&Realm::local(), &Id::derive(b"")), &Id::derive(b""));
        let at = Timestamp::UNIX_EPOCH;
        let mut run = AssessmentRun {
            arn: RunArn::new(&template, &Id::derive(id.as_bytes())),
            name: id.to_owned(),
            template_arn: template,
            duration_seconds: 600,
            rules_package_arns: Vec::new(),
            user_attributes_for_findings: Vec::new(),
            created_at: at,
            started_at: None,
            completed_at: None,
            state_changes: Vec::new(),
            data_collected: false,
            finding_counts: FindingCounts::new(),
        };
        run.enter(state, at);
        run
    }

    #[test]
    fn an_agent_works_on_the_run_that_wants_it_and_on_no_other() {
        let [this, other] = ["this", "other"].map(|id| run(id, RunState::CollectingData).arn);
        let assigned = |state| AgentWork::Assigned(Box::new(Assignment { run: run("this", state), is_told: true }));
        let collecting = || assigned(RunState::CollectingData);
        let stopping = || assigned(RunState::StopDataCollectionPending);
        for (work, running, expected) in [
            (AgentWork::Unwelcome, Some(&this), "revoked"),
            (AgentWork::Nothing, None, "idle"),
            // It was cancelled, or has ended without waiting for this one.
            (AgentWork::Nothing, Some(&this), "stop this"),
            (collecting(), None, "collect this"),
            (collecting(), Some(&this), "idle"),
            (collecting(), Some(&other), "stop other"),
            (stopping(), None, "idle"),
            (stopping(), Some(&this), "stop this"),
            (stopping(), Some(&other), "stop other"),
        ] {
            let name = |arn: &RunArn| if *arn == this { "this" } else { "other" };
            let told = match instruction(&work, running, &NoJudge, Timestamp::UNIX_EPOCH) {
                Instruction::Idle => "idle".to_owned(),
                Instruction::Revoked => "revoked".to_owned(),
                Instruction::Stop { run } => format!("stop {}", name(&run)),
                Instruction::Collect(collect) => format!("collect {}", name(&collect.run)),
                Instruction::Unknown => "unknown".to_owned(),
            };
            assert_eq!(told, expected, "{work:?} {running:?}");
        }
    }
}
