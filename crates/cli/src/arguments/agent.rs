//! `assay agent`, as typed.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

/// The agent of this host.
#[derive(Debug, Subcommand)]
pub enum AgentCommand {
    /// Let a server know this host: make a key, get a certificate
    Enroll(EnrollArguments),
    /// Keep contact with the server and collect when it asks, until told to stop
    Run(AgentRunArguments),
    /// Say whether the agent runs and is heard: 0 when it is, 1 when it is not
    Status,
    /// Take part in a run, told on stdin by the agent
    #[command(hide = true)]
    Part,
}

/// Let a server know this host.
#[derive(Debug, Args)]
pub struct EnrollArguments {
    /// The server's listener for agents
    #[arg(long, env = "ASSAY_SERVER", value_name = "https://HOST:PORT")]
    pub server: String,
    /// A token that an administrator made
    #[arg(long, env = "ASSAY_AGENT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Read the token from a file, or from stdin with `-`: command lines can be seen by others
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    pub token_file: Option<Utf8PathBuf>,
    /// SHA-256 fingerprint of the certificate of the server's authority
    #[arg(long, value_name = "SHA256")]
    pub ca_fingerprint: Option<String>,
    /// The certificate of the server's authority (PEM)
    #[arg(long, value_name = "FILE", conflicts_with = "ca_fingerprint")]
    pub ca: Option<Utf8PathBuf>,
    /// Believe whoever answers now, and show the fingerprint
    #[arg(long, conflicts_with_all = ["ca", "ca_fingerprint"])]
    pub trust_on_first_use: bool,
    /// A tag of this host; counts before one of the cloud. Several may be given
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub tags: Vec<String>,
    /// How the server and the cloud are reached
    #[command(flatten)]
    pub way: WayArguments,
}

/// Keep contact with the server.
#[derive(Debug, Args)]
pub struct AgentRunArguments {
    /// How the server and the cloud are reached
    #[command(flatten)]
    pub way: WayArguments,
}

/// How the server and the cloud are reached.
#[derive(Debug, Args)]
pub struct WayArguments {
    /// HTTP proxy on the way to the server
    #[arg(long, env = "HTTPS_PROXY", hide_env_values = true, value_name = "URL")]
    pub proxy: Option<String>,
    /// Hosts, domains and networks that are reached without it, separated by commas
    #[arg(long, env = "NO_PROXY", value_name = "LIST")]
    pub no_proxy: Option<String>,
    /// Do not ask the metadata service of EC2 (169.254.169.254) who this host is
    #[arg(long, env = "ASSAY_AGENT_NO_METADATA")]
    pub no_metadata: bool,
}
