//! Dependencies: all from the registry, none of the banned ones, and pinned by a committed lock file.

use super::tree::Tree;
use super::violation::Violation;

/// One TLS stack (rustls over aws-lc-rs); `ring` has had no release since 2025-03.
const BANNED: &[&str] = &["native-tls", "openssl", "openssl-sys", "ring"];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    if tree.text("Cargo.lock").is_none() {
        violations.push(Violation::of("Cargo.lock", "is missing or ignored; a binary's lock is committed"));
    }
    for package in tree.metadata.foreign() {
        if BANNED.contains(&package.name.as_str()) {
            let text = format!("{} {} is banned", package.name, package.version);
            violations.push(Violation::of("Cargo.lock", text));
        }
        let source = package.source.as_deref().unwrap_or_default();
        if !source.starts_with("registry+") {
            violations.push(Violation::of("Cargo.lock", format!("{} comes from {source}", package.name)));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Metadata, Package};
    use super::*;

    #[test]
    fn only_the_registry_and_nothing_banned() {
        let package = |name: &str, source: &str| Package {
            name: name.into(),
            version: "1.0.0".into(),
            source: Some(source.into()),
            ..Package::default()
        };
        let mut tree = Tree::of(&[]);
        tree.metadata = Metadata {
            packages: vec![
                package("serde", "registry+https://example.org"),
                package("openssl", "registry+https://example.org"),
                package("fork", "git+https://example.org/fork"),
            ],
            ..Metadata::default()
        };
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "Cargo.lock: is missing or ignored; a binary's lock is committed",
                "Cargo.lock: openssl 1.0.0 is banned",
                "Cargo.lock: fork comes from git+https://example.org/fork"
            ]
        );
    }
}
