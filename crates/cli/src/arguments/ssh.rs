//! Arguments of `--ssh`, for every command that takes a source.

use camino::Utf8PathBuf;
use clap::Args;

const HEADING: &str = "Options of --ssh";

/// The other sources: where one is there, clap takes `requires` for met.
const OTHERS: [&str; 5] = ["root", "image", "disk", "sbom", "evidence"];

/// How a host is reached by SSH. `ssh` reads the operator's own configuration: aliases, keys, jump hosts.
#[derive(Debug, Args)]
pub struct SshArguments {
    /// Run the collector as root, by `sudo -n`; without, what the user may not read is reported
    #[arg(long, help_heading = HEADING, requires = "ssh", conflicts_with_all = OTHERS)]
    pub sudo: bool,
    /// The collector to send: a build of this version for the host's machine [default: this program]
    #[arg(long, help_heading = HEADING, value_name = "FILE", requires = "ssh", conflicts_with_all = OTHERS)]
    pub collector: Option<Utf8PathBuf>,
    /// Give up after this many seconds
    #[arg(long, help_heading = HEADING, value_name = "SECONDS", requires = "ssh", conflicts_with_all = OTHERS, default_value_t = 300)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub ssh_timeout: u64,
    /// Configuration of ssh to read instead of the user's (ssh -F)
    #[arg(long, help_heading = HEADING, value_name = "FILE", requires = "ssh", conflicts_with_all = OTHERS)]
    pub ssh_config: Option<Utf8PathBuf>,
    /// Option of ssh (ssh -o), for example BatchMode=no to be asked for a password; may be repeated
    #[arg(long, help_heading = HEADING, value_name = "NAME=VALUE", requires = "ssh", conflicts_with_all = OTHERS)]
    pub ssh_option: Vec<String>,
}
