//! The embedded knowledge: it reads, its rules' own test cases hold, it lints clean.

use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use assay_rules::{KnowledgeBase, lint, test_rule};

#[test]
fn every_test_case_of_every_rule_holds() {
    let knowledge = KnowledgeBase::embedded().unwrap();
    let mut count = 0;
    for rule in knowledge.packages().iter().flat_map(|package| &package.rules) {
        for test in test_rule(rule) {
            assert!(
                test.is_as_expected(),
                "{}: {:?}: {:?} is {}, not {}: {}",
                test.place,
                test.rule_id,
                test.name,
                test.actual,
                test.expected,
                test.reason
            );
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn embedded_rules_lint_clean() {
    let knowledge = KnowledgeBase::embedded().unwrap();
    let problems: Vec<_> = knowledge.packages().iter().flat_map(lint).collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn security_best_practices_has_inspectors_nine_rules() {
    let knowledge = KnowledgeBase::embedded().unwrap();
    let package = knowledge.package(RulesPackageKind::BestPractices).unwrap();
    assert_eq!(package.name, RulesPackageKind::BestPractices.name());
    let rules: Vec<(&str, Severity)> = package.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    assert_eq!(
        rules,
        [
            ("Configure password complexity", Severity::Medium),
            ("Configure password maximum age", Severity::Medium),
            ("Configure password minimum length", Severity::Medium),
            ("Configure permissions for system directories", Severity::High),
            ("Disable password authentication over SSH", Severity::Medium),
            ("Disable root login over SSH", Severity::Medium),
            ("Enable ASLR", Severity::Medium),
            ("Enable DEP", Severity::Medium),
            ("Support SSH version 2 only", Severity::Medium),
        ]
    );
}
