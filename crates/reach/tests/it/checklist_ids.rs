//! No item of the semantic checklist is forgotten: each has a test that bears its id, or is in a list here with the reason.

use std::collections::BTreeSet;
use std::path::Path;

use crate::exposures::{json, mini};

/// Items that the reference only names, or that say nothing of reachability.
const NAMED_ONLY: [&str; 9] = ["A5", "E7", "G1", "T6", "T9", "V4", "X5", "X6", "X7"];

/// Items whose test is missing (issue 5).
const MISSING: [&str; 6] = ["L11", "L12", "R4", "S6", "T7", "T8"];

/// The ids of section 5 of the reference; `N1–N5` are five.
fn listed() -> BTreeSet<String> {
    let shared = crate::shared_snapshots::shared("mini");
    let text = std::fs::read_to_string(shared.join("../../../reference/network.md")).unwrap();
    let section = text.split("\n## 5 ").nth(1).unwrap().split("\n## 6 ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let mut ids = BTreeSet::new();
    for cell in cells {
        let (first, last) = cell.split_once('–').unwrap_or((cell, cell));
        let (Some(kind), Some(from), Some(to)) = (first.get(..1), first.get(1..), last.get(1..)) else { continue };
        if let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) {
            ids.extend((from..=to).map(|number| format!("{kind}{number}")));
        }
    }
    ids
}

/// The words of all tests, and the checks that the small networks of the shared data are for.
fn tested() -> BTreeSet<String> {
    let mut text = String::new();
    let mut open =
        vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"), Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.file_name().is_some_and(|name| name != "checklist_ids.rs") {
            let content = std::fs::read_to_string(&path).unwrap();
            let is_test = path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs");
            let tests =
                if is_test { Some(content.as_str()) } else { content.split_once("#[cfg(test)]").map(|both| both.1) };
            text.push_str(tests.unwrap_or_default());
        }
    }
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_owned);
    let mut all: BTreeSet<String> = words.collect();
    for folder in mini() {
        let expected = json(&folder.join("_expected.json"));
        all.extend(expected["checks"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
    }
    all
}

#[test]
fn every_item_of_the_checklist_has_a_test() {
    let (listed, tested) = (listed(), tested());
    assert!(listed.len() > 80 && listed.contains("N3"), "{listed:?}");
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<String>>();
    let untested: BTreeSet<String> = listed.difference(&tested).cloned().collect();
    let excused: BTreeSet<String> = set(&NAMED_ONLY).union(&set(&MISSING)).cloned().collect();
    let forgotten: Vec<&String> = untested.difference(&excused).collect();
    assert!(forgotten.is_empty(), "no test bears {forgotten:?}");
    let told: BTreeSet<String> = set(&MISSING).intersection(&tested).cloned().collect();
    assert!(told.is_empty(), "these have tests now: {told:?}");
}
