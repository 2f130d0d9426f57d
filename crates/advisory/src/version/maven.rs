//! Maven's order, after the version order specification of the POM reference, whose reference is `ComparableVersion`.
//!
//! A version is a row of tokens, numbers and qualifiers, split at dots, hyphens and between digits and letters; each
//! remembers whether a dot or a hyphen came before it. Tokens that mean nothing (`0`, `ga`, `final`, `release`) do not
//! count at the end of such a row, nor in front of a hyphen or a qualifier; but `final-redhat` is both words, as in
//! Maven 4, for it is older than `sp1-redhat`.
//!
//! Surprising: what Maven does not know is newer than the release (`1-jre > 1`), what it knows is older
//! (`1-alpha < 1-rc < 1-SNAPSHOT < 1`), but for `sp`; and `1-1 < 1.1`.

use std::cmp::Ordering;

use super::digits::{compare_numbers, compare_without_case, split_run};
use super::error::{ParseVersionError, trim};

/// A version; it is taken apart while it is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct MavenVersion<'a> {
    text: &'a str,
}

impl<'a> MavenVersion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<MavenVersion<'a>, ParseVersionError> {
        let text = trim(text)?;
        // Maven takes every text. What holds these is a range or an unresolved property.
        let is_stray =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '[' | ']' | '(' | ')' | ',' | '$' | '{' | '}');
        match text.chars().find(|&c| is_stray(c)) {
            Some(character) => Err(ParseVersionError::Character { character }),
            None => Ok(MavenVersion { text }),
        }
    }

    pub(super) fn compare(&self, other: &MavenVersion<'_>) -> Ordering {
        if self.text == other.text {
            return Ordering::Equal;
        }
        let (mut left, mut right) = (Tokens::of(self.text), Tokens::of(other.text));
        loop {
            let order = match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (left, right) => left.unwrap_or(RELEASE).compare(&right.unwrap_or(RELEASE)),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

/// A token, older kinds first. The specification pads the shorter version so that it ends with [`RELEASE`]; a number
/// is newer than that even if it is 0, for a 0 that counts has a number behind it.
#[derive(Clone, Copy, Debug)]
enum Token<'a> {
    Qualifier(Qualifier<'a>),
    HyphenNumber(&'a [u8]),
    DotNumber(&'a [u8]),
}

/// A word, older ones first.
#[derive(Clone, Copy, Debug)]
enum Qualifier<'a> {
    /// Its place among the words that Maven knows.
    Known(u8),
    Unknown(&'a str),
}

/// How a release ends.
const RELEASE: Token<'static> = Token::Qualifier(Qualifier::Known(5));

const KNOWN: [(&str, u8); 11] = [
    ("alpha", 0),
    ("beta", 1),
    ("milestone", 2),
    ("rc", 3),
    ("cr", 3),
    ("snapshot", 4),
    ("", 5),
    ("ga", 5),
    ("final", 5),
    ("release", 5),
    ("sp", 6),
];
/// Short for a known word if a digit follows at once.
const SHORT: [(&str, u8); 3] = [("a", 0), ("b", 1), ("m", 2)];

impl<'a> Token<'a> {
    fn of_word(word: &'a str, is_before_digit: bool) -> Token<'a> {
        let find =
            |list: &[(&str, u8)]| list.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|known| known.1);
        let short = if is_before_digit { find(&SHORT) } else { None };
        Token::Qualifier(match short.or_else(|| find(&KNOWN)) {
            Some(place) => Qualifier::Known(place),
            None => Qualifier::Unknown(word),
        })
    }

    fn is_nothing(&self) -> bool {
        match self {
            Token::Qualifier(_) => self.compare(&RELEASE).is_eq(),
            Token::HyphenNumber(digits) | Token::DotNumber(digits) => compare_numbers(digits, b"").is_eq(),
        }
    }

    fn compare(&self, other: &Token<'_>) -> Ordering {
        match (self, other) {
            (Token::Qualifier(left), Token::Qualifier(right)) => match (left, right) {
                (Qualifier::Known(left), Qualifier::Known(right)) => left.cmp(right),
                (Qualifier::Known(_), Qualifier::Unknown(_)) => Ordering::Less,
                (Qualifier::Unknown(_), Qualifier::Known(_)) => Ordering::Greater,
                (Qualifier::Unknown(left), Qualifier::Unknown(right)) => compare_without_case(left, right),
            },
            (Token::HyphenNumber(left), Token::HyphenNumber(right))
            | (Token::DotNumber(left), Token::DotNumber(right)) => compare_numbers(left, right),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Token::Qualifier(_) => 0,
            Token::HyphenNumber(_) => 1,
            Token::DotNumber(_) => 2,
        }
    }
}

/// The tokens that count.
#[derive(Debug)]
struct Tokens<'a> {
    all: AllTokens<'a>,
    /// The next so many tokens are known to count.
    counting: usize,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Tokens<'a> {
        Tokens { all: AllTokens { rest: Some(text), separator: '.' }, counting: 0 }
    }

    /// How many tokens that mean nothing follow one before another that gives them a meaning; absent if none does.
    fn count_ahead(&self, nothing: &Token<'_>) -> Option<usize> {
        let mut length = 0;
        if matches!(nothing, Token::Qualifier(_))
            && self.all.clone().next().is_some_and(|token| matches!(token, Token::Qualifier(_)) && !token.is_nothing())
        {
            return Some(length);
        }
        for token in self.all.clone() {
            match token {
                Token::DotNumber(_) if token.is_nothing() => length += 1,
                Token::DotNumber(_) => return Some(length),
                Token::Qualifier(_) | Token::HyphenNumber(_) => return None,
            }
        }
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let token = self.all.next()?;
            if self.counting > 0 {
                self.counting -= 1;
                return Some(token);
            }
            if !token.is_nothing() {
                return Some(token);
            }
            if let Some(length) = self.count_ahead(&token) {
                self.counting = length;
                return Some(token);
            }
        }
    }
}

/// All tokens, an empty one as 0.
#[derive(Clone, Debug)]
struct AllTokens<'a> {
    /// Absent when the end was reached.
    rest: Option<&'a str>,
    separator: char,
}

