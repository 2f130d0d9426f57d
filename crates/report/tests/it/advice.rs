//! The advice: one bad finding outweighs many harmless ones, and no command is given twice.

use assay_model::finding::RemediationStep;
use assay_model::severity::Band;
use assay_report::{Format, Options};

use crate::fixture;

fn advice_of(assessment: &assay_model::assessment::Assessment) -> String {
    let text = String::from_utf8(Format::Table.render(assessment, &Options::default()).unwrap()).unwrap();
    let (_, advice) = text.split_once("Fix first\n").unwrap();
    advice.split_once("\nNext\n").unwrap().0.to_owned()
}

#[test]
fn the_worst_comes_first_however_many_harmless_ones_there_are() {
    let mut assessment = fixture::assessment();
    let harmless = assessment.findings.iter().find(|finding| finding.band == Band::Informational).unwrap().clone();
    for number in 0..500 {
        let mut finding = harmless.clone();
        finding.rule_id = format!("CVE-2020-{number:04}");
        finding.risk = 5.0;
        finding.remediation = vec![RemediationStep { text: "Update.".into(), command: Some("apt-get upgrade".into()) }];
        assessment.findings.push(finding);
    }
    let advice = advice_of(&assessment);
    assert!(advice.starts_with("  1. 2 critical: CVE-2026-31337, CVE-2026-20480\n"), "{advice}");
    assert!(!advice.contains("apt-get upgrade"), "{advice}");
}

#[test]
fn a_shared_command_is_given_once() {
    let advice = advice_of(&fixture::assessment());
    assert_eq!(advice.matches("apt-get update").count(), 1, "{advice}");
}

#[test]
fn findings_without_commands_give_no_advice() {
    let mut assessment = fixture::assessment();
    for step in assessment.findings.iter_mut().flat_map(|finding| &mut finding.remediation) {
        step.command = None;
    }
    let text = String::from_utf8(Format::Table.render(&assessment, &Options::default()).unwrap()).unwrap();
    assert!(!text.contains("Fix first"), "{text}");
}
