//! What an analysis had to assume, and how it treats what is not known.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;

/// Something that the answer rests on and the snapshot does not tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Assumption {
    /// The object, file or scope that it is about.
    pub subject: String,
    /// What was assumed, or could not be had.
    pub detail: String,
}

/// How what is not known is treated. Everything is analysed under both; what passes under the second only *may* pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Nothing unknown lets a packet through.
    Certain,
    /// Everything unknown does.
    Possible,
}

/// Notes that are taken along the way, each once.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<BTreeSet<Assumption>>);

/// More than these are not kept; a hostile snapshot could have one an object.
const LIMIT: usize = 100_000;

impl Notes {
    pub(crate) fn say(&self, subject: &str, detail: impl Into<String>) {
        let mut notes = self.0.borrow_mut();
        if notes.len() < LIMIT {
            notes.insert(Assumption { subject: subject.to_owned(), detail: detail.into() });
        } else if notes.len() == LIMIT {
            let detail = "there are more assumptions than can be listed".to_owned();
            notes.insert(Assumption { subject: "snapshot".to_owned(), detail });
        }
    }

    pub(crate) fn all(&self) -> BTreeSet<Assumption> {
        self.0.borrow().clone()
    }
}
