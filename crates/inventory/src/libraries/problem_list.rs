//! Problems of a whole file system, of which only the first ones are told one by one.

use std::collections::BTreeMap;

use assay_model::evidence::{Problem, ProblemKind};

/// Problems of each kind that are told one by one; evidence holds all of them in memory.
const MAX_PROBLEMS: usize = 200;

/// Problems in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct ProblemList {
    told: Vec<Problem>,
    counts: BTreeMap<ProblemKind, usize>,
}

impl ProblemList {
    /// Adds a problem, or counts it.
    pub(super) fn add(&mut self, problem: Problem) {
        let count = self.counts.entry(problem.kind).or_default();
        *count += 1;
        if *count <= MAX_PROBLEMS {
            self.told.push(problem);
        }
    }

    /// Adds all problems of another list.
    pub(super) fn append(&mut self, other: ProblemList) {
        let left_out: Vec<(ProblemKind, usize)> =
            other.counts.iter().map(|(kind, count)| (*kind, count.saturating_sub(MAX_PROBLEMS))).collect();
        for problem in other.told {
            self.add(problem);
        }
        for (kind, count) in left_out {
            *self.counts.entry(kind).or_default() += count;
        }
    }

    /// Sorted; those that were left out are told in one problem for each kind.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (kind, count) in self.counts {
            if let Some(more) = count.checked_sub(MAX_PROBLEMS).filter(|more| *more > 0) {
                let detail = format!("{more} more files or directories cannot be read for the same kind of reason");
                self.told.push(Problem::new("libraries", kind, detail));
            }
        }
        self.told.sort();
        self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_counted() {
        let mut first = ProblemList::default();
        let mut second = ProblemList::default();
        for number in 0..250 {
            first.add(Problem::new(format!("/{number}"), ProblemKind::NotPermitted, "denied"));
            second.add(Problem::new(format!("/{number}"), ProblemKind::NotPermitted, "denied"));
        }
        second.add(Problem::new("/x", ProblemKind::Malformed, "odd"));
        first.append(second);
        let told = first.finish();
        assert_eq!(told.len(), MAX_PROBLEMS + 2);
        let last = told.last().unwrap();
        assert_eq!((last.subject.as_str(), last.kind), ("libraries", ProblemKind::NotPermitted));
        assert!(last.detail.starts_with("300 more "), "{last:?}");
    }
}
