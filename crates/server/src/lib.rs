//! The control plane; for now its store, which the command line uses without a server, and the agents' listener.
//!
//! Only [`store`] knows SQL; [`agents`] asks it through a trait.

#![forbid(unsafe_code)]

pub mod agents;
pub mod schedule;
pub mod store;
