//! Progress: what a sync tells its caller while it works. The library itself prints nothing.
//!
//! A step is announced *before* it is taken, which is what the tests of crash safety hang on: they end the process at
//! every one of them.

use crate::source::Source;

/// A step of a sync, in order; all but the first three are repeated for each set of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Files are about to be got.
    Fetch(Source),
    /// What came is about to be counted and compared with what is in use.
    Check(Source),
    /// The database is about to be compiled.
    Compile,
    /// A file is about to be moved to its place, under a name that nothing refers to yet.
    Place,
    /// The status is about to be replaced: the one moment at which the new feeds come into use.
    Commit,
    /// What nothing refers to any more is about to be removed.
    Clean,
}

/// How one file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// Its content is new.
    New,
    /// It is what is there already.
    Unchanged,
    /// The mirror does not have it.
    NotThere,
    /// It could not be got.
    Failed,
}

/// Receives the progress of a sync. Every method has an empty default.
pub trait Progress: Send + Sync {
    /// A step is about to be taken.
    fn step(&self, step: Step) {
        let _ = step;
    }

    /// A file begins to come; `total` is its size in bytes, where the server says. It is called again for the same file
    /// when a transfer is tried again from its start.
    fn started(&self, source: Source, file: &str, total: Option<u64>) {
        let _ = (source, file, total);
    }

    /// So many more bytes have come.
    fn advanced(&self, bytes: u64) {
        let _ = bytes;
    }

    /// A file is done with; `started` may not have been called before.
    fn finished(&self, source: Source, file: &str, fetched: Fetched) {
        let _ = (source, file, fetched);
    }
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
