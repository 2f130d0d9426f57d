//! One line of sshd_config: keyword, rest, arguments.
//!
//! The keyword ends at a blank, at one `=` or at a closing `"`; the arguments follow the rules of the release. A line
//! whose keyword has an opening `"` without a closing one is no error: sshd skips it without a word.

use super::program::Program;

/// How arguments are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grammar {
    /// Before 8.7: the first `#` ends the line, only `"` quotes, no escapes, a `=` separates once.
    Delimiters,
    /// From 8.7 on: blanks separate, `"` and `'` quote, `\` escapes, `#` at the start of an argument ends the line.
    Arguments,
}

impl Grammar {
    /// The grammar of a program; the newer one where the release is not known.
    pub fn of(program: &Program) -> Grammar {
        if program.is_before(8, 7) { Grammar::Delimiters } else { Grammar::Arguments }
    }
}

/// A line that has a keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The keyword as written.
    pub keyword: String,
    /// All that follows it, blanks before it removed.
    pub rest: String,
    /// What follows it, split into arguments.
    pub arguments: Vec<String>,
}

/// Why a line cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineError {
    /// A keyword stands alone.
    NoArgument,
    /// A quote is opened and not closed.
    Quotes,
}

impl LineError {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            LineError::NoArgument => "no argument after the keyword",
            LineError::Quotes => "invalid quotes",
        }
    }
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Reads one line, without its line end. `None` for an empty line or a comment.
///
/// # Errors
///
/// When sshd would refuse to start because of the line's form; its keyword and values are not looked at. The keyword
/// comes with the error where it is known.
pub fn parse_line(text: &str, grammar: Grammar) -> Result<Option<Line>, (String, LineError)> {
    let mut text = text.trim_start_matches([' ', '\t', '\r']);
    if grammar == Grammar::Delimiters {
        text = text.split('#').next().unwrap_or_default();
    }
    let text = text.trim_end_matches([' ', '\t', '\r', '\n', '\u{c}']);
    let (mut keyword, mut rest) = delimited(text);
    if keyword.as_deref() == Some("") {
        (keyword, rest) = rest.map_or((None, None), delimited);
    }
    let Some(keyword) = keyword.filter(|word| !word.is_empty() && !word.starts_with('#')) else {
        return Ok(None);
    };
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
        return Err((keyword, LineError::NoArgument));
    };
    let arguments = match grammar {
        Grammar::Delimiters => delimited_arguments(rest),
        Grammar::Arguments => quoted_arguments(rest),
    };
    match arguments {
        Some(arguments) => Ok(Some(Line { keyword, rest: rest.to_owned(), arguments })),
        None => Err((keyword, LineError::Quotes)),
    }
}

/// OpenSSH's `strdelim`: the next word, which ends at a blank or one `=`; and what follows, if anything was left.
fn delimited(text: &str) -> (Option<String>, Option<&str>) {
    delimited_at(text, &[' ', '\t', '\r', '\n', '"', '='])
}

fn delimited_at<'a>(text: &'a str, delimiters: &[char]) -> (Option<String>, Option<&'a str>) {
    let is_delimiter = |character: char| delimiters.contains(&character);
    let Some(at) = text.find(is_delimiter) else {
        return (Some(text.to_owned()), None);
    };
    let (word, tail) = text.split_at(at);
    if let Some(quoted) = tail.strip_prefix('"') {
        return match quoted.split_once('"') {
            Some((inside, after)) => (Some(format!("{word}{inside}")), Some(after.trim_start_matches(BLANKS))),
            None => (None, None),
        };
    }
    if let Some(after) = tail.strip_prefix('=') {
        return (Some(word.to_owned()), Some(after.trim_start_matches(BLANKS)));
    }
    let after = tail.trim_start_matches(BLANKS);
    if !is_delimiter('=') {
        return (Some(word.to_owned()), Some(after));
    }
    let after = after.strip_prefix('=').map_or(after, |value| value.trim_start_matches(BLANKS));
    (Some(word.to_owned()), Some(after))
}

/// The words of a line or of Match criteria in the older grammar; `None` when a quote is not closed.
pub(super) fn delimited_arguments(text: &str) -> Option<Vec<String>> {
    words(text, delimited)
}

