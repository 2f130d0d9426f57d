//! From findings to groups: by package and rule, the order of arrival forgotten.

use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use assay_report::run_report::{ReportInstance, RunReport, RunReportBuilder, RunReportFrame};

use crate::fixture;

fn frame() -> RunReportFrame {
    let report = fixture::empty_run_report(0);
    RunReportFrame {
        product_name: report.product_name,
        generated_at: report.generated_at,
        run: report.run,
        template_name: report.template_name,
        target: report.target,
    }
}

fn build<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> RunReport {
    let mut builder = RunReportBuilder::new([RulesPackageKind::Runtime, RulesPackageKind::Cve]);
    builder.set_rule_count(RulesPackageKind::Runtime, 4);
    for agent_id in ["i-2", "i-1"] {
        let (hostname, operating_system) = (String::new(), String::new());
        builder.add_instance(ReportInstance { agent_id: agent_id.to_owned(), hostname, operating_system });
    }
    findings.into_iter().for_each(|finding| builder.add_finding(finding));
    builder.finish(frame())
}

#[test]
fn findings_of_one_rule_on_two_instances_are_one_entry() {
    let mut findings = fixture::assessment().findings;
    for number in 0..findings.len() {
        let mut other = findings[number].clone();
        findings[number].asset.agent_id = "i-1".to_owned();
        other.asset.agent_id = "i-2".to_owned();
        other.severity = Severity::High;
        other.description.push_str(" Here too.");
        findings.push(other);
    }
    let report = build(&findings);
    assert_eq!(report, build(findings.iter().rev()), "the order of findings matters");
    let names: Vec<&str> = report.rules_packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(names, ["Common Vulnerabilities and Exposures", "Security Best Practices", "Runtime Behavior Analysis"]);
    assert_eq!(report.rules_packages[2].rule_count, Some(4));
    let rules: Vec<_> = report.rules_packages.iter().flat_map(|package| &package.failed).collect();
    assert_eq!(rules.len() * 2, findings.len());
    for rule in rules {
        assert_eq!((rule.instances.as_slice(), rule.finding_count), (&["i-1".to_owned(), "i-2".to_owned()][..], 2));
        assert_eq!((rule.severity, rule.descriptions.len()), (Severity::High, 2));
    }
}

#[test]
fn an_assessment_is_a_run_of_one_instance() {
    let assessment = fixture::assessment();
    let report = RunReport::of_assessment(&assessment);
    let failed: u64 = report.rules_packages.iter().flat_map(|it| &it.failed).map(|rule| rule.finding_count).sum();
    let passed: usize = report.rules_packages.iter().map(|package| package.passed.len()).sum();
    assert_eq!((failed, passed), (assessment.findings.len() as u64, 4));
    assert_eq!(report.exclusions.len(), assessment.exclusions.len());
    assert_eq!(report.instances.len(), 1);
    for package in &report.rules_packages {
        assert!(package.failed.is_sorted_by_key(|rule| std::cmp::Reverse(rule.severity)), "{}", package.name);
    }
}
