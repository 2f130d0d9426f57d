//! Rounds: a product's candidates are read until nothing that was read is distrusted.
//!
//! What was read cannot be taken back, and that a file cannot be trusted may show only after it was read: everything is
//! then read once more with the file in use in its place.

use crate::build::{Build, Settled};
use crate::judge::QuarantineReason;
use crate::manifest::Manifest;
use crate::piece::{Candidate, Novelty, Piece, has_same_content};
use crate::quarantine::Rejected;

/// What a build comes to where there is nothing to read, or nothing new and what is compiled is current.
pub(crate) fn nothing_to_do(
    candidates: &[Candidate],
    manifest: &Manifest,
    is_current: impl FnOnce() -> bool,
) -> Option<Build> {
    let has_nothing = candidates.iter().all(|candidate| candidate.pieces.is_empty());
    let is_changed = candidates.iter().any(Candidate::is_changed);
    if !has_nothing && (is_changed || !is_current()) {
        return None;
    }
    let settled = candidates.iter().map(|candidate| unchanged(candidate, manifest)).collect();
    Some(Build { settled, ..Build::default() })
}

/// Reads all candidates into an assembly, a new one each round. `read` settles a candidate, or names new files that cannot
/// be trusted, of which the next round has none.
pub(crate) fn read_in_rounds<A>(
    candidates: &[Candidate],
    begin: impl Fn() -> A,
    read: impl Fn(&mut A, &Candidate, &[Rejected]) -> Result<Settled, Vec<Rejected>>,
) -> (A, Vec<Settled>) {
    let mut distrusted = Vec::new();
    // Each further round distrusts at least one more new file, so there are at most as many rounds as these, and one.
    loop {
        let mut assembly = begin();
        match candidates.iter().map(|candidate| read(&mut assembly, candidate, &distrusted)).collect() {
            Ok(settled) => return (assembly, settled),
            Err(rejected) => distrusted.extend::<Vec<Rejected>>(rejected),
        }
    }
}

/// Whether what was settled on is what is in use.
pub(crate) fn are_as_before(settled: &[Settled], candidates: &[Candidate]) -> bool {
    let mut pairs = settled.iter().zip(candidates);
    pairs.all(|(settled, candidate)| has_same_content(&settled.pieces, &candidate.in_use))
}

/// A source of which nothing changes.
pub(crate) fn unchanged(candidate: &Candidate, manifest: &Manifest) -> Settled {
    let record = manifest.sources.get(&candidate.source);
    Settled {
        pieces: candidate.pieces.clone(),
        records: record.and_then(|record| record.records),
        scopes: record.map(|record| record.scopes.clone()).unwrap_or_default(),
        canaries: record.map(|record| record.canaries.clone()).unwrap_or_default(),
        stated_at: record.and_then(|record| record.stated_at),
        rejected: Vec::new(),
        problems: Vec::new(),
    }
}

/// A candidate's files with those in use in place of those not trusted, and the latter.
pub(crate) fn without(candidate: &Candidate, distrusted: &[Rejected]) -> (Vec<Piece>, Vec<Rejected>) {
    let (mut pieces, mut rejected) = (Vec::new(), Vec::new());
    for piece in &candidate.pieces {
        match distrusted.iter().find(|rejected| rejected.piece.at == piece.at) {
            Some(found) => {
                rejected.push(found.clone());
                pieces.extend(candidate.in_use.iter().find(|old| old.file.name == piece.file.name).cloned());
            }
            None => pieces.push(piece.clone()),
        }
    }
    (pieces, rejected)
}

/// The new files among some, for one reason.
pub(crate) fn reject_new(pieces: &[Piece], reason: &QuarantineReason) -> Vec<Rejected> {
    let new = pieces.iter().filter(|piece| piece.novelty == Novelty::New);
    new.map(|piece| Rejected { piece: piece.clone(), reason: reason.clone() }).collect()
}