impl<'a> Iterator for AllTokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest?;
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let separator = std::mem::replace(&mut self.separator, '-');
        let of_digits =
            |digits: &'a [u8]| if separator == '.' { Token::DotNumber(digits) } else { Token::HyphenNumber(digits) };
        let (digits, _) = split_run(rest.as_bytes(), is_digit);
        let (word, _) = split_run(rest.as_bytes(), |byte| !is_digit(byte) && byte != b'.' && byte != b'-');
        let length = digits.len().max(word.len());
        let (taken, behind) = rest.split_at_checked(length)?;
        let token = match word {
            [] => of_digits(digits),
            _ => Token::of_word(taken, behind.starts_with(|c: char| c.is_ascii_digit())),
        };
        self.rest = match behind.chars().next() {
            None => None,
            Some(separator @ ('.' | '-')) => {
                self.separator = separator;
                behind.strip_prefix(separator)
            }
            // Between digits and letters there is a hyphen, as it were.
            Some(_) => Some(behind),
        };
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use crate::version::VersionOrder;
    use crate::version::examples::{check_ascending, check_equal, check_less, check_refused};

    #[test]
    fn versions_order() {
        check_ascending(
            VersionOrder::Maven,
            &[
                "1-alpha-1",
                "1-alpha-2",
                "1-alpha2.1",
                "1-beta",
                "1-m1",
                "1-rc",
                "1-rc1",
                "1-SNAPSHOT",
                "1",
                "1-sp",
                "1-sp.1",
                "1-abc",
                "1-jre",
                "1-jre-1",
                "1-jre.1",
                "1-1",
                "1-2",
                "1-99999999999999999999",
                "1.0.0.1",
                "1.1-rc1",
                "1.1",
                "1.1-1",
                "1.2",
                "1.10",
                "2",
            ],
        );
    }

    #[test]
    fn what_means_nothing_does_not_count() {
        check_equal(
            VersionOrder::Maven,
            &[
                ("1", "1.0.0"),
                ("1", "1.0-0.GA"),
                ("1.0.0-foo.0.0", "1-foo"),
                ("1.0.Final", "1.RELEASE"),
                ("1.0.0-1", "1-ga-1"),
                ("1.0.0.Beta1", "1-beta-1"),
                ("1-1.foo-bar1baz-.1", "1-1.foo-bar-1-baz-0.1"),
                ("1.0.0x", "1-x"),
                ("1a1", "1-alpha-1"),
                ("0", "0.0"),
            ],
        );
    }

    #[test]
    fn words_in_front_of_words_count() {
        check_less(
            VersionOrder::Maven,
            &[
                ("1.0.Final-redhat-1", "1.0.SP1-redhat-1"),
                ("1.0.Final", "1.0.Final-redhat-1"),
                ("1.0.Final-redhat-1", "1.0.Final-redhat-2"),
                ("1.0.Final-SNAPSHOT", "1.0.Final"),
                ("1-1-snapshot", "1-1"),
                ("1-alpha2snapshot", "1-alpha2"),
                ("1-0.alpha", "1-0.beta"),
                ("1-0.beta", "1"),
                ("2.0.a", "2-1"),
                ("11.m11", "11"),
                ("11", "11.a"),
                ("11.a", "11b"),
            ],
        );
    }

    #[test]
    fn what_is_no_version_is_refused() {
        check_refused(VersionOrder::Maven, &["", "[1.0,2.0)", "${project.version}", "1 2", "1\0"]);
    }
}
