//! What is wrong with one database, as problems that name its file.
//!
//! Surprising: only the first ones are told one by one, because a hostile file of a million bad records must not become
//! a million problems. The last problem says how many were left out.

use assay_model::evidence::{Problem, ProblemKind};

/// Defects of one database that are told one by one.
const MAX_TOLD: usize = 64;

/// The defects of one file.
#[derive(Clone, Debug)]
pub(super) struct Defects {
    file: String,
    told: Vec<Problem>,
    left_out: usize,
}

impl Defects {
    /// None yet.
    pub(super) fn new(file: &str) -> Defects {
        Defects { file: file.to_owned(), told: Vec::new(), left_out: 0 }
    }

    /// Adds one that cannot be understood.
    pub(super) fn malformed(&mut self, detail: impl Into<String>) {
        self.add(ProblemKind::Malformed, detail.into());
    }

    /// Adds one of another kind.
    pub(super) fn add(&mut self, kind: ProblemKind, detail: String) {
        if self.told.len() == MAX_TOLD {
            self.left_out += 1;
            return;
        }
        self.told.push(Problem::new(&self.file, kind, detail));
    }

    /// The problems in the order of their discovery.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        if self.left_out > 0 {
            let detail = format!("{} more defects are not listed", self.left_out);
            self.told.push(Problem::new(&self.file, ProblemKind::Malformed, detail));
        }
        self.told
    }
}
