//! `assay apply` and `assay export`, as typed.

use super::admin::parse_account;
use crate::commands::DEFAULT_ACCOUNT;

/// Whose targets, templates and schedules.
#[derive(Debug, clap::Args)]
pub struct RealmArguments {
    /// The account
    #[arg(long, value_parser = parse_account, default_value = DEFAULT_ACCOUNT)]
    pub account: String,
    /// The region
    #[arg(long, default_value = "us-east-1")]
    pub region: String,
}

/// Make targets, templates, subscriptions and schedules as a file declares them.
#[derive(Debug, clap::Args)]
pub struct ApplyArguments {
    /// Whose.
    #[command(flatten)]
    pub realm: RealmArguments,
    /// What should be there, as YAML; `-` reads standard input; may be given many times
    #[arg(long = "file", short = 'f', value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// Only print what would change: exit code 2 when something would
    #[arg(long)]
    pub diff: bool,
    /// Delete templates that differ, with all their runs and findings, and make them anew
    #[arg(long)]
    pub replace: bool,
}
