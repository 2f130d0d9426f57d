//! Exclusions: what was not checked, and why, in a form that names the path, the feed or the rule.

use assay_model::attribute::Attribute;
use assay_model::evidence::{Evidence, Problem, ProblemKind, Section, SourceKind};
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::rules_package::RulesPackageKind;

use crate::key::IdSource;

/// How many subjects an exclusion names before it only counts the rest.
const NAMED: usize = 20;

/// Collects the exclusions of one run.
#[derive(Debug)]
pub(crate) struct Exclusions<'a, 'b> {
    agent_id: &'a str,
    ids: &'a mut IdSource<'b>,
    list: Vec<Exclusion>,
}

/// What an exclusion says; its scopes and ARN are added by [`Exclusions::push`].
#[derive(Debug)]
pub(crate) struct Reason {
    /// The type, one line.
    pub(crate) title: &'static str,
    /// What was not checked, and why.
    pub(crate) description: String,
    /// What to do about it.
    pub(crate) recommendation: String,
    /// The rules that could not be decided.
    pub(crate) rules: Vec<String>,
}

impl<'a, 'b> Exclusions<'a, 'b> {
    /// No exclusions yet.
    pub(crate) fn new(agent_id: &'a str, ids: &'a mut IdSource<'b>) -> Exclusions<'a, 'b> {
        Exclusions { agent_id, ids, list: Vec::new() }
    }

    /// Adds one, about this host and, where given, a rules package.
    pub(crate) fn push(&mut self, package: Option<RulesPackageKind>, reason: Reason) {
        let mut scopes = vec![Scope::InstanceId(self.agent_id.to_owned())];
        scopes.extend(package.map(|package| Scope::RulesPackageArn(package.arn())));
        let seed = format!("{:?} {} {}", package, reason.title, reason.description);
        self.list.push(Exclusion {
            arn: self.ids.exclusion(&seed),
            title: reason.title.to_owned(),
            description: reason.description,
            recommendation: reason.recommendation,
            scopes,
            attributes: vec![Attribute::new("INSTANCE_ID", self.agent_id)],
            rules: reason.rules,
        });
    }

    /// All of them, in the order in which they were added.
    pub(crate) fn into_vec(self) -> Vec<Exclusion> {
        self.list
    }
}

/// One exclusion for a source that could not be read whole, and one for each section whose collector could not read
/// everything.
pub(crate) fn of_evidence(evidence: &Evidence, exclusions: &mut Exclusions<'_, '_>) {
    if !evidence.source_problems.is_empty() {
        let problems = &evidence.source_problems;
        let description = format!(
            "Parts of the {} could not be read, so what is there may be missing from the evidence, or other than it \
             seems: {}.",
            source(evidence.source),
            list(problems.iter().map(told)),
        );
        exclusions.push(
            None,
            Reason {
                title: "Source could not be read whole",
                description,
                recommendation: advice_of_source(problems),
                rules: Vec::new(),
            },
        );
    }
    for section in Section::ALL {
        let problems: Vec<&Problem> = evidence.problems(section).iter().collect();
        if problems.is_empty() {
            continue;
        }
        let description = format!(
            "The evidence of section \"{}\" is {}: {}.",
            section.as_str(),
            if evidence.has_facts(section) { "incomplete" } else { "missing" },
            list(problems.iter().map(|problem| told(problem))),
        );
        exclusions.push(
            None,
            Reason {
                title: "Evidence could not be read",
                description,
                recommendation: advice(problems.iter().map(|problem| problem.kind)),
                rules: Vec::new(),
            },
        );
    }
}

/// A problem as part of a sentence; it names its subject once.
fn told(problem: &Problem) -> String {
    let detail = problem.detail.trim_end_matches('.');
    if detail.contains(&problem.subject) { detail.to_owned() } else { format!("{}: {detail}", problem.subject) }
}

/// What the evidence is of, in words.
fn source(source: SourceKind) -> &'static str {
    match source {
        SourceKind::LiveHost => "host",
        SourceKind::RootDirectory => "root directory",
        SourceKind::ContainerImage => "container image",
        SourceKind::DiskImage => "disk image",
        SourceKind::Sbom => "bill of materials",
        SourceKind::PackageList => "package list",
    }
}

/// What to do about parts of a source: advice on files of a host does not fit them.
fn advice_of_source(problems: &[Problem]) -> String {
    let is_not_read = problems.iter().all(|problem| problem.kind == ProblemKind::NotSupported);
    match is_not_read {
        true => "Assess the running machine: what Assay does not read in a copy of it is there.".to_owned(),
        false => "Make the copy again and check it, or assess the running machine.".to_owned(),
    }
}

/// Joins words, naming at most 20 and counting the rest.
pub(crate) fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    let named = items.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    match items.len().saturating_sub(NAMED) {
        0 => named,
        rest => format!("{named}; and {rest} more"),
    }
}

/// What to do about problems of these kinds.
pub(crate) fn advice(kinds: impl IntoIterator<Item = ProblemKind>) -> String {
    let mut sentences: Vec<&str> = kinds
        .into_iter()
        .map(|kind| match kind {
            ProblemKind::NotPermitted => "Run Assay as root to read what a normal user may not.",
            ProblemKind::NotFound => "Check that the file exists where the distribution puts it.",
            ProblemKind::NotSupported => "Assess the running machine instead of a copy of its files.",
            ProblemKind::TooLarge => "Look at why the file is so large; Assay reads no further than its limit.",
            ProblemKind::WrongType => "Look at why the path is not what it should be; Assay does not read from it.",
            ProblemKind::LinkLoop => "Repair the symbolic links.",
            ProblemKind::Malformed => "Repair the file; the message names the line where there is one.",
            ProblemKind::Failed => "Look at the error, and run the assessment again.",
        })
        .collect();
    sentences.sort_unstable();
    sentences.dedup();
    sentences.join(" ")
}
