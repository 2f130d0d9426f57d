//! Sections 3 to 5: what failed, in short and in full, and what passed.

use super::affected::Members;
use super::document::{Block, Cell, Column, Foot, Heading, Table};
use super::text::{all_lines, line};
use super::{FailedRule, ReportPackage, RunReport};
use crate::words;

/// The packages that have something, with their numbers as subsections.
fn numbered(report: &RunReport, has: impl Fn(&ReportPackage) -> bool) -> impl Iterator<Item = (usize, &ReportPackage)> {
    (1..).zip(report.rules_packages.iter().filter(move |package| has(package)))
}

/// The number of a failed rule: `4.2.17`.
fn detail_number(package: usize, rule: usize) -> String {
    format!("4.{package}.{rule}")
}

fn detail_heading(package: usize, rule_number: usize, rule: &FailedRule) -> Heading {
    let mut heading = Heading::new(3, detail_number(package, rule_number), line(&rule.rule));
    heading.severity = Some(rule.severity);
    heading
}

pub(super) fn findings_summary(report: &RunReport, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "3", "Findings Summary")));
    let mut is_empty = true;
    for (number, package) in numbered(report, |package| !package.failed.is_empty()) {
        is_empty = false;
        blocks.push(Block::Heading(Heading::new(2, format!("3.{number}"), line(&package.name))));
        let rows = (1..)
            .zip(&package.failed)
            .map(|(rule_number, rule)| {
                let heading = detail_heading(number, rule_number, rule);
                vec![
                    Cell::Link { text: heading.text, anchor: heading.anchor.clone() },
                    Cell::Severity(rule.severity),
                    Cell::Number(rule.instances.len() as u64),
                    Cell::PageOf(heading.anchor),
                ]
            })
            .collect();
        let columns = vec![
            Column::left("Rule", 56),
            Column::left("Severity", 17),
            Column::right("Failed instances", 18),
            Column::right("Page", 9),
        ];
        blocks.push(Block::Table(Table { columns, rows, foot: Foot::None }));
    }
    if is_empty {
        blocks.push(Block::Note(nothing_found(report)));
    }
}

/// What to say without findings, which is never that all is well where something was left out.
fn nothing_found(report: &RunReport) -> String {
    if report.exclusions.is_empty() {
        "No rule failed.".to_owned()
    } else {
        "No rule failed among what could be checked. The appendix has what could not be checked.".to_owned()
    }
}

pub(super) fn findings_details(report: &RunReport, members: &Members<'_>, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "4", "Findings Details")));
    let mut is_empty = true;
    for (number, package) in numbered(report, |package| !package.failed.is_empty()) {
        is_empty = false;
        blocks.push(Block::Heading(Heading::new(2, format!("4.{number}"), line(&package.name))));
        for (rule_number, rule) in (1..).zip(&package.failed) {
            blocks.push(Block::Heading(detail_heading(number, rule_number, rule)));
            blocks.push(Block::Facts(facts(rule, members)));
        }
    }
    if is_empty {
        blocks.push(Block::Note(nothing_found(report)));
    }
}

fn facts(rule: &FailedRule, members: &Members<'_>) -> Vec<(&'static str, String)> {
    let instances = members.named(&rule.instances);
    let number = words::count(rule.instances.len(), "instance");
    let findings = match rule.finding_count {
        count if count == rule.instances.len() as u64 => String::new(),
        count => format!(", {} findings", words::thousands(count)),
    };
    let or_none = |text: String| if text.is_empty() { "none given".to_owned() } else { text };
    vec![
        ("Severity", rule.severity.to_string()),
        ("Description", or_none(all_lines(&rule.descriptions))),
        ("Recommendation", or_none(all_lines(&rule.recommendations))),
        ("Affected instances", format!("{number}{findings}: {instances}")),
    ]
}

pub(super) fn passed_rules(report: &RunReport, members: &Members<'_>, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "5", "Passed Rules")));
    let mut is_empty = true;
    for (number, package) in numbered(report, |package| !package.passed.is_empty()) {
        is_empty = false;
        blocks.push(Block::Heading(Heading::new(2, format!("5.{number}"), line(&package.name))));
        let rows = package
            .passed
            .iter()
            .map(|rule| {
                vec![
                    Cell::Text(line(&rule.rule)),
                    Cell::Severity(rule.severity),
                    Cell::Number(rule.instances.len() as u64),
                    Cell::Text(members.named(&rule.instances)),
                ]
            })
            .collect();
        let columns = vec![
            Column::left("Rule", 40),
            Column::left("Severity", 16),
            Column::right("Passed", 9),
            Column::left("Instances", 35),
        ];
        blocks.push(Block::Table(Table { columns, rows, foot: Foot::None }));
    }
    if is_empty {
        blocks.push(Block::Note("No rule is known to have passed.".to_owned()));
    }
}
