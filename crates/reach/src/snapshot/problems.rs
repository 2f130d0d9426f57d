//! The problems of a snapshot: bounded, each once, sorted.

use std::collections::BTreeSet;

use assay_model::evidence::{Problem, ProblemKind};

/// Problems while reading.
#[derive(Debug)]
pub(crate) struct Problems {
    kept: BTreeSet<Problem>,
    dropped: usize,
    limit: usize,
}

impl Problems {
    pub(crate) fn new(limit: usize) -> Problems {
        Problems { kept: BTreeSet::new(), dropped: 0, limit }
    }

    pub(crate) fn add(&mut self, subject: impl Into<String>, kind: ProblemKind, detail: impl Into<String>) {
        let problem = Problem::new(subject, kind, detail);
        if self.kept.len() < self.limit || self.kept.contains(&problem) {
            self.kept.insert(problem);
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<Problem> {
        let mut all: Vec<Problem> = self.kept.into_iter().collect();
        if self.dropped > 0 {
            let detail = format!("{} more problems are not listed", self.dropped);
            all.push(Problem::new("snapshot", ProblemKind::TooLarge, detail));
        }
        all
    }
}
