//! The table of an assessment: what `assay assess` prints, and the `text` format with every finding in full.
//!
//! What was not checked is part of the answer: "No findings" never stands without the coverage below it.

use std::io::{self, Write};

use assay_model::assessment::Assessment;
use assay_model::coverage::CoverageUnit;
use assay_model::exclusion::Exclusion;

use super::finding_table::{Keys, finding_grid};
use super::finding_text::write_finding;
use super::grid::{Column, Fit};
use super::page::{Page, cell};
use super::paint::Paint;
use crate::advice::most_valuable;
use crate::format::Registration;
use crate::visible::visible;
use crate::wrap::{cut, fold_names};
use crate::{Context, Options, RowLimit, words};

pub(crate) const TABLE: Registration =
    Registration { name: "table", media_type: "text/plain; charset=utf-8", extension: "txt", write: write_table };

pub(crate) const TEXT: Registration =
    Registration { name: "text", media_type: "text/plain; charset=utf-8", extension: "txt", write: write_text };

/// How many exclusions are shown where the rows are limited.
const EXCLUSIONS_SHOWN: RowLimit = RowLimit::First(8);
/// How many lines an exclusion takes where the rows are limited.
const EXCLUSION_LINES: usize = 4;
/// Columns for the rules that a piece of work resolves.
const RULES_NAMED_COLUMNS: usize = 48;
/// How many pieces of work are advised.
const ADVICE_SHOWN: usize = 3;

fn write_table(assessment: &Assessment, options: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(options.width, options.style);
    header(&mut page, assessment);
    page.blank();
    findings(&mut page, assessment, options.rows);
    exclusions(&mut page, &assessment.exclusions, options.rows);
    coverage(&mut page, assessment);
    next_steps(&mut page, assessment);
    writer.write_all(page.into_text().as_bytes())
}

fn write_text(assessment: &Assessment, options: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(options.width, options.style);
    header(&mut page, assessment);
    let context = Context::from(assessment);
    let rule = "-".repeat(page.columns());
    for finding in &assessment.findings {
        page.blank();
        page.line(&Paint::Faint.apply(options.style, &rule));
        page.blank();
        write_finding(&mut page, &context, finding);
    }
    exclusions(&mut page, &assessment.exclusions, RowLimit::All);
    coverage(&mut page, assessment);
    writer.write_all(page.into_text().as_bytes())
}

fn header(page: &mut Page, assessment: &Assessment) {
    let (host, run) = (&assessment.host, &assessment.run);
    page.field("Host", &format!("{} ({}), {}", host.hostname, host.agent_id, words::source(host.source)));
    page.field("System", &words::system(host));
    page.field("Run", &format!("{}, {}", run.name, run.state()));
    page.field("", &words::run_time(run));
    page.field("Target", &format!("{}, template {}", assessment.target.name, assessment.template.name));
    page.field("Feeds", &words::feeds(assessment));
    page.field("Findings", &words::finding_counts(&assessment.findings));
}

fn findings(page: &mut Page, assessment: &Assessment, rows: RowLimit) {
    let all = &assessment.findings;
    if all.is_empty() {
        page.line(if assessment.coverage.is_complete() {
            "No findings: every check came to a decision."
        } else {
            "No findings among what could be checked; see below for what could not."
        });
        return;
    }
    let shown: Vec<_> = all.iter().take(rows.shown_of(all.len())).collect();
    let table = finding_grid(&shown, page.columns(), page.style(), Keys::Hidden);
    page.line(table.trim_end_matches('\n'));
    let hidden = all.len() - shown.len();
    if hidden > 0 {
        let more = format!("… and {} more: assay findings list", words::thousands(hidden as u64));
        page.line(&Paint::Faint.apply(page.style(), &more));
    }
}

fn exclusions(page: &mut Page, exclusions: &[Exclusion], rows: RowLimit) {
    if exclusions.is_empty() {
        return;
    }
    page.heading(&format!("Not checked: {}", words::count(exclusions.len(), "reason")));
    let shown = match rows {
        RowLimit::All => exclusions.len(),
        RowLimit::First(_) => EXCLUSIONS_SHOWN.shown_of(exclusions.len()),
    };
    for exclusion in exclusions.iter().take(shown) {
        let text = format!("{}: {}", visible(&exclusion.title), visible(&exclusion.description));
        let text = match rows {
            RowLimit::All => text,
            RowLimit::First(_) => cut(&text, page.columns().saturating_sub(8) * EXCLUSION_LINES),
        };
        page.hanging(2, "- ", &text);
    }
    if shown < exclusions.len() {
        page.line(&format!("  … and {} more: assay runs show --all", exclusions.len() - shown));
    }
}

fn coverage(page: &mut Page, assessment: &Assessment) {
    let share = words::percent(assessment.coverage.decided_share());
    page.heading(&format!("Coverage: {share} of the checks came to a decision"));
    let columns = [
        Column::left("RULES PACKAGE", Fit::Share(1)),
        Column::left("OF", Fit::Content(8)),
        Column::right("PASS", Fit::Content(6)),
        Column::right("FAIL", Fit::Content(6)),
        Column::right("N/A", Fit::Content(6)),
        Column::right("UNKNOWN", Fit::Content(7)),
        Column::right("ERROR", Fit::Content(6)),
        Column::right("UNCHECKED", Fit::Content(9)),
    ];
    let rows: Vec<Vec<String>> = assessment
        .coverage
        .packages
        .iter()
        .map(|package| {
            let unit = match package.unit {
                CoverageUnit::Rules => "rules",
                CoverageUnit::Packages => "packages",
            };
            let outcomes = &package.outcomes;
            let numbers = [
                outcomes.pass,
                outcomes.fail,
                outcomes.notapplicable,
                outcomes.unknown,
                outcomes.error,
                outcomes.notchecked,
            ];
            let mut row = vec![package.rules_package.name().to_owned(), unit.to_owned()];
            row.extend(numbers.map(|number| words::thousands(u64::from(number))));
            row
        })
        .collect();
    if rows.is_empty() {
        page.paragraph(2, "No rules package was evaluated.");
        return;
    }
    page.grid(2, &columns, rows);
}

fn next_steps(page: &mut Page, assessment: &Assessment) {
    let Some(worst) = assessment.findings.first() else {
        return;
    };
    let advice = most_valuable(&assessment.findings, ADVICE_SHOWN);
    if !advice.is_empty() {
        page.heading("Fix first");
    }
    for (number, item) in (1..).zip(&advice) {
        let counts = words::band_counts(item.findings.iter().copied());
        let rules: Vec<String> = item.findings.iter().map(|finding| cell(&finding.rule_id)).collect();
        let rules = fold_names(rules.iter().map(String::as_str), RULES_NAMED_COLUMNS);
        let effect = format!("{}: {rules}", words::band_sentence(&counts));
        page.hanging(2, &format!("{number}. "), &effect);
        for (text, command) in &item.steps {
            page.paragraph(5, text);
            page.command(5, command);
        }
    }
    page.heading("Next");
    page.command(2, &format!("assay findings show {}", worst.key));
    page.command(2, &format!("assay why {}", worst.key));
    page.command(2, "assay report latest -o html=report.html");
}
