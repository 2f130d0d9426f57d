//! SemVer 2.0 §11, as crates.io has it and as OSV's SEMVER ranges are read; npm and Go build upon it.
//!
//! Surprising: build metadata does not count (`1.0.0+a = 1.0.0+b`). More is read than §2 allows, as every reader of
//! advisories does: a `v` in front, numbers left out (`1.2` is `1.2.0`), leading zeros, and more than three numbers.

use std::cmp::Ordering;

use super::digits::{compare_number_lists, compare_numbers, is_number, split_numbers};
use super::error::{ParseVersionError, trim};

/// A version of numbers and a pre-release; borrows from the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct SemanticVersion<'a> {
    pub(super) numbers: &'a str,
    /// Identifiers separated by dots; empty for a release.
    pub(super) pre_release: &'a str,
    /// One identifier more, which Go's toolchain writes without a dot: the 1 of `rc1`.
    pub(super) pre_release_number: Option<&'a str>,
}

impl<'a> SemanticVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<SemanticVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        let (numbers, rest) = split_numbers(text.strip_prefix(['v', 'V']).unwrap_or(text));
        let pre_release =
            split_build(rest).filter(|pre_release| pre_release.is_empty() || pre_release.starts_with('-'));
        pre_release
            .and_then(|pre_release| SemanticVersion::of_parts(numbers, pre_release.strip_prefix('-')))
            .ok_or_else(|| ParseVersionError::malformed("semver", text))
    }

    /// The version of these parts, unless one of them cannot be.
    pub(super) fn of_parts(numbers: &'a str, pre_release: Option<&'a str>) -> Option<SemanticVersion<'a>> {
        let is_complete = numbers.starts_with(|c: char| c.is_ascii_digit()) && pre_release.is_none_or(are_identifiers);
        let pre_release = pre_release.unwrap_or_default();
        is_complete.then_some(SemanticVersion { numbers, pre_release, pre_release_number: None })
    }

    pub(super) fn compare(&self, other: &SemanticVersion<'_>) -> Ordering {
        compare_number_lists(self.numbers, other.numbers).then_with(|| self.compare_pre_release(other))
    }

    fn compare_pre_release(&self, other: &SemanticVersion<'_>) -> Ordering {
        match (self.pre_release, other.pre_release) {
            ("", "") => return Ordering::Equal,
            ("", _) => return Ordering::Greater,
            (_, "") => return Ordering::Less,
            _ => {}
        }
        compare_identifiers(self.identifiers(), other.identifiers(), Ordering::Less, str::cmp)
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> {
        self.pre_release.split('.').chain(self.pre_release_number)
    }
}

/// What is in front of the build metadata, unless the latter cannot be any.
pub(super) fn split_build(text: &str) -> Option<&str> {
    match text.split_once('+') {
        Some((text, build)) => are_identifiers(build).then_some(text),
        None => Some(text),
    }
}

/// Whether a text is identifiers separated by dots (§9, §10).
pub(super) fn are_identifiers(text: &str) -> bool {
    let is_identifier =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.split('.').all(is_identifier)
}

/// Compares identifiers one by one: fewer before more (§11.4). `number_to_text` is how a number compares with what is
/// none: before it in SemVer, after it in the local part of PEP 440.
pub(super) fn compare_identifiers<'l, 'r>(
    mut left: impl Iterator<Item = &'l str>,
    mut right: impl Iterator<Item = &'r str>,
    number_to_text: Ordering,
    compare_texts: impl Fn(&str, &str) -> Ordering,
) -> Ordering {
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (is_number(left), is_number(right)) {
                (true, true) => compare_numbers(left.as_bytes(), right.as_bytes()),
                (true, false) => number_to_text,
                (false, true) => number_to_text.reverse(),
                (false, false) => compare_texts(left, right),
            },
        };
        if order.is_ne() {
            return order;
        }
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
            ("1.0.0-alpha.1", "1.0.0-alpha.beta", Ordering::Less),
            ("1.0.0-rc.1", "1.0.0", Ordering::Less),
            ("1.0.0-2", "1.0.0-10", Ordering::Less),
            ("1.0.0-99999999999999999999", "1.0.0-100000000000000000000", Ordering::Less),
            ("1.0.0-a-b", "1.0.0-a.b", Ordering::Greater),
            ("1.0.0-A", "1.0.0-a", Ordering::Less),
            ("1.0.0+a", "v1+b", Ordering::Equal),
            ("1.2.3", "1.2.3.1", Ordering::Less),
            ("1.2.3.0-rc", "1.2.3", Ordering::Less),
        ] {
            check(VersionOrder::Semver, left, right, expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::Semver,
            &[
                "",
                "v",
                "a",
                "1.0.0-",
                "1.0.0-a..b",
                "1.0.0+",
                "1.0.0+a+b",
                "1.",
                "1..2",
                ".1",
                "1.0.0beta",
                "1.0.0 -a",
                "1.0.0-\u{e9}",
            ],
        );
    }
}
