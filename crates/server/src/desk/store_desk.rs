//! The desk over the store.

use std::sync::Arc;
use std::time::Duration;

use assay_link::{AgentFacts, ChunkHead, Complete, Completion, Failure, Instruction, Poll, RefusalCode};
use assay_model::arn::RunArn;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::evidence::{Unpacked, unpack};
use super::instructions::instruction;
use super::run_watch::RunWatch;
use super::shutdown::is_over;
use super::token::token_digest;
use crate::agents::{AgentKey, Certificate, Desk, DeskError, Directive, Reply, Stored};
use crate::service::Service;
use crate::store::{AgentWork, Enrolment, Intake, StoreError};

/// How long an agent that polls too often is asked to be silent.
const SLOW_DOWN_SECONDS: u32 = 30;

/// Memory for evidence that is being unpacked at a time, in MiB; one document may take all of it.
const UNPACKING_MEBIBYTES: u32 = 768;

/// Answers agents from the store.
#[derive(Debug)]
pub struct StoreDesk {
    service: Arc<Service>,
    run_watch: RunWatch,
    unpacking: Semaphore,
    shutdown: watch::Receiver<bool>,
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> DeskError {
        match error {
            StoreError::Busy { .. } => DeskError::Busy,
            error => DeskError::Failed { operation: "use the store", cause: Box::new(error) },
        }
    }
}

impl StoreDesk {
    /// A desk, on a runtime; once `shutdown` says so, nobody is kept waiting any more.
    pub fn new(service: Arc<Service>, shutdown: watch::Receiver<bool>) -> StoreDesk {
        let unpacking = Semaphore::new(UNPACKING_MEBIBYTES as usize);
        let run_watch = RunWatch::begin(Arc::clone(&service), shutdown.clone());
        StoreDesk { service, run_watch, unpacking, shutdown }
    }

    async fn spend(&self, token: &str, key_digest: &str, facts: &AgentFacts) -> Result<String, DeskError> {
        let Service { store, limits, .. } = &*self.service;
        let enrolment =
            store.enrol_agent(&token_digest(token), key_digest, facts, limits.agents, self.service.now()).await?;
        let (code, reason) = match enrolment {
            Enrolment::Account(account) => return Ok(account),
            Enrolment::BadToken => (RefusalCode::Token, "the token is not valid"),
            Enrolment::Taken => {
                (RefusalCode::Taken, "another host is enrolled under this id: an administrator can remove it")
            }
            Enrolment::Revoked => {
                (RefusalCode::Revoked, "the agent is revoked: an administrator has to remove it before it may enrol")
            }
            Enrolment::Full => (RefusalCode::Token, "the account has as many agents as it may have"),
        };
        Err(DeskError::Refused { code, reason: reason.to_owned() })
    }

    /// What the agent is told now.
    async fn instruct(&self, agent: &AgentKey, running: Option<&RunArn>) -> Result<Instruction, DeskError> {
        let Service { store, judge, .. } = &*self.service;
        let work = store.agent_work(agent).await?;
        let instruction = instruction(&work, running, &**judge, self.service.now());
        if let AgentWork::Assigned(assignment) = &work {
            let takes_part = matches!(instruction, Instruction::Collect(_)) || running == Some(&assignment.run.arn);
            if takes_part && !assignment.is_told {
                store.mark_told(&assignment.run.arn, agent).await?;
            }
        }
        Ok(instruction)
    }

    async fn wait_for_instruction(
        &self,
        agent: &AgentKey,
        running: Option<&RunArn>,
        wait: Duration,
    ) -> Result<Instruction, DeskError> {
        let deadline = Instant::now() + wait;
        let mut run_watch = self.run_watch.clone();
        let mut shutdown = self.shutdown.clone();
        loop {
            // Before the store is asked, so that nothing is missed in between.
            let seen = run_watch.of(agent);
            let instruction = self.instruct(agent, running).await?;
            if instruction != Instruction::Idle {
                return Ok(instruction);
            }
            loop {
                tokio::select! {
                    () = run_watch.changed() => {}
                    () = tokio::time::sleep_until(deadline) => return Ok(Instruction::Idle),
                    () = is_over(&mut shutdown) => return Ok(Instruction::Idle),
                }
                if run_watch.of(agent) != seen {
                    break;
                }
            }
        }
    }

