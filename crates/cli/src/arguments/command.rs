//! The whole command line: the options that every command has, and the list of commands.

use assay_server::blobs::BlobPlace;
use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};

use super::{
    AdminCommand, AgentCommand, ApplyArguments, AssessArguments, CollectArguments, CompareArguments, FeedsCommand,
    FindingsCommand, NetworkCommand, RealmArguments, ReportArguments, RulesCommand, RunsCommand, SbomArguments,
    ServeArguments, WhyArguments, WhyNotArguments,
};

/// Assess Linux hosts: what is wrong, how bad, why, and how to fix it.
#[derive(Debug, Parser)]
#[command(name = "assay", version, propagate_version = true, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 --fail-on reached, 3 --fail-on-incomplete, \
                        4 feed stale or missing with --max-feed-age, 64 usage, 77 no permission.")]
pub struct Arguments {
    /// Options that every command has.
    #[command(flatten)]
    pub global: GlobalArguments,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command has.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArguments {
    /// Folder of the store and the feeds [default: /var/lib/assay for root, else the XDG data folder]
    #[arg(long, global = true, env = "ASSAY_DATA", value_name = "DIR")]
    pub data: Option<Utf8PathBuf>,
    /// Keep runs and findings in this PostgreSQL database instead of a file in DATA; several processes may share it
    #[arg(long, global = true, env = "ASSAY_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// Keep evidence in this folder, in a bucket [needs a build with the feature `s3`], or in the `database` [default:
    /// DATA/evidence; with --database, `database`]
    #[arg(long, global = true, env = "ASSAY_EVIDENCE_STORE", value_name = "DIR|s3://BUCKET/PREFIX")]
    pub evidence_store: Option<BlobPlace>,
    /// Folder of the feeds [default: DATA/feeds]
    #[arg(long, global = true, env = "ASSAY_FEEDS", value_name = "DIR")]
    pub feeds: Option<Utf8PathBuf>,
    /// Folder of further rules, in the format of the built-in ones
    #[arg(long, global = true, env = "ASSAY_KNOWLEDGE", value_name = "DIR")]
    pub knowledge: Option<Utf8PathBuf>,
    /// Where feeds are fetched from, instead of their official sources: a URL or a folder
    #[arg(long, global = true, env = "ASSAY_FEEDS_MIRROR", value_name = "URL|DIR")]
    pub mirror: Option<String>,
    /// Treat feeds older than this as stale (for example 7d, 12h)
    #[arg(long, global = true, env = "ASSAY_MAX_FEED_AGE", value_name = "AGE")]
    pub max_feed_age: Option<String>,
    /// Take this as the time instead of the clock (RFC 3339)
    #[arg(long, global = true, env = "ASSAY_NOW", value_name = "TIME")]
    pub now: Option<String>,
    /// Read this configuration file instead of /etc/assay/assay.toml and conf.d
    #[arg(long, global = true, env = "ASSAY_CONFIG", value_name = "FILE")]
    pub config: Option<Utf8PathBuf>,
    /// No progress and no hints on stderr
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// No colours (also: NO_COLOR)
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Assess a host and show what is wrong, worst first
    Assess(AssessArguments),
    /// Collect evidence only, to be assessed later with `assess --evidence`
    Collect(CollectArguments),
    /// Write what is installed as a bill of materials: CycloneDX or SPDX
    Sbom(SbomArguments),
    /// Earlier runs
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Findings of earlier runs
    #[command(subcommand)]
    Findings(FindingsCommand),
    /// Why a finding was made: evidence, advisory, comparison, condition, severity
    Why(WhyArguments),
    /// Why a vulnerability was not found: exactly one reason
    WhyNot(WhyNotArguments),
    /// Compare the report of another scanner with a run: what both say, and why the rest differs
    Compare(CompareArguments),
    /// Write a report of an earlier run
    Report(ReportArguments),
    /// Advisory feeds
    #[command(subcommand)]
    Feeds(FeedsCommand),
    /// Rules of the knowledge base
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Who can reach what in a cloud network, from its configuration alone
    #[command(subcommand)]
    Network(NetworkCommand),
    /// Serve the API of Inspector Classic, and agents
    Serve(ServeArguments),
    /// The agent of this host, for a server
    #[command(subcommand)]
    Agent(AgentCommand),
    /// Make targets, templates, subscriptions and schedules of the service as a YAML file declares them
    Apply(ApplyArguments),
    /// Print the targets, templates, subscriptions and schedules of the service as `apply` reads them
    Export(RealmArguments),
    /// Accounts and access keys of the service
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Check that Assay can do its work here: permissions, feeds, store
    Doctor,
    /// Print a shell completion script
    Completion {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Write the man pages into a folder
    Man {
        /// Folder; made when missing
        directory: Utf8PathBuf,
    },
}
