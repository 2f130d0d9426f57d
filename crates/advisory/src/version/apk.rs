//! Alpine's order (apk-tools 3, `src/version.c`): `1.2.3b_rc1~c0ffee-r4`; 2.14 has the same for the versions that both
//! take, but for numbers of several digits with a leading zero. A number behind the letter (`1.9.5p2`) is a version to
//! 2.14 alone; Alpine's advisories hold some.
//!
//! Surprising: behind the first dot a number with a leading zero compares as text, so `1.010 < 1.02 < 1.1`; `1.0` and
//! `1` differ; suffixes up to `_rc` sort before the end, those from `_cvs` on behind it.

use std::cmp::Ordering;

use super::digits::{compare_numbers, split_run};
use super::error::{ParseVersionError, trim};

/// A version whose form was checked; it is taken apart while it is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApkVersion<'a> {
    text: &'a str,
}

impl<'a> ApkVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<ApkVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        let mut parts = Parts::of(text);
        while parts.next().is_some() {}
        // What apk itself calls invalid compares in another way with every version of apk.
        if parts.is_at_end() { Ok(ApkVersion { text }) } else { Err(ParseVersionError::malformed("apk", text)) }
    }

    pub(super) fn compare(&self, other: &ApkVersion<'_>) -> Ordering {
        if self.text == other.text {
            return Ordering::Equal;
        }
        let (mut left, mut right) = (Parts::of(self.text), Parts::of(other.text));
        loop {
            match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (left, right) => {
                    let (left, right) = (left.unwrap_or(Part::End), right.unwrap_or(Part::End));
                    let order = left.compare(&right);
                    if order.is_ne() {
                        return order;
                    }
                }
            }
        }
    }
}

