//! Tests of the agent against the server's listener over real TLS, with a desk in memory.

// The settings of clippy.toml for tests reach `#[test]` functions, not the functions that those share.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::string_slice, clippy::unwrap_used)]

mod certificate;
mod child;
mod cloud;
#[path = "../../../server/tests/it/agents/desk.rs"]
mod desk;
mod enrolling;
mod garbage;
mod host;
mod proxy;
mod resume;
mod service;
mod story;
mod unit;
