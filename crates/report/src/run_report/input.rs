//! What a run report is made of: plain values, in the order in which they shall be printed.
//!
//! Every text may be hostile and of any length: the writers make it visible, cut it and break it.

use std::fmt;
use std::str::FromStr;

use assay_model::Timestamp;
use assay_model::run::RunState;
use assay_model::severity::Severity;

/// Which report (Inspector `ReportType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// What was found.
    Finding,
    /// What was found, and every rule that passed.
    Full,
}

impl ReportKind {
    /// Both.
    pub const ALL: [ReportKind; 2] = [ReportKind::Finding, ReportKind::Full];

    /// Inspector's word: `FINDING`, `FULL`.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportKind::Finding => "FINDING",
            ReportKind::Full => "FULL",
        }
    }

    /// The words on the cover.
    pub fn title(self) -> &'static str {
        match self {
            ReportKind::Finding => "Findings Report",
            ReportKind::Full => "Full Report",
        }
    }
}

impl fmt::Display for ReportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no report kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no report type: use FINDING or FULL")]
pub struct ParseReportKindError {
    /// What was given.
    pub text: String,
}

impl FromStr for ReportKind {
    type Err = ParseReportKindError;

    fn from_str(text: &str) -> Result<ReportKind, ParseReportKindError> {
        ReportKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| ParseReportKindError { text: text.to_owned() })
    }
}

/// All that a report of one run tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunReport {
    /// What made it, for example `Assay`: the cover says `Assay Assessment Report`, every page's foot names it.
    pub product_name: String,
    /// When it is made; the clock is the caller's.
    pub generated_at: Timestamp,
    /// The run.
    pub run: ReportRun,
    /// The name of the template that the run executed.
    pub template_name: String,
    /// The target.
    pub target: ReportTarget,
    /// The members of the target when the run started.
    pub instances: Vec<ReportInstance>,
    /// The rules packages, each with what it found.
    pub rules_packages: Vec<ReportPackage>,
    /// What was not checked.
    pub exclusions: Vec<ReportExclusion>,
}

/// The run of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRun {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The state it ended in.
    pub state: RunState,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended; absent when it has not.
    pub completed_at: Option<Timestamp>,
    /// How long it observed its instances, as asked for; zero for a snapshot.
    pub duration_seconds: u32,
}

/// The target of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTarget {
    /// Its name.
    pub name: String,
    /// The tags that select its instances; absent means all instances, an empty list that the tags are not known.
    pub selectors: Option<Vec<TagSelector>>,
}

/// One tag of a target; a tag without a value selects by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagSelector {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Option<String>,
}

/// One instance of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportInstance {
    /// The agent id, by which rules name it.
    pub agent_id: String,
    /// The host's name; empty when it is not known.
    pub hostname: String,
    /// For example `Debian GNU/Linux 12 (bookworm)`; empty when it is not known.
    pub operating_system: String,
}

/// One rules package, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPackage {
    /// For example `Security Best Practices`.
    pub name: String,
    /// For example `1.0`.
    pub version: String,
    /// Who publishes it.
    pub provider: String,
    /// What it checks.
    pub description: String,
    /// How many rules it has; absent where that has no meaning or is not known.
    pub rule_count: Option<u64>,
    /// The rules that failed somewhere, in the order of the report.
    pub failed: Vec<FailedRule>,
    /// The rules that passed somewhere; only [`ReportKind::Full`] shows them.
    pub passed: Vec<PassedRule>,
}

/// A rule that failed, on all instances where it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRule {
    /// The rule id, for example `CVE-2026-1234`.
    pub rule: String,
    /// The worst severity among its findings.
    pub severity: Severity,
    /// How many findings it has: at least one an instance.
    pub finding_count: u64,
    /// What is wrong; where instances differ, each different text once.
    pub descriptions: Vec<String>,
    /// What to do; where instances differ, each different text once.
    pub recommendations: Vec<String>,
    /// The agent ids of the instances that have it.
    pub instances: Vec<String>,
}

/// A rule that passed, on all instances where it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedRule {
    /// The rule id.
    pub rule: String,
    /// Its severity.
    pub severity: Severity,
    /// The agent ids of the instances where it passed.
    pub instances: Vec<String>,
}

/// One reason why something was not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportExclusion {
    /// The type.
    pub title: String,
    /// What was not checked, and why.
    pub description: String,
    /// How to have it checked.
    pub recommendation: String,
    /// The agent ids and names of rules packages that it is about.
    pub scopes: Vec<String>,
}
