//! The agent: enrols a host, keeps a long poll with the server, takes part in runs.
//!
//! Outbound only. The daemon itself never looks at the host's files for a run: each look is a process of its own
//! (`part`) that lives under limits of memory and processor time and hands its result over in the spool, so that a
//! collection that runs away cannot take the daemon along, and its memory goes back. What is on disk decides where a
//! run goes on: the agent may be killed at any point.

#![forbid(unsafe_code)]

mod backoff;
mod client;
mod cut;
mod daemon;
mod enroll;
mod enrolment;
mod error;
mod facts;
mod folder;
mod issued;
mod launcher;
mod limits;
mod metadata_service;
mod notify;
mod part;
mod pin;
mod proxy;
mod server;
mod spool;
mod state;
mod status;
mod telemetry;
mod window;
mod worker;

pub use client::LinkFailure;
pub use daemon::{Daemon, DaemonOptions, Patience};
pub use enroll::{EnrolOptions, Enrolled, enroll};
pub use error::AgentError;
pub use folder::Folder;
pub use launcher::Launcher;
pub use limits::LookLimits;
pub use metadata_service::{METADATA_SERVICE, MetadataService};
pub use notify::Notifier;
pub use part::{PartError, take_part};
pub use pin::Pin;
pub use proxy::ProxySettings;
pub use server::ServerAddress;
pub use state::{Activity, State};
pub use status::{Status, status};

/// The agent's version as the API shows it: dotted, four parts.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), ".0");
