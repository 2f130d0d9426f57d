//! Entering a source's outcome into the manifest, and removing what the manifest no longer refers to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;

use assay_advisory::Platform;
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use crate::build::Settled;
use crate::error::FeedError;
use crate::manifest::{Manifest, SourceRecord};
use crate::piece::{Candidate, Presence, has_same_content};
use crate::quarantine;
use crate::report::{SourceReport, SyncOutcome};
use crate::source::{Need, Source};
use crate::status::FeedState;

/// The manifest while outcomes are entered.
pub(crate) struct Ledger<'a> {
    pub(crate) folder: &'a Utf8Path,
    pub(crate) manifest: &'a mut Manifest,
    pub(crate) now: Timestamp,
    /// When what the mirror has was last known to be its publisher's latest; now, where it is absent.
    pub(crate) as_of: &'a BTreeMap<Source, Timestamp>,
    /// The platforms that are to be judged.
    pub(crate) platforms: &'a [Platform],
}

impl Ledger<'_> {
    fn need(&self, source: Source) -> Need {
        match source.platform() {
            Some(platform) if !self.platforms.contains(&platform) => Need::Optional,
            _ => source.need(),
        }
    }

    /// Enters what came of one source, and puts aside what is not trusted.
    pub(crate) fn enter(&mut self, candidate: &Candidate, settled: Settled) -> Result<SourceReport, FeedError> {
        let source = candidate.source;
        let before = self.manifest.sources.get(&source).cloned();
        let outcome = self.outcome(candidate, &settled)?;
        let previous_records = before.as_ref().and_then(|record| record.records);
        let report = SourceReport {
            source,
            need: self.need(source),
            outcome,
            records: settled.records,
            previous_records,
            fetched_bytes: candidate.fetched_bytes,
        };
        let is_untouched = candidate.presence == Presence::Unknown
            && candidate.problems.is_empty()
            && settled.problems.is_empty()
            && settled.rejected.is_empty();
        if is_untouched {
            // What was compiled anew may have been counted anew.
            if let Some(record) = self.manifest.sources.get_mut(&source) {
                record.records = settled.records;
                record.scopes = settled.scopes;
                record.canaries = settled.canaries;
                record.stated_at = settled.stated_at;
            }
            return Ok(report);
        }
        let is_same = has_same_content(&settled.pieces, &candidate.in_use);
        let mut record = before.unwrap_or(SourceRecord {
            state: FeedState::Ok,
            attempted_at: self.now,
            checked_at: None,
            records: None,
            scopes: Default::default(),
            canaries: Vec::new(),
            previous_records: None,
            stated_at: None,
            files: Vec::new(),
        });
        record.attempted_at = self.now;
        record.state = state(&report.outcome, report.is_in_use());
        if report.is_current() {
            let as_of = Some(self.as_of.get(&source).copied().unwrap_or(self.now));
            // The same content from an older place is no older for that.
            record.checked_at = if is_same { record.checked_at.max(as_of) } else { as_of };
        }
        if !is_same {
            record.previous_records = record.records;
        }
        record.records = settled.records;
        record.scopes = settled.scopes;
        record.canaries = settled.canaries;
        record.stated_at = settled.stated_at;
        // A stored file that was damaged and could not be got again is not among the pieces, but what was compiled from
        // it is in use.
        if !is_same || settled.pieces.len() >= record.files.len() {
            record.files = settled.pieces.into_iter().map(|piece| piece.file).collect();
        }
        self.manifest.sources.insert(source, record);
        Ok(report)
    }

    fn outcome(&self, candidate: &Candidate, settled: &Settled) -> Result<SyncOutcome, FeedError> {
        if !settled.rejected.is_empty() {
            let folder = quarantine::put_aside(self.folder, candidate.source, &settled.rejected, self.now)?.into();
            let files =
                settled.rejected.iter().map(|rejected| (rejected.piece.file.name.clone(), rejected.reason.clone()));
            return Ok(SyncOutcome::Quarantined { files: files.collect(), folder });
        }
        let problems: Vec<String> = candidate.problems.iter().chain(&settled.problems).cloned().collect();
        if !problems.is_empty() {
            return Ok(match candidate.presence {
                Presence::There => SyncOutcome::Incomplete { problems },
                _ => SyncOutcome::Failed { problems },
            });
        }
        Ok(match candidate.presence {
            Presence::NotThere => SyncOutcome::NotOnMirror,
            _ if has_same_content(&settled.pieces, &candidate.in_use) => SyncOutcome::Unchanged,
            _ => SyncOutcome::Updated,
        })
    }
}

/// The state that an outcome leaves a source in.
fn state(outcome: &SyncOutcome, is_in_use: bool) -> FeedState {
    let Some(reason) = outcome.reason() else { return FeedState::Ok };
    match outcome {
        SyncOutcome::Quarantined { folder, .. } => FeedState::Quarantined { reason, folder: folder.clone() },
        SyncOutcome::Incomplete { .. } => FeedState::Incomplete { reason },
        _ if is_in_use => FeedState::Failed { reason },
        _ => FeedState::Missing { reason },
    }
}

/// Removes raw and compiled files that the manifest does not refer to. Who has one of them open keeps it.
pub(crate) fn clean(folder: &Utf8Path, manifest: &Manifest) -> Result<(), FeedError> {
    let kept: BTreeSet<Utf8PathBuf> = manifest.paths().map(|path| folder.join(path)).collect();
    let folders = Source::ALL.iter().map(|source| folder.join("raw").join(source.name()));
    for parent in folders.chain([folder.join("compiled")]) {
        let entries = match parent.read_dir_utf8() {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
            Err(cause) => return Err(FeedError::reading(&parent, cause)),
        };
        for entry in entries {
            let entry = entry.map_err(|cause| FeedError::reading(&parent, cause))?;
            if !kept.contains(entry.path()) {
                fs::remove_file(entry.path()).map_err(|cause| FeedError::writing(entry.path(), cause))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_there_is_missing_and_not_failed() {
        let failed = SyncOutcome::Failed { problems: vec!["no connection".to_owned()] };
        assert_eq!(state(&failed, true).word(), "failed");
        assert_eq!(state(&failed, false).word(), "missing");
        assert_eq!(state(&SyncOutcome::NotOnMirror, false).word(), "missing");
    }
}
