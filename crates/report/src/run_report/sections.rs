//! The sections of a report in their order (reference §8.8), and its cover.
//!
//! The headings are Inspector's where they are known. What was not checked comes last, in an appendix, so that the
//! numbers of the sections stay Inspector's.

use super::affected::Members;
use super::details::{findings_details, findings_summary, passed_rules};
use super::document::{Block, Cell, Column, Document, Foot, Heading, Table};
use super::summary::{SEVERITIES, counts, total};
use super::text::{known, line, lines};
use super::{ReportExclusion, ReportKind, ReportPackage, ReportTarget, RunReport};
use crate::words;

/// The whole document.
pub(super) fn document(report: &RunReport, kind: ReportKind) -> Document {
    let members = Members::new(&report.instances);
    let mut blocks = Vec::new();
    executive_summary(report, &mut blocks);
    what_is_tested(report, &mut blocks);
    findings_summary(report, &mut blocks);
    findings_details(report, &members, &mut blocks);
    if kind == ReportKind::Full {
        passed_rules(report, &members, &mut blocks);
    }
    exclusions(&report.exclusions, &mut blocks);
    let (product, template) = (line(&report.product_name), line(&report.template_name));
    let generated = words::utc(report.generated_at);
    let mut counts = SEVERITIES.map(|severity| (severity, 0));
    for (count, number) in counts.iter_mut().zip(total(report)) {
        count.1 = number;
    }
    Document {
        title: format!("{product} Assessment Report"),
        subtitle: kind.title(),
        facts: cover_facts(report),
        counts,
        footer: format!("{product} · {template} · {generated}"),
        generated_at: report.generated_at,
        blocks,
    }
}

fn end(report: &RunReport) -> String {
    report.run.completed_at.map_or_else(|| "not ended".to_owned(), words::utc)
}

fn cover_facts(report: &RunReport) -> Vec<(&'static str, String)> {
    vec![
        ("Report generated", words::utc(report.generated_at)),
        ("Template", line(&report.template_name)),
        ("Target", line(&report.target.name)),
        ("Run", line(&report.run.name)),
        ("Run start", words::utc(report.run.started_at)),
        ("Run end", end(report)),
        ("Run state", report.run.state.as_str().replace('_', " ").to_lowercase()),
        ("Run ARN", line(&report.run.arn)),
    ]
}

fn executive_summary(report: &RunReport, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "1", "Executive Summary")));
    let observed = match report.run.duration_seconds {
        0 => "as a snapshot".to_owned(),
        seconds => format!("for {}", words::whole_seconds(u64::from(seconds))),
    };
    let judged = match report.rules_packages.len() {
        0 => "no rules package".to_owned(),
        number => words::count(number, "rules package"),
    };
    blocks.push(Block::Paragraph(format!(
        "On {}, an assessment by the template \u{201c}{}\u{201d} started. It observed {} {observed} and judged what was \
         collected by {judged}.",
        words::utc(report.run.started_at),
        line(&report.template_name),
        words::count(report.instances.len(), "instance"),
    )));
    blocks.extend(target_tags(&report.target));
    let sum = total(report);
    let number: u64 = sum.iter().sum();
    blocks.push(Block::Paragraph(match number {
        0 => "Total findings: none.".to_owned(),
        _ => format!("Total findings: {}.", words::thousands(number)),
    }));
    let mut columns = vec![Column::left("Rules package", 40)];
    columns.extend(["High", "Medium", "Low", "Informational"].map(|title| Column::right(title, 15)));
    let row = |name: String, counts: [u64; 4]| {
        let mut row = vec![Cell::Text(name)];
        row.extend(counts.map(Cell::Number));
        row
    };
    let mut rows: Vec<Vec<Cell>> =
        report.rules_packages.iter().map(|package| row(line(&package.name), counts(package))).collect();
    rows.push(row("Total".to_owned(), sum));
    blocks.push(Block::Table(Table { columns, rows, foot: Foot::Sum }));
    blocks.push(Block::Paragraph(match report.exclusions.len() {
        0 => "Nothing was left out of the assessment.".to_owned(),
        number => format!(
            "{} say what was not checked, and why: see the appendix. What was not checked is not known to be in order.",
            words::count(number, "exclusion")
        )
        .replacen("1 exclusion say", "1 exclusion says", 1),
    }));
}

