//! `assay admin outbox`: what those who subscribed are told, and what could not be.

use std::fmt::Write as _;

use anyhow::bail;
use assay_server::store::OutboxMessage;

use crate::arguments::OutboxCommand;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use super::store;

/// Lists and retries.
pub fn run(command: &OutboxCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        OutboxCommand::List { state, limit } => {
            let mut text = String::new();
            for message in store.ask(|store| store.messages(*state, *limit))? {
                let OutboxMessage { id, topic, event, state, since, attempts, last_error, .. } = message;
                let (state, error) = (state.as_str(), last_error.unwrap_or_default());
                writeln!(text, "{id}  {since:.0}  {state:<9}  {attempts:>3}  {event:<31}  {topic}  {error}")?;
            }
            output::print(text)?;
        }
        OutboxCommand::Retry { id } => {
            let now = settings.clock.now();
            let count = store.ask(|store| store.retry_messages(id.as_deref(), now))?;
            if let (Some(id), 0) = (id, count) {
                bail!("there is no message {id} that was given up");
            }
            output::print(format!("{count} messages will be delivered again\n"))?;
        }
    }
    store.close();
    Ok(Exit::Done)
}
