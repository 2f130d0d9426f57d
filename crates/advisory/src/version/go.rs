//! Go's order of module versions (golang.org/x/mod/semver), and of its toolchain (`go1.21rc1`), which is the version of
//! the module `stdlib`.
//!
//! Surprising: `+incompatible` is build metadata and does not count; a pseudo-version is a pre-release of the version
//! that its commit leads to, so `v1.2.4-0.20230101000000-abcdef123456` lies between `v1.2.3` and `v1.2.4`. The `v` is
//! optional: the toolchain demands it, OSV leaves it out.

use super::digits::{is_number, split_digits, split_letters, split_numbers};
use super::error::{ParseVersionError, trim};
use super::semver::{SemanticVersion, split_build};

pub(super) fn parse(text: &str) -> Result<SemanticVersion<'_>, ParseVersionError> {
    let text = trim(text)?;
    let version = match text.strip_prefix("go") {
        Some(toolchain) => read_toolchain(toolchain),
        None => read_module(text),
    };
    version.ok_or_else(|| ParseVersionError::malformed("go", text))
}

fn read_module(text: &str) -> Option<SemanticVersion<'_>> {
    let (numbers, rest) = split_numbers(text.strip_prefix('v').unwrap_or(text));
    let rest = split_build(rest)?;
    let pre_release = if rest.is_empty() { None } else { Some(rest.strip_prefix('-')?) };
    let has_fourth = numbers.bytes().filter(|&byte| byte == b'.').count() > 2;
    if has_fourth { None } else { SemanticVersion::of_parts(numbers, pre_release) }
}

/// `1.21rc1`, `1.21.3`, `1.22.1 X:boringcrypto`, `1.21.4-custom`: a suffix of who built it does not make another version.
fn read_toolchain(text: &str) -> Option<SemanticVersion<'_>> {
    let (numbers, rest) = split_numbers(text.split(' ').next().unwrap_or_default());
    let rest = rest.split(['-', '+']).next().unwrap_or_default();
    let (word, number) = split_letters(rest);
    let (number, behind) = split_digits(number);
    let is_pre_release = matches!(word, "rc" | "beta") && is_number(number) && behind.is_empty();
    match rest {
        "" => SemanticVersion::of_parts(numbers, None),
        _ if is_pre_release => {
            let version = SemanticVersion::of_parts(numbers, Some(word))?;
            Some(SemanticVersion { pre_release_number: Some(number), ..version })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use crate::version::VersionOrder;
    use crate::version::examples::check;

    #[test]
    fn versions_order() {
        for (left, right, expected) in [
            ("v1.2.3", "1.2.3", Ordering::Equal),
            ("v2.0.0+incompatible", "2.0.0", Ordering::Equal),
            ("v1.2.3", "v1.2.4-0.20230101000000-abcdef123456", Ordering::Less),
            ("v1.2.4-0.20230101000000-abcdef123456", "v1.2.4", Ordering::Less),
            ("v0.0.0-20190101000000-ffffffffffff", "v0.0.0-20200101000000-000000000000", Ordering::Less),
            ("v1.2.4-rc.1", "v1.2.4-rc.1.0.20230101000000-abcdef123456", Ordering::Less),
            ("v1.2", "v1.2.0", Ordering::Equal),
            ("go1.21", "1.21.0", Ordering::Equal),
            ("go1.21rc2", "1.21.0-rc.2", Ordering::Equal),
            ("go1.21rc2", "go1.21rc10", Ordering::Less),
            ("go1.21beta1", "go1.21rc1", Ordering::Less),
            ("go1.21rc2", "1.21.0-0", Ordering::Greater),
            ("go1.22.1 X:boringcrypto", "1.22.1", Ordering::Equal),
            ("go1.22.1-custom", "1.22.1", Ordering::Equal),
        ] {
            check(VersionOrder::Go, left, right, expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "",
            "v",
            "(devel)",
            "unknown",
            "v1.2.3.4",
            "v1.2.3-",
            "v1.2.3rc1",
            "vv1",
            "devel go1.22-abcdef",
            "go",
            "go1.21rc",
            "go1.21x1",
        ] {
            assert!(VersionOrder::Go.parse(text).is_err(), "{text:?}");
        }
    }
}
