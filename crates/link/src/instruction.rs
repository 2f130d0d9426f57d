//! Instruction: the answer to a poll. Everything that a server can ask of an agent is in this file.

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use serde::{Deserialize, Serialize};

use crate::limit;
use crate::message::{LinkError, Message};

/// Most kernel parameters, and most path patterns, of a request.
const MAX_REQUESTED: usize = 10_000;

/// Longest parameter or pattern, in bytes.
const MAX_REQUESTED_BYTES: usize = 4096;

/// Longest duration of a run, in seconds (reference §6.2.3), and a day for late answers.
const MAX_DURATION_SECONDS: i64 = 2 * 86_400;

/// Longest pause that a server may ask for, in seconds: later the agent would be taken for dead.
const MAX_SLOW_DOWN_SECONDS: u32 = 3600;

/// The answer to a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What to do.
    pub instruction: Instruction,
    /// The server's time, so that a wrong clock of the host does not cut a run short.
    pub now: Timestamp,
    /// Wait that long before the next poll; the agent then says it is throttled.
    #[serde(default)]
    pub slow_down_seconds: Option<u32>,
}

/// What an agent can be asked for: to collect in a predefined way, and to stop it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Instruction {
    /// Nothing: go on with what is running, poll again.
    Idle,
    /// Take part in a run. Asked again for the run in progress, it changes nothing.
    Collect(Collect),
    /// End the collection of a run now; what was collected is still sent.
    Stop {
        /// Which.
        run: RunArn,
    },
    /// The agent is no longer welcome: discard everything and stay silent.
    Revoked,
    /// A newer server asks for something that this agent does not know; it changes nothing.
    #[serde(other)]
    Unknown,
}

/// What a run wants from its agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collect {
    /// The run.
    pub run: RunArn,
    /// Sections, parameters and paths; only what evidence may hold.
    pub request: CollectionRequest,
    /// When the run's duration ends, by the server's clock.
    pub until: Timestamp,
    /// Seconds between two looks at processes and sockets, 1 to 3600.
    pub sample_interval_seconds: u32,
    /// What the evidence is for; of information only.
    #[serde(default)]
    pub rules_packages: Vec<RulesPackageKind>,
}

impl Message for Answer {
    const NAME: &'static str = "answer";
    const LIMIT: usize = 2 << 20;

    fn check(&self) -> Result<(), LinkError> {
        if self.slow_down_seconds.is_some_and(|seconds| seconds > MAX_SLOW_DOWN_SECONDS) {
            return Err(limit::member::<Answer>("slow_down_seconds", "is over an hour"));
        }
        let Instruction::Collect(collect) = &self.instruction else { return Ok(()) };
        if collect.until.as_second() - self.now.as_second() > MAX_DURATION_SECONDS {
            return Err(limit::member::<Answer>("until", "is more than two days away"));
        }
        if !(1..=3600).contains(&collect.sample_interval_seconds) {
            return Err(limit::member::<Answer>("sample_interval_seconds", "is not between 1 and 3600"));
        }
        limit::count::<Answer>("rules_packages", collect.rules_packages.len(), RulesPackageKind::ALL.len())?;
        for (name, words) in [("request.sysctl", &collect.request.sysctl), ("request.paths", &collect.request.paths)] {
            limit::count::<Answer>(name, words.len(), MAX_REQUESTED)?;
            for word in words {
                limit::text::<Answer>(name, word, MAX_REQUESTED_BYTES)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        let run = "arn:aws:inspector:us-east-1:000000000000:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";
        let collect = Collect {
            run: run.parse().unwrap(),
            request: CollectionRequest { paths: ["/etc/ssh".to_owned()].into(), ..CollectionRequest::default() },
            until: "2026-01-01T01:00:00Z".parse().unwrap(),
            sample_interval_seconds: 10,
            rules_packages: vec![RulesPackageKind::Cve],
        };
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        Answer { instruction: Instruction::Collect(collect), now, slow_down_seconds: None }
    }

    fn check(change: impl FnOnce(&mut Answer, &mut Collect), expected: &str) {
        let mut answer = answer();
        let Instruction::Collect(mut collect) = answer.instruction.clone() else { unreachable!() };
        change(&mut answer, &mut collect);
        answer.instruction = Instruction::Collect(collect);
        assert_eq!(answer.encode().unwrap_err().to_string(), expected);
    }

    #[test]
    fn an_instruction_reads_back() {
        let answer = answer();
        assert_eq!(Answer::decode(&answer.encode().unwrap()).unwrap(), answer);
        let Instruction::Collect(Collect { run, .. }) = answer.instruction.clone() else { unreachable!() };
        for instruction in [Instruction::Idle, Instruction::Stop { run }, Instruction::Revoked] {
            let answer = Answer { instruction, ..answer.clone() };
            assert_eq!(Answer::decode(&answer.encode().unwrap()).unwrap(), answer);
        }
    }

    #[test]
    fn a_server_cannot_ask_for_too_much() {
        check(
            |answer, _| answer.slow_down_seconds = Some(3601),
            "slow_down_seconds of the answer message is over an hour",
        );
        check(
            |_, collect| collect.until = "2026-01-04T00:00:00Z".parse().unwrap(),
            "until of the answer message is more than two days away",
        );
        check(
            |_, collect| collect.sample_interval_seconds = 0,
            "sample_interval_seconds of the answer message is not between 1 and 3600",
        );
        check(
            |_, collect| collect.request.paths = (0..10_001).map(|n| n.to_string()).collect(),
            "request.paths of the answer message has 10001 entries, over the limit of 10000",
        );
        check(
            |_, collect| collect.request.sysctl = ["a\nb".to_owned()].into(),
            "request.sysctl of the answer message has a control character",
        );
    }
}