/// What a version is made of; where two have parts of different kinds, the later kind of this list is the newer version.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    /// `_alpha`, `_beta`, `_pre`, `_rc`.
    SuffixBefore(u8),
    End,
    Revision(&'a [u8]),
    CommitHash(&'a [u8]),
    SuffixNumber(&'a [u8]),
    /// `_cvs`, `_svn`, `_git`, `_hg`, `_p`.
    SuffixBehind(u8),
    Letter(u8),
    LetterNumber(&'a [u8]),
    Number(&'a [u8]),
    FirstNumber(&'a [u8]),
}

impl Part<'_> {
    fn rank(&self) -> u8 {
        match self {
            Part::SuffixBefore(_) => 0,
            Part::End => 1,
            Part::Revision(_) => 2,
            Part::CommitHash(_) => 3,
            Part::SuffixNumber(_) => 4,
            Part::SuffixBehind(_) => 5,
            Part::Letter(_) => 6,
            Part::LetterNumber(_) => 7,
            Part::Number(_) => 8,
            Part::FirstNumber(_) => 9,
        }
    }

    fn compare(&self, other: &Part<'_>) -> Ordering {
        match (self, other) {
            (Part::SuffixBefore(left), Part::SuffixBefore(right))
            | (Part::SuffixBehind(left), Part::SuffixBehind(right))
            | (Part::Letter(left), Part::Letter(right)) => left.cmp(right),
            (Part::CommitHash(left), Part::CommitHash(right)) => left.cmp(right),
            (Part::Number(left), Part::Number(right)) if left.starts_with(b"0") || right.starts_with(b"0") => {
                left.cmp(right)
            }
            (Part::Number(left), Part::Number(right))
            | (Part::FirstNumber(left), Part::FirstNumber(right))
            | (Part::LetterNumber(left), Part::LetterNumber(right))
            | (Part::SuffixNumber(left), Part::SuffixNumber(right))
            | (Part::Revision(left), Part::Revision(right)) => compare_numbers(left, right),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Names of suffixes in their order; the first four come before the end.
const SUFFIXES: [&[u8]; 9] = [b"alpha", b"beta", b"pre", b"rc", b"cvs", b"svn", b"git", b"hg", b"p"];
const SUFFIXES_BEFORE: usize = 4;

/// The parts of a version in turns; ends early where the text is no version.
struct Parts<'a> {
    rest: &'a [u8],
    previous: Option<Part<'a>>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Parts<'a> {
        Parts { rest: text.as_bytes(), previous: None }
    }

    fn is_at_end(&self) -> bool {
        self.rest.is_empty() && self.previous.is_some()
    }

    fn read(&self) -> Option<(Part<'a>, &'a [u8])> {
        let Some(previous) = self.previous else { return digits(self.rest, Part::FirstNumber) };
        let (first, behind) = self.rest.split_first()?;
        let rank = previous.rank();
        let is_suffix = matches!(previous, Part::SuffixBefore(_) | Part::SuffixBehind(_));
        let is_number = matches!(previous, Part::Number(_) | Part::FirstNumber(_));
        match first {
            b'a'..=b'z' if is_number => Some((Part::Letter(*first), behind)),
            b'.' if is_number => digits(behind, Part::Number),
            b'0'..=b'9' if is_suffix => digits(self.rest, Part::SuffixNumber),
            b'0'..=b'9' if matches!(previous, Part::Letter(_)) => digits(self.rest, Part::LetterNumber),
            b'_' if rank > Part::CommitHash(b"").rank() || is_suffix => {
                let (name, rest) = split_run(behind, |byte| byte.is_ascii_lowercase());
                let index = SUFFIXES.iter().position(|suffix| *suffix == name)?;
                let kind = if index < SUFFIXES_BEFORE { Part::SuffixBefore } else { Part::SuffixBehind };
                Some((kind(u8::try_from(index).ok()?), rest))
            }
            b'~' if rank > Part::CommitHash(b"").rank() || is_suffix => {
                let (hash, rest) = split_run(behind, |byte| byte.is_ascii_hexdigit());
                (!hash.is_empty()).then_some((Part::CommitHash(hash), rest))
            }
            b'-' if rank != Part::Revision(b"").rank() => digits(behind.strip_prefix(b"r")?, Part::Revision),
            _ => None,
        }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let (part, rest) = self.read()?;
        self.rest = rest;
        self.previous = Some(part);
        Some(part)
    }
}

fn digits<'a>(text: &'a [u8], part: impl Fn(&'a [u8]) -> Part<'a>) -> Option<(Part<'a>, &'a [u8])> {
    let (digits, rest) = split_run(text, |byte| byte.is_ascii_digit());
    (!digits.is_empty()).then(|| (part(digits), rest))
}

#[cfg(test)]
mod tests {
    use crate::version::VersionOrder;
    use crate::version::examples::{check_equal, check_less, check_refused};

    #[test]
    fn versions_order() {
        check_less(
            VersionOrder::Apk,
            &[
                ("1.010", "1.02"),
                ("1.02", "1.1"),
                ("1.0", "1.00"),
                ("1", "1.0"),
                ("1_alpha", "1_alpha1"),
                ("1_rc1", "1"),
                ("1", "1_cvs"),
                ("1_p", "1_p1"),
                ("1", "1-r0"),
                ("1-r1", "1~0ab"),
                ("1~0ab", "1_p"),
                ("1_p9", "1a"),
                ("1a-r9", "1a1"),
                ("1p9", "1p10"),
                ("1a", "1.0"),
                ("1-r9", "1-r10"),
                ("1_git20240101", "1_git99999999999999999999999"),
            ],
        );
        check_equal(VersionOrder::Apk, &[("01", "1"), ("1-r01", "1-r1"), ("1_p01", "1_p1")]);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::Apk,
            &[
                "", "a", "1A", "1..2", "1.", "1-1", "1-r", "1_", "1_x", "1-r1-r2", "1~", "1-r1~ab", "1 2", "1a.2",
                "1ab", "1~ab_p", "1_1",
            ],
        );
    }
}
