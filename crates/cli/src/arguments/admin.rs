//! `assay admin`, as typed.

use assay_server::service::Role;
use assay_server::store::MessageState;
use clap::Subcommand;

use super::admin_agents::{AgentsCommand, InstancesCommand, TokensCommand};

/// Accounts, access keys, agents, instances and given-up work of the service.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Accounts: what is in one is invisible to the others
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// Access keys: requests are signed with them
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Agents: who is enrolled, and how each is
    #[command(subcommand)]
    Agents(AgentsCommand),
    /// Enrolment tokens: what lets hosts in the first time
    #[command(subcommand)]
    Tokens(TokensCommand),
    /// Instances of EC2: the hosts that tags select
    #[command(subcommand)]
    Instances(InstancesCommand),
    /// Jobs that were tried too often and given up, and why
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// What each role may do
    Roles,
    /// Messages to those who subscribed
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// The record of all calls
    #[command(subcommand)]
    Audit(AuditCommand),
}

/// The record of all calls.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Print records as JSON, newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Compare every record with its digest and with the one before: 0 when nothing was changed or cut off
    Verify,
}

/// Messages to those who subscribed.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// List them, newest first
    List {
        /// Only those in this state: pending, delivered, dead, nowhere
        #[arg(long, value_parser = parse_message_state)]
        state: Option<MessageState>,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Deliver again what was given up
    Retry {
        /// Only this message, which may also have been for nobody
        id: Option<String>,
    },
}

/// Jobs that were given up.
#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// List them, the newest first: when each was given up, kind, subject, error
    List {
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Try them again from the beginning: all, or one
    Retry {
        /// Only this one, as `list` shows it
        #[arg(requires = "subject")]
        kind: Option<String>,
        /// What it is about
        subject: Option<String>,
    },
}

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// List them
    List,
    /// Make one
    Create {
        /// 12 digits
        #[arg(value_parser = parse_account)]
        account: String,
        /// For people
        #[arg(long, default_value = "")]
        name: String,
    },
}

/// Access keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List them, without their secrets
    List {
        /// Only those of this account
        #[arg(long, value_parser = parse_account)]
        account: Option<String>,
    },
    /// Make one, and print it in the format of an AWS credentials file
    Create {
        /// The account that it belongs to
        #[arg(long, value_parser = parse_account, default_value = crate::commands::DEFAULT_ACCOUNT)]
        account: String,
        /// What it may do: read-only, operator, administrator
        #[arg(long, default_value = "read-only")]
        role: Role,
        /// For people
        #[arg(long, default_value = "")]
        description: String,
        /// The name of its section, which AWS_PROFILE names: a file has each once
        #[arg(long, value_name = "NAME", value_parser = parse_profile, default_value = "assay")]
        profile: String,
    },
    /// Make one useless, at once and for good
    Disable {
        /// For example AKIA…
        key: String,
    },
}

fn parse_message_state(text: &str) -> Result<MessageState, String> {
    MessageState::from_name(text).ok_or_else(|| "use pending, delivered, dead or nowhere".to_owned())
}

/// What may stand between the brackets of a section, for every reader of such files.
fn parse_profile(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte);
    if (1..=64).contains(&text.len()) && text.bytes().all(is_name) {
        return Ok(text.to_owned());
    }
    Err("a profile has 1 to 64 letters, digits, and -_.@+".to_owned())
}

pub(super) fn parse_account(text: &str) -> Result<String, String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { Ok(text.to_owned()) } else { Err("an account has 12 digits".to_owned()) }
}
