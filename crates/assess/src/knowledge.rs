//! Knowledge: what one assessment judges by, handed in by the caller.

use std::collections::BTreeMap;

use assay_advisory::import::vex::VexDocument;
use assay_advisory::{Database, Enrichment};
use assay_model::assessment::FeedSummary;
use assay_model::ecosystem::Ecosystem;
use assay_rules::KnowledgeBase;

/// A feed that cannot be used, or only with a reservation: an exclusion, never "no vulnerabilities".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedGap {
    /// What is wrong, one sentence.
    pub description: String,
    /// What to do, one sentence.
    pub recommendation: String,
}

/// The databases of libraries by their ecosystem, or why there is none; one that is absent was not looked for.
pub type LibraryDatabases = BTreeMap<Ecosystem, Result<Database, FeedGap>>;

/// Statements of the user's own about what is affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexFile {
    /// The file, as the user named it.
    pub path: String,
    /// What is in it.
    pub document: VexDocument,
}

/// What one assessment judges by.
#[derive(Debug)]
pub struct Knowledge<'a> {
    /// Native rules.
    pub rules: &'a KnowledgeBase,
    /// The advisories of the host's release, or why there are none.
    pub database: Result<&'a Database, &'a FeedGap>,
    /// The advisories of the ecosystems that the host has libraries of.
    pub libraries: &'a LibraryDatabases,
    /// KEV, EPSS and CVSS, where there are any.
    pub enrichment: Option<&'a Enrichment>,
    /// The feeds in use.
    pub feeds: &'a [FeedSummary],
    /// Reservations about feeds that are in use all the same: stale, quarantined, an optional one missing.
    pub gaps: &'a [FeedGap],
    /// What the user says of vulnerabilities: it sets findings aside, and an exclusion tells of it.
    pub vex: &'a [VexFile],
}
