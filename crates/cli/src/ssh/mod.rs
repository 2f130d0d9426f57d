//! A host over SSH: the collector is sent there, runs once, and leaves nothing behind.
//!
//! One process of the system's `ssh`, so that the operator's configuration, keys and jump hosts hold, and one remote
//! command: `remote.sh`, which reads the program from stdin and writes the evidence to stdout.

mod collector;
mod destination;
mod error;
mod output;
mod process;
mod session;

pub use destination::Destination;
pub use session::{Session, collect};
