//! `assay admin agents`, `tokens` and `instances`, as typed.

use camino::Utf8PathBuf;
use clap::Subcommand;

use super::admin::parse_account;
use crate::commands::DEFAULT_ACCOUNT;

/// Agents.
#[derive(Debug, Subcommand)]
pub enum AgentsCommand {
    /// List them
    List {
        /// Only those of this account
        #[arg(long, value_parser = parse_account)]
        account: Option<String>,
    },
    /// Make the certificates of one useless, at once; it cannot enrol again until it is removed
    Revoke {
        /// For example i-0123456789abcdef0
        agent: String,
        /// The account that it belongs to
        #[arg(long, value_parser = parse_account, default_value = DEFAULT_ACCOUNT)]
        account: String,
    },
    /// Forget one with its certificates; its host may enrol anew
    Remove {
        /// For example i-0123456789abcdef0
        agent: String,
        /// The account that it belongs to
        #[arg(long, value_parser = parse_account, default_value = DEFAULT_ACCOUNT)]
        account: String,
    },
}

/// Enrolment tokens.
#[derive(Debug, Subcommand)]
pub enum TokensCommand {
    /// List them; the tokens themselves are not stored
    List,
    /// Make one, and print it once
    Create {
        /// The account that its agents will belong to
        #[arg(long, value_parser = parse_account, default_value = DEFAULT_ACCOUNT)]
        account: String,
        /// The region that its agents will belong to, unless the inventory of instances says another one
        #[arg(long, default_value = "us-east-1")]
        region: String,
        /// How many hosts it lets in
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        uses: u32,
        /// How long it is good (for example 1h, 7d)
        #[arg(long, value_name = "AGE", default_value = "1d")]
        expires: String,
        /// For people
        #[arg(long, default_value = "")]
        description: String,
        /// Where agents reach the server, for the command that is printed
        #[arg(long, value_name = "URL", default_value = "https://127.0.0.1:8441")]
        server: String,
    },
    /// Make one useless, at once and for good; who enrolled with it stays
    Revoke {
        /// Its id, as `list` shows it
        token: String,
    },
}

/// Instances without an agent.
#[derive(Debug, Subcommand)]
pub enum InstancesCommand {
    /// Take over what `aws ec2 describe-instances` printed, once
    Import {
        /// Folder of the files
        directory: Utf8PathBuf,
        /// Take all instances as those of this account, whatever the files say
        #[arg(long, value_parser = parse_account)]
        account: Option<String>,
        /// Take all instances as those of this region, whatever the files say
        #[arg(long)]
        region: Option<String>,
    },
}
