//! Building the database of facts about CVEs, to which several sources add their part.
//!
//! A file that does not parse is replaced by the one in use of the same name. That a file or a source cannot be trusted
//! shows only after it was read, and what was read cannot be taken back: everything is then read once more without it.

use std::collections::BTreeMap;

use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart, PartSummary};
use assay_advisory::{AdvisoryError, Enrichment, open_packed};

use crate::build::{Build, Settled, Workshop, does_not_parse, origin};
use crate::error::FeedError;
use crate::judge::{Count, QuarantineReason, Shrunk, judge};
use crate::manifest::Manifest;
use crate::piece::{Candidate, Novelty, Piece, has_same_content};
use crate::quarantine::Rejected;
use crate::rounds::{are_as_before, nothing_to_do, read_in_rounds, reject_new, unchanged, without};
use crate::source::Source;

impl Workshop {
    /// Builds the database from all its sources, changed or not.
    pub(crate) fn build_enrichment(&self, candidates: &[Candidate], manifest: &Manifest) -> Result<Build, FeedError> {
        let old = self.enrichment_in_use(manifest);
        if let Some(build) = nothing_to_do(candidates, manifest, || old.is_some()) {
            return Ok(build);
        }
        let begin = || Assembly { workshop: self, manifest, old: old.as_ref(), builder: EnrichmentBuilder::new() };
        let (assembly, settled) = read_in_rounds(candidates, begin, Assembly::read_source);
        let is_as_before = are_as_before(&settled, candidates);
        if is_as_before && (old.is_some() || settled.iter().all(|settled| settled.pieces.is_empty())) {
            return Ok(Build { settled, ..Build::default() });
        }
        let bytes = assembly.builder.compile().map_err(|error| FeedError::Compile { cause: error.into() })?;
        let records = settled.iter().filter_map(|settled| settled.records).sum();
        let enrichment = Some(self.store("enrichment", &bytes, records)?);
        Ok(Build { settled, databases: None, enrichment })
    }

    /// The database in use, if it is whole and of this version.
    fn enrichment_in_use(&self, manifest: &Manifest) -> Option<Enrichment> {
        let file = manifest.enrichment.as_ref().filter(|file| self.is_current(file))?;
        Enrichment::open(self.folder.join(&file.path).as_std_path()).ok()
    }
}

/// A database being put together.
#[derive(Debug)]
struct Assembly<'a> {
    workshop: &'a Workshop,
    manifest: &'a Manifest,
    /// The database in use, from which parts that do not change are taken.
    old: Option<&'a Enrichment>,
    builder: EnrichmentBuilder,
}

impl Assembly<'_> {
    /// Reads a source, or names new files that cannot be trusted.
    fn read_source(&mut self, candidate: &Candidate, distrusted: &[Rejected]) -> Result<Settled, Vec<Rejected>> {
        let (pieces, rejected) = without(candidate, distrusted);
        if has_same_content(&pieces, &candidate.in_use) && self.keep(candidate.source) {
            return Ok(Settled { pieces, rejected, ..unchanged(candidate, self.manifest) });
        }
        let mut reading = Reading { rejected, ..Reading::default() };
        let mut malformed = Vec::new();
        for piece in &pieces {
            match self.read(candidate.source, piece) {
                Ok(summary) => {
                    malformed.extend(largely_malformed(piece, &summary));
                    reading.add(piece, &summary);
                }
                Err(error) => self.replace(candidate, piece, &error, &mut reading),
            }
        }
        if !malformed.is_empty() {
            return Err(malformed);
        }
        let record = self.manifest.sources.get(&candidate.source);
        let count = reading.count(candidate.source, record.and_then(|record| record.records));
        let has_new = reading.pieces.iter().any(|piece| piece.novelty == Novelty::New);
        match judge(&count, self.workshop.shrunk) {
            Err(reason) if has_new => Err(reject_new(&reading.pieces, &reason)),
            _ => Ok(reading.settle(candidate.source)),
        }
    }

    /// Takes a source over from the database in use, if there is one.
    fn keep(&mut self, source: Source) -> bool {
        self.old.is_some_and(|old| parts(source).iter().all(|part| self.builder.keep(*part, old).is_ok()))
    }

    /// Reads the file in use in place of a new one that does not parse.
    fn replace(&mut self, candidate: &Candidate, piece: &Piece, error: &AdvisoryError, reading: &mut Reading) {
        let reason = does_not_parse(error);
        if piece.novelty == Novelty::InUse {
            reading.problems.push(format!("{}: {reason}", piece.file.name));
            return;
        }
        reading.rejected.push(Rejected { piece: piece.clone(), reason });
        let old = candidate.in_use.iter().find(|old| old.file.name == piece.file.name);
        if let Some(old) = old
            && let Ok(summary) = self.read(candidate.source, old)
        {
            reading.add(old, &summary);
        }
    }

    fn read(&mut self, source: Source, piece: &Piece) -> Result<PartSummary, AdvisoryError> {
        let limits = &self.workshop.limits;
        let reader = open_packed(piece.at.as_std_path(), limits)?;
        self.builder.read(part_of(source, piece), reader, &origin(source, piece), limits)
    }
}

