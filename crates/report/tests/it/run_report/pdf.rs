//! The PDF of run reports, read by poppler and qpdf.

use std::process::Command;

use assay_report::run_report::{ReportKind, RunReport, pdf};

use super::order::{HEADINGS, Only};
use crate::fixture;

/// The text as `pdftotext` reads it, words apart by one space; `qpdf --check` has to be content.
fn check(report: &RunReport, kind: ReportKind) -> String {
    let bytes = pdf(report, kind).unwrap();
    assert!(bytes == pdf(&report.clone(), kind).unwrap(), "equal reports differ");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new("qpdf").arg("--check").arg(&path).output().expect("qpdf of Debian's package qpdf");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = Command::new("pdftotext").arg(&path).arg("-").output().expect("pdftotext of poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let dangerous = text
        .chars()
        .find(|it| *it != '\n' && *it != '\x0c' && assay_report::visible(&it.to_string()) != it.to_string());
    assert_eq!(dangerous, None);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_sections_are_inspectors_in_its_order() {
    for kind in ReportKind::ALL {
        let text = check(&fixture::run_report(), kind);
        // Sections are in the contents first; what is looked for comes after them.
        let (_, mut rest) = text.split_once("Assay Assessment Report").unwrap();
        rest = rest.split_once("On 2026-11-24 02:00:00 UTC, an assessment").unwrap().1;
        let expected = HEADINGS.iter().skip(1).filter(|(_, only)| kind == ReportKind::Full || *only == Only::Both);
        for (heading, _) in expected {
            rest = rest.split_once(heading).unwrap_or_else(|| panic!("{kind}: {heading:?} is not in {rest}")).1;
        }
        assert_eq!(text.contains("Passed Rules"), kind == ReportKind::Full);
        assert!(
            text.contains("Page 2 of ") && text.contains("Assay · All packages, 15 minutes · 2026-11-24 02:20:00 UTC")
        );
    }
}

#[test]
fn every_rule_of_a_long_report_is_there() {
    let report = fixture::large_run_report(150, 40);
    let text = check(&report, ReportKind::Finding);
    for rule in &report.rules_packages[0].failed {
        assert_eq!(text.matches(&rule.rule).count(), 2, "{}: summary and details", rule.rule);
    }
    assert!(text.matches("Failed instances").count() > 1, "the header of the table is not repeated");
}

#[test]
fn hostile_values_are_text_and_break() {
    let text = check(&fixture::hostile_run_report(), ReportKind::Full);
    for needle in ["<script>alert(1)</script>", "\\u{202e}gpj", "\\u{5e9}", "\\u{1f600}"] {
        let packed: String = text.split(' ').collect();
        assert!(packed.contains(needle), "{needle}");
    }
}

#[test]
fn an_empty_report_is_one() {
    let text = check(&fixture::empty_run_report(0), ReportKind::Full);
    assert!(text.contains("No rule failed.") && text.contains("No instance belonged to the target"));
}
