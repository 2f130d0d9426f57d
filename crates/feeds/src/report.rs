//! Report: what a sync came to, source by source.

use assay_advisory::Scope;

use crate::judge::QuarantineReason;
use crate::source::{Need, Source};

/// What a sync came to for one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncOutcome {
    /// New content is in use.
    Updated,
    /// The mirror has what is in use already.
    Unchanged,
    /// Some files could not be got, older ones of these stay in use where there are any; the rest is up to date.
    Incomplete {
        /// Which files, and why.
        problems: Vec<String>,
    },
    /// This mirror does not have it; what was there before stays in use.
    NotOnMirror,
    /// It could not be got; what was there before stays in use.
    Failed {
        /// Why.
        problems: Vec<String>,
    },
    /// What came was not trusted and was put aside; what was there before stays in use.
    Quarantined {
        /// By file name without packing, why.
        files: Vec<(String, QuarantineReason)>,
        /// Where it was put, relative to the folder of feeds.
        folder: String,
    },
}

impl SyncOutcome {
    /// Why it is not [`SyncOutcome::Updated`] or [`SyncOutcome::Unchanged`], one line: the first few problems, and how
    /// many more there are.
    pub fn reason(&self) -> Option<String> {
        match self {
            SyncOutcome::Updated | SyncOutcome::Unchanged => None,
            SyncOutcome::NotOnMirror => Some("it is not on this mirror".to_owned()),
            SyncOutcome::Incomplete { problems } | SyncOutcome::Failed { problems } => Some(summed_up(problems)),
            SyncOutcome::Quarantined { files, .. } => {
                let reasons: Vec<String> = files.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
                Some(summed_up(&reasons))
            }
        }
    }
}

/// The most problems that a reason names.
const NAMED_PROBLEMS: usize = 3;

/// The first few of a list of problems, and how many more there are.
fn summed_up(problems: &[String]) -> String {
    let mut text = problems.iter().take(NAMED_PROBLEMS).cloned().collect::<Vec<String>>().join("; ");
    if problems.len() > NAMED_PROBLEMS {
        text.push_str(&format!("; and {} more", problems.len() - NAMED_PROBLEMS));
    }
    text
}

/// What a sync came to for one source, with numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    /// Which.
    pub source: Source,
    /// Whether the platforms that are to be judged cannot do without it.
    pub need: Need,
    /// What it came to.
    pub outcome: SyncOutcome,
    /// Records of what is now in use; absent when nothing is.
    pub records: Option<u64>,
    /// Records of what was in use before this sync.
    pub previous_records: Option<u64>,
    /// Bytes that came over the network or out of the mirror's folder.
    pub fetched_bytes: u64,
}

impl SourceReport {
    /// Whether something is in use now, however old.
    pub fn is_in_use(&self) -> bool {
        self.records.is_some()
    }

    /// Whether the feed now in use is what the mirror has.
    pub fn is_current(&self) -> bool {
        matches!(self.outcome, SyncOutcome::Updated | SyncOutcome::Unchanged)
    }

    /// Whether to speak up: anything but a current feed, except an optional one that this mirror does not have.
    pub fn needs_attention(&self) -> bool {
        match self.outcome {
            SyncOutcome::Updated | SyncOutcome::Unchanged => false,
            SyncOutcome::NotOnMirror => self.need == Need::Required,
            _ => true,
        }
    }
}

/// What a sync came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// In the order of [`Source::ALL`]; only the sources asked for.
    pub sources: Vec<SourceReport>,
    /// What can now be judged, sorted.
    pub scopes: Vec<Scope>,
    /// What could be judged before and no longer can, because the feeds stopped covering it.
    pub dropped_scopes: Vec<Scope>,
    /// Damage that was found in the folder and repaired, in words.
    pub repairs: Vec<String>,
}

impl SyncReport {
    /// The report on one source.
    pub fn source(&self, source: Source) -> Option<&SourceReport> {
        self.sources.iter().find(|report| report.source == source)
    }

    /// Whether anything was put aside as not to be trusted.
    pub fn has_quarantined(&self) -> bool {
        self.sources.iter().any(|report| matches!(report.outcome, SyncOutcome::Quarantined { .. }))
    }

    /// Whether every required source that was asked for is up to date.
    pub fn is_up_to_date(&self) -> bool {
        self.sources.iter().all(|report| report.need == Need::Optional || report.is_current())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_summed_up() {
        let reason = |count: usize| {
            let problems = (1..=count).map(|number| format!("file {number}")).collect();
            SyncOutcome::Failed { problems }.reason().unwrap()
        };
        assert_eq!(reason(5), "file 1; file 2; file 3; and 2 more");
        assert_eq!(reason(1), "file 1");
        assert_eq!(SyncOutcome::Unchanged.reason(), None);
    }
}
