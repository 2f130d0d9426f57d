//! Limits of an account and region (reference §8.11); each is configuration.

/// How many of each an account may have in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Assessment targets.
    pub targets: u64,
    /// Assessment templates.
    pub templates: u64,
    /// Assessment runs.
    pub runs: u64,
    /// Instances in active runs.
    pub instances_in_active_runs: u64,
    /// Resource groups.
    pub resource_groups: u64,
    /// Event subscriptions of one template.
    pub subscriptions: u64,
    /// Agents.
    pub agents: u64,
    /// Calls of one access key a second; twice as many at once.
    pub calls_per_second: u32,
    /// Calls from one address a minute that could not be verified.
    pub failures_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            targets: 50,
            templates: 500,
            runs: 50_000,
            // Inspector's 500 was a common complaint; what limits here is the machine.
            instances_in_active_runs: 10_000,
            resource_groups: 10_000,
            subscriptions: 50,
            agents: 100_000,
            calls_per_second: 1000,
            failures_per_minute: 300,
        }
    }
}
