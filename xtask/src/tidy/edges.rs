//! Edges: who may use whom, as drawn in ARCHITECTURE.md, equals what the manifests say.
//!
//! The drawing is the fenced block whose info string is `text crate-edges`, one crate a line as `name -> name name`.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Tree, numbered};
use super::violation::Violation;

const FILE: &str = "ARCHITECTURE.md";
const FENCE: &str = "```text crate-edges";

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let Some(text) = tree.text(FILE) else {
        return vec![Violation::of(FILE, "is missing")];
    };
    let mut drawn: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    let block = numbered(text)
        .skip_while(|(_, line)| line.trim() != FENCE)
        .skip(1)
        .take_while(|(_, line)| line.trim() != "```")
        .filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in block {
        let (name, uses) = line.split_once("->").unwrap_or((line, ""));
        drawn.insert(name.trim(), (number, uses.split_whitespace().collect()));
    }
    if drawn.is_empty() {
        return vec![Violation::of(FILE, format!("has no block that begins with {FENCE}"))];
    }
    let own: BTreeMap<&str, BTreeSet<&str>> = real_edges(tree);
    let mut violations = Vec::new();
    for (name, uses) in &own {
        match drawn.get(name) {
            None => violations.push(Violation::of(FILE, format!("the drawing lacks the crate {name}"))),
            Some((line, drawn_uses)) => {
                for used in uses.difference(drawn_uses) {
                    let text = format!("{name} uses {used}, which is not drawn: a new edge is a decision");
                    violations.push(Violation::at(FILE, *line, text));
                }
                for used in drawn_uses.difference(uses) {
                    let text = format!("{name} -> {used} is drawn, but {name} does not use it");
                    violations.push(Violation::at(FILE, *line, text));
                }
            }
        }
    }
    for (name, (line, _)) in drawn.iter().filter(|(name, _)| !own.contains_key(*name)) {
        violations.push(Violation::at(FILE, *line, format!("there is no crate {name}")));
    }
    violations
}

/// Crates by their short name: `assay-model` is `model`, `assay` is `cli`.
fn real_edges(tree: &Tree) -> BTreeMap<&str, BTreeSet<&str>> {
    let names: BTreeSet<&str> = tree.metadata.own().map(|package| package.name.as_str()).collect();
    tree.metadata
        .own()
        .map(|package| {
            let uses = package.needs().filter(|name| names.contains(name)).map(short_name).collect();
            (short_name(&package.name), uses)
        })
        .collect()
}

fn short_name(name: &str) -> &str {
    if name == "assay" { "cli" } else { name.strip_prefix("assay-").unwrap_or(name) }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Metadata, Package};
    use super::*;

    fn package(name: &str, uses: &[(&str, Option<&str>)]) -> Package {
        let dependencies = uses
            .iter()
            .map(|(name, kind)| Dependency { name: (*name).into(), kind: kind.map(str::to_owned) })
            .collect();
        Package { name: name.into(), dependencies, ..Package::default() }
    }

    fn check_drawing(drawing: &str) -> Vec<String> {
        let text = format!("# A\n\n{FENCE}\n{drawing}```\n\nmodel -> cli\n");
        let mut tree = Tree::of(&[(FILE, &text)]);
        tree.metadata = Metadata {
            packages: vec![
                package("assay-model", &[("serde", None), ("assay-host", Some("dev"))]),
                package("assay-host", &[("assay-model", None)]),
                package("assay", &[("assay-host", None), ("assay-model", Some("build"))]),
            ],
            ..Metadata::default()
        };
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_drawing_equals_the_manifests() {
        assert_eq!(check_drawing("model\nhost -> model\ncli -> host model\n"), [""; 0]);
        assert_eq!(
            check_drawing("model ->\nhost -> model cli\nscap -> model\n"),
            [
                "ARCHITECTURE.md: the drawing lacks the crate cli",
                "ARCHITECTURE.md:5: host -> cli is drawn, but host does not use it",
                "ARCHITECTURE.md:6: there is no crate scap"
            ]
        );
        assert_eq!(
            check_drawing("model\nhost\ncli -> host model\n"),
            ["ARCHITECTURE.md:5: host uses model, which is not drawn: a new edge is a decision"]
        );
    }

    #[test]
    fn a_missing_drawing_is_a_violation() {
        assert_eq!(check(&Tree::of(&[])).len(), 1);
        assert_eq!(check(&Tree::of(&[(FILE, "# A\n")])).len(), 1);
    }
}
