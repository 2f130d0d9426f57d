//! The native rule language, its engine, and the embedded knowledge (design §4).
//!
//! A rule is data: a YAML file with one CEL condition over the evidence, the values to show, what to do, and its own test
//! cases. Evaluating is a pure function of rule and evidence: no clock, no I/O, a budget of steps in place of a timeout.
//! `docs/rules.md` is the author's page.

#![forbid(unsafe_code)]

mod context;
mod error;
mod evaluate;
mod expression;
mod fact_map;
mod failure;
mod fragment;
mod functions;
mod knowledge;
pub mod limits;
mod lint;
mod package;
mod parts;
mod paths;
mod relevance;
mod rule;
mod rule_file;
mod show;
mod template;
mod testing;
mod values;

pub use context::EvaluationContext;
pub use error::{Place, RulesError};
pub use evaluate::{RuleEvaluation, evaluate};
pub use knowledge::KnowledgeBase;
pub use lint::{LintProblem, lint, lint_rule};
pub use package::RulesPackage;
pub use rule::{EvidenceValue, Parameter, Rule, RuleTest};
pub use rule_file::parse_rule;
pub use testing::{TestOutcome, test_rule};
