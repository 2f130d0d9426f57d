//! Arguments of `assay runs` and `assay report`.

use clap::{Args, Subcommand};

use super::OutputArgument;

/// Earlier runs.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List runs, newest first
    List(RunsListArguments),
    /// Show a run with its findings
    Show(RunsShowArguments),
}

/// Arguments of `assay runs list`.
#[derive(Debug, Args)]
pub struct RunsListArguments {
    /// Only runs of this host (name or agent id)
    #[arg(long)]
    pub host: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
    /// JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `assay runs show`.
#[derive(Debug, Args)]
pub struct RunsShowArguments {
    /// Run: ARN, id, beginning of an id, name, or `latest`
    #[arg(default_value = "latest")]
    pub run: String,
    /// Format, and the file to write it to [default: table]
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<OutputArgument>,
    /// Show every finding in the table
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `assay report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// Run: ARN, id, beginning of an id, name, or `latest`
    pub run: String,
    /// Format, and the file to write it to: table, text, json, jsonl, csv, html, pdf, openvex; may be repeated
    #[arg(short, long, value_name = "FORMAT[=PATH]", required = true)]
    pub output: Vec<OutputArgument>,
}
