//! The store: one folder of feeds, and what reads from it.
//!
//! ```text
//! status.json                               what is in use: replaced in one step
//! raw/SOURCE/DIGEST-NAME                    files as they came, to compile again without network
//! compiled/SCOPE-DIGEST.assaydb             one memory-mapped database per platform and release
//! compiled/enrichment-DIGEST.assaydb        KEV, EPSS and CVSS by CVE
//! quarantine/SOURCE-TIME/                   what was not trusted, with reason.json
//! incoming/, lock                           a sync at work
//! ```
//!
//! Reading takes no lock and writes nothing: a read-only folder that belongs to someone else will do.

use std::io::ErrorKind;
use std::time::Duration;

use assay_advisory::{AdvisoryError, Database, Enrichment, Platform, Scope};
use assay_model::Timestamp;
use assay_model::assessment::FeedSummary;
use camino::{Utf8Path, Utf8PathBuf};

use crate::error::FeedError;
use crate::manifest::{CompiledFile, Manifest};
use crate::source::{Need, Source};
use crate::status::FeedStatus;

/// A folder of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedStore {
    folder: Utf8PathBuf,
}

/// How often a file that has just been replaced is looked up again.
const ATTEMPTS: usize = 3;

impl FeedStore {
    /// The store in a folder, which need not exist: then every feed is missing. Nothing is read or made yet.
    pub fn open(folder: impl Into<Utf8PathBuf>) -> FeedStore {
        FeedStore { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// The state of every source, in the order of [`Source::ALL`].
    ///
    /// # Errors
    ///
    /// When the status cannot be read, is damaged, or was written by a newer Assay.
    pub fn status(&self) -> Result<Vec<FeedStatus>, FeedError> {
        let manifest = Manifest::read(&self.folder)?;
        Ok(Source::ALL.into_iter().map(|source| FeedStatus::of(source, manifest.sources.get(&source))).collect())
    }

    /// The state of one source.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::status`].
    pub fn status_of(&self, source: Source) -> Result<FeedStatus, FeedError> {
        let manifest = Manifest::read(&self.folder)?;
        Ok(FeedStatus::of(source, manifest.sources.get(&source)))
    }

    /// The feeds in use, as a run keeps them.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::status`].
    pub fn summaries(&self) -> Result<Vec<FeedSummary>, FeedError> {
        Ok(self.status()?.iter().filter_map(FeedStatus::summary).collect())
    }

    /// What can be judged, sorted.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::status`].
    pub fn scopes(&self) -> Result<Vec<Scope>, FeedError> {
        Ok(Manifest::read(&self.folder)?.databases.into_keys().collect())
    }

    /// The database of a scope. It stays valid while a sync replaces it.
    ///
    /// # Errors
    ///
    /// [`FeedError::Missing`] when no feed of the platform was ever put into use, [`FeedError::ScopeNotCovered`] when
    /// they say nothing of the release, [`FeedError::Corrupt`] or [`FeedError::OtherVersion`] when the database cannot be
    /// used, and as [`FeedStore::status`].
    pub fn database(&self, scope: &Scope) -> Result<Database, FeedError> {
        let find = |manifest: &Manifest| match manifest.databases.get(scope) {
            Some(file) => Ok(Some(file.clone())),
            None => Err(no_database(manifest, scope)),
        };
        self.open_compiled(find, Database::open)?.ok_or_else(|| FeedError::NoFeed { scope: scope.to_string() })
    }

    /// What is known of CVEs whatever the distribution; absent when no such feed was ever put into use.
    ///
    /// # Errors
    ///
    /// [`FeedError::Corrupt`] or [`FeedError::OtherVersion`] when it cannot be used, and as [`FeedStore::status`].
    pub fn enrichment(&self) -> Result<Option<Enrichment>, FeedError> {
        self.open_compiled(|manifest| Ok(manifest.enrichment.clone()), Enrichment::open)
    }

    /// The age of the oldest feed that these platforms need; absent when one is missing.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::status`].
    pub fn age(&self, platforms: &[Platform], now: Timestamp) -> Result<Option<Duration>, FeedError> {
        let mut oldest = Some(Duration::ZERO);
        for status in self.needed(platforms)? {
            oldest = oldest.zip(status.age(now)).map(|(oldest, age)| oldest.max(age));
        }
        Ok(oldest)
    }

    /// Nothing, when every feed that these platforms need is there and young enough.
    ///
    /// # Errors
    ///
    /// [`FeedError::Missing`] or [`FeedError::Stale`], naming the feed, and as [`FeedStore::status`].
    pub fn require_age(&self, platforms: &[Platform], max_age: Duration, now: Timestamp) -> Result<(), FeedError> {
        for status in self.needed(platforms)? {
            let feed = status.source;
            let Some(age) = status.age(now) else {
                return Err(FeedError::Missing { feed, reason: status.state.reason().map(str::to_owned) });
            };
            if age > max_age {
                return Err(FeedError::Stale { feed, age, limit: max_age });
            }
        }
        Ok(())
    }

    /// The states of the sources that judge these platforms: those in use, or where there is none, the required ones.
    fn needed(&self, platforms: &[Platform]) -> Result<Vec<FeedStatus>, FeedError> {
        let statuses = self.status()?;
        let mut needed = Vec::new();
        for platform in platforms {
            let of_platform = statuses.iter().filter(|status| status.source.platform() == Some(*platform));
            let (in_use, missing): (Vec<_>, Vec<_>) = of_platform.cloned().partition(FeedStatus::is_in_use);
            let chosen = if in_use.is_empty() { missing } else { in_use };
            needed.extend(chosen.into_iter().filter(|status| status.is_in_use() || status.need() == Need::Required));
        }
        Ok(needed)
    }

    /// Opens a compiled file that the manifest names. Between reading the manifest and opening the file, a sync may
    /// replace both: then the new manifest names a file that is there.
    fn open_compiled<T>(
        &self,
        find: impl Fn(&Manifest) -> Result<Option<CompiledFile>, FeedError>,
        open: impl Fn(&std::path::Path) -> Result<T, AdvisoryError>,
    ) -> Result<Option<T>, FeedError> {
        let mut attempt = 1;
        loop {
            let Some(file) = find(&Manifest::read(&self.folder)?)? else { return Ok(None) };
            let path = self.folder.join(&file.path);
            match open(path.as_std_path()) {
                Ok(opened) => return Ok(Some(opened)),
                Err(error) if is_absence(&error) && attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(unusable(path, error)),
            }
        }
    }
}

fn no_database(manifest: &Manifest, scope: &Scope) -> FeedError {
    let of_platform = |covered: &&Scope| covered.platform() == scope.platform();
    let covered: Vec<String> = manifest.databases.keys().filter(of_platform).map(Scope::to_string).collect();
    if !covered.is_empty() {
        return FeedError::ScopeNotCovered { scope: scope.to_string(), covered };
    }
    match Source::of_platform(scope.platform()).find(|source| source.need() == Need::Required) {
        Some(feed) => {
            let reason = manifest.sources.get(&feed).and_then(|record| record.state.reason()).map(str::to_owned);
            FeedError::Missing { feed, reason }
        }
        None => FeedError::NoFeed { scope: scope.to_string() },
    }
}

fn is_absence(error: &AdvisoryError) -> bool {
    matches!(error, AdvisoryError::Open { cause, .. } if cause.kind() == ErrorKind::NotFound)
}

fn unusable(path: Utf8PathBuf, error: AdvisoryError) -> FeedError {
    match error {
        AdvisoryError::OtherSchema { found, supported, .. } => FeedError::OtherVersion { path, found, supported },
        AdvisoryError::Open { cause, .. } if cause.kind() != ErrorKind::NotFound => FeedError::Read { path, cause },
        error => FeedError::Corrupt { path, cause: error.into() },
    }
}
