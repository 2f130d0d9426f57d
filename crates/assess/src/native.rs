//! Native rules: outcomes of YAML rules to findings, exclusions and coverage.

use std::collections::BTreeMap;

use assay_model::assessment::RuleResult;
use assay_model::attribute::Attribute;
use assay_model::coverage::{CoverageUnit, OutcomeCounts, PackageCoverage};
use assay_model::evidence::Problem;
use assay_model::finding::Finding;
use assay_model::outcome::Outcome;
use assay_model::severity::Band;
use assay_model::trace::Trace;
use assay_rules::{Rule, RuleEvaluation, RulesPackage};

use crate::exclusion::{self, Exclusions, Reason};
use crate::judgement::{Judgement, Subject};
use crate::key::{IdSource, finding_key};
use crate::risk;

/// Judges the evidence by one native rules package.
pub(crate) fn judge(
    package: &RulesPackage,
    subject: &Subject<'_>,
    ids: &mut IdSource<'_>,
    judgement: &mut Judgement,
) -> Vec<Undecided> {
    let mut outcomes = OutcomeCounts::default();
    let mut undecided = Vec::new();
    for (rule, evaluation) in package.evaluate_all(subject.evidence) {
        outcomes.add(evaluation.outcome);
        judgement.rule_results.push(RuleResult {
            rules_package: package.kind,
            rule_id: rule.id.clone(),
            severity: rule.severity,
            outcome: evaluation.outcome,
            reason: evaluation.reason.clone(),
        });
        match evaluation.outcome {
            Outcome::Fail => judgement.findings.push(finding(package, rule, evaluation, subject, ids)),
            Outcome::Unknown | Outcome::Error | Outcome::NotChecked => undecided.push(Undecided {
                rule: rule.id.clone(),
                outcome: evaluation.outcome,
                reason: evaluation.reason,
                problems: evaluation.problems,
            }),
            Outcome::Pass | Outcome::NotApplicable => {}
        }
    }
    judgement.coverage.packages.push(PackageCoverage {
        rules_package: package.kind,
        unit: CoverageUnit::Rules,
        outcomes,
    });
    undecided
}

/// A rule without a decision.
#[derive(Debug)]
pub(crate) struct Undecided {
    rule: String,
    outcome: Outcome,
    reason: String,
    problems: Vec<Problem>,
}

/// One exclusion for each reason why rules had no decision.
pub(crate) fn exclude(package: &RulesPackage, undecided: Vec<Undecided>, exclusions: &mut Exclusions<'_, '_>) {
    let mut by_reason: BTreeMap<(bool, String), (Vec<String>, Vec<Problem>)> = BTreeMap::new();
    for rule in undecided {
        let entry = by_reason.entry((rule.outcome == Outcome::Error, rule.reason)).or_default();
        entry.0.push(rule.rule);
        entry.1.extend(rule.problems);
    }
    for ((is_error, reason), (rules, problems)) in by_reason {
        let names = rules.iter().map(|rule| format!("\"{rule}\"")).collect::<Vec<_>>().join(", ");
        let recommendation = if problems.is_empty() {
            "Run the assessment where the missing facts can be read.".to_owned()
        } else {
            exclusion::advice(problems.iter().map(|problem| problem.kind))
        };
        exclusions.push(
            Some(package.kind),
            Reason {
                title: if is_error {
                    "Rules evaluation error for single instance"
                } else {
                    "Rule could not be decided"
                },
                description: format!("{names}: {}.", reason.trim_end_matches('.')),
                recommendation,
                rules,
            },
        );
    }
}

fn finding(
    package: &RulesPackage,
    rule: &Rule,
    evaluation: RuleEvaluation,
    subject: &Subject<'_>,
    ids: &mut IdSource<'_>,
) -> Finding {
    let host = subject.evidence.host.clone();
    let key = finding_key(&host.agent_id, package.kind, &rule.id, "");
    let addends = vec![risk::of_severity(rule.severity)];
    Finding {
        arn: ids.finding(&key),
        key,
        rules_package: package.kind,
        rules_package_version: package.version.clone(),
        asset: subject.asset(),
        rule_id: rule.id.clone(),
        title: rule.title_for(&host.hostname, &evaluation.evidence),
        description: rule.description_for(&host.hostname, &evaluation.evidence),
        remediation: rule.remediation.clone(),
        severity: rule.severity,
        band: Band::from(rule.severity),
        risk: risk::score(&addends),
        attributes: vec![Attribute::new("INSTANCE_ID", &host.agent_id)],
        user_attributes: Vec::new(),
        evidence: evaluation.evidence,
        packages: Vec::new(),
        vulnerability: None,
        references: rule.references.clone(),
        trace: Trace {
            condition: Some(rule.passes_when.clone()),
            parts: evaluation.parts,
            advisories: Vec::new(),
            comparisons: Vec::new(),
            severity_source: format!("the rule says {}", rule.severity),
            risk: addends,
        },
        created_at: subject.now,
        updated_at: subject.now,
    }
}
