//! `assay admin agents`, `tokens` and `instances`, straight in the store.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use assay_model::Timestamp;
use assay_model::arn::TargetArn;
use assay_server::agents::CERTIFICATE_LIFETIME;
use assay_server::desk::{NewToken, open_authority};
use assay_server::instances::{InstanceFolder, Taken, Whose};
use assay_server::service::random_id;
use assay_server::store::{Agent, EnrolmentToken};

use crate::arguments::{AgentsCommand, InstancesCommand, TokensCommand};
use crate::clock::parse_age;
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::settings::Settings;

use super::store;

/// Lists, revokes and removes agents.
pub fn agents(command: &AgentsCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        AgentsCommand::List { account } => {
            let mut text = String::new();
            for agent in store.ask(|store| store.agents(account.as_deref()))? {
                let Agent { account, region, facts, enrolled_at, .. } = &agent;
                let (id, hostname, version, os) =
                    (&facts.agent, &facts.hostname, &facts.version, &facts.operating_system);
                let seen = match (agent.revoked_at, agent.last_seen_at) {
                    (Some(at), _) => format!("revoked {at:.0}"),
                    (None, Some(at)) => format!("{} {at:.0}", agent.code.as_str()),
                    (None, None) => "never heard from".to_owned(),
                };
                writeln!(
                    text,
                    "{id}  {account}  {region}  enrolled {enrolled_at:.0}  {seen}  {version}  {hostname}  {os}"
                )?;
            }
            output::print(text)?;
        }
        AgentsCommand::Revoke { agent, account } => {
            if !store.ask(|store| store.revoke_agent(account, agent, settings.clock.now()))? {
                bail!("the account {account} has no agent {agent} that is not revoked already");
            }
        }
        AgentsCommand::Remove { agent, account } => {
            if !store.ask(|store| store.remove_agent(account, agent))? {
                bail!("the account {account} has no agent {agent}");
            }
        }
    }
    store.close();
    Ok(Exit::Done)
}

/// Lists, makes and revokes tokens.
pub fn tokens(command: &TokensCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let now = settings.clock.now();
    match command {
        TokensCommand::List => {
            let mut text = String::new();
            for token in store.ask(|store| store.enrolment_tokens())? {
                let EnrolmentToken { id, account, region, description, uses_left, expires_at, .. } = &token;
                let state = match token.revoked_at {
                    Some(at) => format!("revoked {at:.0}"),
                    None if *expires_at <= now => format!("expired {expires_at:.0}"),
                    None => format!("until {expires_at:.0}"),
                };
                writeln!(text, "{id}  {account}  {region}  {uses_left} uses left  {state}  {description}")?;
            }
            output::print(text)?;
        }
        TokensCommand::Create { account, region, uses, expires, description, server } => {
            check_region(region)?;
            if !store.ask(|store| store.accounts())?.iter().any(|known| known.id == *account) {
                bail!("there is no account {account}; `assay admin accounts create {account}` makes it");
            }
            let expires_at = now + parse_age(expires)?;
            let new = NewToken::draw().context("the system has no random numbers")?;
            let id = random_id().ok().context("the system has no random numbers")?;
            let token = EnrolmentToken {
                id: id.to_string(),
                account: account.clone(),
                region: region.clone(),
                description: description.clone(),
                uses_left: *uses,
                created_at: now,
                expires_at,
                revoked_at: None,
            };
            let made_at = Timestamp::now();
            let authority = store.ask(|store| open_authority(store, &settings.data, CERTIFICATE_LIFETIME, made_at))?;
            store.ask(|store| store.create_enrolment_token(&token, &new.digest))?;
            let (text, fingerprint) = (&new.text, authority.fingerprint());
            output::print(format!(
                "token {id}, good for {uses} hosts until {expires_at:.0}; it is not shown again\n\
                 assay agent enroll --server {server} --ca-fingerprint {fingerprint} --token {text}\n"
            ))?;
        }
        TokensCommand::Revoke { token } => {
            if !store.ask(|store| store.revoke_enrolment_token(token, now))? {
                bail!("there is no usable token {token}");
            }
        }
    }
    store.close();
    Ok(Exit::Done)
}

/// Takes instances over.
pub fn instances(command: &InstancesCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let InstancesCommand::Import { directory, account, region } = command;
    let source = instance_folder(directory, account, region)?;
    let store = store::open(settings)?;
    let Taken { instances, unknown_accounts, problems } = store.ask(|store| source.take(store))?;
    store.close();
    let mut text = format!("{instances} instances\n");
    for account in unknown_accounts {
        writeln!(text, "left out: there is no account {account}; make it, or use --account")?;
    }
    for problem in problems {
        writeln!(text, "not used: {}: {}", problem.subject, problem.detail)?;
    }
    output::print(text)?;
    Ok(Exit::Done)
}

/// The folder of instances that arguments name.
///
/// # Errors
///
/// When there is no such folder, or no region can have that name.
pub fn instance_folder(
    directory: &camino::Utf8Path,
    account: &Option<String>,
    region: &Option<String>,
) -> anyhow::Result<InstanceFolder> {
    if !directory.is_dir() {
        return Err(UsageError(format!("{directory} is no folder")).into());
    }
    if let Some(region) = region {
        check_region(region)?;
    }
    let whose = Whose { account: account.clone(), region: region.clone() };
    Ok(InstanceFolder { folder: directory.to_owned(), whose })
}

/// Any region is accepted that can stand in an ARN.
pub fn check_region(region: &str) -> Result<(), UsageError> {
    let probe = format!("arn:aws:inspector:{region}:000000000000:target/0-00000000");
    match probe.parse::<TargetArn>() {
        Ok(_) => Ok(()),
        Err(_) => Err(UsageError(format!("{region:?} cannot be the name of a region"))),
    }
}
