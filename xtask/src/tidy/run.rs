//! The list of checks, and running them all.

use std::path::Path;

use super::metadata::Metadata;
use super::tree::Tree;
use super::violation::Violation;
use super::{
    boundaries, conflicts, dependencies, duplicates, edges, fuzz_targets, generated, knowledge, licences, lines, links,
    modules, paths, plugins, todo, unsafe_code,
};
use crate::error::XtaskError;

/// A check: from the tree to what is wrong with it.
type Check = fn(&Tree) -> Vec<Violation>;

/// Every check by its name.
pub(crate) const CHECKS: &[(&str, Check)] = &[
    ("boundaries", boundaries::check),
    ("conflicts", conflicts::check),
    ("dependencies", dependencies::check),
    ("duplicates", duplicates::check),
    ("edges", edges::check),
    ("fuzz-targets", fuzz_targets::check),
    ("generated", generated::check),
    ("knowledge", knowledge::check),
    ("licences", licences::check),
    ("lines", lines::check),
    ("links", links::check),
    ("modules", modules::check),
    ("paths", paths::check),
    ("plugins", plugins::check),
    ("todo", todo::check),
    ("unsafe-code", unsafe_code::check),
];

/// Runs all checks on this repository.
pub(crate) fn run() -> Result<Vec<String>, XtaskError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let tree = Tree::read(root, Metadata::read(root)?)?;
    let violations = CHECKS.iter().flat_map(|(name, check)| {
        let mut violations = check(&tree);
        violations.sort();
        violations.into_iter().map(move |violation| format!("[{name}] {violation}"))
    });
    Ok(violations.collect())
}
