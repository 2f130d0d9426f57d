//! Limits of an account and region (reference §8.11), and rates; each is configuration.

/// How many of each an account may have in a region, and how often somebody may come.
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
    /// Schedules of recurring assessments.
    pub schedules: u64,
    /// Agents.
    pub agents: u64,
    /// Calls of one access key a second; twice as many at once.
    pub calls_per_second: u32,
    /// Calls from one address a minute that could not be verified.
    pub failures_per_minute: u32,
    /// Polls of one agent a minute; as many at once.
    pub polls_per_minute: u32,
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
            schedules: 500,
            agents: 100_000,
            calls_per_second: 1000,
            failures_per_minute: 300,
            polls_per_minute: 120,
        }
    }
}

/// Why a limit cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// There is no such limit.
    #[error("there is no limit {name:?}")]
    Unknown {
        /// The name.
        name: String,
    },
    /// It would be of no use, or none.
    #[error("{name} is {number}, and may be 1 to {MOST}")]
    Range {
        /// The name.
        name: String,
        /// The number.
        number: u64,
    },
}

/// The highest that any limit may be.
const MOST: u32 = 1_000_000_000;

impl Limits {
    /// The names of all limits, as the configuration has them.
    pub const NAMES: [&'static str; 11] = [
        "targets",
        "templates",
        "runs",
        "instances_in_active_runs",
        "resource_groups",
        "subscriptions",
        "schedules",
        "agents",
        "calls_per_second",
        "failures_per_minute",
        "polls_per_minute",
    ];

    /// Sets a limit by its name.
    ///
    /// # Errors
    ///
    /// When there is none of this name, or the number is not 1 to 1,000,000,000.
    pub fn set(&mut self, name: &str, number: u64) -> Result<(), LimitError> {
        let small = match u32::try_from(number) {
            Ok(small) if (1..=MOST).contains(&small) => small,
            _ => return Err(LimitError::Range { name: name.to_owned(), number }),
        };
        match name {
            "targets" => self.targets = number,
            "templates" => self.templates = number,
            "runs" => self.runs = number,
            "instances_in_active_runs" => self.instances_in_active_runs = number,
            "resource_groups" => self.resource_groups = number,
            "subscriptions" => self.subscriptions = number,
            "schedules" => self.schedules = number,
            "agents" => self.agents = number,
            "calls_per_second" => self.calls_per_second = small,
            "failures_per_minute" => self.failures_per_minute = small,
            "polls_per_minute" => self.polls_per_minute = small,
            _ => return Err(LimitError::Unknown { name: name.to_owned() }),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_a_name_and_bounds() {
        let mut limits = Limits::default();
        for (index, name) in Limits::NAMES.into_iter().enumerate() {
            limits.set(name, 7 + index as u64).unwrap();
            for number in [0, 1_000_000_001, u64::MAX] {
                let range = LimitError::Range { name: name.to_owned(), number };
                assert_eq!(limits.set(name, number), Err(range), "{name}");
            }
        }
        let expected = Limits {
            targets: 7,
            templates: 8,
            runs: 9,
            instances_in_active_runs: 10,
            resource_groups: 11,
            subscriptions: 12,
            schedules: 13,
            agents: 14,
            calls_per_second: 15,
            failures_per_minute: 16,
            polls_per_minute: 17,
        };
        assert_eq!(limits, expected);
        assert_eq!(limits.set("target", 1).unwrap_err().to_string(), "there is no limit \"target\"");
        assert_eq!(limits.set("runs", 0).unwrap_err().to_string(), "runs is 0, and may be 1 to 1000000000");
    }
}
