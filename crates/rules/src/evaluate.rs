//! Evaluation of one rule over one evidence document.
//!
//! In this order: `applies_to` false is *notapplicable*; a needed section without facts, or an asked-for kernel
//! parameter that is not there, is *unknown*; `passes_when` false is *fail*, true is *pass*, unless something relevant
//! could not be read, which is *unknown*. A missing key is *unknown*, a type error is *error*.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::evidence::{Evidence, Problem, Section};
use assay_model::outcome::Outcome;
use assay_model::trace::{ConditionPart, EvidenceItem};
use cel::Context;
use cel::common::types::CelBool;

use crate::context::{EvaluationContext, RuleView, Steps, cel_context};
use crate::expression::Expression;
use crate::failure::Failure;
use crate::parts::take_apart;
use crate::relevance::{concerning_problems, problems_of, relevant_problems};
use crate::rule::Rule;
use crate::show::{OwnerNames, cut, items, not_set};
use crate::template::source_of;

/// The outcome of one rule, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleEvaluation {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, one sentence.
    pub reason: String,
    /// The values that the rule shows; empty when its sections have no facts.
    pub evidence: Vec<EvidenceItem>,
    /// The condition taken apart; empty for pass and notapplicable.
    pub parts: Vec<ConditionPart>,
    /// The problems that matter to the rule.
    pub problems: Vec<Problem>,
}

/// Evaluates a rule.
pub fn evaluate(rule: &Rule, context: &EvaluationContext<'_>) -> RuleEvaluation {
    let view = RuleView::new(rule, context);
    let steps = Steps::default();
    let cel = cel_context(&view, &steps);
    let mut evaluator = Evaluator { rule, evidence: context.evidence(), steps, cel, failed: BTreeMap::new() };
    let names: &dyn OwnerNames = context.lookups().as_ref();
    let decision = evaluator.decide();
    let has_facts = rule.needs.iter().all(|section| context.evidence().has_facts(*section));
    let is_shown = has_facts && decision.outcome != Outcome::NotApplicable;
    let evidence = if is_shown { evaluator.evidence_items(names) } else { Vec::new() };
    let parts = match decision.outcome {
        Outcome::Pass | Outcome::NotApplicable => Vec::new(),
        _ => take_apart(rule, &evaluator.cel, &evaluator.steps, &evaluator.failed),
    };
    let reason = decision.reason.unwrap_or_else(|| observation(rule, &evidence));
    // What an undecided rule lacks may be behind any problem; a decided one is followed only by those that matter to it.
    let problems = match decision.outcome {
        Outcome::Unknown => concerning_problems,
        _ => relevant_problems,
    };
    let problems = problems(rule, context.evidence()).into_iter().cloned().collect();
    RuleEvaluation { outcome: decision.outcome, reason, evidence, parts, problems }
}

/// An outcome; a reason where the values seen do not say it.
struct Decision {
    outcome: Outcome,
    reason: Option<String>,
}

impl Decision {
    fn new(outcome: Outcome, reason: impl Into<String>) -> Decision {
        Decision { outcome, reason: Some(reason.into()) }
    }

    fn failed(failure: &Failure) -> Decision {
        Decision::new(failure.outcome(), failure.reason())
    }
}

struct Evaluator<'r, 'v> {
    rule: &'r Rule,
    evidence: &'r Evidence,
    steps: Steps,
    cel: Context<'v, 'v>,
    failed: BTreeMap<String, Failure>,
}

impl Evaluator<'_, '_> {
    fn decide(&mut self) -> Decision {
        self.define_variables();
        if let Some(applies_to) = &self.rule.compiled.applies_to {
            match self.applies(applies_to) {
                Ok(true) => {}
                Ok(false) => return Decision::new(Outcome::NotApplicable, "the rule does not concern this host"),
                Err(decision) => return decision,
            }
        }
        if let Some(decision) = self.missing_section(&self.rule.needs).or_else(|| self.missing_parameter()) {
            return decision;
        }
        match self.truth(&self.rule.compiled.passes_when) {
            Err(failure) => self.undecided(failure),
            Ok(false) => Decision { outcome: Outcome::Fail, reason: None },
            Ok(true) => match describe(&relevant_problems(self.rule, self.evidence)) {
                Some(reason) => Decision::new(Outcome::Unknown, reason),
                None => Decision { outcome: Outcome::Pass, reason: None },
            },
        }
    }

