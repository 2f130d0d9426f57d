//! Relevance: which problems of the evidence can turn a rule's pass into *unknown*.
//!
//! All problems of the sections that a rule needs, except those about paths and kernel parameters that it did not ask
//! for, and except what the rule itself declares not to matter (`relevant_problems`). A problem never turns a fail into
//! unknown: a violation that was seen is a violation.

use assay_model::evidence::{Evidence, Problem, Section};

use crate::paths::contains_path;
use crate::rule::Rule;

/// The problems of a section that matter to a rule.
pub(crate) fn relevant_problems<'a>(rule: &Rule, evidence: &'a Evidence, section: Section) -> Vec<&'a Problem> {
    let problems = concerning_problems(rule, evidence, section);
    problems.into_iter().filter(|problem| is_declared(rule, section, problem)).collect()
}

/// The problems of a section that are about something that the rule asked for, whatever it declares: the variable
/// `problems`, for conditions that weigh them by themselves.
pub(crate) fn concerning_problems<'a>(rule: &Rule, evidence: &'a Evidence, section: Section) -> Vec<&'a Problem> {
    evidence.problems(section).iter().filter(|problem| concerns(rule, section, problem)).collect()
}

/// Whether the rule declares that the problem matters; without a declaration all do.
fn is_declared(rule: &Rule, section: Section, problem: &Problem) -> bool {
    rule.relevant_problems.get(&section).is_none_or(|subjects| {
        subjects
            .iter()
            .any(|subject| contains_path(subject, &problem.subject) || contains_path(&problem.subject, subject))
    })
}

fn concerns(rule: &Rule, section: Section, problem: &Problem) -> bool {
    match section {
        Section::Paths if problem.subject.starts_with('/') => {
            rule.compiled.paths.iter().any(|pattern| pattern.is_hidden_by(&problem.subject))
        }
        Section::Sysctl => parameter_of(&problem.subject).is_none_or(|subject| {
            rule.sysctl.iter().any(|name| *name == subject || name.starts_with(&format!("{subject}.")))
        }),
        _ => true,
    }
}

/// The kernel parameter that a subject names, dotted: `/proc/sys/kernel/x` and `kernel.x` are `kernel.x`. Nothing for
/// other files, and for `/proc/sys` as a whole.
fn parameter_of(subject: &str) -> Option<String> {
    if let Some(path) = subject.strip_prefix("/proc/sys/") {
        return Some(path.trim_end_matches('/').replace('/', "."));
    }
    (!subject.contains('/') && subject.contains('.')).then(|| subject.to_owned())
}
