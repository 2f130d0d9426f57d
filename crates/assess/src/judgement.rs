//! Judgement: what assessing one host's evidence yields.

use assay_model::Timestamp;
use assay_model::assessment::RuleResult;
use assay_model::coverage::Coverage;
use assay_model::evidence::Evidence;
use assay_model::exclusion::Exclusion;
use assay_model::finding::{Asset, Finding};

/// What assessing one host's evidence yields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judgement {
    /// Worst first.
    pub(crate) findings: Vec<Finding>,
    /// What was not checked.
    pub(crate) exclusions: Vec<Exclusion>,
    /// What share was.
    pub(crate) coverage: Coverage,
    /// Every native rule's outcome.
    pub(crate) rule_results: Vec<RuleResult>,
}

impl Judgement {
    /// Puts findings into their one order: risk, then severity, then rule, then key.
    pub(crate) fn sort(&mut self) {
        self.findings.sort_by(|left, right| {
            right
                .risk
                .total_cmp(&left.risk)
                .then_with(|| right.band.cmp(&left.band))
                .then_with(|| left.rule_id.cmp(&right.rule_id))
                .then_with(|| left.key.cmp(&right.key))
        });
    }
}

/// The host that is judged, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) now: Timestamp,
}

impl Subject<'_> {
    pub(crate) fn asset(&self) -> Asset {
        let host = &self.evidence.host;
        Asset {
            agent_id: host.agent_id.clone(),
            hostname: host.hostname.clone(),
            ipv4_addresses: host.ipv4_addresses.clone(),
        }
    }
}
