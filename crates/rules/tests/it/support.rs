//! A minimal rule to build examples on.

use assay_model::evidence::Evidence;
use assay_rules::{EvaluationContext, Rule, RuleEvaluation, RulesError, evaluate, parse_rule};

/// A rule about sshd with the given further lines.
pub(crate) fn rule_with(lines: &str) -> Result<Rule, RulesError> {
    let head = "id: r\ntitle: t {host}\ndescription: d\nseverity: Low\nrationale: w\n";
    parse_rule("r.yaml", format!("{head}{lines}").as_bytes())
}

/// The evidence of a fragment, as test cases write it.
pub(crate) fn evidence(fragment: &str) -> Evidence {
    let indented: String = fragment.lines().map(|line| format!("    {line}\n")).collect();
    let tests = format!("passes_when: true\ntests:\n  - name: n\n    outcome: pass\n{indented}");
    (*rule_with(&tests).unwrap().tests.remove(0).evidence).clone()
}

/// Evaluates a rule over a fragment.
pub(crate) fn evaluated(lines: &str, fragment: &str) -> RuleEvaluation {
    let rule = rule_with(lines).unwrap();
    let evidence = evidence(fragment);
    evaluate(&rule, &EvaluationContext::new(&evidence))
}
