//! `assay admin jobs`: work in the background that was given up, and a new beginning for it.

use std::fmt::Write as _;

use anyhow::bail;
use assay_server::store::DeadJob;

use crate::arguments::JobsCommand;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use super::store;

/// Lists and retries.
pub fn run(command: &JobsCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        JobsCommand::List { limit } => {
            let mut text = String::new();
            for DeadJob { kind, subject, error, dead_at } in store.ask(|store| store.dead_jobs(*limit))? {
                writeln!(text, "{dead_at:.0}  {kind}  {subject}  {}", error.escape_debug())?;
            }
            output::print(text)?;
        }
        JobsCommand::Retry { kind, subject } => {
            let only = kind.as_deref().zip(subject.as_deref());
            let count = store.ask(|store| store.revive_jobs(only, settings.clock.now()))?;
            if let (Some((kind, subject)), 0) = (only, count) {
                bail!("there is no job {kind} {subject} that was given up");
            }
            output::print(format!("{count} jobs will be tried again\n"))?;
        }
    }
    store.close();
    Ok(Exit::Done)
}
