//! The files of known differences: each difference is explained once, and each explanation must still be true.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// What a list holds, by name, and what is known of each: where it was found, by what.
pub(super) type Items = BTreeMap<String, Vec<String>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    OnlyTheirs,
    OnlyOurs,
}

/// One explanation. It is about what has one of the names and one of the notes in it; without names or notes, any.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    comparison: String,
    side: Side,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    count: usize,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    difference: Vec<Difference>,
}

/// Fails unless ours and theirs differ by exactly what the file says of this comparison.
pub(super) fn check(file: &str, comparison: &str, ours: &Items, theirs: &Items) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/peers").join(file);
    let known: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let known: Vec<&Difference> = known.difference.iter().filter(|entry| entry.comparison == comparison).collect();
    let mut wrong = Vec::new();
    for (side, these, others) in [(Side::OnlyTheirs, theirs, ours), (Side::OnlyOurs, ours, theirs)] {
        let entries: Vec<&&Difference> = known.iter().filter(|entry| entry.side == side).collect();
        let mut counts = vec![0; entries.len()];
        for (name, notes) in these.iter().filter(|(name, _)| !others.contains_key(*name)) {
            match entries.iter().position(|entry| entry.covers(name, notes)) {
                Some(index) => counts[index] += 1,
                None => wrong.push(format!("{side:?} {name:?} is not explained; known of it: {notes:?}")),
            }
        }
        for (entry, count) in entries.iter().zip(counts).filter(|(entry, count)| entry.count != *count) {
            wrong.push(format!("{side:?}: {} and not {} are so: {}", count, entry.count, entry.reason));
        }
    }
    assert!(wrong.is_empty(), "{comparison}:\n{}", wrong.join("\n"));
}

impl Difference {
    fn covers(&self, name: &str, notes: &[String]) -> bool {
        let is_named = self.names.is_empty() || self.names.iter().any(|part| name.contains(part));
        let is_noted =
            self.notes.is_empty() || self.notes.iter().any(|part| notes.iter().any(|note| note.contains(part)));
        is_named && is_noted
    }
}
