//! Readers of feeds in their publishers' own formats.
//!
//! Every reader streams: no feed is ever held as a tree. Types are checked strictly, unknown members are passed over.

pub mod debian_tracker;

pub use debian_tracker::{DebianTracker, ReleaseSummary};
