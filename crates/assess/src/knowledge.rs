//! Knowledge: what one assessment judges by, handed in by the caller.

use assay_advisory::{Database, Enrichment};
use assay_model::assessment::FeedSummary;
use assay_rules::KnowledgeBase;

/// A feed that cannot be used, or only with a reservation: an exclusion, never "no vulnerabilities".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedGap {
    /// What is wrong, one sentence.
    pub description: String,
    /// What to do, one sentence.
    pub recommendation: String,
}

/// What one assessment judges by.
#[derive(Debug)]
pub struct Knowledge<'a> {
    /// Native rules.
    pub rules: &'a KnowledgeBase,
    /// The advisories of the host's release, or why there are none.
    pub database: Result<&'a Database, &'a FeedGap>,
    /// KEV, EPSS and CVSS, where there are any.
    pub enrichment: Option<&'a Enrichment>,
    /// The feeds in use.
    pub feeds: &'a [FeedSummary],
    /// Reservations about feeds that are in use all the same: stale, quarantined, an optional one missing.
    pub gaps: &'a [FeedGap],
}
