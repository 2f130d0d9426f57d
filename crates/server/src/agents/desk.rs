//! Desk: what the agents' handlers need remembered. The store is one; tests have another.
//!
//! Every method may be called twice for one thing, because an answer may get lost: the second call has the same result.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use assay_link::{AgentFacts, AgentId, ChunkHead, Complete, Completion, Failure, Instruction, Poll, RefusalCode};
use assay_model::Timestamp;
use assay_model::arn::RunArn;

/// A result that is waited for; the box makes [`Desk`] usable as `dyn Desk`.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, DeskError>> + Send + 'a>>;

/// An agent as the store knows it: ids are unique in an account only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentKey {
    /// 12 digits.
    pub account: String,
    /// The agent.
    pub agent: AgentId,
}

impl fmt::Display for AgentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.agent)
    }
}

/// What is known of a certificate that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its serial number: 32 hexadecimal digits.
    pub serial: String,
    /// When it ends.
    pub not_after: Timestamp,
}

/// What an agent is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What to do.
    pub instruction: Instruction,
    /// Seconds before the next poll, where it shall be later than usual.
    pub slow_down_seconds: Option<u32>,
}

/// What became of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored, now or before, and will not be lost.
    Kept,
    /// Another chunk is stored under its number.
    Conflict,
    /// The run takes no evidence of this agent (any more).
    Closed,
}

/// Why a desk has no answer.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The agent asked for what it may not have.
    #[error("{reason}")]
    Refused {
        /// Why.
        code: RefusalCode,
        /// One sentence for the agent's operator.
        reason: String,
    },
    /// Too much to do.
    #[error("too many requests")]
    Busy,
    /// The store failed.
    #[error("failed to {operation}")]
    Failed {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What the agents' handlers need remembered.
pub trait Desk: Send + Sync + 'static {
    /// Spends an enrolment token and records the agent; returns the account that the token belongs to.
    ///
    /// `key_digest` is the SHA-256 of the signing request: the same host may come again with the same request, because
    /// the answer may have got lost. Refused with [`RefusalCode::Token`] where the token is wrong, spent or expired, and
    /// with [`RefusalCode::Taken`] where another host is enrolled under the id.
    fn spend_token<'a>(&'a self, token: &'a str, key_digest: &'a str, facts: &'a AgentFacts) -> Reply<'a, String>;

    /// Records a certificate before it is handed out, so that it can be revoked.
    fn record_certificate<'a>(&'a self, agent: &'a AgentKey, certificate: &'a Certificate) -> Reply<'a, ()>;

    /// Whether the agent, or this certificate of it, is revoked. One that was never recorded is.
    fn is_revoked<'a>(&'a self, agent: &'a AgentKey, serial: &'a str) -> Reply<'a, bool>;

    /// Records that the agent was heard from, and what it said.
    fn heartbeat<'a>(&'a self, agent: &'a AgentKey, poll: &'a Poll) -> Reply<'a, ()>;

    /// What the agent is to do next; waits up to `wait` for something other than [`Instruction::Idle`]. The instruction
    /// for the run that is `running` is not repeated.
    fn next_instruction<'a>(
        &'a self,
        agent: &'a AgentKey,
        running: Option<&'a RunArn>,
        wait: Duration,
    ) -> Reply<'a, Directive>;

    /// Stores a chunk, whose digest was verified, by run, agent and number.
    fn put_chunk<'a>(&'a self, agent: &'a AgentKey, head: &'a ChunkHead, bytes: Vec<u8>) -> Reply<'a, Stored>;

    /// All chunks are sent: verifies and stores the evidence, or says what is missing.
    fn complete<'a>(&'a self, agent: &'a AgentKey, complete: &'a Complete) -> Reply<'a, Completion>;

    /// The agent could not collect.
    fn fail<'a>(&'a self, agent: &'a AgentKey, failure: &'a Failure) -> Reply<'a, ()>;
}
