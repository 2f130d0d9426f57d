//! Tests over the shared data.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod exposures;
mod shared_snapshots;
