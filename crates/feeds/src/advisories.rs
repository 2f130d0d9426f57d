//! Building the databases of a platform, one per scope, to which several sources may add.
//!
//! A file that does not parse is replaced by the one in use of the same name. That a file cannot be trusted may show
//! only after it was read: everything of the platform is then read once more without it. A scope that the feeds no longer
//! speak of is no reason for distrust: distributions retire releases, and a host of one is then told that no feed covers it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use assay_advisory::database::DatabaseBuilder;
use assay_advisory::import::{DebianTracker, csaf, osv, oval, secdb, ubuntu_cve_tracker, updateinfo};
use assay_advisory::{AdvisoryError, Database, Entry, EntrySink, FeedOrigin, Limits, Platform, Scope, open_packed};

use crate::build::{Build, Compiled, Settled, Workshop, does_not_parse, origin};
use crate::canary::{self, Watch};
use crate::catalogue::{Content, Reader};
use crate::error::FeedError;
use crate::judge::{Count, judge};
use crate::manifest::Manifest;
use crate::piece::{Candidate, Novelty, Piece};
use crate::quarantine::Rejected;
use crate::rounds::{are_as_before, nothing_to_do, read_in_rounds, reject_new, without};
use crate::source::Source;

impl Workshop {
    /// Builds the databases of a platform from all its sources, changed or not.
    pub(crate) fn build_advisories(
        &self,
        platform: Platform,
        candidates: &[Candidate],
        manifest: &Manifest,
    ) -> Result<Build, FeedError> {
        let is_current = || self.are_databases_current(platform, manifest);
        if let Some(build) = nothing_to_do(candidates, manifest, is_current) {
            return Ok(build);
        }
        let begin = || Assembly { workshop: self, platform, manifest, builders: BTreeMap::new() };
        let (assembly, settled) = read_in_rounds(candidates, begin, Assembly::read_source);
        let has_nothing = assembly.builders.values().all(|(builder, _)| builder.is_empty());
        if has_nothing || (are_as_before(&settled, candidates) && is_current()) {
            return Ok(Build { settled, ..Build::default() });
        }
        Ok(Build { settled, databases: Some(assembly.compile()?), enrichment: None })
    }

    /// Whether every compiled database of the platform is whole and of this version.
    fn are_databases_current(&self, platform: Platform, manifest: &Manifest) -> bool {
        let mut of_platform = manifest.databases.iter().filter(|(scope, _)| scope.platform() == platform).peekable();
        of_platform.peek().is_some()
            && of_platform.all(|(_, file)| {
                self.is_current(file) && Database::open(self.folder.join(&file.path).as_std_path()).is_ok()
            })
    }
}

/// Databases being put together.
struct Assembly<'a> {
    workshop: &'a Workshop,
    platform: Platform,
    manifest: &'a Manifest,
    /// With the number of entries.
    builders: BTreeMap<Scope, (DatabaseBuilder, u64)>,
}

impl Assembly<'_> {
    /// Reads a source, or names new files that cannot be trusted.
    fn read_source(&mut self, candidate: &Candidate, distrusted: &[Rejected]) -> Result<Settled, Vec<Rejected>> {
        let source = candidate.source;
        let (pieces, rejected) = without(candidate, distrusted);
        let mut settled = Settled {
            pieces: Vec::new(),
            records: None,
            scopes: BTreeMap::new(),
            canaries: Vec::new(),
            stated_at: None,
            rejected,
            problems: Vec::new(),
        };
        let mut counts = BTreeMap::new();
        let mut watch = Watch::new(self.platform);
        for piece in &pieces {
            // Entries cannot be taken back, so a file that does not parse costs another round.
            match self.read(source, piece, &mut counts, &mut watch) {
                Ok(()) => settled.pieces.push(piece.clone()),
                Err(error) if piece.novelty == Novelty::New => {
                    return Err(vec![Rejected { piece: piece.clone(), reason: does_not_parse(&error) }]);
                }
                Err(error) => settled.problems.push(format!("{}: {}", piece.file.name, does_not_parse(&error))),
            }
        }
        let record = self.manifest.sources.get(&source);
        let before = record.map(|record| &record.scopes);
        let has_new = pieces.iter().any(|piece| piece.novelty == Novelty::New);
        for (scope, count) in &mut counts {
            count.release = Some(scope.to_string());
            count.before = before.and_then(|before| before.get(scope)).copied();
            if let Err(reason) = judge(count, self.workshop.shrunk)
                && has_new
            {
                return Err(reject_new(&pieces, &reason));
            }
        }
        if counts.is_empty() && has_new {
            return Err(reject_new(&pieces, &crate::judge::QuarantineReason::NoRecords));
        }
        settled.canaries = watch.results(&counts);
        let canaries_before = record.map(|record| record.canaries.as_slice()).unwrap_or_default();
        let is_publishers = candidate.problems.is_empty()
            && pieces.iter().all(|piece| source.is_publishers_address(&piece.file.origin));
        if let Err(reason) = canary::judge(&settled.canaries, canaries_before, is_publishers, self.workshop.shrunk)
            && has_new
        {
            return Err(reject_new(&pieces, &reason));
        }
        settled.records = (!settled.pieces.is_empty()).then(|| counts.values().map(|count| count.records).sum());
        settled.scopes = counts.into_iter().map(|(scope, count)| (scope, count.records)).collect();
        Ok(settled)
    }

    fn read(
        &mut self,
        source: Source,
        piece: &Piece,
        counts: &mut BTreeMap<Scope, Count>,
        watch: &mut Watch,
    ) -> Result<(), AdvisoryError> {
        let Content::Advisories { reader, .. } = source.row().content else {
            return Ok(());
        };
        let mut sink = Sink {
            platform: self.platform,
            origin: origin(source, piece),
            builders: &mut self.builders,
            origins: BTreeMap::new(),
            counts,
            watch,
            malformed: Count::default(),
        };
        read(reader, piece, &self.workshop.limits, &mut sink)?;
        let Count { malformed, detail, .. } = sink.malformed;
        if malformed > 0 {
            // What no scope could be told of counts against every scope of the file.
            for count in counts.values_mut() {
                count.malformed += malformed;
                count.entries += malformed;
                count.detail = count.detail.take().or_else(|| detail.clone());
            }
        }
        Ok(())
    }

    fn compile(self) -> Result<BTreeMap<Scope, Compiled>, FeedError> {
        let mut databases = BTreeMap::new();
        for (scope, (builder, records)) in self.builders {
            let bytes = builder.compile().map_err(|error| FeedError::Compile { cause: error.into() })?;
            let compiled = self.workshop.store(&scope.to_string(), &bytes, records)?;
            databases.insert(scope, compiled);
        }
        Ok(databases)
    }
}

