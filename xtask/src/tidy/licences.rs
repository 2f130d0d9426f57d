//! Licences: every dependency may be used under a licence that Assay's own (Apache-2.0) goes together with.

use super::tree::Tree;
use super::violation::Violation;

/// What is accepted. A licence is added here after reading it, not because a crate has it.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0 WITH LLVM-exception",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in &tree.metadata.packages {
        let licence = package.license.as_deref().unwrap_or_default();
        if !is_accepted(licence) {
            let text = format!("{} {} has the licence {licence:?}", package.name, package.version);
            violations.push(Violation::of("Cargo.lock", text));
        }
    }
    violations
}

/// Whether an SPDX expression can be satisfied by accepted licences: all sides of `AND`, one side of `OR`.
fn is_accepted(expression: &str) -> bool {
    // Cargo's old form separates alternatives by a slash.
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    if let Some(parts) = split(expression, " AND ") {
        return parts.iter().all(|part| is_accepted(part));
    }
    if let Some(parts) = split(expression, " OR ") {
        return parts.iter().any(|part| is_accepted(part));
    }
    match expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => is_accepted(inner),
        None => ACCEPTED.contains(&expression),
    }
}

/// The parts between operators that are not inside parentheses; absent when there is no such operator. `AND` binds tighter
/// in SPDX, but splitting there first only asks for more than needed, never for less.
fn split<'a>(expression: &'a str, operator: &str) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (index, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 && expression.get(index..).is_some_and(|rest| rest.starts_with(operator)) => {
                parts.push(expression.get(start..index)?);
                start = index + operator.len();
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(expression.get(start..)?);
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Metadata, Package};
    use super::*;

    #[test]
    fn expressions_are_understood() {
        for (expression, accepted) in [
            ("MIT", true),
            ("MIT/GPL-2.0", true),
            ("GPL-3.0-only", false),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(GPL-3.0-only OR MIT) AND (GPL-3.0-only OR LGPL-2.1)", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("", false),
        ] {
            assert_eq!(is_accepted(expression), accepted, "{expression}");
        }
    }

    #[test]
    fn an_unknown_licence_is_a_violation() {
        let package = |name: &str, license: Option<&str>| Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            ..Package::default()
        };
        let mut tree = Tree::of(&[]);
        tree.metadata = Metadata {
            packages: vec![package("good", Some("MIT")), package("bad", Some("SSPL-1.0")), package("none", None)],
            ..Metadata::default()
        };
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            ["Cargo.lock: bad 1.0.0 has the licence \"SSPL-1.0\"", "Cargo.lock: none 1.0.0 has the licence \"\""]
        );
    }
}
