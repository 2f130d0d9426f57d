//! Golden files in `testdata/golden`: what the formats for people and programs look like, to be read in a review.
//!
//! `BLESS=1 cargo test -p assay-report` writes them anew.

use std::path::PathBuf;

use assay_model::assessment::Assessment;
use assay_report::{Context, Format, Options, RowLimit, RunRow, Style};

use crate::fixture;

fn check(name: &str, actual: impl AsRef<[u8]>) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/golden")).join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, actual.as_ref()).unwrap();
        return;
    }
    let expected = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}; run with BLESS=1"));
    let (expected, actual) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(actual.as_ref()));
    let first_difference = expected.lines().zip(actual.lines()).position(|(left, right)| left != right);
    assert!(
        expected == actual,
        "{name} differs, first at line {:?}; if that is meant, run with BLESS=1\n{actual}",
        first_difference.map(|line| line + 1)
    );
}

fn render(format: Format, assessment: &Assessment, width: u16, style: Style) -> Vec<u8> {
    format.render(assessment, &Options { width, style, rows: RowLimit::First(6) }).unwrap()
}

#[test]
fn tables() {
    let assessment = fixture::assessment();
    check("table-80.txt", render(Format::Table, &assessment, 80, Style::Plain));
    check("table-140.txt", render(Format::Table, &assessment, 140, Style::Plain));
    check("table-80-colour.txt", render(Format::Table, &assessment, 80, Style::Colour));
    check("table-undecided.txt", render(Format::Table, &fixture::undecided(), 80, Style::Plain));
}

#[test]
fn lists() {
    let assessment = fixture::assessment();
    check("findings-80.txt", assay_report::finding_table(&assessment.findings, 80, Style::Plain));
    check("findings-140.txt", assay_report::finding_table(&assessment.findings, 140, Style::Plain));
    let undecided = fixture::undecided();
    let rows = [&assessment, &undecided].map(|assessment| RunRow {
        run: &assessment.run,
        hostname: &assessment.host.hostname,
        target_name: &assessment.target.name,
    });
    check("runs-80.txt", assay_report::run_table(rows, 80, Style::Plain));
    check("runs-140.txt", assay_report::run_table(rows, 140, Style::Plain));
}

#[test]
fn single_findings() {
    let assessment = fixture::assessment();
    let context = Context::from(&assessment);
    for (name, rule) in [("cve", "CVE-2026-31337"), ("kernel", "CVE-2026-4410"), ("ssh", "Disable root login over SSH")]
    {
        let finding = assessment.findings.iter().find(|finding| finding.rule_id == rule).unwrap();
        check(&format!("finding-{name}.txt"), assay_report::finding_text(&context, finding, 80, Style::Plain));
        check(&format!("why-{name}.txt"), assay_report::why_text(&context, finding, 80, Style::Plain));
    }
}

#[test]
fn machine_formats() {
    let assessment = fixture::assessment();
    for format in [Format::Json, Format::Jsonl, Format::Csv] {
        check(&format!("report.{}", format.extension()), render(format, &assessment, 80, Style::Plain));
    }
    check("report.openvex.json", render(Format::OpenVex, &assessment, 80, Style::Plain));
    check("text-80.txt", render(Format::Text, &assessment, 80, Style::Plain));
}
