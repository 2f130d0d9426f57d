//! Finding: one problem on one host in one run (reference §8.5).

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::arn::FindingArn;
use crate::attribute::Attribute;
use crate::rules_package::RulesPackageKind;
use crate::severity::{Band, Severity};
use crate::trace::{EvidenceItem, Trace};

/// The host that a finding is about (Inspector `AssetAttributes`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// The agent id: the EC2 instance id, or an id of the same shape.
    pub agent_id: String,
    /// The host's name.
    pub hostname: String,
    /// IPv4 addresses, where collected.
    pub ipv4_addresses: Vec<String>,
}

/// One step of a remediation, in the order in which to take them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemediationStep {
    /// What to do, one sentence.
    pub text: String,
    /// The exact command, where one is safe.
    pub command: Option<String>,
}

/// How a package stands to a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixState {
    /// Fixed in a version that is newer than the installed one.
    FixedIn,
    /// Vulnerable, and there is no fix yet.
    NoFixYet,
    /// Vulnerable, and the distribution decided not to fix it now (`no-dsa`, `postponed`).
    NoDsa,
    /// Vulnerable, and the distribution will not fix it.
    Ignored,
    /// The release or the package gets no security support any more.
    EndOfLife,
    /// Fixed in a channel of updates that the host does not have (ESM, EUS).
    OtherChannel,
    /// The fix is installed, and processes still run the code of before.
    RestartNeeded,
}

impl FixState {
    /// The words shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            FixState::FixedIn => "fixed",
            FixState::NoFixYet => "no fix yet",
            FixState::NoDsa => "no-dsa",
            FixState::Ignored => "ignored",
            FixState::EndOfLife => "end of life",
            FixState::OtherChannel => "fixed in another channel",
            FixState::RestartNeeded => "restart needed",
        }
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A guess that somebody should look at: matched by name only, or no range is known.
    Suspected,
    /// Something about it is not certain: what a lock file names, code behind a live patch.
    Likely,
    /// The publisher of the package says so about this version.
    #[default]
    Certain,
}

impl Confidence {
    /// The word shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Suspected => "suspected",
            Confidence::Likely => "likely",
            Confidence::Certain => "certain",
        }
    }
}

/// One installed package that a vulnerability affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedPackage {
    /// Binary package name.
    pub name: String,
    /// Installed version, epoch included.
    pub version: String,
    /// Architecture as the package database says.
    pub architecture: String,
    /// Source package name.
    pub source_name: String,
    /// Source package version.
    pub source_version: String,
    /// The source version that has the fix.
    pub fixed_version: Option<String>,
    /// How it stands.
    pub state: FixState,
    /// Something worth knowing about this package's part, for example `installed, not running`.
    pub note: Option<String>,
    /// How sure it is.
    #[serde(default)]
    pub confidence: Confidence,
    /// Its package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// The file that names it, for a library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// What is known about the vulnerability itself, from the feeds that were joined in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// For example `CVE-2024-3094`.
    pub cve: String,
    /// Its other ids, and those of the notices about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// CVSS base score, vector and who scored, best version first.
    pub cvss: Vec<CvssScore>,
    /// Listed in CISA's catalogue of known exploited vulnerabilities: the date it was added.
    pub kev_date_added: Option<String>,
    /// EPSS probability, 0.0 to 1.0.
    pub epss: Option<f64>,
    /// EPSS percentile, 0.0 to 1.0.
    pub epss_percentile: Option<f64>,
}

/// One CVSS score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CvssScore {
    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub version: String,
    /// Base score, 0.0 to 10.0.
    pub score: f64,
    /// The vector as published.
    pub vector: String,
    /// Who scored, for example `NVD`.
    pub source: String,
}

/// One problem on one host in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its ARN.
    pub arn: FindingArn,
    /// Stable across runs: same host, rules package, rule and subject give the same key (16 hexadecimal digits).
    pub key: String,
    /// The rules package it comes from.
    pub rules_package: RulesPackageKind,
    /// Version of the knowledge that judged.
    pub rules_package_version: String,
    /// The host.
    pub asset: Asset,
    /// The rule: Inspector's `id`, for example `Disable root login over SSH` or the CVE.
    pub rule_id: String,
    /// One line that names the host and the problem.
    pub title: String,
    /// What is wrong, with the values seen.
    pub description: String,
    /// What to do, in order.
    pub remediation: Vec<RemediationStep>,
    /// Inspector's severity.
    pub severity: Severity,
    /// Assay's band.
    pub band: Band,
    /// Risk score by which findings are sorted: the sum of the trace's addends.
    pub risk: f64,
    /// Inspector's system attributes (reference §8.5).
    pub attributes: Vec<Attribute>,
    /// The user's own.
    pub user_attributes: Vec<Attribute>,
    /// The values that decided, with file and line.
    pub evidence: Vec<EvidenceItem>,
    /// The packages affected; empty unless the finding is about a vulnerability.
    pub packages: Vec<AffectedPackage>,
    /// The vulnerability, where the finding is about one.
    pub vulnerability: Option<Vulnerability>,
    /// References: `CWE-…`, `NIST 800-53 …`, or addresses.
    pub references: Vec<String>,
    /// How the verdict came about.
    pub trace: Trace,
    /// When it was evaluated.
    pub created_at: Timestamp,
    /// When its user attributes last changed.
    pub updated_at: Timestamp,
}
