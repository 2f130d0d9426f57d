//! The five rules packages of Inspector Classic: names and versions (reference §3.1); their ARNs are in `region`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the five rules packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RulesPackageKind {
    /// Common Vulnerabilities and Exposures.
    Cve,
    /// CIS Operating System Security Configuration Benchmarks.
    Cis,
    /// Network Reachability.
    Network,
    /// Security Best Practices.
    BestPractices,
    /// Runtime Behavior Analysis.
    Runtime,
}

impl RulesPackageKind {
    /// All five, in the order of the command line.
    pub const ALL: [RulesPackageKind; 5] = [
        RulesPackageKind::Cve,
        RulesPackageKind::Cis,
        RulesPackageKind::Network,
        RulesPackageKind::BestPractices,
        RulesPackageKind::Runtime,
    ];

    /// The word of the command line and of the knowledge folder: `cve`, `cis`, `network`, `best-practices`, `runtime`.
    pub fn slug(self) -> &'static str {
        match self {
            RulesPackageKind::Cve => "cve",
            RulesPackageKind::Cis => "cis",
            RulesPackageKind::Network => "network",
            RulesPackageKind::BestPractices => "best-practices",
            RulesPackageKind::Runtime => "runtime",
        }
    }

    /// The name that Inspector's API returns.
    pub fn name(self) -> &'static str {
        match self {
            RulesPackageKind::Cve => "Common Vulnerabilities and Exposures",
            RulesPackageKind::Cis => "CIS Operating System Security Configuration Benchmarks",
            RulesPackageKind::Network => "Network Reachability",
            RulesPackageKind::BestPractices => "Security Best Practices",
            RulesPackageKind::Runtime => "Runtime Behavior Analysis",
        }
    }

    /// The version that Inspector's console showed.
    pub fn version(self) -> &'static str {
        match self {
            RulesPackageKind::Cve | RulesPackageKind::Network => "1.1",
            _ => "1.0",
        }
    }
}

impl fmt::Display for RulesPackageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no rules package.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no rules package: use cve, cis, network, best-practices or runtime")]
pub struct ParseRulesPackageError {
    /// What was given.
    pub text: String,
}

impl FromStr for RulesPackageKind {
    type Err = ParseRulesPackageError;

    fn from_str(text: &str) -> Result<RulesPackageKind, ParseRulesPackageError> {
        RulesPackageKind::ALL
            .into_iter()
            .find(|kind| kind.slug() == text)
            .ok_or_else(|| ParseRulesPackageError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_an_arn_and_a_slug() {
        for kind in RulesPackageKind::ALL {
            assert!(kind.arn().as_str().ends_with(kind.arn().id()));
            assert_eq!(kind.slug().parse(), Ok(kind));
        }
    }
}
