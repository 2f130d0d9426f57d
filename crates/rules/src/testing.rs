//! Running the test cases that rules carry.

use assay_model::outcome::Outcome;

use crate::context::EvaluationContext;
use crate::error::Place;
use crate::evaluate::evaluate;
use crate::rule::Rule;

/// How one test case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestOutcome {
    /// The rule.
    pub rule_id: String,
    /// The test case.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The outcome that it wants.
    pub expected: Outcome,
    /// The outcome that the rule had.
    pub actual: Outcome,
    /// The reason that the rule gave.
    pub reason: String,
}

impl TestOutcome {
    /// Whether the rule had the outcome wanted.
    pub fn is_as_expected(&self) -> bool {
        self.expected == self.actual
    }
}

/// Runs the test cases of a rule.
pub fn test_rule(rule: &Rule) -> Vec<TestOutcome> {
    rule.tests
        .iter()
        .map(|test| {
            let mut adjusted = rule.clone();
            adjusted.parameters.extend(test.parameters.clone());
            let evaluation = evaluate(&adjusted, &EvaluationContext::new(&test.evidence));
            TestOutcome {
                rule_id: rule.id.clone(),
                name: test.name.clone(),
                place: test.place.clone(),
                expected: test.outcome,
                actual: evaluation.outcome,
                reason: evaluation.reason,
            }
        })
        .collect()
}
