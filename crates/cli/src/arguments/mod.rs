//! The command line, as typed: clap's derive types and nothing else.
//!
//! Completions and man pages are generated from these same types.

mod admin;
mod admin_agents;
mod agent;
mod apply;
mod assess;
mod command;
mod compare;
mod feeds;
mod findings;
mod image;
mod network;
mod network_collect;
mod rules;
mod runs;
mod sbom;
mod serve;
mod ssh;

pub use admin::{AccountsCommand, AdminCommand, AuditCommand, JobsCommand, KeysCommand, OutboxCommand};
pub use admin_agents::{AgentsCommand, InstancesCommand, TokensCommand};
pub use agent::{AgentCommand, AgentRunArguments, EnrollArguments, WayArguments};
pub use apply::{ApplyArguments, RealmArguments};
pub use assess::{AssessArguments, CollectArguments, OutputArgument, SourceArguments};
pub use command::{Arguments, Command, GlobalArguments};
pub use compare::CompareArguments;
pub use feeds::{BundleCommand, CreateBundleArguments, FeedsCommand, ImportBundleArguments};
pub use findings::{FindingsCommand, FindingsListArguments, FindingsShowArguments, WhyArguments, WhyNotArguments};
pub use image::ImageArguments;
pub use network::{
    CheckArguments, CutArguments, DiffArguments, ExposuresArguments, NetworkCommand, NetworkMode, NetworkOutput,
    PathArguments, PortRange,
};
pub use network_collect::NetworkCollectArguments;
pub use rules::{RulesCommand, RulesSelection};
pub use runs::{ReportArguments, RunsCommand, RunsListArguments};
pub use sbom::{SbomArguments, SbomFormat, SbomOutput};
pub use serve::{HostsArguments, InstanceSource, ServeArguments};
pub use ssh::SshArguments;
