//! Modules: each begins by saying what it is, and a `mod.rs` holds nothing else but the list of its parts.

use super::tree::{Tree, numbered};
use super::violation::Violation;

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, text) in tree.rust_files() {
        if !text.starts_with("//! ") {
            violations.push(Violation::at(name, 1, "a file begins with `//!`: what it is, in one sentence"));
        }
        if name.ends_with("/mod.rs") && name.contains("/src/") {
            violations.extend(check_mod_file(name, text));
        }
    }
    violations
}

/// Documentation, attributes, `mod x;` and `pub use`, which may span lines.
fn check_mod_file(name: &str, text: &str) -> Option<Violation> {
    let mut is_inside_use = false;
    for (number, line) in numbered(text) {
        let line = line.trim();
        if is_inside_use {
            is_inside_use = !line.ends_with(';');
            continue;
        }
        let declaration = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
        let is_module = declaration.starts_with("mod ") && declaration.ends_with(';');
        let is_use = line != declaration && declaration.starts_with("use ");
        if is_use {
            is_inside_use = !line.ends_with(';');
        }
        if !(line.is_empty() || line.starts_with("//") || line.starts_with("#[") || is_module || is_use) {
            return Some(Violation::at(name, number, "a mod.rs holds only docs, `mod` and `pub use`"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_say_what_they_are() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "//! A.\n"),
            ("crates/a/src/b.rs", "use std::fmt;\n"),
            ("crates/a/tests/it/main.rs", "mod b;\n"),
        ]);
        let violations: Vec<_> = check(&tree).into_iter().map(|violation| violation.file).collect();
        assert_eq!(violations, ["crates/a/src/b.rs", "crates/a/tests/it/main.rs"]);
    }

    #[test]
    fn a_mod_file_only_lists() {
        for (text, line) in [
            (
                "//! A.\n\nmod b;\npub mod c;\n\n#[cfg(test)]\nmod d;\n\npub use b::{\n    B,\n    C,\n};\npub(crate) use c::D;\n",
                0,
            ),
            ("//! A.\nuse std::fmt;\n", 2),
            ("//! A.\nmod b {\n", 2),
            ("//! A.\npub use b::B;\nfn f() {}\n", 3),
        ] {
            let found = check(&Tree::of(&[("crates/a/src/m/mod.rs", text)]));
            assert_eq!(found.first().map_or(0, |violation| violation.line), line, "{text}");
        }
    }
}
