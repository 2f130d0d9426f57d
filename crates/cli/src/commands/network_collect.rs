//! `assay network collect`: the calls that a snapshot is made of, printed or made.

use assay_cloud::{ScriptOptions, script};
use camino::Utf8Path;

use crate::arguments::NetworkCollectArguments;
use crate::exit::Exit;
use crate::output;
use crate::terminal::Terminal;

/// The folder in the script.
const FOLDER: &str = "vpc";

/// Prints the calls, or makes them.
pub fn run(arguments: &NetworkCollectArguments, terminal: &Terminal) -> anyhow::Result<Exit> {
    if let Some(to) = &arguments.to {
        return make(arguments, to, terminal);
    }
    output::print(script(&ScriptOptions {
        regions: arguments.regions.clone(),
        profile: arguments.profile.clone(),
        endpoint: arguments.endpoint.clone(),
        folder: FOLDER.to_owned(),
    }))?;
    Ok(Exit::Done)
}

#[cfg(not(feature = "aws"))]
fn make(_: &NetworkCollectArguments, to: &Utf8Path, _: &Terminal) -> anyhow::Result<Exit> {
    let message = format!(
        "--to {to}: this build makes no calls to AWS (it is without the feature `aws`); without --to the calls are printed"
    );
    Err(crate::exit::UsageError(message).into())
}

#[cfg(feature = "aws")]
fn make(arguments: &NetworkCollectArguments, to: &Utf8Path, terminal: &Terminal) -> anyhow::Result<Exit> {
    use anyhow::Context as _;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let collecting = super::aws::collect_network(arguments, to, terminal);
    runtime.context("failed to start the runtime")?.block_on(collecting)
}
