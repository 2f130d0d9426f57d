//! Trace: how a verdict came about, in a form that can be printed and replayed.

use serde::{Deserialize, Serialize};

/// One value of the evidence that decided, with the place it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// What it is, for example `PermitRootLogin`.
    pub label: String,
    /// The value as text.
    pub value: String,
    /// The file of the host, or a word such as `compiled-in default`.
    pub source: Option<String>,
    /// 1-based line in that file.
    pub line: Option<u32>,
}

/// One part of a rule's condition, and the value it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionPart {
    /// Nesting depth: 0 is the whole condition.
    pub depth: u8,
    /// The expression, as text.
    pub expression: String,
    /// The value it had, or the reason why it had none.
    pub value: String,
}

/// How one package version was compared with one advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Installed binary package.
    pub package: String,
    /// Left operand: the installed source version.
    pub installed: String,
    /// `<`, `=`, `>`; absent where nothing was compared.
    pub order: Option<String>,
    /// Right operand: the version in which the advisory says it is fixed, where there is one.
    pub fixed: Option<String>,
    /// What follows from it, as a sentence.
    pub conclusion: String,
}

/// The advisory record that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvisoryRecord {
    /// The feed, for example `debian-tracker`.
    pub feed: String,
    /// When the feed was fetched, RFC 3339.
    pub fetched_at: Option<String>,
    /// SHA-256 of the feed as fetched, hexadecimal.
    pub feed_digest: Option<String>,
    /// The release that the record is for, for example `bookworm`.
    pub release: String,
    /// The source package of the record.
    pub source_package: String,
    /// The record's status in the feed's own words.
    pub status: String,
    /// The record's urgency in the feed's own words.
    pub urgency: Option<String>,
    /// The feed's remark, for example why there is no advisory.
    pub note: Option<String>,
}

/// One addend of the risk score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskAddend {
    /// What it stands for, for example `known to be exploited (CISA KEV)`.
    pub label: String,
    /// Points added.
    pub points: f64,
}

/// The whole trace of a finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The rule's condition, source text.
    pub condition: Option<String>,
    /// The condition taken apart.
    pub parts: Vec<ConditionPart>,
    /// The advisory record.
    pub advisories: Vec<AdvisoryRecord>,
    /// The version comparisons.
    pub comparisons: Vec<Comparison>,
    /// Where the severity came from, as a sentence.
    pub severity_source: String,
    /// The addends of the risk score, whose sum is the score.
    pub risk: Vec<RiskAddend>,
}
