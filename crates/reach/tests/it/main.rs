//! Tests over the shared data.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod exposures;
mod paths;
mod shared_snapshots;
