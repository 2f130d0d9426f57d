//! NuGet's order (NuGet.Versioning, `VersionComparer`): one to four numbers, then pre-release labels as SemVer has them.
//!
//! Surprising: labels compare without regard to case (`1.0.0-BETA = 1.0.0-beta`); build metadata does not count.

use std::cmp::Ordering;

use super::digits::{compare_number_lists, compare_without_case, split_numbers};
use super::error::{ParseVersionError, trim};
use super::semver::{are_identifiers, compare_identifiers, split_build};

/// A version taken apart; borrows from the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct NuGetVersion<'a> {
    numbers: &'a str,
    /// Labels separated by dots; empty for a release.
    labels: &'a str,
}

impl<'a> NuGetVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<NuGetVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        NuGetVersion::read(text).ok_or_else(|| ParseVersionError::malformed("nuget", text))
    }

    fn read(text: &'a str) -> Option<NuGetVersion<'a>> {
        let (numbers, rest) = split_numbers(split_build(text)?);
        let labels = match rest.strip_prefix('-') {
            Some(labels) => are_identifiers(labels).then_some(labels)?,
            None => rest.is_empty().then_some(rest)?,
        };
        let is_version = numbers.starts_with(|c: char| c.is_ascii_digit()) && numbers.split('.').count() <= 4;
        is_version.then_some(NuGetVersion { numbers, labels })
    }

    pub(super) fn compare(&self, other: &NuGetVersion<'_>) -> Ordering {
        compare_number_lists(self.numbers, other.numbers).then_with(|| match (self.labels, other.labels) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (left, right) => {
                compare_identifiers(left.split('.'), right.split('.'), Ordering::Less, compare_without_case)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::VersionOrder;
    use crate::version::examples::{check, check_refused};

    #[test]
    fn versions_order() {
        for (left, right, expected) in [
            ("1.0", "1.0.0.0", Ordering::Equal),
            ("1.0.0", "1.0.0.1-alpha", Ordering::Less),
            ("1.0.0-Beta.2", "1.0.0-beta.10", Ordering::Less),
            ("1.0.0-beta", "1.0.0-ALPHA", Ordering::Greater),
            ("1.0.0-1", "1.0.0-a", Ordering::Less),
            ("1.0.0-rc+a", "1.0.0-RC+b", Ordering::Equal),
        ] {
            check(VersionOrder::NuGet, left, right, expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::NuGet,
            &["", "v1.0", "1.2.3.4.5", "1.0-", "1.0-a..b", "1.0+", "1.*", "[1.0,2.0)", "1.0-\u{e9}"],
        );
    }
}
