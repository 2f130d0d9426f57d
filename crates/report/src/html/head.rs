//! The page up to the first finding: who was assessed, how bad it is, what to do first, and the controls.

use std::collections::BTreeMap;

use askama::Template;
use assay_model::assessment::Assessment;
use assay_model::run::RunState;
use assay_model::severity::Band;

use super::page::{SCRIPT, STYLE};
use super::policy::content_security_policy;
use super::text::{band_number, shown, shown_lines};
use crate::advice::{Advice, most_valuable};
use crate::words;
use crate::wrap::fold_names;

/// How many pieces of work are advised.
const ADVICE_SHOWN: usize = 3;
/// Columns for the rules that a piece of work resolves.
const RULES_NAMED_COLUMNS: usize = 72;
/// Length of the bar of counts, and of the gap between two parts, in its own units.
const BAR_LENGTH: f64 = 1000.0;
const BAR_GAP: f64 = 3.0;

#[derive(Debug, Template)]
#[template(path = "head.html")]
pub(crate) struct HeadPart {
    policy: String,
    style: &'static str,
    hostname: String,
    operating_system: String,
    state: String,
    state_is_clean: bool,
    run_time: String,
    bands: Vec<BandCount>,
    counts_sentence: String,
    figures: Vec<Figure>,
    target: String,
    template: String,
    run: String,
    advice: Vec<AdviceView>,
    packages: Vec<(String, usize)>,
    total: usize,
    total_text: String,
    nothing_found: &'static str,
}

#[derive(Debug)]
struct BandCount {
    number: u8,
    label: &'static str,
    count: usize,
    count_text: String,
    start: String,
    length: String,
}

#[derive(Debug)]
struct Figure {
    value: String,
    label: &'static str,
    target: &'static str,
}

#[derive(Debug)]
struct AdviceView {
    effect: String,
    rules: String,
    steps: Vec<(String, String)>,
}

impl HeadPart {
    pub(crate) fn new(assessment: &Assessment) -> HeadPart {
        let counts = words::band_counts(&assessment.findings);
        let state = assessment.run.state();
        HeadPart {
            policy: content_security_policy(STYLE, Some(SCRIPT)),
            style: STYLE,
            hostname: shown(&assessment.host.hostname),
            operating_system: shown(&assessment.host.operating_system),
            state: state.as_str().replace('_', " ").to_lowercase(),
            state_is_clean: state == RunState::Completed,
            run_time: words::run_time(&assessment.run),
            bands: bands(&counts),
            counts_sentence: words::band_sentence(&counts),
            figures: figures(assessment),
            target: shown(&assessment.target.name),
            template: shown(&assessment.template.name),
            run: shown(&assessment.run.name),
            advice: most_valuable(&assessment.findings, ADVICE_SHOWN).iter().map(AdviceView::new).collect(),
            packages: packages(assessment),
            total: assessment.findings.len(),
            total_text: words::count(assessment.findings.len(), "finding"),
            nothing_found: if assessment.coverage.is_complete() {
                "No findings: every check came to a decision."
            } else {
                "No findings among what could be checked. What could not be checked is listed below."
            },
        }
    }
}

impl AdviceView {
    fn new(advice: &Advice<'_>) -> AdviceView {
        let counts = words::band_counts(advice.findings.iter().copied());
        let rules: Vec<String> = advice.findings.iter().map(|finding| shown(&finding.rule_id)).collect();
        AdviceView {
            effect: words::band_sentence(&counts),
            rules: fold_names(rules.iter().map(String::as_str), RULES_NAMED_COLUMNS),
            steps: advice.steps.iter().map(|(text, command)| (shown_lines(text), shown_lines(command))).collect(),
        }
    }
}

/// The counts, and where each one's part of the bar begins and ends.
fn bands(counts: &[(Band, usize)]) -> Vec<BandCount> {
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let parts = counts.iter().filter(|(_, count)| *count > 0).count();
    let room = BAR_LENGTH - BAR_GAP * parts.saturating_sub(1) as f64;
    let mut start = 0.0;
    let mut views = Vec::with_capacity(counts.len());
    for (band, count) in counts {
        let length = if total == 0 { 0.0 } else { room * *count as f64 / total as f64 };
        views.push(BandCount {
            number: band_number(*band),
            label: band.as_str(),
            count: *count,
            count_text: words::thousands(*count as u64),
            start: format!("{start:.1}"),
            length: format!("{length:.1}"),
        });
        if *count > 0 {
            start += length + BAR_GAP;
        }
    }
    views
}

fn figures(assessment: &Assessment) -> Vec<Figure> {
    let findings = &assessment.findings;
    let exploited = findings
        .iter()
        .filter(|finding| finding.vulnerability.as_ref().is_some_and(|it| it.kev_date_added.is_some()))
        .count();
    let fixable = findings.iter().filter(|finding| words::has_update(finding)).count();
    vec![
        Figure { value: words::thousands(exploited as u64), label: "known to be exploited", target: "#findings" },
        Figure { value: words::thousands(fixable as u64), label: "fixed by an update", target: "#findings" },
        Figure {
            value: words::percent(assessment.coverage.decided_share()),
            label: "of the checks decided",
            target: "#coverage",
        },
        Figure {
            value: words::thousands(assessment.exclusions.len() as u64),
            label: "not checked",
            target: "#exclusions",
        },
    ]
}

/// Every affected package and how many findings it has, by name.
fn packages(assessment: &Assessment) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &assessment.findings {
        let mut names: Vec<String> = finding.packages.iter().map(|package| shown(&package.name)).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
    }
    counts.into_iter().collect()
}
