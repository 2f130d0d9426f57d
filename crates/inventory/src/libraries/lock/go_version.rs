//! The order of Go's module versions, to choose one of `go.sum` (Go Modules Reference, "Versions").
//!
//! Surprising: a pseudo-version's time is compared as text, which is the order of time.

use std::cmp::Ordering;

/// Compares two versions such as `v1.2.3-rc.1+incompatible`.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (Parts::of(left), Parts::of(right));
    left.numbers.cmp(&right.numbers).then_with(|| match (left.prerelease, right.prerelease) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(left), Some(right)) => compare_prereleases(left, right),
    })
}

struct Parts<'a> {
    numbers: [u64; 3],
    prerelease: Option<&'a str>,
}

impl Parts<'_> {
    /// What is no number counts as none: nothing else tells such versions apart.
    fn of(version: &str) -> Parts<'_> {
        let version = version.strip_prefix('v').unwrap_or(version);
        let version = version.split_once('+').map_or(version, |(version, _)| version);
        let (release, prerelease) = match version.split_once('-') {
            Some((release, prerelease)) => (release, Some(prerelease)),
            None => (version, None),
        };
        let mut numbers = [0; 3];
        for (number, digits) in numbers.iter_mut().zip(release.split('.')) {
            *number = digits.parse().unwrap_or(0);
        }
        Parts { numbers, prerelease }
    }
}

/// Semantic Versioning 2.0.0, clause 11.4.
fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let numeric = |part: &str| part.parse::<u64>().ok();
    let mut right_parts = right.split('.');
    for left_part in left.split('.') {
        let Some(right_part) = right_parts.next() else {
            return Ordering::Greater;
        };
        let order = match (numeric(left_part), numeric(right_part)) {
            (Some(left), Some(right)) => left.cmp(&right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => left_part.cmp(right_part),
        };
        if order.is_ne() {
            return order;
        }
    }
    if right_parts.next().is_some() { Ordering::Less } else { Ordering::Equal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered() {
        let ascending = [
            "v0.0.0-20161208181325-20d25e280405",
            "v0.0.0-20220715151400-c0bba94af5f8",
            "v1.0.0-rc.2",
            "v1.0.0-rc.10",
            "v1.0.0-rc.x",
            "v1.0.0",
            "v1.9.0",
            "v1.10.0+incompatible",
        ];
        for (index, low) in ascending.iter().enumerate() {
            assert_eq!(compare(low, low), Ordering::Equal);
            for high in &ascending[index + 1..] {
                assert_eq!(compare(low, high), Ordering::Less, "{low} {high}");
                assert_eq!(compare(high, low), Ordering::Greater, "{high} {low}");
            }
        }
    }
}
