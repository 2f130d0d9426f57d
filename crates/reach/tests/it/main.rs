//! Tests over the shared data.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod checklist;
mod checklist_balancers;
mod checklist_ids;
mod checklist_paths;
mod exposures;
mod findings;
mod paths;
mod policies;
mod random;
mod remedies;
mod shared_snapshots;
