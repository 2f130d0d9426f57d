//! Arguments of `assay feeds`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

/// Advisory feeds.
#[derive(Debug, Subcommand)]
pub enum FeedsCommand {
    /// Fetch, verify, compile and put into use
    Sync(SyncArguments),
    /// Put a folder of feed files into use, without any network
    Import(ImportArguments),
    /// Show source, age, records and state of each feed
    Status {
        /// JSON instead of a table
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `assay feeds sync`.
#[derive(Debug, Args)]
pub struct SyncArguments {
    /// Only these sources, for example debian-tracker or osv-pypi; without any, what this machine and the feeds in use need
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// Put a feed into use although it lost a fifth of its records or more, or fails a canary
    #[arg(long)]
    pub accept_shrunk: bool,
}

/// Arguments of `assay feeds import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Folder with one folder per source
    pub directory: Utf8PathBuf,
    /// Put a feed into use although it lost a fifth of its records or more, or fails a canary
    #[arg(long)]
    pub accept_shrunk: bool,
}
