//! The command as its users run it: the real program, real files, exact exit codes.

// The settings of clippy.toml for tests reach `#[test]` functions, not the functions that those share.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod admin;
mod agent;
#[path = "../../../server/tests/it/agents/desk.rs"]
mod agent_desk;
mod apply;
mod assess;
mod command_line;
mod compare;
mod equality;
mod explain;
mod feeds;
mod hostile;
mod image;
mod network;
mod peers;
mod rules;
mod sbom;
mod sources;
mod ssh;
mod support;
mod vex;
