//! Filters: which runs and findings are wanted. Every condition that is set must hold; an empty filter takes all.

use assay_model::arn::RunArn;
use assay_model::finding::FixState;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_model::severity::{Band, Severity};

/// Which runs are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Of the host with this agent id or host name.
    pub host: Option<String>,
    /// In one of these states; empty takes any.
    pub states: Vec<RunState>,
}

/// Which findings are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of this run.
    pub run: Option<RunArn>,
    /// Of this band or a worse one.
    pub minimum_band: Option<Band>,
    /// Of one of these severities; empty takes any.
    pub severities: Vec<Severity>,
    /// Of this rules package.
    pub rules_package: Option<RulesPackageKind>,
    /// Of this rule, exactly.
    pub rule_id: Option<String>,
    /// With an affected package of this binary or source name, exactly.
    pub package: Option<String>,
    /// About this CVE, in any letter case.
    pub cve: Option<String>,
    /// With this text in title, rule, description or package names, in any letter case.
    pub text: Option<String>,
    /// With an affected package in this state.
    pub fix_state: Option<FixState>,
}
