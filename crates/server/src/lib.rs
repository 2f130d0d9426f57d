//! The control plane; for now its embedded store, which the command line uses without a server.
//!
//! Only [`store`] knows SQL.

#![forbid(unsafe_code)]

pub mod schedule;
pub mod store;
