//! The databases that judge the evidence of a run, as the feeds are now.
//!
//! Surprising: nothing is fetched for it, unlike when a host is assessed; what is not there is the answer.

use std::collections::BTreeMap;

use assay_advisory::{Database, ReleaseError, Scope, scope_of};
use assay_feeds::{FeedError, FeedStore};
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::Evidence;
use assay_report::Reason;

use super::sentence::sentence;

/// The databases of a run's evidence; where one is not there, the reason why.
#[derive(Debug)]
pub struct RunDatabases {
    /// That of the host's release.
    pub packages: Result<Database, NoDatabase>,
    /// Those of the ecosystems that the host has libraries of.
    pub libraries: BTreeMap<Ecosystem, Result<Database, NoDatabase>>,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum NoDatabase {
    /// Of which system is not known.
    #[error("the evidence does not say what operating system the host has")]
    UnknownSystem,
    /// No feed covers the host.
    #[error(transparent)]
    NotCovered(ReleaseError),
    /// The feed is missing or cannot be used.
    #[error(transparent)]
    Feed(FeedError),
}

impl RunDatabases {
    /// Opens the databases for the evidence.
    pub fn open(evidence: &Evidence, feeds: &FeedStore) -> RunDatabases {
        let open = |scope: &Scope| feeds.database(scope).map_err(NoDatabase::Feed);
        let packages = match evidence.os.facts.as_ref().map(scope_of) {
            Some(Ok(scope)) => open(&scope),
            Some(Err(error)) => Err(NoDatabase::NotCovered(error)),
            None => Err(NoDatabase::UnknownSystem),
        };
        let ecosystems = evidence.ecosystems().into_iter();
        let libraries = ecosystems.map(|ecosystem| (ecosystem, open(&Scope::library(ecosystem)))).collect();
        RunDatabases { packages, libraries }
    }
}

impl NoDatabase {
    /// The reason why nothing is said by it.
    pub fn reason(&self) -> Reason {
        let name = match self {
            NoDatabase::NotCovered(_) => "not-covered",
            NoDatabase::UnknownSystem | NoDatabase::Feed(_) => "not-checked",
        };
        Reason { name: name.to_owned(), sentence: sentence(self) }
    }
}
