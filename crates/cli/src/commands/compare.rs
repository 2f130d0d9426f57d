//! `assay compare`: the report of another scanner beside a run of the same host.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use assay_feeds::FeedStore;
use assay_report::{
    MAX_REPORT_BYTES, Options, OtherReport, RowLimit, compare, comparison_jsonl, comparison_text, read_other_report,
};
use camino::Utf8Path;

use crate::arguments::CompareArguments;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::claim_reason::Reasons;
use super::store;

/// Prints what both say, what only we say and what only they say, with our reason for each.
pub fn run(arguments: &CompareArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let report = read(&arguments.report)?;
    let store = store::open(settings)?;
    let assessment = store.assessment(&arguments.run)?;
    let evidence = store.evidence(&assessment.host)?;
    let reasons = Reasons::open(&evidence, &assessment.exclusions, &FeedStore::open(&settings.feeds));
    let comparison = compare(&report, &assessment.findings, |claim| reasons.reason(claim))?;
    if arguments.json {
        output::print(comparison_jsonl(&comparison))?;
    } else {
        let rows = if arguments.all { RowLimit::All } else { RowLimit::default() };
        let options = Options { width: terminal.width, style: terminal.style, rows };
        output::print(comparison_text(&comparison, &assessment.host.hostname, &options))?;
    }
    Ok(Exit::Done)
}

fn read(path: &Utf8Path) -> anyhow::Result<OtherReport> {
    let failed = || format!("failed to read {path}");
    let limit = MAX_REPORT_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).with_context(failed)?;
    } else {
        let metadata = std::fs::metadata(path).with_context(failed)?;
        if !metadata.is_file() {
            bail!("{path} is no file; `-` reads stdin");
        }
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).with_context(failed)?;
    }
    read_other_report(&bytes).with_context(failed)
}
