//! A desk in memory, as simple as the contract of [`Desk`] allows.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::io::Read as _;
use std::sync::Mutex;
use std::time::Duration;

use assay_link::{
    AgentFacts, ChunkHead, Complete, Completion, Failure, Instruction, MAX_EVIDENCE_BYTES, Poll, RefusalCode,
};
use assay_model::arn::RunArn;
use assay_model::evidence::Evidence;
use assay_server::agents::{AgentKey, Certificate, Desk, DeskError, Directive, Reply, Stored};

pub(crate) const ACCOUNT: &str = "123456789012";

#[derive(Default)]
pub(crate) struct State {
    /// Tokens, and the key that spent each.
    pub(crate) tokens: BTreeMap<String, Option<String>>,
    /// Agents and what they said last.
    pub(crate) agents: BTreeMap<AgentKey, Option<Poll>>,
    pub(crate) certificates: BTreeSet<(AgentKey, String)>,
    pub(crate) revoked: BTreeSet<AgentKey>,
    pub(crate) instructions: BTreeMap<AgentKey, Instruction>,
    pub(crate) chunks: BTreeMap<(AgentKey, RunArn, u32), Vec<u8>>,
    /// How often a chunk came that was there.
    pub(crate) repeated: u32,
    pub(crate) evidence: BTreeMap<(AgentKey, RunArn), Vec<u8>>,
    pub(crate) completed: BTreeMap<(AgentKey, RunArn), Complete>,
    pub(crate) failures: Vec<(AgentKey, Failure)>,
}

#[derive(Default)]
pub(crate) struct MemoryDesk {
    pub(crate) state: Mutex<State>,
    pub(crate) changed: tokio::sync::Notify,
}

impl MemoryDesk {
    pub(crate) fn with_tokens(tokens: &[&str]) -> MemoryDesk {
        let desk = MemoryDesk::default();
        desk.change(|state| state.tokens = tokens.iter().map(|token| ((*token).to_owned(), None)).collect());
        desk
    }

    /// Changes or reads the state, and wakes whoever waits.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.state.lock().unwrap());
        self.changed.notify_waiters();
        result
    }

    fn instruction(&self, agent: &AgentKey, running: Option<&RunArn>) -> Instruction {
        let state = self.state.lock().unwrap();
        if state.revoked.contains(agent) {
            return Instruction::Revoked;
        }
        match state.instructions.get(agent).cloned().unwrap_or(Instruction::Idle) {
            Instruction::Collect(collect) if Some(&collect.run) == running => Instruction::Idle,
            Instruction::Collect(collect) if state.completed.contains_key(&(agent.clone(), collect.run.clone())) => {
                Instruction::Idle
            }
            Instruction::Stop { run } if Some(&run) != running => Instruction::Idle,
            instruction => instruction,
        }
    }
}

impl Desk for MemoryDesk {
    fn spend_token<'a>(&'a self, token: &'a str, key_digest: &'a str, facts: &'a AgentFacts) -> Reply<'a, String> {
        let agent = AgentKey { account: ACCOUNT.into(), agent: facts.agent.clone() };
        let spent = self.change(|state| {
            let refused = |code| DeskError::Refused { code, reason: "the token is not valid".to_owned() };
            let spent_by = state.tokens.get_mut(token).ok_or_else(|| refused(RefusalCode::Token))?;
            if spent_by.as_deref().is_some_and(|other| other != key_digest) {
                return Err(refused(RefusalCode::Token));
            }
            *spent_by = Some(key_digest.to_owned());
            state.agents.entry(agent).or_default();
            Ok(ACCOUNT.to_owned())
        });
        Box::pin(ready(spent))
    }

    fn record_certificate<'a>(&'a self, agent: &'a AgentKey, certificate: &'a Certificate) -> Reply<'a, ()> {
        self.change(|state| state.certificates.insert((agent.clone(), certificate.serial.clone())));
        Box::pin(ready(Ok(())))
    }

    fn is_revoked<'a>(&'a self, agent: &'a AgentKey, serial: &'a str) -> Reply<'a, bool> {
        let is_revoked = self.change(|state| {
            state.revoked.contains(agent) || !state.certificates.contains(&(agent.clone(), serial.to_owned()))
        });
        Box::pin(ready(Ok(is_revoked)))
    }

    fn heartbeat<'a>(&'a self, agent: &'a AgentKey, poll: &'a Poll) -> Reply<'a, ()> {
        self.change(|state| state.agents.insert(agent.clone(), Some(poll.clone())));
        Box::pin(ready(Ok(())))
    }

    fn next_instruction<'a>(
        &'a self,
        agent: &'a AgentKey,
        running: Option<&'a RunArn>,
        wait: Duration,
    ) -> Reply<'a, Directive> {
        Box::pin(async move {
            let waiting = async {
                loop {
                    let changed = self.changed.notified();
                    let instruction = self.instruction(agent, running);
                    if instruction != Instruction::Idle {
                        return instruction;
                    }
                    changed.await;
                }
            };
            let instruction = tokio::time::timeout(wait, waiting).await.unwrap_or(Instruction::Idle);
            Ok(Directive { instruction, slow_down_seconds: None })
        })
    }

    fn put_chunk<'a>(&'a self, agent: &'a AgentKey, head: &'a ChunkHead, bytes: Vec<u8>) -> Reply<'a, Stored> {
        let key = (agent.clone(), head.run.clone(), head.number);
        let stored = self.change(|state| match state.chunks.get(&key) {
            Some(there) if *there != bytes => Stored::Conflict,
            Some(_) => {
                state.repeated += 1;
                Stored::Kept
            }
            None => {
                state.chunks.insert(key, bytes);
                Stored::Kept
            }
        });
        Box::pin(ready(Ok(stored)))
    }

    fn complete<'a>(&'a self, agent: &'a AgentKey, complete: &'a Complete) -> Reply<'a, Completion> {
        let completion = self.change(|state| {
            let key = |number| (agent.clone(), complete.run.clone(), number);
            let numbers: Vec<u32> = (0..complete.chunks).filter(|it| !state.chunks.contains_key(&key(*it))).collect();
            if !numbers.is_empty() {
                return Completion::Missing { numbers };
            }
            let compressed: Vec<u8> =
                (0..complete.chunks).flat_map(|number| state.chunks[&key(number)].clone()).collect();
            let mut bytes = Vec::new();
            let read = flate2::read::GzDecoder::new(&*compressed).take(MAX_EVIDENCE_BYTES).read_to_end(&mut bytes);
            if read.is_err() || Evidence::digest(&bytes) != complete.digest.as_str() {
                state.chunks.retain(|(by, run, _), _| by != agent || *run != complete.run);
                return Completion::Corrupt;
            }
            state.evidence.insert((agent.clone(), complete.run.clone()), bytes);
            state.completed.insert((agent.clone(), complete.run.clone()), complete.clone());
            Completion::Accepted
        });
        Box::pin(ready(Ok(completion)))
    }

    fn fail<'a>(&'a self, agent: &'a AgentKey, failure: &'a Failure) -> Reply<'a, ()> {
        self.change(|state| state.failures.push((agent.clone(), failure.clone())));
        Box::pin(ready(Ok(())))
    }
}
