//! Building: from files that came to compiled databases, or to the reasons why they are not trusted.
//!
//! Everything is built beside what is in use. A release that the tracker no longer speaks of is no reason for distrust:
//! Debian retires one every two years, and a host of that release is then told that no feed covers it.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use assay_advisory::import::DebianTracker;
use assay_advisory::{AdvisoryError, Database, FeedOrigin, Limits, open_packed};
use assay_model::Timestamp;
use camino::Utf8PathBuf;
use sha2::{Digest, Sha256};

use crate::disk;
use crate::download::hexadecimal;
use crate::error::{FeedError, in_full};
use crate::judge::{Count, QuarantineReason, Shrunk, judge};
use crate::manifest::{CompiledFile, Manifest};
use crate::piece::{Candidate, Piece, short};
use crate::quarantine::Rejected;
use crate::source::Source;

/// What is to be in use of one source after a build.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) pieces: Vec<Piece>,
    /// Records in use; absent when nothing is.
    pub(crate) records: Option<u64>,
    pub(crate) stated_at: Option<Timestamp>,
    pub(crate) rejected: Vec<Rejected>,
    /// Files in use that can no longer be read, and why.
    pub(crate) problems: Vec<String>,
}

/// A compiled file that waits to be put into its place.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) at: Utf8PathBuf,
    pub(crate) file: CompiledFile,
}

/// What a build came to. A compiled file is absent where the one in use is still right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Build {
    pub(crate) settled: Vec<Settled>,
    /// All releases, when they were compiled anew.
    pub(crate) databases: Option<BTreeMap<String, Compiled>>,
    pub(crate) enrichment: Option<Compiled>,
}

/// Where and by what rules to build.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    /// The folder of feeds.
    pub(crate) folder: Utf8PathBuf,
    pub(crate) incoming: Utf8PathBuf,
    pub(crate) shrunk: Shrunk,
    pub(crate) limits: Limits,
}

impl Workshop {
    /// Builds the databases of the Debian releases.
    pub(crate) fn build_debian(&self, candidate: &Candidate, manifest: &Manifest) -> Result<Build, FeedError> {
        let mut rejected = Vec::new();
        if candidate.is_changed()
            && let Some(piece) = candidate.pieces.first()
        {
            match self.compile_releases(piece, Some(manifest))? {
                Ok(databases) => return Ok(debian_build(piece, databases, Vec::new())),
                Err(reason) => rejected.push(Rejected { piece: piece.clone(), reason }),
            }
        }
        let record = manifest.sources.get(&candidate.source);
        let pieces = if rejected.is_empty() { &candidate.pieces } else { &candidate.in_use };
        let mut settled = Settled {
            pieces: pieces.clone(),
            records: record.and_then(|record| record.records),
            stated_at: None,
            rejected,
            problems: Vec::new(),
        };
        if self.are_databases_current(manifest) {
            return Ok(Build { settled: vec![settled], ..Build::default() });
        }
        let Some(piece) = settled.pieces.first() else {
            return Ok(Build { settled: vec![settled], ..Build::default() });
        };
        match self.compile_releases(piece, None)? {
            Ok(databases) => Ok(debian_build(piece, databases, settled.rejected)),
            Err(reason) => {
                let problem = format!("{}: {reason}", piece.file.name);
                settled.problems.push(problem);
                Ok(Build { settled: vec![settled], ..Build::default() })
            }
        }
    }

    /// Compiles every release of a tracker file, or says why it is not to be trusted. `before` is what to compare with.
    fn compile_releases(
        &self,
        piece: &Piece,
        before: Option<&Manifest>,
    ) -> Result<Result<BTreeMap<String, Compiled>, QuarantineReason>, FeedError> {
        let tracker = match open_packed(piece.at.as_std_path(), &self.limits)
            .and_then(|reader| DebianTracker::read(reader, &self.limits))
        {
            Ok(tracker) => tracker,
            Err(error) => return Ok(Err(does_not_parse(&error))),
        };
        let origin = origin(Source::DebianTracker, piece);
        let mut databases = BTreeMap::new();
        for release in tracker.releases() {
            if !is_release_name(release) {
                let detail = format!("{:?} is no name of a release", release.chars().take(64).collect::<String>());
                return Ok(Err(QuarantineReason::DoesNotParse { detail }));
            }
            let summary = tracker.summary(release).unwrap_or_default();
            let count = Count {
                release: Some(release.to_owned()),
                records: summary.records,
                entries: summary.records,
                malformed: summary.undecidable,
                detail: None,
                before: before.and_then(|manifest| manifest.databases.get(release)).map(|file| file.records),
            };
            if let Err(reason) = judge(&count, self.shrunk) {
                return Ok(Err(reason));
            }
            let bytes = match tracker.compile(release, &origin) {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Err(does_not_parse(&error))),
            };
            let compiled = self.store(&format!("debian-{release}"), &bytes, summary.records)?;
            databases.insert(release.to_owned(), compiled);
        }
        if databases.is_empty() {
            return Ok(Err(QuarantineReason::NoRecords));
        }
        Ok(Ok(databases))
    }

    /// Whether every compiled database is whole and of this version.
    fn are_databases_current(&self, manifest: &Manifest) -> bool {
        !manifest.databases.is_empty()
            && manifest
                .databases
                .values()
                .all(|file| self.is_current(file) && Database::open(self.folder.join(&file.path).as_std_path()).is_ok())
    }

    pub(crate) fn is_current(&self, file: &CompiledFile) -> bool {
        file.compiled_by == env!("CARGO_PKG_VERSION")
            && disk::is_intact(&self.folder.join(&file.path), &file.digest, file.bytes)
    }

    /// Writes a compiled file to the disk, not yet to its place.
    pub(crate) fn store(&self, name: &str, bytes: &[u8], records: u64) -> Result<Compiled, FeedError> {
        let digest = hexadecimal(&Sha256::digest(bytes));
        let at = self.incoming.join(format!("{name}.assaydb"));
        let written = std::fs::File::create(&at).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|cause| FeedError::writing(&at, cause))?;
        let path = format!("compiled/{name}-{}.assaydb", short(&digest)).into();
        let compiled_by = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Compiled { at, file: CompiledFile { path, compiled_by, records, digest, bytes: bytes.len() as u64 } })
    }
}

fn debian_build(piece: &Piece, databases: BTreeMap<String, Compiled>, rejected: Vec<Rejected>) -> Build {
    let records = databases.values().map(|compiled| compiled.file.records).sum();
    let settled = Settled {
        pieces: vec![piece.clone()],
        records: Some(records),
        stated_at: None,
        rejected,
        problems: Vec::new(),
    };
    Build { settled: vec![settled], databases: Some(databases), enrichment: None }
}

/// Where a piece came from, as it is kept in what is compiled. The mirror is left out, so that the same content gives
/// the same bytes whichever way it came; the status has the address.
pub(crate) fn origin(source: Source, piece: &Piece) -> FeedOrigin {
    FeedOrigin {
        feed: source.name().to_owned(),
        source: format!("{source}/{}", piece.stored_name),
        fetched_at: piece.file.fetched_at,
        digest: piece.file.digest.clone(),
    }
}

pub(crate) fn does_not_parse(error: &AdvisoryError) -> QuarantineReason {
    QuarantineReason::DoesNotParse { detail: in_full(error) }
}

const RELEASE_NAME_LENGTH: Range<usize> = 1..33;

/// Whether a name can be a part of a file name.
fn is_release_name(name: &str) -> bool {
    RELEASE_NAME_LENGTH.contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
