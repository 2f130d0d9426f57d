//! Arguments of `assay network`.

use assay_reach::network::Protocol;
use camino::Utf8PathBuf;
use clap::{Args, Subcommand, ValueEnum};

/// Who can reach what in a cloud network.
#[derive(Debug, Subcommand)]
pub enum NetworkCommand {
    /// Everything that is reachable from the internet, from peers, VPNs, transit gateways and endpoint services
    Exposures(ExposuresArguments),
    /// What became reachable between two snapshots, and what is so no more, each with the change that caused it
    Diff(DiffArguments),
    /// One flow: each hop with the rule that lets it pass, or everything that stops it
    Path(PathArguments),
    /// The read-only calls of AWS that tell of a network: prints them, or makes them and keeps the answers
    Collect(super::NetworkCollectArguments),
}

/// Where the configuration is.
#[derive(Debug, Args)]
pub struct SnapshotArguments {
    /// Folder of what `aws ec2 describe-…`, `aws elbv2 …`, `aws elb …` and `aws directconnect …` printed, one file a call
    #[arg(long, value_name = "DIR")]
    pub vpc: Utf8PathBuf,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = NetworkOutput::Table)]
    pub output: NetworkOutput,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NetworkOutput {
    /// For people
    Table,
    /// For programs
    Json,
}

/// What is modelled of the far side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NetworkMode {
    /// Nothing, as Inspector Classic does: whatever lies beyond an edge may send all that the edge lets in
    Edge,
    /// Its routes, security groups and network ACLs, where the snapshot has them
    EndToEnd,
}

/// Arguments of `assay network exposures`.
#[derive(Debug, Args)]
pub struct ExposuresArguments {
    /// Where the configuration is.
    #[command(flatten)]
    pub snapshot: SnapshotArguments,
    /// What is modelled of the far side of peering connections and gateways
    #[arg(long, value_enum, default_value_t = NetworkMode::EndToEnd)]
    pub mode: NetworkMode,
}

/// Arguments of `assay network path`.
#[derive(Debug, Args)]
pub struct PathArguments {
    /// Where the configuration is.
    #[command(flatten)]
    pub snapshot: SnapshotArguments,
    /// Where the flow begins: an address, an instance, an interface, or an internet gateway for anyone beyond it
    #[arg(long, value_name = "ADDRESS|ID")]
    pub from: String,
    /// Where it goes: an address, an instance or an interface
    #[arg(long, value_name = "ADDRESS|ID")]
    pub to: String,
    /// tcp, udp, icmp, icmpv6 or a number
    #[arg(long, value_name = "PROTOCOL", default_value = "tcp")]
    pub protocol: Protocol,
    /// The port; of ICMP, the type
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// The port that the client sends from
    #[arg(long, value_name = "N", default_value_t = 49152)]
    pub source_port: u16,
}

/// Arguments of `assay network diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The later configuration.
    #[command(flatten)]
    pub snapshot: SnapshotArguments,
    /// Folder of the earlier configuration
    #[arg(long, value_name = "DIR")]
    pub since: Utf8PathBuf,
    /// What is modelled of the far side of peering connections and gateways
    #[arg(long, value_enum, default_value_t = NetworkMode::EndToEnd)]
    pub mode: NetworkMode,
}
