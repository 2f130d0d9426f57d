//! Unsafe code is in `host::sys` and nowhere else, so that an audit knows where to look.

use super::tree::{Tree, numbered};
use super::violation::Violation;

const ALLOWED: &[&str] = &["crates/host/src/sys.rs", "crates/host/src/sys/"];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, text) in tree.rust_files() {
        if ALLOWED.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        for (number, line) in numbered(text) {
            let code = line.split("//").next().unwrap_or_default();
            let is_code = code
                .match_indices(KEYWORD)
                .filter_map(|(index, _)| code.get(index + KEYWORD.len()..))
                .any(|rest| FOLLOWERS.iter().any(|follower| rest.starts_with(follower)));
            if is_code {
                violations.push(Violation::at(name, number, "unsafe code belongs into crates/host/src/sys.rs"));
            }
        }
    }
    violations
}

const KEYWORD: &str = "unsafe";

/// What follows the word where it is code, and not text or the name of a lint.
const FOLLOWERS: &[&str] = &[" {", " fn", " impl", " trait", " extern"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_code_has_one_place() {
        // Put together, so that this file does not violate its own rule.
        let [block, function] = ["{ read() }", "fn read() {}"].map(|rest| format!("{KEYWORD} {rest}\n"));
        let tree = Tree::of(&[
            ("crates/host/src/sys.rs", &block),
            ("crates/rules/src/lib.rs", "#![forbid(unsafe_code)]\n// an unsafe { } in a comment\n"),
            ("crates/rules/src/a.rs", &block),
            ("crates/rules/tests/it/b.rs", &function),
        ]);
        let violations: Vec<_> = check(&tree).into_iter().map(|violation| violation.file).collect();
        assert_eq!(violations, ["crates/rules/src/a.rs", "crates/rules/tests/it/b.rs"]);
    }
}
