//! Knowledge: every file below `knowledge/` is where the binary looks for rules, so none is left out by a typing mistake.

use super::tree::Tree;
use super::violation::Violation;

/// The rules packages, by slug: the folders that are embedded.
const PACKAGES: &[&str] = &["best-practices", "cis", "cve", "network", "runtime"];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for name in tree.files.keys() {
        let Some(rest) = name.strip_prefix("knowledge/") else { continue };
        if rest == "README.md" {
            continue;
        }
        let is_kebab_case =
            |stem: &str| stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let is_rule_file = rest.split_once('/').is_some_and(|(package, file)| {
            PACKAGES.contains(&package) && file.strip_suffix(".yaml").is_some_and(is_kebab_case)
        });
        if !is_rule_file {
            violations.push(Violation::of(name, "a rule is in knowledge/<rules package>/<kebab-case>.yaml"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_where_the_binary_looks() {
        let tree = Tree::of(&[
            ("knowledge/best-practices/enable-aslr.yaml", ""),
            ("knowledge/README.md", ""),
            ("knowledge/best-practice/enable-dep.yaml", ""),
            ("knowledge/cis/enable-dep.yml", ""),
            ("knowledge/cis/sub/enable-dep.yaml", ""),
            ("knowledge/enable-dep.yaml", ""),
        ]);
        assert_eq!(check(&tree).len(), 4);
    }
}
