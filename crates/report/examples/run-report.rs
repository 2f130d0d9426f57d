//! Writes the report of a fixture's run to a file, as PDF or HTML by its extension, for looking at it.
//!
//! `run-report FILE [ordinary|hostile|empty|RULES] [FINDING|FULL]`; a number makes a run with so many failed rules on 500
//! instances.

use std::io::Error;

use assay_report::run_report::{ReportKind, html, pdf};

#[path = "../tests/it/fixture/mod.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or_else(|| Error::other("usage: run-report FILE [RUN] [FINDING|FULL]"))?;
    let report = match arguments.next().as_deref() {
        None | Some("ordinary") => fixture::run_report(),
        Some("hostile") => fixture::hostile_run_report(),
        Some("empty") => fixture::empty_run_report(3),
        Some(rules) => fixture::large_run_report(rules.parse()?, 500),
    };
    let kind: ReportKind = arguments.next().as_deref().unwrap_or("FULL").parse()?;
    let bytes = if path.ends_with(".pdf") { pdf(&report, kind)? } else { html(&report, kind).into_bytes() };
    std::fs::write(&path, bytes)?;
    Ok(())
}
