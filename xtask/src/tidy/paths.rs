//! No committed file knows the machine it was written on: neither where the checkout was nor where cargo keeps its files.

use super::tree::{Tree, numbered};
use super::violation::Violation;

/// Put together, so that this file does not violate its own rule. `/root/` and `/home/` alone are paths of targets.
const MACHINE: [&str; 3] = [concat!("/.car", "go/registry"), concat!("/.rust", "up/"), concat!("/wo", "rk/")];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let root = format!("{}/", tree.root.trim_end_matches('/'));
    let mut violations = Vec::new();
    for (name, text) in &tree.files {
        for (number, line) in numbered(text) {
            if contains_path(line, &root) || MACHINE.iter().any(|path| contains_path(line, path)) {
                violations.push(Violation::at(name, number, "names a path of one machine"));
            }
        }
    }
    violations
}

/// Whether a path stands in the line, and is not merely the end of another one or of a word.
fn contains_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(index, _)| {
        let before = line.get(..index).and_then(|text| text.chars().next_back());
        path.starts_with("/.")
            || !before.is_some_and(|character| character.is_alphanumeric() || "._-}~".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_machine_are_found() {
        for (line, is_violation) in [
            (format!("see {}main", MACHINE[2]), true),
            (format!("`{}`", MACHINE[2]), true),
            (format!("https://example.org/home{}", MACHINE[2]), false),
            (format!("at /root{}/serde", MACHINE[0]), true),
            ("/build/assay/target/debug".to_owned(), true),
            ("/build/assay-two/target".to_owned(), false),
            ("root:x:0:0:root:/root:/bin/bash".to_owned(), false),
            ("/home/alice/.ssh/authorized_keys".to_owned(), false),
        ] {
            let found = check(&Tree::of(&[("docs/a.md", &line)]));
            assert_eq!(!found.is_empty(), is_violation, "{line}");
        }
    }
}
