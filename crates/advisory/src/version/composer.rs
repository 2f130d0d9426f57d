//! Packagist's order: Composer's `VersionParser::normalize`, then PHP's `version_compare`.
//!
//! Surprising: `1.0 = 1.0.0` (PHP alone says less); a branch of numbers is newer than all of its releases (`1.2.x-dev` is
//! `1.2.9999999.9999999-dev`), any other branch (`dev-main`) is older than every release and says nothing of its age.
//! What begins with a number but is no version to Composer (`1.0b1.post1`) compares as PHP would if it were one.

use std::cmp::Ordering;

use super::digits::{compare_numbers, is_number, split_digits, split_numbers, split_run};
use super::error::{ParseVersionError, trim};

/// A version taken apart; borrows from the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComposerVersion<'a> {
    release: Release<'a>,
    stability: Option<Word>,
    /// What follows the stability: the 2.1 of `beta2.1`; or what only PHP compares.
    tail: &'a str,
    is_development: bool,
}

#[derive(Clone, Copy, Debug)]
enum Release<'a> {
    /// Up to four numbers or `x`, and what is in the place of those left out.
    Numbers { numbers: &'a str, padding: &'static str },
    /// Numbers of any count that nothing is added to.
    Date(&'a str),
    /// A branch without a number.
    Branch(&'a str),
}

/// What PHP makes of a word, older ones first; a word counts by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Unknown,
    Development,
    Alpha,
    Beta,
    Candidate,
    Patch,
}

const WORDS: [(&str, Word); 6] = [
    ("dev", Word::Development),
    ("a", Word::Alpha),
    ("b", Word::Beta),
    ("rc", Word::Candidate),
    ("p", Word::Patch),
    ("", Word::Unknown),
];

/// The number in place of an `x` in the name of a branch.
const BRANCH: &str = "9999999";

impl<'a> ComposerVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<ComposerVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        if let Some(character) = text.chars().find(|&c| c.is_whitespace() || c.is_control()) {
            return Err(ParseVersionError::Character { character });
        }
        if matches!(text, "master" | "trunk" | "default") {
            return Ok(ComposerVersion::of(Release::Branch(text)));
        }
        if let Some(name) = strip_prefix_without_case(text, "dev-") {
            return Ok(ComposerVersion::of(Release::Branch(name)));
        }
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let bare = strip_prefix_without_case(text, "v").unwrap_or(text);
        read_numbers(bare)
            .or_else(|| read_date(bare))
            .or_else(|| read_branch(bare))
            .or_else(|| read_other(bare))
            .ok_or_else(|| ParseVersionError::malformed("composer", text))
    }

    fn of(release: Release<'a>) -> ComposerVersion<'a> {
        ComposerVersion { release, stability: None, tail: "", is_development: false }
    }

    pub(super) fn compare(&self, other: &ComposerVersion<'_>) -> Ordering {
        let (mut left, mut right) = (self.tokens(), other.tokens());
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => break,
                (left, right) => left.unwrap_or(Token::End).compare(&right.unwrap_or(Token::End)),
            };
            if order.is_ne() {
                return order;
            }
        }
        // PHP takes most words for the same; two branches are the same only by name.
        let branch = |version: &ComposerVersion<'a>| match version.release {
            Release::Branch(name) => Some(name),
            Release::Numbers { .. } | Release::Date(_) => None,
        };
        match other.release {
            Release::Branch(name) => branch(self).cmp(&Some(name)),
            Release::Numbers { .. } | Release::Date(_) => branch(self).cmp(&None),
        }
    }

    fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        let (word, numbers, padding, text) = match self.release {
            Release::Numbers { numbers, padding } => (None, Some(numbers), padding, ""),
            Release::Date(text) => (None, None, "", text),
            Release::Branch(name) => (Some(Word::Development), None, "", name),
        };
        let of_part = |part: &'a str| Token::Number(if is_number(part) { part.as_bytes() } else { BRANCH.as_bytes() });
        let padded = numbers.map(|numbers| numbers.split('.').chain(std::iter::repeat(padding)).take(4).map(of_part));
        word.map(Token::Word)
            .into_iter()
            .chain(padded.into_iter().flatten())
            .chain(Tokens(text.as_bytes()))
            .chain(self.stability.map(Token::Word))
            .chain(Tokens(self.tail.as_bytes()))
            .chain(self.is_development.then_some(Token::Word(Word::Development)))
    }
}

fn strip_prefix_without_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// One to four numbers, the first of at most five digits.
fn read_numbers(text: &str) -> Option<ComposerVersion<'_>> {
    let (numbers, modifier) = split_numbers(text);
    let first = numbers.split('.').next().unwrap_or_default();
    let is_version = (1..=5).contains(&first.len()) && numbers.split('.').count() <= 4;
    read_modifier(modifier, Release::Numbers { numbers, padding: "0" }).filter(|_| is_version)
}

/// Digits in groups, such as `2010-01-02` and `20100102.3`.
fn read_date(text: &str) -> Option<ComposerVersion<'_>> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':' | '-')).unwrap_or(text.len());
    let date = text.get(..end)?.trim_end_matches(['.', ':', '-']);
    let (year, _) = split_digits(date);
    read_modifier(text.strip_prefix(date)?, Release::Date(date)).filter(|_| year.len() >= 4)
}

/// Numbers or `x`, then `dev`.
fn read_branch(text: &str) -> Option<ComposerVersion<'_>> {
    let (name, suffix) = text.split_at_checked(text.len().checked_sub(3)?)?;
    let numbers = name.strip_suffix(['.', '-']).unwrap_or(name);
    let mut parts = numbers.split('.');
    let is_branch = suffix.eq_ignore_ascii_case("dev")
        && parts.next().is_some_and(is_number)
        && parts.all(|part| is_number(part) || matches!(part, "x" | "X" | "*"))
        && numbers.split('.').count() <= 4;
    let release = Release::Numbers { numbers, padding: BRANCH };
    is_branch.then_some(ComposerVersion { is_development: true, ..ComposerVersion::of(release) })
}

