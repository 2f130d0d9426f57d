//! What a run does next (reference §8.3): a pure function of its state, its hosts and the time.
//!
//! An agent that observes for the run's duration delivers at its end, so the duration is kept by those who need it; a run in
//! which nobody can collect any more does not wait.

use std::time::Duration;

use assay_model::Timestamp;
use assay_model::run::RunState;

use super::timing::RunTiming;
use crate::store::StageCounts;

/// All that the decision depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    pub(super) state: RunState,
    /// Since when it is in this state.
    pub(super) since: Timestamp,
    /// When its duration is over.
    pub(super) until: Timestamp,
    /// Whether agents are asked for evidence at all.
    pub(super) needs_agents: bool,
    pub(super) stages: StageCounts,
    pub(super) now: Timestamp,
}

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It goes through these states.
    Through(&'static [RunState]),
    /// Nothing before then, unless somebody asks.
    Wait(Timestamp),
    /// All hosts are judged: it ends.
    Complete,
    /// It has ended.
    Over,
}

/// What a run does next.
pub(super) fn decide(situation: &Situation, timing: &RunTiming) -> Step {
    let Situation { state, since, until, needs_agents, stages, now } = *situation;
    let can_collect = needs_agents && stages.waiting + stages.collecting > 0;
    let told_at = after(since, timing.telling);
    match state {
        RunState::Created => Step::Through(&[RunState::StartDataCollectionPending]),
        RunState::StartDataCollectionPending => {
            if !can_collect || now >= told_at {
                Step::Through(&[RunState::CollectingData])
            } else if stages.waiting == 0 {
                Step::Through(&[RunState::StartDataCollectionInProgress, RunState::CollectingData])
            } else if stages.collecting > 0 {
                Step::Through(&[RunState::StartDataCollectionInProgress])
            } else {
                Step::Wait(told_at)
            }
        }
        RunState::StartDataCollectionInProgress => {
            if stages.waiting == 0 || now >= told_at {
                Step::Through(&[RunState::CollectingData])
            } else {
                Step::Wait(told_at)
            }
        }
        RunState::CollectingData => {
            if !can_collect || now >= until {
                Step::Through(&[RunState::StopDataCollectionPending])
            } else {
                Step::Wait(until.min(after(now, timing.look)))
            }
        }
        RunState::StopDataCollectionPending => {
            let late_at = after(since, timing.grace);
            if !needs_agents || stages.collecting == 0 || now >= late_at {
                Step::Through(&[
                    RunState::DataCollected,
                    RunState::StartEvaluatingRulesPending,
                    RunState::EvaluatingRules,
                ])
            } else {
                Step::Wait(late_at.min(after(now, timing.look)))
            }
        }
        RunState::DataCollected => Step::Through(&[RunState::StartEvaluatingRulesPending, RunState::EvaluatingRules]),
        RunState::StartEvaluatingRulesPending => Step::Through(&[RunState::EvaluatingRules]),
        RunState::EvaluatingRules => {
            if stages.collected == 0 {
                Step::Complete
            } else {
                Step::Wait(after(now, timing.look))
            }
        }
        RunState::Failed
        | RunState::Error
        | RunState::Completed
        | RunState::CompletedWithErrors
        | RunState::Canceled => Step::Over,
    }
}

