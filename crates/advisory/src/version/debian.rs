//! Debian's version order (Debian Policy §5.6.12, deb-version(7)), byte for byte as dpkg has it.
//!
//! Surprising: `~` sorts before the end of the text, so `1.0~rc1 < 1.0`; an absent revision equals the revision `0`;
//! and the text is split at its *last* hyphen, so an upstream version may hold more of them.

use std::cmp::Ordering;
use std::fmt;

use super::digits::{compare_numbers, split_run};
use super::error::{ParseVersionError, shorten, trim};

/// A version taken apart; borrows from the text. Equality is the order's: `1.0 == 1.00`, `1 == 0:1-0`.
#[derive(Clone, Copy, Debug)]
pub struct DebianVersion<'a> {
    epoch: u32,
    upstream: &'a str,
    revision: Option<&'a str>,
}

/// The largest epoch that dpkg takes.
const MAX_EPOCH: u32 = i32::MAX as u32;

impl<'a> DebianVersion<'a> {
    /// Takes a version apart; blanks around it are passed over.
    ///
    /// # Errors
    ///
    /// When it is no version. dpkg itself refuses the same texts, but for a character that is not allowed, of which it
    /// only warns, and a sign before the epoch (`+0:1`), which Policy does not allow. A version that does not start with
    /// a digit is one: dpkg only warns of it.
    pub fn parse(text: &'a str) -> Result<DebianVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (parse_epoch(epoch)?, rest),
            None => (0, text),
        };
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return Err(ParseVersionError::EmptyRevision),
            Some((upstream, revision)) => (upstream, Some(revision)),
            None => (rest, None),
        };
        if upstream.is_empty() {
            return Err(ParseVersionError::EmptyUpstream);
        }
        let in_revision = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '~');
        let in_upstream = |c: char| in_revision(c) || matches!(c, '-' | ':');
        let stray = upstream
            .chars()
            .find(|&c| !in_upstream(c))
            .or_else(|| revision.and_then(|revision| revision.chars().find(|&c| !in_revision(c))));
        match stray {
            Some(character) => Err(ParseVersionError::Character { character }),
            None => Ok(DebianVersion { epoch, upstream, revision }),
        }
    }

    /// The epoch; 0 where the text has none.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The upstream version.
    pub fn upstream(&self) -> &'a str {
        self.upstream
    }

    /// The Debian revision; absent for a native package.
    pub fn revision(&self) -> Option<&'a str> {
        self.revision
    }
}

/// Compares two versions given as text.
///
/// # Errors
///
/// When either is no version.
pub fn compare(left: &str, right: &str) -> Result<Ordering, ParseVersionError> {
    Ok(DebianVersion::parse(left)?.cmp(&DebianVersion::parse(right)?))
}

impl Ord for DebianVersion<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| compare_part(self.upstream, other.upstream))
            .then_with(|| compare_part(self.revision.unwrap_or_default(), other.revision.unwrap_or_default()))
    }
}

impl PartialOrd for DebianVersion<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for DebianVersion<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for DebianVersion<'_> {}

impl fmt::Display for DebianVersion<'_> {
    /// Writes the version without an epoch of 0, unless the upstream version holds a colon.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 || self.upstream.contains(':') {
            write!(f, "{}:", self.epoch)?;
        }
        f.write_str(self.upstream)?;
        match self.revision {
            Some(revision) => write!(f, "-{revision}"),
            None => Ok(()),
        }
    }
}

fn parse_epoch(epoch: &str) -> Result<u32, ParseVersionError> {
    let is_digits = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
    let value = if is_digits { epoch.parse().ok().filter(|&value| value <= MAX_EPOCH) } else { None };
    value.ok_or_else(|| ParseVersionError::Epoch { epoch: shorten(epoch) })
}

/// Compares an upstream version or a revision: runs of non-digits by [`weight`], runs of digits as numbers of any length,
/// in turns.
fn compare_part(left: &str, right: &str) -> Ordering {
    // Most comparisons are of the same upstream version.
    if left == right {
        return Ordering::Equal;
    }
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while !left.is_empty() || !right.is_empty() {
        let (left_text, right_text);
        (left_text, left) = split_run(left, |byte| !byte.is_ascii_digit());
        (right_text, right) = split_run(right, |byte| !byte.is_ascii_digit());
        let (left_number, right_number);
        (left_number, left) = split_run(left, |byte| byte.is_ascii_digit());
        (right_number, right) = split_run(right, |byte| byte.is_ascii_digit());
        let order = compare_text(left_text, right_text).then_with(|| compare_numbers(left_number, right_number));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn compare_text(left: &[u8], right: &[u8]) -> Ordering {
    let length = left.len().max(right.len());
    (0..length)
        .map(|index| weight(left.get(index).copied()).cmp(&weight(right.get(index).copied())))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// `~`, then the end, then letters, then everything else.
fn weight(byte: Option<u8>) -> i32 {
    match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(letter),
        Some(other) => i32::from(other) + 256,
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
            VersionOrder::Dpkg,
            &[
                ("1.0~rc1", "1.0"),
                ("1.0~~", "1.0~"),
                ("1.0", "1.0+b1"),
                ("1.0a", "1.0+"),
                ("2:0", "9:0"),
                ("9", "2:0"),
                ("1.9", "1.10"),
                ("1-1", "1-1.1"),
                ("1-1~deb12u1", "1-1"),
                ("1.2.11.dfsg-2+deb11u1", "1.2.11.dfsg-2+deb11u2"),
                ("99999999999999999999999", "100000000000000000000000"),
            ],
        );
    }

    #[test]
    fn versions_that_are_equal() {
        check_equal(
            VersionOrder::Dpkg,
            &[("1", "0:1-0"), ("1.0", "1.00"), ("1.01", "1.1"), ("a", "a0"), ("1-0.0", "1-0.")],
        );
    }

    #[test]
    fn what_is_no_version_is_refused() {
        let character = |character| ParseVersionError::Character { character };
        let epoch = |epoch: &str| ParseVersionError::Epoch { epoch: epoch.to_owned() };
        for (text, error) in [
            ("", ParseVersionError::Empty),
            ("  ", ParseVersionError::Empty),
            ("1:", ParseVersionError::EmptyUpstream),
            (":1", epoch("")),
            ("a:1", epoch("a")),
            ("-1:1", epoch("-1")),
            ("+1:1", epoch("+1")),
            ("2147483648:1", epoch("2147483648")),
            ("1-", ParseVersionError::EmptyRevision),
            ("-1", ParseVersionError::EmptyUpstream),
            ("1 2", character(' ')),
            ("1_2", character('_')),
            ("1\u{e9}", character('\u{e9}')),
            ("1-1:2", epoch("1-1")),
            ("0:1-1:2", character(':')),
        ] {
            assert_eq!(DebianVersion::parse(text).err(), Some(error), "{text:?}");
        }
    }

    #[test]
    fn parts_are_kept() {
        let version = DebianVersion::parse(" 9:1.18.36:5.4-2-20 ").unwrap();
        assert_eq!((version.epoch(), version.upstream(), version.revision()), (9, "1.18.36:5.4-2", Some("20")));
        assert_eq!(version.to_string(), "9:1.18.36:5.4-2-20");
    }
}
