//! Coverage: what share of the rules could be decided, and what of the host no knowledge covers.

use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::rules_package::RulesPackageKind;

/// How many rules of one package had which outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCounts {
    /// Complies.
    pub pass: u32,
    /// Does not comply.
    pub fail: u32,
    /// Could not be decided.
    pub unknown: u32,
    /// Evaluation failed.
    pub error: u32,
    /// Does not concern the host.
    pub notapplicable: u32,
    /// Not evaluated.
    pub notchecked: u32,
}

impl OutcomeCounts {
    /// Counts one outcome.
    pub fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Fail => &mut self.fail,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Error => &mut self.error,
            Outcome::NotApplicable => &mut self.notapplicable,
            Outcome::NotChecked => &mut self.notchecked,
        };
        *count += 1;
    }

    /// All rules.
    pub fn total(&self) -> u32 {
        self.decided() + self.unknown + self.error + self.notchecked
    }

    /// The rules that came to a decision: pass, fail or notapplicable.
    pub fn decided(&self) -> u32 {
        self.pass + self.fail + self.notapplicable
    }
}

/// The coverage of one rules package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageCoverage {
    /// Which package.
    pub rules_package: RulesPackageKind,
    /// What is counted: `rules`, or `packages` for the CVE package, whose unit is an installed OS package.
    pub unit: CoverageUnit,
    /// The counts.
    pub outcomes: OutcomeCounts,
}

/// What a coverage count counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoverageUnit {
    /// Rules of a native rules package.
    Rules,
    /// Installed packages compared with an advisory feed.
    Packages,
}

/// The coverage of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// By rules package, in the order they were asked for.
    pub packages: Vec<PackageCoverage>,
}

impl Coverage {
    /// Share of the checks that came to a decision, 0.0 to 1.0; 0.0 when there was nothing to decide.
    pub fn decided_share(&self) -> f64 {
        let total: u32 = self.packages.iter().map(|package| package.outcomes.total()).sum();
        let decided: u32 = self.packages.iter().map(|package| package.outcomes.decided()).sum();
        if total == 0 { 0.0 } else { f64::from(decided) / f64::from(total) }
    }

    /// Whether every check came to a decision, and there was at least one.
    pub fn is_complete(&self) -> bool {
        !self.packages.is_empty()
            && self
                .packages
                .iter()
                .all(|package| package.outcomes.total() > 0 && package.outcomes.decided() == package.outcomes.total())
    }
}
