//! npm's order: SemVer as node-semver 7 reads it in its loose mode, which is what the registry's older versions need.
//!
//! Surprising: a pre-release needs no hyphen (`1.2.3beta = 1.2.3-beta`), and any number of `v`, `=` and blanks may come
//! first. Numbers left out are 0: node-semver refuses `1.2` as a version, but advisories hold it.

use super::digits::split_numbers;
use super::error::{ParseVersionError, trim};
use super::semver::{SemanticVersion, are_identifiers, split_build};

pub(super) fn parse(text: &str) -> Result<SemanticVersion<'_>, ParseVersionError> {
    let text = trim(text)?;
    read(text).ok_or_else(|| ParseVersionError::malformed("npm", text))
}

fn read(text: &str) -> Option<SemanticVersion<'_>> {
    let (numbers, rest) = split_numbers(text.trim_start_matches(['v', '=', ' ', '\t']));
    let pre_release = split_build(rest)?;
    let behind_hyphen = pre_release.strip_prefix('-').filter(|identifiers| are_identifiers(identifiers));
    let pre_release = (!pre_release.is_empty()).then(|| behind_hyphen.unwrap_or(pre_release));
    let has_fourth = numbers.bytes().filter(|&byte| byte == b'.').count() > 2;
    if has_fourth { None } else { SemanticVersion::of_parts(numbers, pre_release) }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use crate::version::VersionOrder;
    use crate::version::examples::check;

    #[test]
    fn loose_versions_order() {
        for (left, right, expected) in [
            ("1.2.3beta", "1.2.3-beta", Ordering::Equal),
            (" = v 1.2.3+build", "1.2.3", Ordering::Equal),
            ("1.2", "1.2.0", Ordering::Equal),
            ("1.2.3-01", "1.2.3-1", Ordering::Equal),
            ("1.2.3-", "1.2.3--", Ordering::Equal),
            ("1.2.3--1", "1.2.3-1", Ordering::Greater),
            ("1.2.3beta.2", "1.2.3beta.10", Ordering::Less),
            ("9007199254740992.0.0", "9007199254740993.0.0", Ordering::Less),
        ] {
            check(VersionOrder::Npm, left, right, expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "",
            "v",
            "latest",
            "1.2.3.4",
            "1.2.x",
            "^1.2.3",
            "1.2.3-a..b",
            "1.2.3 - 2.0.0",
            "git+ssh://host/path",
            "1.2.3-\u{e9}",
        ] {
            assert!(VersionOrder::Npm.parse(text).is_err(), "{text:?}");
        }
    }
}
