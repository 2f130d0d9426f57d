//! `assay findings`.

use assay_model::finding::Finding;
use assay_report::{Context, finding_json, finding_table, finding_text, findings_jsonl};
use assay_server::store::{FindingFilter, Page, RunSummary};

use crate::arguments::{FindingsCommand, FindingsListArguments, FindingsShowArguments};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::store::{self, OpenStore};

/// Lists or shows findings.
pub fn run(command: &FindingsCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        FindingsCommand::List(arguments) => list(arguments, settings, terminal),
        FindingsCommand::Show(arguments) => show(arguments, settings, terminal),
    }
}

/// A finding and the run it belongs to.
///
/// # Errors
///
/// When the selector names none or more than one, or the store cannot be read.
pub fn find(store: &OpenStore, selector: &str) -> anyhow::Result<(RunSummary, Finding)> {
    let finding = store.ask(|store| store.find_finding(selector))?;
    let summary = store.run(finding.arn.run().as_str())?;
    Ok((summary, finding))
}

/// The objects around the findings of a run.
pub fn context(summary: &RunSummary) -> Context<'_> {
    Context { target: &summary.target, template: &summary.template, run: &summary.run, host: &summary.host }
}

fn list(arguments: &FindingsListArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let summary = store.run(&arguments.run)?;
    let filter = FindingFilter {
        run: Some(summary.run.arn.clone()),
        minimum_band: arguments.severity,
        rules_package: arguments.rules,
        rule_id: arguments.rule.clone(),
        package: arguments.package.clone(),
        text: arguments.text.clone(),
        fix_state: arguments.state,
        ..FindingFilter::default()
    };
    let page = Page::first(arguments.limit);
    let listing = store.ask(|store| store.findings(&filter, &page))?;
    if arguments.json {
        output::print(findings_jsonl(listing.items.iter().map(|finding| (context(&summary), finding))))?;
    } else {
        output::print(finding_table(&listing.items, terminal.width, terminal.style))?;
    }
    if listing.next.is_some() {
        terminal.hint(format_args!("these are the first {}; --limit shows more", arguments.limit));
    }
    Ok(Exit::Done)
}

fn show(arguments: &FindingsShowArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let (summary, finding) = find(&store, &arguments.finding)?;
    let context = context(&summary);
    if arguments.json {
        output::print(format!("{}\n", finding_json(&context, &finding).trim_end()))?;
    } else {
        output::print(finding_text(&context, &finding, terminal.width, terminal.style))?;
    }
    Ok(Exit::Done)
}
