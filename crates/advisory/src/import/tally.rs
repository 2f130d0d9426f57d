//! Counts what a reader keeps and what it leaves out.

use crate::database::PartSummary;

/// Reasons that are kept word for word; beyond them entries are only counted.
const MAX_REASONS: usize = 5;

impl PartSummary {
    /// Counts an entry that is left out, and keeps the first few reasons.
    pub(crate) fn skip(&mut self, reason: impl FnOnce() -> String) {
        self.skipped += 1;
        if self.reasons.len() < MAX_REASONS {
            self.reasons.push(reason());
        }
    }
}
