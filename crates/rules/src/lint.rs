//! Lint: what makes a rule poor although it works.
//!
//! What makes it unusable is an error when it is read ([`RulesError`](crate::RulesError)); the rest is here, so that a
//! user's half-written rule can be tried before it is finished.

use std::collections::BTreeSet;

use assay_model::evidence::Section;
use assay_model::outcome::Outcome;

use crate::error::Place;
use crate::package::RulesPackage;
use crate::rule::Rule;

/// One thing that makes a rule poor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LintProblem {
    /// Where the rule stands.
    pub place: Place,
    /// The rule.
    pub rule_id: String,
    /// What is poor, one sentence without a full stop.
    pub message: String,
}

/// Lints every rule of a package.
pub fn lint(package: &RulesPackage) -> Vec<LintProblem> {
    package.rules.iter().flat_map(lint_rule).collect()
}

/// Lints one rule.
pub fn lint_rule(rule: &Rule) -> Vec<LintProblem> {
    let mut messages = Vec::new();
    lint_tests(rule, &mut messages);
    lint_texts(rule, &mut messages);
    lint_use(rule, &mut messages);
    let problem = |message| LintProblem { place: rule.place.clone(), rule_id: rule.id.clone(), message };
    messages.into_iter().map(problem).collect()
}

/// Each outcome that the rule can have needs a test case. It can always be unknown: a section may be missing.
fn lint_tests(rule: &Rule, messages: &mut Vec<String>) {
    let tested: BTreeSet<Outcome> = rule.tests.iter().map(|test| test.outcome).collect();
    let mut possible = vec![Outcome::Pass, Outcome::Fail, Outcome::Unknown];
    if rule.applies_to.is_some() {
        possible.push(Outcome::NotApplicable);
    }
    for outcome in possible.iter().filter(|outcome| !tested.contains(outcome)) {
        messages.push(format!("no test case has the outcome {outcome}"));
    }
    if rule.applies_to.is_none() && tested.contains(&Outcome::NotApplicable) {
        messages.push("a test case wants notapplicable, and there is no `applies_to`".to_owned());
    }
    let mut names = BTreeSet::new();
    for test in rule.tests.iter().filter(|test| !names.insert(&test.name)) {
        messages.push(format!("two test cases are named {:?}", test.name));
    }
}

fn lint_texts(rule: &Rule, messages: &mut Vec<String>) {
    if rule.id.chars().count() > 128 {
        messages.push("the id is longer than the 128 characters that Inspector's API allows".to_owned());
    }
    if !rule.title.contains("{host}") {
        messages.push("the title does not name the host with `{host}`".to_owned());
    }
    if rule.evidence.is_empty() {
        messages.push("no `evidence` shows what was seen".to_owned());
    }
    if rule.remediation.is_empty() {
        messages.push("no `remediation` says what to do".to_owned());
    }
    for command in rule.remediation.iter().filter_map(|step| step.command.as_ref()) {
        if command.lines().any(|line| line.trim_end().ends_with('|') || line.contains('\t')) {
            messages.push(format!("the command {command:?} ends in a pipe or holds a tab"));
        }
    }
    for reference in rule.references.iter().filter(|reference| !is_reference(reference)) {
        messages.push(format!("the reference {reference:?} is not well-formed"));
    }
    if rule.references.is_empty() {
        messages.push("no `references` name a standard".to_owned());
    }
}

/// What is collected and named must be used.
fn lint_use(rule: &Rule, messages: &mut Vec<String>) {
    let compiled = &rule.compiled;
    let expressions = compiled.applies_to.iter().chain([&compiled.passes_when]);
    let expressions = expressions.chain(compiled.variables.iter().map(|(_, expression)| expression));
    let expressions: Vec<_> = expressions.chain(rule.evidence.iter().map(|value| &value.expression)).collect();
    let used: BTreeSet<&str> = expressions.iter().flat_map(|e| e.names()).map(String::as_str).collect();
    let implied = |section: Section| match section {
        Section::Packages => used.contains("installed()"),
        // Names of owners are shown with paths.
        Section::Accounts => used.contains("user_name()") || used.contains("group_name()") || used.contains("paths"),
        _ => false,
    };
    for section in rule.needs.union(&rule.wants).filter(|section| !used.contains(section.as_str())) {
        if !implied(*section) {
            messages.push(format!("the section `{}` is collected and not used", section.as_str()));
        }
    }
    if rule.needs.intersection(&rule.wants).next().is_some() {
        messages.push("a section is both in `needs` and in `wants`".to_owned());
    }
    if used.contains("installed()") && !rule.needs.contains(&Section::Packages) {
        messages.push("`installed` is used, and `packages` is not in `needs`".to_owned());
    }
    for (name, _) in rule.variables.iter().filter(|(name, _)| !used.contains(name.as_str())) {
        messages.push(format!("the variable `{name}` is not used"));
    }
    let sources = || expressions.iter().map(|expression| expression.source());
    for name in rule.parameters.keys().filter(|name| !sources().any(|s| s.contains(&format!("parameters.{name}")))) {
        messages.push(format!("the parameter `{name}` is not used"));
    }
    for name in rule.sysctl.iter().filter(|name| !sources().any(|source| source.contains(name.as_str()))) {
        messages.push(format!("the kernel parameter {name} is collected and not used"));
    }
}

/// Whether a reference has one of the forms that the frameworks use.
fn is_reference(reference: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let dotted = |text: &str| !text.is_empty() && text.split('.').all(digits);
    if let Some(number) = reference.strip_prefix("CWE-") {
        return digits(number);
    }
    if let Some(number) = reference.strip_prefix("CCE-") {
        return number.split_once('-').is_some_and(|(number, check)| digits(number) && digits(check));
    }
    if let Some(control) = reference.strip_prefix("NIST 800-53 ") {
        let (family, number) = control.split_once('-').unwrap_or_default();
        let (number, enhancement) = number.split_once('(').map_or((number, None), |(n, e)| (n, e.strip_suffix(')')));
        let family_is_well_formed = family.len() == 2 && family.bytes().all(|byte| byte.is_ascii_uppercase());
        return family_is_well_formed && digits(number) && enhancement.is_none_or(digits);
    }
    if let Some(requirement) = reference.strip_prefix("PCI DSS ") {
        return requirement.split_once(' ').is_some_and(|(version, number)| dotted(version) && dotted(number));
    }
    if let Some(item) = reference.strip_prefix("CIS ") {
        // `CIS <benchmark> <version> <number>`
        let words: Vec<&str> = item.split(' ').collect();
        let [.., version, number] = words.as_slice() else { return false };
        return words.len() > 2 && version.strip_prefix('v').is_some_and(dotted) && dotted(number);
    }
    if let Some(id) = reference.strip_prefix("STIG ") {
        return id.strip_prefix("V-").is_some_and(digits);
    }
    reference.starts_with("https://") && !reference.contains(' ')
}
