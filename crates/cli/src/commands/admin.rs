//! `assay admin`: accounts and access keys, straight in the store.

use std::fmt::Write as _;

use anyhow::bail;
use assay_server::service::Role;
use assay_server::store::Account;

use crate::arguments::{AccountsCommand, AdminCommand, KeysCommand};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use super::{admin_agents, audit, credentials, jobs, outbox, store};

/// Lists, makes and disables.
pub fn run(command: &AdminCommand, settings: &Settings) -> anyhow::Result<Exit> {
    match command {
        AdminCommand::Accounts(command) => accounts(command, settings),
        AdminCommand::Keys(command) => keys(command, settings),
        AdminCommand::Audit(command) => audit::run(command, settings),
        AdminCommand::Outbox(command) => outbox::run(command, settings),
        AdminCommand::Agents(command) => admin_agents::agents(command, settings),
        AdminCommand::Tokens(command) => admin_agents::tokens(command, settings),
        AdminCommand::Instances(command) => admin_agents::instances(command, settings),
        AdminCommand::Jobs(command) => jobs::run(command, settings),
        AdminCommand::Roles => output::print(roles()).map(|()| Exit::Done),
    }
}

fn roles() -> String {
    let about = |role: Role| match role {
        Role::ReadOnly => "every Describe, Get, List and Preview operation",
        Role::Operator => "these, and every operation that changes something in its account",
        Role::Administrator => "all operations",
    };
    Role::ALL.into_iter().fold(String::new(), |text, role| format!("{text}{role:<15} {}\n", about(role)))
}

fn accounts(command: &AccountsCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        AccountsCommand::List => {
            let mut text = String::new();
            for Account { id, name, created_at } in store.ask(|store| store.accounts())? {
                writeln!(text, "{id}  {created_at:.0}  {name}")?;
            }
            output::print(text)?;
        }
        AccountsCommand::Create { account, name } => {
            let made = Account { id: account.clone(), name: name.clone(), created_at: settings.clock.now() };
            if !store.ask(|store| store.create_account(&made))? {
                bail!("there is an account {account} already");
            }
        }
    }
    store.close();
    Ok(Exit::Done)
}

fn keys(command: &KeysCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        KeysCommand::List { account } => {
            let mut text = String::new();
            for key in store.ask(|store| store.access_keys(account.as_deref()))? {
                let state = key.disabled_at.map_or_else(|| "usable".to_owned(), |at| format!("disabled {at:.0}"));
                let (id, account, role, about) = (&key.id, &key.account, key.role, &key.description);
                writeln!(text, "{id}  {account}  {role:<13}  {:.0}  {state}  {about}", key.created_at)?;
            }
            output::print(text)?;
        }
        KeysCommand::Create { account, role, description, profile } => {
            if !store.ask(|store| store.accounts())?.iter().any(|known| known.id == *account) {
                bail!("there is no account {account}; `assay admin accounts create {account}` makes it");
            }
            let key = credentials::new_key(account, *role, description, settings.clock.now())?;
            store.ask(|store| store.create_access_key(&key))?;
            output::print(credentials::section(profile, &key))?;
        }
        KeysCommand::Disable { key } => {
            if !store.ask(|store| store.disable_access_key(key, settings.clock.now()))? {
                bail!("there is no usable access key {key}");
            }
        }
    }
    store.close();
    Ok(Exit::Done)
}
