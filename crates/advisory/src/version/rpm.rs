//! RPM's version order: `[epoch:]version[-release]`, each part by rpmvercmp (rpm 4.18, `rpmio/rpmvercmp.c` and
//! `rpmio/rpmver.c`).
//!
//! Surprising: separators only separate (`1.0 = 1_0 = 1..0`); `~` sorts before the end and `^` behind it but before
//! everything else; a number is newer than letters, so `1.0.rc1 > 1.0`; no release is older than any. A missing epoch is
//! 0 here, as in rpm; whether the *source* of a version left it out is for the caller to know.

use std::cmp::Ordering;

use super::digits::{compare_numbers, split_digits, split_run};
use super::error::{ParseVersionError, trim};

/// A version taken apart; borrows from the text. Equality is the order's: `1.0 == 0:1_0`.
#[derive(Clone, Copy, Debug)]
pub struct RpmVersion<'a> {
    epoch: Option<&'a str>,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> RpmVersion<'a> {
    /// Takes a version apart; blanks around it are passed over.
    ///
    /// # Errors
    ///
    /// When it is empty or too long, has no version, or a blank or control character inside.
    pub fn parse(text: &'a str) -> Result<RpmVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        if let Some(character) = text.chars().find(|&c| c.is_whitespace() || c.is_control()) {
            return Err(ParseVersionError::Character { character });
        }
        let (digits, behind) = split_digits(text);
        // rpm reads a lone colon as epoch 0; a colon behind anything else is part of the version.
        let (epoch, rest) = match behind.strip_prefix(':') {
            Some(rest) => (Some(digits), rest),
            None => (None, text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(release)),
            None => (rest, None),
        };
        if version.is_empty() {
            return Err(ParseVersionError::EmptyUpstream);
        }
        Ok(RpmVersion { epoch, version, release })
    }

    /// The digits of the epoch; absent where the text has none, which the order takes as 0.
    pub fn epoch(&self) -> Option<&'a str> {
        self.epoch
    }

    /// The upstream version.
    pub fn version(&self) -> &'a str {
        self.version
    }

    /// The release; absent in a range of upstream versions, as provides and requires have it.
    pub fn release(&self) -> Option<&'a str> {
        self.release
    }

    /// Compares as rpm does for dependencies: the release counts only where both state one.
    ///
    /// This is no total order (`1-1` and `1-2` both equal `1`); it answers whether a version lies in a stated range.
    pub fn compare_stated(&self, other: &RpmVersion<'_>) -> Ordering {
        self.compare_upstream(other).then_with(|| match (self.release, other.release) {
            (Some(left), Some(right)) => compare_part(left, right),
            _ => Ordering::Equal,
        })
    }

    fn epoch_digits(&self) -> &'a [u8] {
        self.epoch.unwrap_or_default().as_bytes()
    }

    fn compare_upstream(&self, other: &RpmVersion<'_>) -> Ordering {
        compare_numbers(self.epoch_digits(), other.epoch_digits())
            .then_with(|| compare_part(self.version, other.version))
    }
}

/// Compares two versions given as text.
///
/// # Errors
///
/// When either is no version.
pub fn compare(left: &str, right: &str) -> Result<Ordering, ParseVersionError> {
    Ok(RpmVersion::parse(left)?.cmp(&RpmVersion::parse(right)?))
}

impl Ord for RpmVersion<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare_upstream(other).then_with(|| match (self.release, other.release) {
            (Some(left), Some(right)) => compare_part(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        })
    }
}

impl PartialOrd for RpmVersion<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for RpmVersion<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for RpmVersion<'_> {}

/// rpmvercmp: the parts between separators in turns.
pub fn compare_part(left: &str, right: &str) -> Ordering {
    // Most comparisons are of the same upstream version.
    if left == right {
        return Ordering::Equal;
    }
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    loop {
        let (left_piece, right_piece);
        (left_piece, left) = next_piece(left);
        (right_piece, right) = next_piece(right);
        let order = compare_pieces(&left_piece, &right_piece);
        if order.is_ne() || left_piece == Piece::End {
            return order;
        }
    }
}

/// What a version is made of, in the order that pieces of different kinds have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    Tilde,
    End,
    Caret,
    Letters(&'a [u8]),
    Number(&'a [u8]),
}

fn compare_pieces(left: &Piece<'_>, right: &Piece<'_>) -> Ordering {
    match (left, right) {
        (Piece::Number(left), Piece::Number(right)) => compare_numbers(left, right),
        _ => left.cmp(right),
    }
}

fn next_piece(text: &[u8]) -> (Piece<'_>, &[u8]) {
    let (_, text) = split_run(text, |byte| !byte.is_ascii_alphanumeric() && byte != b'~' && byte != b'^');
    match text {
        [] => (Piece::End, text),
        [b'~', rest @ ..] => (Piece::Tilde, rest),
        [b'^', rest @ ..] => (Piece::Caret, rest),
        [first, ..] if first.is_ascii_digit() => {
            let (digits, rest) = split_run(text, |byte| byte.is_ascii_digit());
            (Piece::Number(digits), rest)
        }
        _ => {
            let (letters, rest) = split_run(text, |byte| byte.is_ascii_alphabetic());
            (Piece::Letters(letters), rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::VersionOrder;
    use crate::version::examples::{check_equal, check_less};

    #[test]
    fn versions_order() {
        check_less(
            VersionOrder::Rpm,
            &[
                ("1.0~rc1", "1.0"),
                ("1.0", "1.0^git1"),
                ("1.0^git1", "1.0.1"),
                ("1.0^git1", "1.01"),
                ("1.0", "1.0.rc1"),
                ("9-1", "1:0-1"),
                ("1-1.el8", "1-1.el8_4"),
                ("1-1.el8", "1-1.el9"),
                ("1", "1-1"),
                ("1", "1-"),
                ("1-", "1-0"),
                ("1", "1-~1"),
                ("a:1", "a:2"),
                ("4294967296:1", "4294967297:1"),
                ("99999999999999999999999", "100000000000000000000000"),
            ],
        );
        check_equal(
            VersionOrder::Rpm,
            &[("1.0", "1_0"), ("1", "0:1"), (":1", "1"), ("00:1", "1"), ("1.01", "1.1"), ("1.\u{3b1}", "1.\u{3b2}")],
        );
    }

    #[test]
    fn a_release_counts_only_where_both_state_one() {
        let compare = |left, right| RpmVersion::parse(left).unwrap().compare_stated(&RpmVersion::parse(right).unwrap());
        assert_eq!(compare("1.0-5", "1.0"), Ordering::Equal);
        assert_eq!(compare("1.0", "1.0-5"), Ordering::Equal);
        assert_eq!(compare("1.0-5", "1.0-6"), Ordering::Less);
        assert_eq!(compare("1:1.0-5", "1.1"), Ordering::Greater);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for (text, error) in [
            (" ", ParseVersionError::Empty),
            ("1:", ParseVersionError::EmptyUpstream),
            ("-1", ParseVersionError::EmptyUpstream),
            ("1 2", ParseVersionError::Character { character: ' ' }),
            ("1\0", ParseVersionError::Character { character: '\0' }),
        ] {
            assert_eq!(RpmVersion::parse(text).err(), Some(error), "{text:?}");
        }
    }

    #[test]
    fn parts_are_kept() {
        let version = RpmVersion::parse("1:2.0-rc-3.el9").unwrap();
        assert_eq!((version.epoch(), version.version(), version.release()), (Some("1"), "2.0-rc", Some("3.el9")));
    }
}
