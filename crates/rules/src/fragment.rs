//! Evidence fragments of test cases: some sections' facts, laid over an empty evidence document.
//!
//! The fragment must survive the round trip through the evidence types: a key that the types do not know would silently
//! make a test case say something else than it reads.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use assay_model::evidence::{Evidence, HostIdentity, Problem, Section, SourceKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use assay_yaml::{Fields, Key, Node, YamlError, list_of, nearest, word_of};

use crate::error::RulesError;

/// An evidence document without any facts.
pub(crate) fn empty_evidence() -> Evidence {
    let host = HostIdentity {
        agent_id: "i-00000000000000000".to_owned(),
        hostname: "test".to_owned(),
        ipv4_addresses: Vec::new(),
    };
    Evidence::empty(SourceKind::LiveHost, host, "test", Timestamp::UNIX_EPOCH)
}

/// The evidence of a test case.
pub(crate) fn evidence_of(
    source: Option<Node>,
    facts: Vec<(Key, Node)>,
    problems: Vec<(Key, Node)>,
) -> Result<Evidence, RulesError> {
    let mut evidence = empty_evidence();
    if let Some(node) = source {
        evidence.source = word_of(
            &node,
            "source",
            &["live-host", "root-directory", "container-image", "disk-image", "sbom"],
            |text| match text {
                "live-host" => Some(SourceKind::LiveHost),
                "root-directory" => Some(SourceKind::RootDirectory),
                "container-image" => Some(SourceKind::ContainerImage),
                "disk-image" => Some(SourceKind::DiskImage),
                "sbom" => Some(SourceKind::Sbom),
                "package-list" => Some(SourceKind::PackageList),
                _ => None,
            },
        )?;
    }
    let mut told: BTreeMap<Section, Vec<Problem>> = BTreeMap::new();
    for (key, node) in problems {
        let list = list_of(node, &key.text)?.into_iter().map(problem_of).collect::<Result<_, _>>()?;
        if key.text == "source" {
            evidence.source_problems = list;
        } else {
            told.insert(section_of(&key)?, list);
        }
    }
    for (key, node) in facts {
        let section = section_of(&key)?;
        set_facts(&mut evidence, section, &node)?;
    }
    for (section, problems) in told {
        set_problems(&mut evidence, section, problems);
    }
    Ok(evidence)
}

fn section_of(key: &Key) -> Result<Section, RulesError> {
    let section = Section::ALL.into_iter().find(|section| section.as_str() == key.text);
    let unknown = || YamlError::UnknownKey {
        place: key.place.clone(),
        key: key.text.clone(),
        nearest: nearest(&key.text, Section::ALL.map(Section::as_str)),
    };
    Ok(section.ok_or_else(unknown)?)
}

fn problem_of(node: Node) -> Result<Problem, RulesError> {
    let mut fields = Fields::open(node, "problems")?;
    let kind = fields.required("kind")?;
    let words =
        ["not-found", "not-permitted", "not-supported", "too-large", "wrong-type", "link-loop", "malformed", "failed"];
    let kind = word_of(&kind, "kind", &words, |text| serde_json::from_value(text.into()).ok())?;
    let problem = Problem { subject: fields.text("subject")?, kind, detail: fields.text("detail")? };
    fields.finish()?;
    Ok(problem)
}

fn set_facts(evidence: &mut Evidence, section: Section, node: &Node) -> Result<(), RulesError> {
    match section {
        Section::Os => evidence.os.facts = facts_of(section, node)?,
        Section::Packages => evidence.packages.facts = facts_of(section, node)?,
        Section::Libraries => evidence.libraries.facts = facts_of(section, node)?,
        Section::Kernel => evidence.kernel.facts = facts_of(section, node)?,
        Section::Processor => evidence.processor.facts = facts_of(section, node)?,
        Section::Accounts => evidence.accounts.facts = facts_of(section, node)?,
        Section::Sshd => evidence.sshd.facts = facts_of(section, node)?,
        Section::Authentication => evidence.authentication.facts = facts_of(section, node)?,
        Section::Sysctl => evidence.sysctl.facts = facts_of(section, node)?,
        Section::Mounts => evidence.mounts.facts = facts_of(section, node)?,
        Section::Processes => evidence.processes.facts = facts_of(section, node)?,
        Section::Sockets => evidence.sockets.facts = facts_of(section, node)?,
        Section::Paths => evidence.paths.facts = facts_of(section, node)?,
    }
    Ok(())
}

fn set_problems(evidence: &mut Evidence, section: Section, problems: Vec<Problem>) {
    match section {
        Section::Os => evidence.os.problems = problems,
        Section::Packages => evidence.packages.problems = problems,
        Section::Libraries => evidence.libraries.problems = problems,
        Section::Kernel => evidence.kernel.problems = problems,
        Section::Processor => evidence.processor.problems = problems,
        Section::Accounts => evidence.accounts.problems = problems,
        Section::Sshd => evidence.sshd.problems = problems,
        Section::Authentication => evidence.authentication.problems = problems,
        Section::Sysctl => evidence.sysctl.problems = problems,
        Section::Mounts => evidence.mounts.problems = problems,
        Section::Processes => evidence.processes.problems = problems,
        Section::Sockets => evidence.sockets.problems = problems,
        Section::Paths => evidence.paths.problems = problems,
    }
}

/// The facts of one section: the fragment over the section's empty value.
fn facts_of<T>(section: Section, node: &Node) -> Result<Option<T>, RulesError>
where
    T: Default + Serialize + DeserializeOwned,
{
    let bad =
        |message: String| YamlError::BadValue { place: node.place.clone(), key: section.as_str().to_owned(), message };
    let malformed = |error: serde_json::Error| bad(format!("is not what the evidence holds: {error}"));
    let fragment = node.to_json();
    let mut merged = serde_json::to_value(T::default()).map_err(malformed)?;
    merge(&mut merged, &fragment);
    let facts = T::deserialize(merged).map_err(malformed)?;
    let kept = serde_json::to_value(&facts).map_err(malformed)?;
    match lost(&fragment, &kept) {
        Some(key) => Err(bad(format!("has a key that the evidence does not know: `{key}`")).into()),
        None => Ok(Some(facts)),
    }
}

/// Lays one JSON value over another: members of objects one by one, everything else whole.
fn merge(base: &mut serde_json::Value, over: &serde_json::Value) {
    match (base, over) {
        (serde_json::Value::Object(base), serde_json::Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key.as_str()).or_insert(serde_json::Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}

/// The dotted name of the first member of a fragment that a round trip lost.
fn lost(fragment: &serde_json::Value, kept: &serde_json::Value) -> Option<String> {
    match (fragment, kept) {
        (serde_json::Value::Object(fragment), serde_json::Value::Object(kept)) => {
            fragment.iter().filter(|(_, value)| !value.is_null()).find_map(|(key, value)| match kept.get(key) {
                None => Some(key.clone()),
                Some(kept) => lost(value, kept).map(|below| format!("{key}.{below}")),
            })
        }
        (serde_json::Value::Array(fragment), serde_json::Value::Array(kept)) => {
            fragment.iter().zip(kept).find_map(|(fragment, kept)| lost(fragment, kept))
        }
        _ => None,
    }
}
