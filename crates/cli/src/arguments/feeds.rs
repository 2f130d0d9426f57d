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
    /// Carry the feeds to machines without network: one signed file
    #[command(subcommand)]
    Bundle(BundleCommand),
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

/// Signed bundles of feeds.
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Write the feeds in use to one signed file
    Create(CreateBundleArguments),
    /// Check a bundle to its last byte, and change nothing
    Verify(VerifyBundleArguments),
    /// Put the feeds of a bundle into use
    Import(ImportBundleArguments),
}

/// Arguments of `assay feeds bundle create`.
#[derive(Debug, Args)]
pub struct CreateBundleArguments {
    /// The file to write
    pub bundle: Utf8PathBuf,
    /// Only these sources; without any, all that are in use
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// Ed25519 private key in PEM form; made when it is not there, with FILE.pub to verify with
    #[arg(long, value_name = "FILE")]
    pub key: Utf8PathBuf,
}

/// Arguments of `assay feeds bundle verify`.
#[derive(Debug, Args)]
pub struct VerifyBundleArguments {
    /// The bundle
    pub bundle: Utf8PathBuf,
    /// Ed25519 public key in PEM form
    #[arg(long, value_name = "FILE")]
    pub public_key: Utf8PathBuf,
}

/// Arguments of `assay feeds bundle import`.
#[derive(Debug, Args)]
pub struct ImportBundleArguments {
    /// The bundle
    pub bundle: Utf8PathBuf,
    /// Ed25519 public key in PEM form
    #[arg(long, value_name = "FILE")]
    pub public_key: Utf8PathBuf,
    /// Go back to older feeds than those in use
    #[arg(long)]
    pub force: bool,
    /// Put a feed into use although it lost a fifth of its records or more, or fails a canary
    #[arg(long)]
    pub accept_shrunk: bool,
}
