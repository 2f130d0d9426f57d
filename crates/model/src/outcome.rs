//! The outcome of one rule for one subject: XCCDF's result words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The outcome of one check, ordered so that `max` is the more alarming one (XCCDF 1.2 §6.6.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The rule does not concern this host.
    NotApplicable,
    /// The rule was not evaluated at all.
    NotChecked,
    /// The host complies.
    Pass,
    /// It could not be decided; never to be read as `Pass`.
    Unknown,
    /// Evaluating the rule itself failed.
    Error,
    /// The host does not comply.
    Fail,
}

impl Outcome {
    /// The XCCDF word.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::NotApplicable => "notapplicable",
            Outcome::NotChecked => "notchecked",
            Outcome::Pass => "pass",
            Outcome::Unknown => "unknown",
            Outcome::Error => "error",
            Outcome::Fail => "fail",
        }
    }

    /// Whether the rule came to a decision about the host.
    pub fn is_decided(self) -> bool {
        matches!(self, Outcome::NotApplicable | Outcome::Pass | Outcome::Fail)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
