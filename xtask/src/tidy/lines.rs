//! Length: a source file has at most 500 lines, unless `xtask/tidy/long-files.txt` says why.

use super::exceptions::Exceptions;
use super::tree::Tree;
use super::violation::Violation;

const EXCEPTIONS: &str = "xtask/tidy/long-files.txt";
const MAX_LINES: usize = 500;

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut exceptions = Exceptions::read(tree, EXCEPTIONS);
    let mut violations = Vec::new();
    for (name, text) in tree.sources() {
        let count = text.lines().count();
        if count > MAX_LINES && !exceptions.allow(name) {
            violations.push(Violation::of(name, format!("has {count} lines, over {MAX_LINES}: split it by noun")));
        }
    }
    violations.extend(exceptions.into_violations());
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_need_a_reason() {
        let long = "//\n".repeat(501);
        let tree = Tree::of(&[
            (EXCEPTIONS, "crates/a/src/table.rs: a table\ncrates/a/src/short.rs: was long\n"),
            ("crates/a/src/table.rs", &long),
            ("crates/a/src/code.rs", &long),
            ("crates/a/src/short.rs", &"//\n".repeat(500)),
            ("crates/a/tests/it/main.rs", &long),
        ]);
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "crates/a/src/code.rs: has 501 lines, over 500: split it by noun",
                "xtask/tidy/long-files.txt:2: crates/a/src/short.rs is no exception any more; remove the line"
            ]
        );
    }
}
