//! Network reachability: who can reach which port of which instance, computed from configuration alone.
//!
//! [`snapshot`] reads what the AWS command line prints, [`network`] resolves it, [`exposure`] finds everything that is open,
//! and [`path`] follows one flow.
//! The ids in comments (`E1`, `R6`, `S4` …) are those of the semantic checklist, reference `network.md` §5.

#![forbid(unsafe_code)]

pub mod change;
pub mod exposure;
pub mod inspector;
pub mod network;
pub mod path;
pub mod policy;
pub mod remedy;
pub mod sets;
pub mod snapshot;
