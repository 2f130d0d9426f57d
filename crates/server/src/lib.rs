//! The control plane: the API ([`api`]), the agents' listener ([`agents`]), when recurring assessments start ([`schedule`]
//! computes it, [`scheduler`] does it), and the store ([`store`]) with the place of its evidence ([`blobs`]), which the command line uses without a server, too.
//!
//! Only [`store`] knows SQL, only [`api`] the shapes of Inspector's API; rules come from outside ([`service::Judge`]).

#![forbid(unsafe_code)]

mod accept;
pub mod agents;
pub mod api;
pub mod blobs;
mod body;
pub mod declaration;
pub mod delivery;
pub mod desk;
pub mod instances;
pub mod jobs;
pub mod networks;
pub mod reports;
pub mod runs;
pub mod schedule;
pub mod scheduler;
mod serve;
pub mod service;
pub mod store;
mod tls;

pub use serve::serve;
pub use tls::{TlsError, tls_of_files, tls_self_signed};
