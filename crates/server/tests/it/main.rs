//! Tests of the store, against real SQLite files and a real PostgreSQL, and of the agents' listener over real TLS.

// The settings of clippy.toml for tests reach `#[test]` functions, not the functions that those share.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::string_slice, clippy::unwrap_used)]

mod agents;
mod api;
mod blobs;
mod child;
mod concurrency;
mod damage;
mod declaration;
mod desk;
mod events;
mod filters;
mod findings;
mod full_disk;
mod home;
mod instances;
mod jobs;
mod kill;
mod limits;
mod members;
mod migration;
mod opening;
mod round_trip;
mod runs;
mod sample;
mod selectors;
mod shared;
