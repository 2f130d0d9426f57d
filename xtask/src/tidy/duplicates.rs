//! Duplicates: one version of each dependency, unless `xtask/tidy/duplicates.txt` says why there are two.

use std::collections::{BTreeMap, BTreeSet};

use super::exceptions::Exceptions;
use super::tree::Tree;
use super::violation::Violation;

const EXCEPTIONS: &str = "xtask/tidy/duplicates.txt";

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut exceptions = Exceptions::read(tree, EXCEPTIONS);
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in tree.metadata.foreign() {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    let mut violations = Vec::new();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        if !exceptions.allow(name) {
            let list = versions.iter().copied().collect::<Vec<_>>().join(" and ");
            violations.push(Violation::of("Cargo.lock", format!("{name} is there in versions {list}")));
        }
    }
    violations.extend(exceptions.into_violations());
    violations
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Metadata, Package};
    use super::*;

    #[test]
    fn a_second_version_needs_a_reason() {
        let package = |name: &str, version: &str| Package {
            name: name.into(),
            version: version.into(),
            source: Some("registry".into()),
            ..Package::default()
        };
        let mut tree = Tree::of(&[(EXCEPTIONS, "sha2: cel has not moved yet\nsyn: gone\n")]);
        tree.metadata = Metadata {
            packages: vec![
                package("sha2", "0.10.0"),
                package("sha2", "0.11.0"),
                package("hyper", "0.14.0"),
                package("hyper", "1.0.0"),
                package("syn", "2.0.0"),
            ],
            ..Metadata::default()
        };
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "Cargo.lock: hyper is there in versions 0.14.0 and 1.0.0",
                "xtask/tidy/duplicates.txt:2: syn is no exception any more; remove the line"
            ]
        );
    }
}