    fn define_variables(&mut self) {
        for (name, expression) in &self.rule.compiled.variables {
            self.steps.restart();
            let result = match expression.evaluate(&self.cel) {
                Ok(value) => Ok(value.into_owned()),
                Err(error) => Err(Failure::of(&error, &self.failed)),
            };
            match result {
                Ok(value) => self.cel.add_variable_as_val(name.as_str(), value),
                Err(failure) => {
                    self.failed.insert(name.clone(), failure);
                }
            }
        }
    }

    /// Whether the rule concerns the host. What says no must be complete: "not installed" from a section that could not
    /// be read whole is no answer.
    fn applies(&self, applies_to: &Expression) -> Result<bool, Decision> {
        let sections: BTreeSet<Section> = self.rule.needs.union(&self.rule.wants).copied().collect();
        let used = |section: &Section| applies_to.names().contains(section.as_str());
        let used: BTreeSet<Section> = sections.into_iter().filter(used).collect();
        if let Some(decision) = self.missing_section(&used) {
            return Err(decision);
        }
        if self.truth(applies_to).map_err(|failure| Decision::failed(&failure))? {
            return Ok(true);
        }
        match describe(&problems_of(self.evidence, &used)) {
            Some(reason) => Err(Decision::new(Outcome::Unknown, reason)),
            None => Ok(false),
        }
    }

    /// A condition without a value. A missing key and a problem of a section belong together: the reason is then what
    /// could not be read, so that all rules that lack something for the same reason say the same.
    fn undecided(&self, failure: Failure) -> Decision {
        match (&failure, describe(&concerning_problems(self.rule, self.evidence))) {
            (Failure::Missing(_), Some(reason)) => Decision::new(Outcome::Unknown, reason),
            _ => Decision::failed(&failure),
        }
    }

    fn missing_section(&self, sections: &BTreeSet<Section>) -> Option<Decision> {
        let section = sections.iter().find(|section| !self.evidence.has_facts(**section))?;
        let problems = problems_of(self.evidence, &[*section].into());
        let reason = describe(&problems).unwrap_or_else(|| format!("`{}` was not collected", section.as_str()));
        Some(Decision::new(Outcome::Unknown, reason))
    }

    fn missing_parameter(&self) -> Option<Decision> {
        let collected = self.evidence.sysctl.facts.as_ref();
        let missing =
            self.rule.sysctl.iter().find(|name| collected.is_none_or(|sysctl| !sysctl.contains_key(*name)))?;
        Some(Decision::new(Outcome::Unknown, format!("the kernel parameter {missing} was not collected")))
    }

    fn truth(&self, expression: &Expression) -> Result<bool, Failure> {
        self.steps.restart();
        let value = expression.evaluate(&self.cel).map_err(|error| Failure::of(&error, &self.failed))?;
        match value.downcast_ref::<CelBool>() {
            Some(truth) => Ok(*truth.inner()),
            None => Err(Failure::Broken(format!("the condition is a {}, not a bool", value.get_type().name()))),
        }
    }

    fn evidence_items(&self, names: &dyn OwnerNames) -> Vec<EvidenceItem> {
        let mut shown = Vec::new();
        for value in &self.rule.evidence {
            self.steps.restart();
            match value.expression.evaluate(&self.cel) {
                Ok(seen) => shown.extend(items(&value.label, seen.as_ref(), names)),
                Err(error) => match Failure::of(&error, &self.failed) {
                    Failure::Missing(_) | Failure::Undecidable(_) => shown.push(not_set(&value.label)),
                    Failure::Broken(message) => shown.push(EvidenceItem {
                        label: value.label.clone(),
                        value: cut(&format!("not available: {message}"), 160),
                        source: None,
                        line: None,
                    }),
                },
            }
        }
        shown
    }
}

/// What could not be read, one sentence; nothing when there is nothing.
fn describe(problems: &[&Problem]) -> Option<String> {
    let first = problems.first()?;
    let others = match problems.len() - 1 {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    Some(format!("could not read {}: {}{others}", first.subject, first.detail.trim_end_matches('.')))
}

/// What was seen, one sentence.
fn observation(rule: &Rule, evidence: &[EvidenceItem]) -> String {
    if let Some(template) = &rule.compiled.reason {
        return template.render("", evidence);
    }
    let shown = evidence.iter().take(3).map(|item| {
        let source = source_of(item).map(|source| format!(" ({source})")).unwrap_or_default();
        format!("{} is {}{source}", item.label, item.value)
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { "the condition was evaluated".to_owned() } else { shown.join("; ") }
}