    async fn receive(&self, agent: &AgentKey, complete: &Complete) -> Result<Completion, DeskError> {
        let store = &self.service.store;
        let run = &complete.run;
        let answer = |found: &Intake| match found {
            Intake::Stored(digest) if digest == complete.digest.as_str() => Completion::Accepted,
            _ => Completion::Closed,
        };
        let found = store.intake(run, agent).await?;
        if found != Intake::Open {
            return Ok(answer(&found));
        }
        let there = store.chunk_numbers(run, agent).await?;
        let numbers: Vec<u32> = (0..complete.chunks).filter(|number| there.binary_search(number).is_err()).collect();
        if !numbers.is_empty() {
            return Ok(Completion::Missing { numbers });
        }
        let mebibytes = u32::try_from(complete.size >> 20).unwrap_or(u32::MAX).saturating_add(complete.chunks);
        let room = self.unpacking.acquire_many(mebibytes.min(UNPACKING_MEBIBYTES)).await;
        let _room = room.map_err(|cause| failed("unpack evidence", cause))?;
        let mut compressed = Vec::new();
        for number in 0..complete.chunks {
            let Some(chunk) = store.chunk(run, agent, number).await? else {
                return Ok(Completion::Missing { numbers: vec![number] });
            };
            compressed.extend_from_slice(&chunk);
        }
        let (announced, id) = (complete.clone(), agent.agent.clone());
        let unpacked = tokio::task::spawn_blocking(move || unpack(&compressed, &announced, &id)).await;
        match unpacked.map_err(|cause| failed("unpack evidence", cause))? {
            Unpacked::Good(packed) => {
                let found = store.store_evidence(run, agent, packed, &complete.telemetry).await?;
                Ok(if found == Intake::Open { Completion::Accepted } else { answer(&found) })
            }
            Unpacked::Corrupt => {
                store.delete_chunks(run, agent).await?;
                Ok(Completion::Corrupt)
            }
            Unpacked::Refused(reason) => {
                // The same again would be refused again: the run does not wait for it.
                store.lose_agent(run, agent, &reason).await?;
                Err(DeskError::Refused { code: RefusalCode::Malformed, reason })
            }
        }
    }
}

impl Desk for StoreDesk {
    fn spend_token<'a>(&'a self, token: &'a str, key_digest: &'a str, facts: &'a AgentFacts) -> Reply<'a, String> {
        Box::pin(self.spend(token, key_digest, facts))
    }

    fn record_certificate<'a>(&'a self, agent: &'a AgentKey, certificate: &'a Certificate) -> Reply<'a, ()> {
        Box::pin(
            async move { Ok(self.service.store.record_certificate(agent, certificate, self.service.now()).await?) },
        )
    }

    fn is_revoked<'a>(&'a self, agent: &'a AgentKey, serial: &'a str) -> Reply<'a, bool> {
        Box::pin(async move { Ok(!self.service.store.is_certificate_good(agent, serial).await?) })
    }

    fn heartbeat<'a>(&'a self, agent: &'a AgentKey, poll: &'a Poll) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.service.store.record_heartbeat(agent, poll, self.service.now()).await?) })
    }

    fn next_instruction<'a>(
        &'a self,
        agent: &'a AgentKey,
        running: Option<&'a RunArn>,
        wait: Duration,
    ) -> Reply<'a, Directive> {
        Box::pin(async move {
            if !self.service.rates.of_polls.take(&agent.to_string(), std::time::Instant::now()) {
                // It is told what there is, so that no run waits for it, and does not keep a connection besides.
                let instruction = self.instruct(agent, running).await?;
                return Ok(Directive { instruction, slow_down_seconds: Some(SLOW_DOWN_SECONDS) });
            }
            let instruction = self.wait_for_instruction(agent, running, wait).await?;
            Ok(Directive { instruction, slow_down_seconds: None })
        })
    }

    fn put_chunk<'a>(&'a self, agent: &'a AgentKey, head: &'a ChunkHead, bytes: Vec<u8>) -> Reply<'a, Stored> {
        Box::pin(async move {
            let ChunkHead { run, number, digest } = head;
            Ok(self.service.store.put_chunk(run, agent, *number, digest.as_str(), bytes).await?)
        })
    }

    fn complete<'a>(&'a self, agent: &'a AgentKey, complete: &'a Complete) -> Reply<'a, Completion> {
        Box::pin(self.receive(agent, complete))
    }

    fn fail<'a>(&'a self, agent: &'a AgentKey, failure: &'a Failure) -> Reply<'a, ()> {
        Box::pin(async move {
            if self.service.store.lose_agent(&failure.run, agent, &failure.reason).await? {
                tracing::warn!(%agent, run = %failure.run, reason = failure.reason, "an agent could not collect");
            }
            Ok(())
        })
    }
}

fn failed(operation: &'static str, cause: impl std::error::Error + Send + Sync + 'static) -> DeskError {
    DeskError::Failed { operation, cause: Box::new(cause) }
}
