//! Tests over the shared data.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod checklist;
mod exposures;
mod findings;
mod paths;
mod policies;
mod random;
mod remedies;
mod shared_snapshots;