/// Numbers, and what only PHP compares behind them.
fn read_other(text: &str) -> Option<ComposerVersion<'_>> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | ':');
    let is_version = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_allowed);
    let (numbers, _) = split_numbers(text);
    let end = numbers.match_indices('.').nth(3).map_or(numbers.len(), |(index, _)| index);
    let (numbers, _) = numbers.split_at_checked(end)?;
    let version = ComposerVersion::of(Release::Numbers { numbers, padding: "0" });
    let tail = text.get(end..)?;
    is_version.then_some(ComposerVersion { tail, ..version })
}

/// What may follow the numbers: a stability, its numbers, `dev`; nothing else.
fn read_modifier<'a>(text: &'a str, release: Release<'a>) -> Option<ComposerVersion<'a>> {
    const STABILITIES: [(&str, Option<Word>); 9] = [
        ("stable", None),
        ("beta", Some(Word::Beta)),
        ("b", Some(Word::Beta)),
        ("rc", Some(Word::Candidate)),
        ("alpha", Some(Word::Alpha)),
        ("a", Some(Word::Alpha)),
        ("patch", Some(Word::Patch)),
        ("pl", Some(Word::Patch)),
        ("p", Some(Word::Patch)),
    ];
    let bare = text.strip_prefix(['.', '_', '-']).unwrap_or(text);
    let named =
        STABILITIES.iter().find_map(|&(name, stability)| Some((stability, strip_prefix_without_case(bare, name)?)));
    let (stability, tail, rest) = match named {
        Some((stability, behind)) => {
            let (numbers, rest) = split_stability_numbers(behind);
            (Some(stability), numbers, rest)
        }
        None => (None, "", bare),
    };
    let is_development = strip_prefix_without_case(rest.strip_prefix(['.', '-']).unwrap_or(rest), "dev") == Some("");
    if !rest.is_empty() && !is_development {
        return None;
    }
    Some(match stability {
        Some(None) => ComposerVersion::of(release),
        _ => ComposerVersion { release, stability: stability.flatten(), tail, is_development },
    })
}

/// Numbers, each with a dot, a hyphen or nothing in front.
fn split_stability_numbers(text: &str) -> (&str, &str) {
    let mut rest = text;
    loop {
        let (number, behind) = split_digits(rest.strip_prefix(['.', '-']).unwrap_or(rest));
        if number.is_empty() {
            return text.split_at(text.len() - rest.len());
        }
        rest = behind;
    }
}

#[derive(Clone, Copy, Debug)]
enum Token<'a> {
    Word(Word),
    End,
    Number(&'a [u8]),
}

impl Token<'_> {
    fn compare(&self, other: &Token<'_>) -> Ordering {
        match (self, other) {
            (Token::Number(left), Token::Number(right)) => compare_numbers(left, right),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Words up to the candidate, then the end, then numbers, then patches.
    fn rank(&self) -> u8 {
        match self {
            Token::Word(Word::Patch) => 7,
            Token::Word(word) => *word as u8,
            Token::End => 5,
            Token::Number(_) => 6,
        }
    }
}

/// Runs of digits and of letters; what is between them only separates.
struct Tokens<'a>(&'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let (_, text) = split_run(self.0, |byte| !byte.is_ascii_alphanumeric());
        let (digits, behind) = split_run(text, |byte| byte.is_ascii_digit());
        if !digits.is_empty() {
            self.0 = behind;
            return Some(Token::Number(digits));
        }
        let (letters, behind) = split_run(text, |byte| byte.is_ascii_alphabetic());
        self.0 = behind;
        let begins_with =
            |name: &str| letters.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()));
        let word = WORDS.iter().find(|(name, _)| begins_with(name)).map(|(_, word)| Token::Word(*word));
        word.filter(|_| !letters.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::VersionOrder;
    use crate::version::examples::{check, check_ascending, check_equal, check_refused};

    #[test]
    fn versions_order() {
        check_ascending(
            VersionOrder::Composer,
            &[
                "dev-main",
                "1.0-dev",
                "1.0-alpha",
                "1.0a1-dev",
                "1.0a1",
                "1.0a2",
                "1.0-beta.2",
                "1.0.0b10",
                "1.0RC1",
                "1.0",
                "1.0pl1",
                "1.0.1",
                "1.0.x-dev",
                "1.1",
                "1.x-dev",
                "2",
                "20100102",
                "20100102.1",
                "99999999999999999999",
                "100000000000000000000",
            ],
        );
    }

    #[test]
    fn versions_of_many_spellings_are_equal() {
        check_equal(
            VersionOrder::Composer,
            &[
                ("1", "1.0.0.0"),
                ("V1.0", "v1.0.0"),
                ("1.0.0+build", "1.0"),
                ("1.0-stable", "1.0"),
                ("1.0.0-rc1", "1.0RC.1"),
                ("1.0-p1", "1.0-patch1"),
                ("1.x-dev", "1.X.x-dev"),
                ("dev-main", "DEV-main"),
                ("2010-01-02", "2010:01:02"),
            ],
        );
        check(VersionOrder::Composer, "dev-main", "dev-next", Ordering::Less);
        check(VersionOrder::Composer, "4.3-2RC1", "4.3-2RC2", Ordering::Less);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(
            VersionOrder::Composer,
            &["", "v", "foo", "foo-dev", "^1.0", "1.0 as 1.1", "1.0@dev", "1.2.3.#", "1.0\u{e9}"],
        );
    }
}
