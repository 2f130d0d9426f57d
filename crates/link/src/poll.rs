//! Poll: the heartbeat, and the question what to do next.

use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};

use crate::facts::AgentFacts;
use crate::health::{AgentHealth, AgentHealthCode};
use crate::limit;
use crate::message::{LinkError, Message};

/// Longest time that a server may hold a poll back, in seconds: below the idle time-out of common proxies.
pub const MAX_WAIT_SECONDS: u32 = 50;

/// Longest detail of a health, in bytes (reference §8.4).
const MAX_DETAIL_BYTES: usize = 1000;

/// A heartbeat. The server may hold the answer back while there is nothing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Who it is now; the id is the certificate's, not this one.
    pub facts: AgentFacts,
    /// How it is.
    pub health: AgentHealth,
    /// Why.
    pub code: AgentHealthCode,
    /// One sentence where something is wrong.
    #[serde(default)]
    pub detail: Option<String>,
    /// The run it takes part in: the instruction for it need not be repeated.
    #[serde(default)]
    pub running: Option<RunArn>,
    /// How long it is ready to wait for the answer, up to [`MAX_WAIT_SECONDS`].
    pub wait_seconds: u32,
}

impl Message for Poll {
    const NAME: &'static str = "poll";
    const LIMIT: usize = 128 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::text::<Poll>("detail", self.detail.as_deref().unwrap_or_default(), MAX_DETAIL_BYTES)?;
        if self.wait_seconds > MAX_WAIT_SECONDS {
            return Err(limit::member::<Poll>("wait_seconds", format!("is over the limit of {MAX_WAIT_SECONDS}")));
        }
        self.facts.check::<Poll>()
    }
}
