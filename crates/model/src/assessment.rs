//! Assessment: all that one run produced, as reports show it and the store keeps it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::coverage::Coverage;
use crate::evidence::SourceKind;
use crate::exclusion::Exclusion;
use crate::finding::Finding;
use crate::outcome::Outcome;
use crate::rules_package::RulesPackageKind;
use crate::run::AssessmentRun;
use crate::severity::Severity;
use crate::target::AssessmentTarget;
use crate::template::AssessmentTemplate;

/// The host of a run, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSummary {
    /// The agent id.
    pub agent_id: String,
    /// Host name.
    pub hostname: String,
    /// For example `Debian GNU/Linux 12 (bookworm)`.
    pub operating_system: String,
    /// Running kernel's release, where there is one.
    pub kernel: Option<String>,
    /// Number of installed packages; absent when they could not be read.
    pub installed_packages: Option<u32>,
    /// From what the evidence was collected.
    pub source: SourceKind,
    /// When.
    pub collected_at: Timestamp,
    /// Content address of the evidence.
    pub evidence_digest: String,
}

/// A feed that a run judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSummary {
    /// For example `debian-tracker`.
    pub name: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// SHA-256 of what was fetched, hexadecimal.
    pub digest: String,
    /// Number of records.
    pub records: u64,
}

/// The outcome of one rule of a native rules package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleResult {
    /// The package.
    pub rules_package: RulesPackageKind,
    /// The rule.
    pub rule_id: String,
    /// Its severity.
    pub severity: Severity,
    /// The outcome.
    pub outcome: Outcome,
    /// Why, one sentence.
    pub reason: String,
}

/// All that one run produced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The target.
    pub target: AssessmentTarget,
    /// The template.
    pub template: AssessmentTemplate,
    /// The run.
    pub run: AssessmentRun,
    /// The host.
    pub host: HostSummary,
    /// The feeds.
    pub feeds: Vec<FeedSummary>,
    /// Sorted by risk, worst first.
    pub findings: Vec<Finding>,
    /// What was not checked.
    pub exclusions: Vec<Exclusion>,
    /// What share was.
    pub coverage: Coverage,
    /// Every rule's outcome, passes included.
    pub rule_results: Vec<RuleResult>,
}
