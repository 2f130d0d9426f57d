//! `assay runs` and `assay report`.

use assay_report::{RunRow, run_table, runs_jsonl};
use assay_server::store::{Page, RunFilter};

use crate::arguments::{ReportArguments, RunsCommand, RunsListArguments};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{assess, store};

/// Lists or shows runs.
pub fn run(command: &RunsCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        RunsCommand::List(arguments) => list(arguments, settings, terminal),
        RunsCommand::Show(arguments) => {
            let assessment = store::open(settings)?.assessment(&arguments.run)?;
            assess::write_outputs(&arguments.output, arguments.all, &assessment, terminal)?;
            Ok(Exit::Done)
        }
    }
}

/// Writes reports of a run.
pub fn report(arguments: &ReportArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let assessment = store::open(settings)?.assessment(&arguments.run)?;
    assess::write_outputs(&arguments.output, true, &assessment, terminal)?;
    Ok(Exit::Done)
}

fn list(arguments: &RunsListArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let filter = RunFilter { host: arguments.host.clone(), ..RunFilter::default() };
    let page = Page::first(arguments.limit);
    let runs = store.ask(|store| store.runs(&filter, &page))?.items;
    if arguments.json {
        let lines = runs_jsonl(runs.iter().map(|summary| &summary.run));
        output::print(lines)?;
        return Ok(Exit::Done);
    }
    let rows = runs.iter().map(|summary| RunRow {
        run: &summary.run,
        hostname: &summary.host.hostname,
        target_name: &summary.target.name,
    });
    output::print(run_table(rows, terminal.width, terminal.style))?;
    Ok(Exit::Done)
}
