//! Lines of a PAM configuration file (pam.conf(5)).
//!
//! A `#` ends a line wherever it stands, even inside brackets, and a line with a `#` is never continued: the backslash
//! after a comment is part of the comment.

use assay_model::evidence::Problem;

use crate::text::{self, LineProblems};

/// One configuration line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackLine {
    /// The service, in `/etc/pam.conf` only, in lower case.
    pub service: Option<String>,
    /// The number of its first line, 1-based.
    pub number: u32,
    /// What it says.
    pub content: LineContent,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineContent {
    /// A module.
    Module {
        /// `auth`, `account`, `password` or `session`.
        kind: &'static str,
        /// Control, in lower case where it is one of the four words.
        control: String,
        /// Path or name of the module.
        module: String,
        /// Its arguments, brackets removed.
        arguments: Vec<String>,
    },
    /// Another file in this place.
    Include {
        /// The only kind of lines that is taken from it; none means all.
        kind: Option<&'static str>,
        /// Its name, or its path.
        file: String,
    },
}

/// Whether lines begin with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A file of one service, as in `/etc/pam.d`.
    OneService,
    /// `/etc/pam.conf`.
    ManyServices,
}

/// Reads a file; lines that PAM cannot use are problems.
pub fn parse_lines(file: &str, content: &[u8], layout: Layout) -> (Vec<StackLine>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut lines = Vec::new();
    for (number, text) in joined_lines(content, &mut problems) {
        match parse_line(number, &text, layout) {
            Ok(line) => lines.push(line),
            Err(what) => problems.malformed(number, what),
        }
    }
    (lines, problems.into_problems())
}

/// Lines with their continuations, without comments and empty lines.
fn joined_lines(content: &[u8], problems: &mut LineProblems) -> Vec<(u32, String)> {
    let mut joined: Vec<(u32, String)> = Vec::new();
    let mut open: Option<(u32, String)> = None;
    for line in text::lines(content, problems) {
        let (before_comment, has_comment) = match line.text.split_once('#') {
            Some((before, _)) => (before, true),
            None => (line.text.as_ref(), false),
        };
        let continued = before_comment.trim_end_matches([' ', '\t', '\n']).strip_suffix('\\').filter(|_| !has_comment);
        let (number, mut text) = open.take().unwrap_or((line.number, String::new()));
        text.push_str(continued.unwrap_or(before_comment).trim_start_matches([' ', '\t']));
        match continued {
            Some(_) => {
                text.push(' ');
                open = Some((number, text));
            }
            None if text.trim_matches(DELIMITERS).is_empty() => {}
            None => joined.push((number, text)),
        }
    }
    if let Some((number, text)) = open {
        // Older releases of PAM take the line, newer ones refuse the whole file.
        problems.malformed(number, "is continued beyond the end of the file");
        joined.push((number, text));
    }
    joined
}

const DELIMITERS: [char; 3] = [' ', '\t', '\n'];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Plain(String),
    Bracketed(String),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Plain(text) | Token::Bracketed(text) => text,
        }
    }
}

/// The next word; `[` to `]` is one word, in which `\]` stands for `]`.
fn next_token(text: &str) -> Option<(Token, &str)> {
    let text = text.trim_start_matches(DELIMITERS);
    if text.is_empty() {
        return None;
    }
    let Some(inside) = text.strip_prefix('[') else {
        let end = text.find(DELIMITERS).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        return Some((Token::Plain(word.to_owned()), rest));
    };
    let mut word = String::new();
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ']' => break,
            '\\' if letters.as_str().starts_with(']') => {
                word.push(']');
                letters.next();
            }
            _ => word.push(letter),
        }
    }
    Some((Token::Bracketed(word), letters.as_str()))
}

fn parse_line(number: u32, text: &str, layout: Layout) -> Result<StackLine, String> {
    let mut rest = text;
    let mut next = || -> Option<Token> {
        let (token, after) = next_token(rest)?;
        rest = after;
        Some(token)
    };
    let service = match layout {
        Layout::OneService => None,
        Layout::ManyServices => next().map(|service| service.text().to_ascii_lowercase()),
    };
    let kind = next().ok_or("has no type")?;
    if kind.text().eq_ignore_ascii_case("@include") {
        let file = next().ok_or("includes nothing")?.text().to_owned();
        return Ok(StackLine { service, number, content: LineContent::Include { kind: None, file } });
    }
    let kind = kind_of(kind.text()).ok_or_else(|| format!("has the unknown type {:?}", kind.text()))?;
    let control = next().ok_or("has no control")?;
    let module = next().ok_or("has no module")?.text().to_owned();
    let word = control.text().to_ascii_lowercase();
    let control = match (control, word.as_str()) {
        (Token::Plain(_), "include" | "substack") => {
            let content = LineContent::Include { kind: Some(kind), file: module };
            return Ok(StackLine { service, number, content });
        }
        (Token::Plain(_), "required" | "requisite" | "sufficient" | "optional") => word,
        (Token::Bracketed(pairs), _) => format!("[{}]", pairs.split_whitespace().collect::<Vec<_>>().join(" ")),
        (Token::Plain(word), _) => return Err(format!("has the unknown control {word:?}")),
    };
    let arguments = std::iter::from_fn(next).map(|token| token.text().to_owned()).collect();
    Ok(StackLine { service, number, content: LineContent::Module { kind, control, module, arguments } })
}