/// The tags that define the target, as a table, or a sentence where there are none.
fn target_tags(target: &ReportTarget) -> Vec<Block> {
    let name = line(&target.name);
    match &target.selectors {
        None => vec![Block::Paragraph(format!("The target \u{201c}{name}\u{201d} includes all instances."))],
        Some(tags) if tags.is_empty() => {
            vec![Block::Paragraph(format!("The target \u{201c}{name}\u{201d} is defined by tags that are not known."))]
        }
        Some(tags) => {
            let rows = tags
                .iter()
                .map(|tag| {
                    let value = tag.value.as_deref().map_or_else(|| "any value".to_owned(), line);
                    vec![Cell::Text(line(&tag.key)), Cell::Text(value)]
                })
                .collect();
            vec![
                Block::Paragraph(format!(
                    "The target \u{201c}{name}\u{201d} includes the instances that have these tags:"
                )),
                Block::Table(Table {
                    columns: vec![Column::left("Key", 30), Column::left("Value", 70)],
                    rows,
                    foot: Foot::None,
                }),
            ]
        }
    }
}

fn what_is_tested(report: &RunReport, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "2", "What is Tested")));
    let title = format!("Rules Packages \u{2013} Count: {}", report.rules_packages.len());
    blocks.push(Block::Heading(Heading::new(2, "2.1", title)));
    for (number, package) in (1_usize..).zip(&report.rules_packages) {
        rules_package(number, package, blocks);
    }
    blocks.push(Block::Heading(Heading::new(2, "2.2", "Assessment Target")));
    blocks.extend(target_tags(&report.target));
    if report.instances.is_empty() {
        blocks.push(Block::Note("No instance belonged to the target when the run started.".to_owned()));
        return;
    }
    let rows = (1..)
        .zip(&report.instances)
        .map(|(number, instance)| {
            vec![
                Cell::Number(number),
                Cell::Text(line(&instance.agent_id)),
                Cell::Text(known(&instance.hostname)),
                Cell::Text(known(&instance.operating_system)),
            ]
        })
        .collect();
    let columns = vec![
        Column::right("No.", 6),
        Column::left("Instance", 28),
        Column::left("Host name", 33),
        Column::left("Operating system", 33),
    ];
    blocks.push(Block::Table(Table { columns, rows, foot: Foot::None }));
}

fn rules_package(number: usize, package: &ReportPackage, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(3, format!("2.1.{number}"), line(&package.name))));
    blocks.push(Block::Paragraph(lines(&package.description)));
    blocks.push(Block::Facts(vec![
        ("Provider", known(&package.provider)),
        ("Version", known(&package.version)),
        ("Number of rules", package.rule_count.map_or_else(|| "not counted".to_owned(), words::thousands)),
    ]));
}

fn exclusions(exclusions: &[ReportExclusion], blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(Heading::new(1, "", "Appendix: Exclusions")));
    if exclusions.is_empty() {
        blocks.push(Block::Note("Nothing was left out of the assessment.".to_owned()));
        return;
    }
    blocks.push(Block::Note(
        "What was not checked, and how to have it checked next time. It is not known to be in order.".to_owned(),
    ));
    for (number, exclusion) in (1_usize..).zip(exclusions) {
        let mut heading = Heading::new(3, format!("E.{number}"), line(&exclusion.title));
        heading.anchor = format!("exclusion-{number}");
        blocks.push(Block::Heading(heading));
        let scopes: Vec<String> = exclusion.scopes.iter().map(|scope| line(scope)).collect();
        blocks.push(Block::Facts(vec![
            ("Concerns", scopes.join(", ")),
            ("Description", lines(&exclusion.description)),
            ("Recommendation", lines(&exclusion.recommendation)),
        ]));
    }
}
