//! Timing: how long a run waits for its agents.

use std::time::Duration;

/// How long a run waits for its agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunTiming {
    /// For the agents to be told; the others are told later.
    pub telling: Duration,
    /// For what was collected to arrive, after the run's duration.
    pub grace: Duration,
    /// Between two looks at a run that nobody has asked for.
    pub look: Duration,
}

impl Default for RunTiming {
    fn default() -> RunTiming {
        RunTiming { telling: Duration::from_secs(3), grace: Duration::from_secs(120), look: Duration::from_secs(60) }
    }
}