/// Reads one file in its format.
fn read(reader: Reader, piece: &Piece, limits: &Limits, sink: &mut Sink<'_>) -> Result<(), AdvisoryError> {
    let path = piece.at.as_std_path();
    match reader {
        Reader::DebianTracker => {
            let tracker = DebianTracker::read(open_packed(path, limits)?, limits)?;
            tracker.entries(sink)?;
            for release in tracker.releases() {
                let undecidable = tracker.summary(release).unwrap_or_default().undecidable;
                if let Ok(scope) = Scope::new(Platform::Debian, release)
                    && let Some(count) = sink.counts.get_mut(&scope)
                {
                    count.malformed += undecidable;
                }
            }
            Ok(())
        }
        Reader::Osv => {
            let failed = |cause| AdvisoryError::Open { path: path.to_owned(), cause };
            osv::read_zip(BufReader::new(File::open(path).map_err(failed)?), limits, sink)
        }
        Reader::Secdb => secdb::read(open_packed(path, limits)?, limits, sink),
        Reader::UbuntuCveTracker => ubuntu_cve_tracker::read_tar(open_packed(path, limits)?, limits, sink),
        Reader::Oval => oval::read(open_packed(path, limits)?, limits, sink),
        Reader::Csaf => csaf::read(open_packed(path, limits)?, limits, sink),
        Reader::Updateinfo => {
            let release = piece.file.name.split('-').next().unwrap_or_default();
            let scope = Scope::new(sink.platform, release).map_err(|error| AdvisoryError::Malformed {
                feed: "updateinfo",
                place: piece.file.name.clone(),
                detail: error.to_string(),
            })?;
            updateinfo::read(open_packed(path, limits)?, &scope, limits, sink)
        }
    }
}

/// Sorts entries into the databases of their scopes.
struct Sink<'a> {
    platform: Platform,
    origin: FeedOrigin,
    builders: &'a mut BTreeMap<Scope, (DatabaseBuilder, u64)>,
    origins: BTreeMap<Scope, assay_advisory::database::OriginIndex>,
    counts: &'a mut BTreeMap<Scope, Count>,
    watch: &'a mut Watch,
    /// Records that no scope can be told of.
    malformed: Count,
}

impl EntrySink for Sink<'_> {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        if scope.platform() != self.platform {
            return Ok(());
        }
        if !self.builders.contains_key(scope) {
            self.builders.insert(scope.clone(), (DatabaseBuilder::new(scope.clone()), 0));
        }
        let Some((builder, records)) = self.builders.get_mut(scope) else {
            return Ok(());
        };
        let origin = match self.origins.get(scope) {
            Some(origin) => *origin,
            None => {
                let origin = builder.add_origin(self.origin.clone())?;
                self.origins.insert(scope.clone(), origin);
                origin
            }
        };
        builder.add(origin, &entry)?;
        self.watch.see(scope, &entry);
        *records += 1;
        let count = self.counts.entry(scope.clone()).or_default();
        count.records += 1;
        count.entries += 1;
        Ok(())
    }

    fn malformed(&mut self, place: &str, detail: &str) {
        self.malformed.malformed += 1;
        self.malformed.detail.get_or_insert_with(|| format!("{place}: {detail}"));
    }

    fn wants(&self, scope: &Scope) -> bool {
        scope.platform() == self.platform
    }
}
