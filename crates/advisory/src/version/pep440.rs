//! PyPI's order (PEP 440, now the version specifiers specification; `packaging.version`).
//!
//! Surprising: `1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0 < 1.0.post1.dev1 < 1.0.post1`; a local version (`1.0+deb1`) is newer
//! than the same one without; spellings differ widely (`v1.0-Alpha_1 = 1.0a1`, `1.0-1 = 1.0.post1`).

use std::cmp::Ordering;

use super::digits::{
    compare_number_lists, compare_numbers, compare_without_case, is_number, split_digits, split_numbers,
};
use super::error::{ParseVersionError, trim};
use super::semver::compare_identifiers;

/// A version taken apart; borrows from the text. Numbers are digits, empty for a 0 that is left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pep440Version<'a> {
    epoch: &'a str,
    release: &'a str,
    pre: Option<(PreRelease, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PreRelease {
    Alpha,
    Beta,
    Candidate,
}

/// What stands for a pre-release; where one begins with another, the longer comes first.
const PRE_RELEASES: [(&str, PreRelease); 8] = [
    ("alpha", PreRelease::Alpha),
    ("a", PreRelease::Alpha),
    ("beta", PreRelease::Beta),
    ("b", PreRelease::Beta),
    ("preview", PreRelease::Candidate),
    ("pre", PreRelease::Candidate),
    ("c", PreRelease::Candidate),
    ("rc", PreRelease::Candidate),
];
const POST_RELEASES: [(&str, ()); 3] = [("post", ()), ("rev", ()), ("r", ())];
const DEVELOPMENT: [(&str, ()); 1] = [("dev", ())];

impl<'a> Pep440Version<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Pep440Version<'a>, ParseVersionError> {
        let text = trim(text)?;
        Pep440Version::read(text).ok_or_else(|| ParseVersionError::malformed("pep440", text))
    }

    fn read(text: &'a str) -> Option<Pep440Version<'a>> {
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (epoch, text) = match text.split_once('!') {
            Some((epoch, text)) => (is_number(epoch).then_some(epoch)?, text),
            None => ("", text),
        };
        let (text, local) = match text.split_once('+') {
            Some((text, local)) => (text, Some(is_local(local).then_some(local)?)),
            None => (text, None),
        };
        let (release, rest) = split_numbers(text);
        if release.is_empty() {
            return None;
        }
        let (pre, rest) = read_segment(rest, &PRE_RELEASES);
        let (post, rest) = match read_implicit_post(rest) {
            Some((number, rest)) => (Some(((), number)), rest),
            None => read_segment(rest, &POST_RELEASES),
        };
        let (dev, rest) = read_segment(rest, &DEVELOPMENT);
        let number = |segment: Option<((), &'a str)>| segment.map(|((), number)| number);
        let version = Pep440Version { epoch, release, pre, post: number(post), dev: number(dev), local };
        rest.is_empty().then_some(version)
    }

    pub(super) fn compare(&self, other: &Pep440Version<'_>) -> Ordering {
        compare_numbers(self.epoch.as_bytes(), other.epoch.as_bytes())
            .then_with(|| compare_number_lists(self.release, other.release))
            .then_with(|| self.compare_pre(other))
            .then_with(|| compare_segments(self.post, other.post, Ordering::Less))
            .then_with(|| compare_segments(self.dev, other.dev, Ordering::Greater))
            .then_with(|| match (self.local, other.local) {
                (Some(left), Some(right)) => compare_locals(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            })
    }

    fn compare_pre(&self, other: &Pep440Version<'_>) -> Ordering {
        match (self.pre, other.pre) {
            (Some((left, left_number)), Some((right, right_number))) => {
                left.cmp(&right).then_with(|| compare_numbers(left_number.as_bytes(), right_number.as_bytes()))
            }
            // A development release of the release itself comes before its first alpha.
            (left, right) => {
                let rank = |version: &Pep440Version<'_>, is_pre: bool| match (is_pre, version.post, version.dev) {
                    (true, _, _) => 1,
                    (false, None, Some(_)) => 0,
                    _ => 2,
                };
                rank(self, left.is_some()).cmp(&rank(other, right.is_some()))
            }
        }
    }
}

/// A separator, a name, a separator and a number, of which only the name must be there.
fn read_segment<'a, T: Copy>(text: &'a str, names: &[(&str, T)]) -> (Option<(T, &'a str)>, &'a str) {
    let bare = strip_separator(text);
    let found = names.iter().find_map(|&(name, value)| {
        let (head, rest) = bare.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some((value, rest))
    });
    match found {
        Some((value, rest)) => {
            let (number, rest) = split_digits(strip_separator(rest));
            (Some((value, number)), rest)
        }
        None => (None, text),
    }
}

/// `1.0-1` is `1.0.post1`.
fn read_implicit_post(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = split_digits(text.strip_prefix('-')?);
    (!number.is_empty()).then_some((number, rest))
}

fn strip_separator(text: &str) -> &str {
    text.strip_prefix(['-', '_', '.']).unwrap_or(text)
}

fn is_local(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split(['-', '_', '.']).all(is_part)
}

/// Compares post-releases or development releases; `missing` is how nothing compares with something.
fn compare_segments(left: Option<&str>, right: Option<&str>, missing: Ordering) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => missing,
        (Some(_), None) => missing.reverse(),
        (Some(left), Some(right)) => compare_numbers(left.as_bytes(), right.as_bytes()),
    }
}

/// Part by part: texts before numbers, fewer before more.
fn compare_locals(left: &str, right: &str) -> Ordering {
    let separators = ['-', '_', '.'];
    compare_identifiers(left.split(separators), right.split(separators), Ordering::Greater, compare_without_case)
}

#[cfg(test)]
mod tests {
    use crate::version::VersionOrder;
    use crate::version::examples::{check_ascending, check_equal, check_refused};

    #[test]
    fn versions_order() {
        check_ascending(
            VersionOrder::Pep440,
            &[
                "0.9",
                "1.0.dev1",
                "1.0a1.dev1",
                "1.0a1",
                "1.0a1.post1.dev1",
                "1.0a1.post1",
                "1.0b2",
                "1.0b10",
                "1.0rc1",
                "1.0",
                "1.0+abc",
                "1.0+abc.1",
                "1.0+5",
                "1.0+10",
                "1.0.post1.dev1",
                "1.0.post1",
                "1.1",
                "99999999999999999999",
                "100000000000000000000",
                "1!0.1",
            ],
        );
    }

    #[test]
    fn versions_of_many_spellings_are_equal() {
        check_equal(
            VersionOrder::Pep440,
            &[
                ("1", "1.0.0"),
                ("v1.0-Alpha_1", "1.0a1"),
                ("1.0a", "1.0a0"),
                ("1.0c1", "1.0rc1"),
                ("1.0.preview-1", "1.0pre1"),
                ("1.0-1", "1.0.post1"),
                ("1.0r4", "1.0.rev.4"),
                ("1.0dev", "1.0.dev0"),
                ("0!1.0", "1.0"),
                ("1.0+A_b-1", "1.0+a.b.01"),
            ],
        );
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::Pep440,
            &[
                "",
                "v",
                "!1",
                "a!1",
                "1.0-bulbasaur",
                "1.0+",
                "1.0+a..b",
                "1.0+a+b",
                "1.0 a1",
                "1..0",
                "1.0.",
                "1.0.dev1.post1",
                "1.0\u{e9}",
                "==1.0",
            ],
        );
    }
}