/// As [`delimited_arguments`], where a `=` is part of a word; for `SetEnv`.
pub(super) fn blank_arguments(text: &str) -> Option<Vec<String>> {
    words(text, |text| delimited_at(text, &[' ', '\t', '\r', '\n', '"']))
}

fn words(text: &str, next: impl Fn(&str) -> (Option<String>, Option<&str>)) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        if text.is_empty() {
            break;
        }
        let (word, after) = next(text);
        let word = word?;
        if word.is_empty() {
            break;
        }
        words.push(word);
        rest = after;
    }
    Some(words)
}

/// OpenSSH's `argv_split`; `None` when a quote is not closed.
pub(super) fn quoted_arguments(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(&first) = characters.peek() {
        if first == ' ' || first == '\t' {
            characters.next();
            continue;
        }
        if first == '#' {
            break;
        }
        words.push(quoted_word(&mut characters)?);
    }
    Some(words)
}

fn quoted_word(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut word = String::new();
    let mut quote = None;
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\\', _) => match characters.peek() {
                Some(&escaped) if matches!(escaped, '\'' | '"' | '\\') || (escaped == ' ' && quote.is_none()) => {
                    word.push(escaped);
                    characters.next();
                }
                _ => word.push('\\'),
            },
            (' ' | '\t', None) => return Some(word),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            _ => word.push(character),
        }
    }
    quote.is_none().then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, grammar: Grammar, keyword: &str, arguments: &[&str]) {
        let line = parse_line(text, grammar).expect(text).expect(text);
        assert_eq!(line.keyword, keyword, "{text}");
        assert_eq!(line.arguments, arguments, "{text}");
    }

    #[test]
    fn keywords_end_at_a_blank_an_equals_sign_or_a_quote() {
        for (text, keyword, arguments) in [
            ("Port 22", "Port", vec!["22"]),
            ("\t Port\t22 \r", "Port", vec!["22"]),
            ("Port=22", "Port", vec!["22"]),
            ("Port = 22", "Port", vec!["22"]),
            ("Port == 22", "Port", vec!["=", "22"]),
            ("\"Port\" 22", "Port", vec!["22"]),
            ("\"Port\"=22", "Port", vec!["=22"]),
            ("=Port 22", "Port", vec!["22"]),
            ("Port 22 # the usual", "Port", vec!["22"]),
            ("Port 22#1", "Port", vec!["22#1"]),
            (r#"AllowUsers "a b" 'c d' e\ f g\n "h\"i""#, "AllowUsers", vec!["a b", "c d", "e f", r"g\n", "h\"i"]),
            (r#"AllowUsers """#, "AllowUsers", vec![""]),
            ("AllowUsers #none", "AllowUsers", vec![]),
            ("Größe ä", "Größe", vec!["ä"]),
        ] {
            check(text, Grammar::Arguments, keyword, &arguments);
        }
    }

    #[test]
    fn the_older_grammar_ends_a_line_at_any_hash() {
        for (text, keyword, arguments) in [
            ("Port 22#1", "Port", vec!["22"]),
            ("AllowUsers \"a b\" c", "AllowUsers", vec!["a b", "c"]),
            ("AllowUsers 'a b'", "AllowUsers", vec!["'a", "b'"]),
            ("AllowUsers a=b", "AllowUsers", vec!["a", "b"]),
        ] {
            check(text, Grammar::Delimiters, keyword, &arguments);
        }
    }

    #[test]
    fn lines_without_a_keyword_are_nothing() {
        for text in ["", "   ", "\t\r", "# Port 22", "#", "\"Port 22", "=", "\u{c}"] {
            assert_eq!(parse_line(text, Grammar::Arguments), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn broken_lines_say_why() {
        for (text, keyword, error) in [
            ("Port", "Port", LineError::NoArgument),
            ("Port=", "Port", LineError::NoArgument),
            ("Banner \"unclosed", "Banner", LineError::Quotes),
            ("Banner 'unclosed", "Banner", LineError::Quotes),
        ] {
            assert_eq!(parse_line(text, Grammar::Arguments), Err((keyword.to_owned(), error)), "{text}");
        }
    }
}
