//! Arguments of `assay network`.

use std::str::FromStr;

use assay_reach::network::Protocol;
use assay_reach::remedy::Entry;
use assay_reach::snapshot::Cidr;
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
    /// The fewest and cheapest edits that close something, each with what else it would stop
    Cut(CutArguments),
    /// Whether a network keeps to a policy; exit code 2 where it does not
    Check(CheckArguments),
    /// Everything that stops a flow, and the edits that would let it pass
    Open(PathArguments),
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

/// Arguments of `assay network cut`.
#[derive(Debug, Args)]
pub struct CutArguments {
    /// Where the configuration is.
    #[command(flatten)]
    pub snapshot: SnapshotArguments,
    /// What is to be closed: an instance, an interface or an address
    #[arg(long, value_name = "ADDRESS|ID")]
    pub to: String,
    /// From where: internet, peered, vgw, tgw, privatelink or the id of a gateway [default: from anywhere]
    #[arg(long, value_name = "ORIGIN")]
    pub from: Option<Entry>,
    /// tcp, udp, icmp, icmpv6 or a number
    #[arg(long, value_name = "PROTOCOL", default_value = "tcp")]
    pub protocol: Protocol,
    /// A port or a range, as 22 or 8000-8999; of ICMP, types [default: all]
    #[arg(long, value_name = "N[-N]")]
    pub port: Option<PortRange>,
    /// A block of addresses to keep out; may be given several times [default: all]
    #[arg(long = "source", value_name = "CIDR")]
    pub sources: Vec<Cidr>,
    /// How many ways to close it are sought
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub ways: usize,
    /// What is modelled of the far side of peering connections and gateways
    #[arg(long, value_enum, default_value_t = NetworkMode::EndToEnd)]
    pub mode: NetworkMode,
}

/// Arguments of `assay network check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Where the configuration is.
    #[command(flatten)]
    pub snapshot: SnapshotArguments,
    /// The policy, a YAML file: what is forbidden, allowed and required (docs/network.md)
    #[arg(value_name = "POLICY")]
    pub policy: Utf8PathBuf,
}

/// A range of ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The first.
    pub from: u16,
    /// The last.
    pub to: u16,
}

impl FromStr for PortRange {
    type Err = String;

    fn from_str(text: &str) -> Result<PortRange, String> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from <= to => Ok(PortRange { from, to }),
            _ => Err("ports are as 22 or 8000-8999, up to 65535".to_owned()),
        }
    }
}
