//! Calls to AWS: what `assay network collect --to` does.

use std::sync::Arc;

use assay_cloud::CALLS;
use assay_cloud::aws::{CloudError, Collected, Note, Patience, Session, SessionOptions, collect};
use camino::{Utf8Path, Utf8PathBuf};

use crate::arguments::NetworkCollectArguments;
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::terminal::Terminal;

/// Calls that had no answer which are named; `_collection.json` has them all.
const NAMED: usize = 20;

/// Makes every call in every region. A region that nothing can be had of does not stop the others, but is a failure.
pub async fn collect_network(
    arguments: &NetworkCollectArguments,
    to: &Utf8Path,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let options = SessionOptions {
        profile: arguments.profile.clone(),
        endpoint: arguments.endpoint.clone(),
        patience: Patience::default(),
    };
    let session = Arc::new(Session::open(options).await.map_err(told)?);
    let regions = match session.region() {
        _ if !arguments.regions.is_empty() => arguments.regions.clone(),
        Some(region) => vec![region.to_owned()],
        None => return Err(told(CloudError::NoRegion)),
    };
    let mut exit = Exit::Done;
    for region in &regions {
        // Asked in each: some credentials are accepted in some regions only.
        let identity = session.identity(region).await.map_err(told)?;
        let place = place(to, identity.as_ref().map(|identity| identity.account.as_str()), region);
        terminal.hint(format_args!("asking for the network in {region}"));
        let Collected { staging, files, notes } =
            collect(&session, region, identity.as_ref(), CALLS, &place).await.map_err(told)?;
        report(region, &notes, terminal);
        if files == 0 {
            terminal.warn(format_args!("{region}: no call had an answer; {place} stays as it was"));
            exit = Exit::Failed;
            continue;
        }
        staging.keep()?;
        output::print(format!("{place}: {files} files, {} calls without a whole answer\n", notes.len()))?;
    }
    Ok(exit)
}

/// The folder of a region, as a snapshot has it.
pub fn place(to: &Utf8Path, account: Option<&str>, region: &str) -> Utf8PathBuf {
    match account {
        Some(account) => to.join(account).join(region),
        None => to.join(region),
    }
}

fn report(region: &str, notes: &[Note], terminal: &Terminal) {
    for note in notes.iter().take(NAMED) {
        let id = note.id.as_deref().map(|id| format!(" of {id}")).unwrap_or_default();
        let permission = note.permission.as_deref();
        let lacks = permission.map(|permission| format!(" (permission {permission})")).unwrap_or_default();
        terminal.warn(format_args!("{region}: {}{id}: {}{lacks}", note.call, note.reason));
    }
    if let Some(more) = notes.len().checked_sub(NAMED).filter(|more| *more > 0) {
        terminal.warn(format_args!("{region}: and {more} more calls; _collection.json names them"));
    }
}

/// The command line's own mistakes have a code of their own.
pub fn told(error: CloudError) -> anyhow::Error {
    if error.is_usage() { UsageError(error.to_string()).into() } else { error.into() }
}
