//! Names and versions as scanners write them: which are the same.

use std::borrow::Cow;

use assay_model::ecosystem::Ecosystem;

use super::claim::{Claim, ClaimKind};

/// Whether a claim is about a package of the operating system with this name and source, or a library with this name.
pub fn is_named(claim: &Claim, ecosystem: Option<Ecosystem>, name: &str, source_name: &str) -> bool {
    match (&claim.kind, ecosystem) {
        (ClaimKind::SystemPackage, None) => claim.package == name,
        (ClaimKind::SystemSource, None) => claim.package == source_name,
        (ClaimKind::Library(claimed), Some(ecosystem)) => {
            *claimed == ecosystem && canonical(ecosystem, &claim.package) == canonical(ecosystem, name)
        }
        _ => false,
    }
}

/// Whether two texts are the same version: an epoch of nought, the `v` or `go` of a Go version, or an epoch that one
/// scanner leaves out makes no difference.
pub fn is_same_version(left: &str, right: &str) -> bool {
    let (left, right) = (bare(left), bare(right));
    left == right
        || match (left.split_once(':'), right.split_once(':')) {
            (Some((_, rest)), None) => rest == right,
            (None, Some((_, rest))) => rest == left,
            _ => false,
        }
}

fn bare(version: &str) -> &str {
    let version = version.strip_prefix("0:").unwrap_or(version);
    let rest = version.strip_prefix('v').or_else(|| version.strip_prefix("go")).unwrap_or(version);
    if rest.starts_with(|first: char| first.is_ascii_digit()) { rest } else { version }
}

/// A name in the one form that its ecosystem takes for the same: PEP 503 for Python; NuGet and Composer know no case.
fn canonical(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Pypi => {
            let mut result = String::with_capacity(name.len());
            for character in name.chars() {
                match character {
                    '-' | '_' | '.' if result.ends_with('-') => {}
                    '-' | '_' | '.' => result.push('-'),
                    _ => result.push(character.to_ascii_lowercase()),
                }
            }
            Cow::Owned(result)
        }
        Ecosystem::Nuget | Ecosystem::Packagist => Cow::Owned(name.to_ascii_lowercase()),
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_are_written_in_several_ways_are_the_same() {
        for (left, right, expected) in [
            ("1.2", "1.2", true),
            ("0:1.2-3.el9", "1.2-3.el9", true),
            ("1:1.2-3.el9", "1.2-3.el9", true),
            ("1.2-3.el9", "1:1.2-3.el9", true),
            ("1:1.2", "2:1.2", false),
            ("v0.17.0", "0.17.0", true),
            ("go1.21.3", "1.21.3", true),
            ("1.2", "1.3", false),
            ("version", "ersion", false),
            ("", "1.2", false),
        ] {
            assert_eq!(is_same_version(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn names_are_compared_as_their_ecosystem_does() {
        let claim = |kind: ClaimKind, package: &str| Claim {
            ids: vec!["CVE-2026-1".into()],
            kind,
            package: package.into(),
            version: String::new(),
            location: None,
            fixed_version: None,
        };
        let system = claim(ClaimKind::SystemPackage, "libssl3");
        assert!(is_named(&system, None, "libssl3", "openssl"));
        assert!(!is_named(&system, None, "openssl", "openssl"));
        assert!(!is_named(&system, Some(Ecosystem::Npm), "libssl3", ""));
        assert!(is_named(&claim(ClaimKind::SystemSource, "openssl"), None, "libssl3", "openssl"));
        let python = claim(ClaimKind::Library(Ecosystem::Pypi), "Zope._Interface");
        assert!(is_named(&python, Some(Ecosystem::Pypi), "zope-interface", ""));
        assert!(!is_named(&python, None, "zope-interface", ""));
        let npm = claim(ClaimKind::Library(Ecosystem::Npm), "Left");
        assert!(!is_named(&npm, Some(Ecosystem::Npm), "left", ""));
        assert!(!is_named(&claim(ClaimKind::Other("binary".into()), "go"), None, "go", "go"));
    }
}
