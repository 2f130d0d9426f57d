//! RubyGems' order (`Gem::Version`): segments of digits or of letters, where letters make a pre-release.
//!
//! Surprising: a hyphen reads `.pre.`, so `1.0-1` is older than `1.0`; zeros in front of the first letters do not count
//! (`1.0.0.a = 1.a`).

use std::cmp::Ordering;

use super::digits::{compare_numbers, split_run};
use super::error::{ParseVersionError, trim};

/// A version whose form was checked; borrows from the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct GemVersion<'a> {
    /// Up to the first letter or hyphen, without zeros at the end.
    release: &'a str,
    pre_release: &'a str,
}

impl<'a> GemVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<GemVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        let malformed = || ParseVersionError::malformed("rubygems", text);
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let has_gap = text.contains("..") || text.ends_with('.') || text.find('-') == Some(text.len() - 1);
        if has_gap || !text.starts_with(|c: char| c.is_ascii_digit()) || !text.bytes().all(is_allowed) {
            return Err(malformed());
        }
        let start = text.find(|c: char| c.is_ascii_alphabetic() || c == '-').unwrap_or(text.len());
        let (release, pre_release) = text.split_at_checked(start).ok_or_else(malformed)?;
        Ok(GemVersion { release: strip_zero_segments(release), pre_release })
    }

    pub(super) fn compare(&self, other: &GemVersion<'_>) -> Ordering {
        let (mut left, mut right) = (self.segments(), other.segments());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (left, right) => left.unwrap_or(ZERO).compare(&right.unwrap_or(ZERO)),
            };
            if order.is_ne() {
                return order;
            }
        }
    }

    fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        Segments(self.release.as_bytes()).chain(Segments(self.pre_release.as_bytes()))
    }
}

/// `1.20.0.0` → `1.20`; `0` → nothing.
fn strip_zero_segments(mut release: &str) -> &str {
    loop {
        let bare = release.trim_end_matches('.');
        let stripped = bare.trim_end_matches('0');
        if !stripped.is_empty() && !stripped.ends_with('.') {
            return bare;
        }
        if stripped.len() == release.len() {
            return release;
        }
        release = stripped;
    }
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Letters(&'a [u8]),
    Number(&'a [u8]),
}

/// What a missing segment counts as.
const ZERO: Segment<'static> = Segment::Number(b"");

impl Segment<'_> {
    fn compare(&self, other: &Segment<'_>) -> Ordering {
        match (self, other) {
            (Segment::Letters(left), Segment::Letters(right)) => left.cmp(right),
            (Segment::Number(left), Segment::Number(right)) => compare_numbers(left, right),
            (Segment::Letters(_), Segment::Number(_)) => Ordering::Less,
            (Segment::Number(_), Segment::Letters(_)) => Ordering::Greater,
        }
    }
}

struct Segments<'a>(&'a [u8]);

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let (_, text) = split_run(self.0, |byte| byte == b'.');
        let (first, behind) = text.split_first()?;
        let (segment, rest) = match first {
            b'-' => (Segment::Letters(b"pre"), behind),
            b'0'..=b'9' => {
                let (digits, rest) = split_run(text, |byte| byte.is_ascii_digit());
                (Segment::Number(digits), rest)
            }
            _ => {
                let (letters, rest) = split_run(text, |byte| byte.is_ascii_alphabetic());
                (Segment::Letters(letters), rest)
            }
        };
        self.0 = rest;
        Some(segment)
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
            ("1.0-1", "1.0", Ordering::Less),
            ("1.0-1", "1.0.pre.1", Ordering::Equal),
            ("1.0-a-", "1.0.pre.a.pre", Ordering::Equal),
            ("1.0.0.a", "1.a", Ordering::Equal),
            ("0.0.a", "0.a", Ordering::Equal),
            ("0", "0.0", Ordering::Equal),
            ("1.0.a.0", "1.a", Ordering::Equal),
            ("1.20", "1.2", Ordering::Greater),
            ("10.0", "1", Ordering::Greater),
            ("1.0.a10", "1.0.a9", Ordering::Greater),
            ("1.0.a", "1.0.B", Ordering::Greater),
            ("1.0.99999999999999999999", "1.0.100000000000000000000", Ordering::Less),
        ] {
            check(VersionOrder::RubyGems, left, right, expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::RubyGems,
            &["", "a", ".1", "1.", "1..2", "1-", "1 2", "1_2", "1+a", "~> 1.0", "1.\u{e9}"],
        );
    }
}