/// What was read of one source.
#[derive(Debug, Default)]
struct Reading {
    pieces: Vec<Piece>,
    summary: PartSummary,
    rejected: Vec<Rejected>,
    problems: Vec<String>,
}

impl Reading {
    fn add(&mut self, piece: &Piece, summary: &PartSummary) {
        self.pieces.push(piece.clone());
        self.summary.records += summary.records;
        self.summary.kept += summary.kept;
        self.summary.skipped += summary.skipped;
        self.summary.reasons.extend(summary.reasons.iter().take(1).cloned());
        self.summary.published_at = self.summary.published_at.take().max(summary.published_at.clone());
    }

    /// CVE records without a score are records all the same; an entry of the other sources is nothing but its values.
    fn records(&self, source: Source) -> u64 {
        match source {
            Source::CveRecords => self.summary.records,
            _ => self.summary.kept,
        }
    }

    fn count(&self, source: Source, before: Option<u64>) -> Count {
        Count { records: self.records(source), before, ..Count::default() }
    }

    fn settle(self, source: Source) -> Settled {
        let records = (!self.pieces.is_empty()).then(|| self.records(source));
        let stated_at = self.summary.published_at.as_deref().and_then(|date| date.parse().ok());
        Settled {
            pieces: self.pieces,
            records,
            scopes: BTreeMap::new(),
            canaries: Vec::new(),
            stated_at,
            rejected: self.rejected,
            problems: self.problems,
        }
    }
}

fn largely_malformed(piece: &Piece, summary: &PartSummary) -> Option<Rejected> {
    let count = Count {
        records: summary.records,
        entries: summary.kept + summary.skipped,
        malformed: summary.skipped,
        detail: summary.reasons.first().cloned(),
        ..Count::default()
    };
    let reason =
        judge(&count, Shrunk::Accept).err().filter(|reason| matches!(reason, QuarantineReason::Malformed { .. }));
    reason.filter(|_| piece.novelty == Novelty::New).map(|reason| Rejected { piece: piece.clone(), reason })
}

/// The parts of the database that a source fills.
fn parts(source: Source) -> &'static [EnrichmentPart] {
    match source {
        Source::CisaKev => &[EnrichmentPart::CisaKev],
        Source::Epss => &[EnrichmentPart::Epss],
        Source::CveRecords => &[EnrichmentPart::CveRecords, EnrichmentPart::Nvd],
        _ => &[],
    }
}

/// The part that a file fills. Records of the NVD's shape are in files whose name begins with `nvd`.
fn part_of(source: Source, piece: &Piece) -> EnrichmentPart {
    match source {
        Source::CisaKev => EnrichmentPart::CisaKev,
        Source::Epss => EnrichmentPart::Epss,
        Source::CveRecords if piece.file.name.starts_with("nvd") => EnrichmentPart::Nvd,
        _ => EnrichmentPart::CveRecords,
    }
}
