//! The daemon: keeps the long poll (`polling`), the certificate (`renewing`), and the run in progress.

mod options;
mod polling;
mod renewing;

pub use options::{DaemonOptions, Patience};
pub use polling::Daemon;
