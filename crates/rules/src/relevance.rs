//! Relevance: which problems of the evidence can turn a rule's pass into *unknown*.
//!
//! All problems of the sections that a rule needs, except those about paths and kernel parameters that it did not ask
//! for, and except what the rule itself declares not to matter (`relevant_problems`). A problem of the source is one of
//! every section, since anything may be in a layer or partition that is missing, except a mount point that nothing is read
//! from. A problem never turns a fail into unknown: a violation that was seen is a violation.

use std::collections::BTreeSet;

use assay_model::evidence::{Evidence, Problem, Section};

use crate::paths::contains_path;
use crate::rule::Rule;

/// Where the collectors of settings read: a source that lacks another directory lacks nothing of theirs.
const SYSTEM: [&str; 8] = ["/boot", "/etc", "/lib", "/lib64", "/proc", "/run", "/usr", "/var"];

/// The problems that matter to a rule, each once.
pub(crate) fn relevant_problems<'a>(rule: &Rule, evidence: &'a Evidence) -> Vec<&'a Problem> {
    let of_section = |section: &Section| {
        let of_source = source_problems(evidence, *section).filter(|problem| concerns(rule, *section, problem));
        // What a rule declares is paths: what is no path may be about any of them.
        let of_source =
            of_source.filter(|problem| !problem.subject.starts_with('/') || is_declared(rule, *section, problem));
        let own = evidence.problems(*section).iter().filter(|problem| concerns(rule, *section, problem));
        own.filter(|problem| is_declared(rule, *section, problem)).chain(of_source).collect::<Vec<_>>()
    };
    each_once(rule.needs.iter().flat_map(of_section))
}

/// The problems that are about something that the rule asked for, whatever it declares, each once.
pub(crate) fn concerning_problems<'a>(rule: &Rule, evidence: &'a Evidence) -> Vec<&'a Problem> {
    each_once(rule.needs.iter().flat_map(|section| concerning_problems_of(rule, evidence, *section)))
}

/// As [`concerning_problems`], of one section: the variable `problems`, for conditions that weigh them by themselves.
pub(crate) fn concerning_problems_of<'a>(rule: &Rule, evidence: &'a Evidence, section: Section) -> Vec<&'a Problem> {
    all_problems(evidence, section).filter(|problem| concerns(rule, section, problem)).collect()
}

/// All problems of some sections, each once.
pub(crate) fn problems_of<'a>(evidence: &'a Evidence, sections: &BTreeSet<Section>) -> Vec<&'a Problem> {
    each_once(sections.iter().flat_map(|section| all_problems(evidence, *section)))
}

/// A section's own problems, and those of the source that may be its too.
fn all_problems(evidence: &Evidence, section: Section) -> impl Iterator<Item = &Problem> {
    evidence.problems(section).iter().chain(source_problems(evidence, section))
}

fn source_problems(evidence: &Evidence, section: Section) -> impl Iterator<Item = &Problem> {
    evidence.source_problems.iter().filter(move |problem| {
        let subject = problem.subject.as_str();
        // Which paths a rule asks for is its own, and libraries lie anywhere.
        matches!(section, Section::Paths | Section::Libraries)
            || !subject.starts_with('/')
            || SYSTEM.iter().any(|directory| contains_path(directory, subject) || contains_path(subject, directory))
    })
}

/// Each problem once, in order: one of the source is one of several sections.
fn each_once<'a>(problems: impl Iterator<Item = &'a Problem>) -> Vec<&'a Problem> {
    let mut seen = BTreeSet::new();
    problems.filter(|problem| seen.insert(*problem)).collect()
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
