//! `assay serve`, as typed.

use std::net::SocketAddr;

use assay_server::delivery::SinkRule;
use assay_server::service::Limits;
use camino::Utf8PathBuf;

/// Serve the API of Inspector Classic, and agents.
#[derive(Debug, clap::Args)]
pub struct ServeArguments {
    /// Where the API listens; beyond loopback only over TLS
    #[arg(long, env = "ASSAY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8440")]
    pub listen: SocketAddr,
    /// Certificate of the API's listener and those above it, PEM
    #[arg(long, env = "ASSAY_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<Utf8PathBuf>,
    /// Its private key, PEM
    #[arg(long, env = "ASSAY_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<Utf8PathBuf>,
    /// For a first try: make a certificate for these host names and addresses, kept as DATA/api-cert.pem
    #[arg(long, value_name = "NAME", value_delimiter = ',', conflicts_with = "tls_cert")]
    pub tls_self_signed: Vec<String>,
    /// For how many days evidence is kept after its run has ended; 0 keeps it as long as its run
    #[arg(long, env = "ASSAY_EVIDENCE_DAYS", value_name = "DAYS", default_value_t = 30)]
    pub evidence_days: u32,
    /// Deliver the messages of topics: TOPIC-ARN-PATTERN=https://…, =envelope+https://…, =sns+https://… or =file:/PATH.
    /// After # follows secret-file=/PATH or credentials-file=/PATH. Without one, nobody is told
    #[arg(long = "sink", value_name = "PATTERN=TO")]
    pub sinks: Vec<SinkRule>,
    /// A limit in place of its default or of what the configuration says, for example `targets=100`; may be repeated
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = parse_limit)]
    pub limits: Vec<(String, u64)>,
    /// Agents, and hosts without one.
    #[command(flatten)]
    pub hosts: HostsArguments,
}

fn parse_limit(text: &str) -> Result<(String, u64), String> {
    let (name, number) = text.split_once('=').ok_or("a limit is NAME=NUMBER")?;
    let number = number.parse().map_err(|_| format!("{number:?} is no number"))?;
    Limits::default().set(name, number).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), number))
}

/// Where the hosts that tags select are told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstanceSource {
    /// A folder.
    Folder(Utf8PathBuf),
    /// EC2 in these regions.
    Aws(Vec<String>),
}

impl std::str::FromStr for InstanceSource {
    type Err = String;

    fn from_str(text: &str) -> Result<InstanceSource, String> {
        let Some(regions) = text.strip_prefix("aws:") else { return Ok(InstanceSource::Folder(text.into())) };
        let regions: Vec<String> = regions.split(',').map(str::to_owned).collect();
        if regions.iter().any(String::is_empty) {
            return Err("aws: is followed by regions, separated by commas".to_owned());
        }
        Ok(InstanceSource::Aws(regions))
    }
}

/// Agents, and hosts without one.
#[derive(Clone, Debug, clap::Args)]
pub struct HostsArguments {
    /// Where agents are listened to [default: 127.0.0.1:8441, where that is free]
    #[arg(long, env = "ASSAY_AGENTS", value_name = "ADDRESS")]
    pub agents: Option<SocketAddr>,
    /// Do not listen to agents
    #[arg(long, conflicts_with = "agents")]
    pub no_agents: bool,
    /// A name or address under which agents reach the server, beside the one it listens on; may be repeated
    #[arg(long = "agents-name", value_name = "NAME")]
    pub agents_names: Vec<String>,
    /// Folder of what `aws ec2 describe-instances` prints: the hosts that tags select; read again when it changes. Or
    /// aws:REGION,…: EC2 is asked for them [needs a build with the feature `aws`]
    #[arg(long, env = "ASSAY_INSTANCES", value_name = "DIR|aws:REGION,…")]
    pub instances: Option<InstanceSource>,
    /// How often EC2 is asked for instances
    #[cfg(feature = "aws")]
    #[arg(long, env = "ASSAY_INSTANCES_EVERY", value_name = "SECONDS", default_value_t = 300,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub instances_every: u32,
    /// Folder of what `aws ec2 describe-…`, `aws elbv2 …` and their like print: who can reach the hosts of a run; may be
    /// repeated, and is looked at in each run [default: the folder of --instances]. A single one also lists the instances,
    /// unless --instances does
    #[arg(long, env = "ASSAY_NETWORK", value_name = "DIR")]
    pub network: Vec<Utf8PathBuf>,
    /// Take all instances of the folders as those of this account, whatever the files say
    #[arg(long, value_name = "ACCOUNT", value_parser = super::admin::parse_account)]
    pub instances_account: Option<String>,
    /// Take all instances of the folder as those of this region, whatever the files say
    #[arg(long, value_name = "REGION")]
    pub instances_region: Option<String>,
}
