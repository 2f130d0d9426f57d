//! Assessing made-up hosts by a made-up feed: verdicts as findings, ratings, remediation, exclusions, repeatability.

// The settings of clippy.toml for tests reach `#[test]` functions, not the functions that those share.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod corpus;
mod host;
mod vex;
mod vulnerability;
