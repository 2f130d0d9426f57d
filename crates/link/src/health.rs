//! Agent health and its code, in the API's words (reference §5).

use serde::{Deserialize, Serialize};

/// Whether an agent can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentHealth {
    /// Heard from lately, and able to work.
    Healthy,
    /// Not heard from lately, or not able to work.
    Unhealthy,
    /// Never heard from.
    Unknown,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AgentHealthCode {
    /// Healthy, no run in progress.
    Idle,
    /// Healthy, takes part in a run.
    Running,
    /// Announced a clean stop.
    Shutdown,
    /// Something is wrong on the agent's side.
    Unhealthy,
    /// Was told to slow down.
    Throttled,
    /// Nothing recent is known.
    Unknown,
}

impl AgentHealth {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentHealth::Healthy => "HEALTHY",
            AgentHealth::Unhealthy => "UNHEALTHY",
            AgentHealth::Unknown => "UNKNOWN",
        }
    }
}

impl AgentHealthCode {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentHealthCode::Idle => "IDLE",
            AgentHealthCode::Running => "RUNNING",
            AgentHealthCode::Shutdown => "SHUTDOWN",
            AgentHealthCode::Unhealthy => "UNHEALTHY",
            AgentHealthCode::Throttled => "THROTTLED",
            AgentHealthCode::Unknown => "UNKNOWN",
        }
    }
}