/// A `-` before the type only says that a missing module is not to be logged.
fn kind_of(word: &str) -> Option<&'static str> {
    let word = word.strip_prefix('-').unwrap_or(word);
    ["auth", "account", "password", "session"].into_iter().find(|kind| word.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(number: u32, kind: &'static str, control: &str, module: &str, arguments: &[&str]) -> StackLine {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let content = LineContent::Module { kind, control: control.to_owned(), module: module.to_owned(), arguments };
        StackLine { service: None, number, content }
    }

    fn check(content: &str, expected: &[StackLine], problems: &[&str]) {
        let (lines, told) = parse_lines("/f", content.as_bytes(), Layout::OneService);
        assert_eq!(lines, expected, "{content}");
        assert_eq!(told.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>(), problems, "{content}");
    }

    #[test]
    fn lines_have_type_control_module_and_arguments() {
        check(
            "auth required pam_unix.so nullok try_first_pass\n",
            &[module(1, "auth", "required", "pam_unix.so", &["nullok", "try_first_pass"])],
            &[],
        );
        check(
            "# a comment\n\n-Session\tOPTIONAL /lib/security/pam_x.so # why\n",
            &[module(3, "session", "optional", "/lib/security/pam_x.so", &[])],
            &[],
        );
        check(
            "password [success=1  default=ignore] pam_unix.so obscure [key=a b \\] c] [x\n",
            &[module(1, "password", "[success=1 default=ignore]", "pam_unix.so", &["obscure", "key=a b ] c", "x"])],
            &[],
        );
    }

    #[test]
    fn a_backslash_continues_a_line() {
        check(
            "auth \\\n  required\\  \n\tpam_unix.so\nauth required a.so",
            &[module(1, "auth", "required", "pam_unix.so", &[]), module(4, "auth", "required", "a.so", &[])],
            &[],
        );
        check(
            "auth required a.so # why \\\nauth required b.so\n",
            &[module(1, "auth", "required", "a.so", &[]), module(2, "auth", "required", "b.so", &[])],
            &[],
        );
        check(
            "auth required a.so \\\n",
            &[module(1, "auth", "required", "a.so", &[])],
            &["line 1 of /f is continued beyond the end of the file"],
        );
    }

    #[test]
    fn includes_take_one_kind_or_all() {
        for (text, kind, file) in [
            ("@include common-auth", None, "common-auth"),
            ("auth include system-auth", Some("auth"), "system-auth"),
            ("-auth SubStack /etc/x", Some("auth"), "/etc/x"),
        ] {
            let content = LineContent::Include { kind, file: file.to_owned() };
            check(text, &[StackLine { service: None, number: 1, content }], &[]);
        }
    }

    #[test]
    fn lines_that_pam_cannot_use_are_told() {
        for (text, problem) in [
            ("auth", "line 1 of /f has no control"),
            ("auth required", "line 1 of /f has no module"),
            ("auth [success=1", "line 1 of /f has no module"),
            ("login required a.so", "line 1 of /f has the unknown type \"login\""),
            ("auth needed a.so", "line 1 of /f has the unknown control \"needed\""),
            ("@include", "line 1 of /f includes nothing"),
        ] {
            check(text, &[], &[problem]);
        }
    }

    #[test]
    fn pam_conf_lines_begin_with_a_service() {
        let (lines, problems) = parse_lines("/f", b"SSHD auth required a.so\n", Layout::ManyServices);
        assert_eq!(lines[0].service.as_deref(), Some("sshd"));
        assert!(problems.is_empty());
        assert_eq!(parse_lines("/f", b"sshd\n", Layout::ManyServices).1.len(), 1);
    }

    #[test]
    fn hostile_bytes_are_told() {
        let (lines, problems) = parse_lines("/f", b"auth required \xff.so\n\0\0\nauth \xf0", Layout::OneService);
        assert_eq!(lines.len(), 1);
        assert_eq!(problems.len(), 4, "{problems:?}");
        let brackets = format!("auth {}", "[".repeat(100_000));
        assert_eq!(parse_lines("/f", brackets.as_bytes(), Layout::OneService).1.len(), 1);
    }
}