fn after(time: Timestamp, duration: Duration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use RunState::{
        Canceled, CollectingData, Completed, Created, DataCollected, EvaluatingRules, StartDataCollectionInProgress,
        StartDataCollectionPending, StartEvaluatingRulesPending, StopDataCollectionPending,
    };

    const TIMING: RunTiming =
        RunTiming { telling: Duration::from_secs(3), grace: Duration::from_secs(100), look: Duration::from_secs(20) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// A run of 200 seconds that entered its state at second 10. The numbers are waiting, unwell, collecting, collected.
    fn next(state: RunState, hosts: [u64; 4], now: i64, needs_agents: bool) -> Step {
        let [waiting, waiting_unwell, collecting, collected] = hosts;
        let stages = StageCounts { waiting, waiting_unwell, collecting, collected, evaluated: 1, lost: 1 };
        let situation = Situation { state, since: at(10), until: at(200), needs_agents, stages, now: at(now) };
        decide(&situation, &TIMING)
    }

    const TO_EVALUATION: Step = Step::Through(&[DataCollected, StartEvaluatingRulesPending, EvaluatingRules]);

    #[test]
    fn the_state_machine() {
        let through = Step::Through;
        let wait = |second| Step::Wait(at(second));
        for (state, hosts, now, expected) in [
            (Created, [1, 0, 0, 0], 10, through(&[StartDataCollectionPending])),
            // Agents are told.
            (StartDataCollectionPending, [2, 0, 0, 0], 10, wait(13)),
            (StartDataCollectionPending, [1, 0, 1, 0], 10, through(&[StartDataCollectionInProgress])),
            (StartDataCollectionPending, [0, 0, 2, 0], 10, through(&[StartDataCollectionInProgress, CollectingData])),
            (StartDataCollectionPending, [2, 0, 0, 0], 13, through(&[CollectingData])),
            (StartDataCollectionPending, [0, 0, 0, 0], 10, through(&[CollectingData])),
            (StartDataCollectionPending, [0, 2, 0, 0], 10, through(&[CollectingData])),
            (StartDataCollectionInProgress, [1, 0, 1, 0], 12, wait(13)),
            (StartDataCollectionInProgress, [1, 0, 1, 0], 13, through(&[CollectingData])),
            (StartDataCollectionInProgress, [0, 1, 1, 0], 10, through(&[CollectingData])),
            // They collect: until the end, or until nobody does any more.
            (CollectingData, [0, 0, 1, 5], 10, wait(30)),
            (CollectingData, [0, 0, 1, 5], 190, wait(200)),
            (CollectingData, [0, 0, 1, 5], 200, through(&[StopDataCollectionPending])),
            (CollectingData, [0, 0, 0, 5], 20, through(&[StopDataCollectionPending])),
            (CollectingData, [1, 0, 0, 5], 20, wait(40)),
            (CollectingData, [0, 1, 0, 5], 20, through(&[StopDataCollectionPending])),
            (CollectingData, [0, 0, 0, 0], 10, through(&[StopDataCollectionPending])),
            // The last uploads.
            (StopDataCollectionPending, [3, 0, 1, 0], 10, wait(30)),
            (StopDataCollectionPending, [3, 0, 1, 0], 105, wait(110)),
            (StopDataCollectionPending, [3, 0, 1, 0], 110, TO_EVALUATION),
            (StopDataCollectionPending, [3, 1, 0, 2], 10, TO_EVALUATION),
            (DataCollected, [0, 0, 0, 2], 10, through(&[StartEvaluatingRulesPending, EvaluatingRules])),
            (StartEvaluatingRulesPending, [0, 0, 0, 2], 10, through(&[EvaluatingRules])),
            (EvaluatingRules, [0, 0, 0, 2], 10, wait(30)),
            (EvaluatingRules, [0, 0, 0, 0], 10, Step::Complete),
            (Completed, [1, 1, 1, 1], 10, Step::Over),
            (Canceled, [1, 1, 1, 1], 10, Step::Over),
        ] {
            assert_eq!(next(state, hosts, now, true), expected, "{state} {hosts:?} at {now}");
        }
    }

    #[test]
    fn a_run_without_agents_never_waits() {
        let mut state = Created;
        let mut states = vec![state];
        while let Step::Through(through) = next(state, [0, 0, 0, 0], 10, false) {
            assert!(through.iter().is_sorted() && through.iter().all(|next| *next > state), "{state}");
            states.extend(through);
            state = *through.last().unwrap();
        }
        assert_eq!(next(state, [0, 0, 0, 0], 10, false), Step::Complete);
        assert_eq!(
            states,
            [
                Created,
                StartDataCollectionPending,
                CollectingData,
                StopDataCollectionPending,
                DataCollected,
                StartEvaluatingRulesPending,
                EvaluatingRules
            ]
        );
    }
}
