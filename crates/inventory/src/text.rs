//! Lines of configuration files, read without loss of what is wrong with them.
//!
//! A line that is no UTF-8 is kept, with U+FFFD in place of bad bytes, *and* told as a problem. Surprising: problems are
//! counted after the first ones, because a hostile file of a million bad lines must not become a million problems.

use std::borrow::Cow;
use std::fmt::Display;

use assay_model::evidence::{Problem, ProblemKind};

/// What a configuration file may hold at most, in bytes: far more than any that people write.
pub const CONFIGURATION_LIMIT: u64 = 4 << 20;

/// Problems of one file that are told one by one.
const MAX_PROBLEMS: usize = 20;

/// One line, without its line feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// 1-based.
    pub number: u32,
    /// Its text.
    pub text: Cow<'a, str>,
}

/// What is wrong with the lines of one file.
#[derive(Clone, Debug)]
pub struct LineProblems {
    file: String,
    told: Vec<Problem>,
    left_out: usize,
}

impl LineProblems {
    /// No problems yet.
    pub fn new(file: &str) -> LineProblems {
        LineProblems { file: file.to_owned(), told: Vec::new(), left_out: 0 }
    }

    /// The file that it is about.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Adds a line that cannot be understood; `what` is a clause such as `has no value`.
    pub fn malformed(&mut self, line: u32, what: impl Display) {
        if self.told.len() == MAX_PROBLEMS {
            self.left_out += 1;
            return;
        }
        let detail = format!("line {line} of {} {what}", self.file);
        self.told.push(Problem::new(&self.file, ProblemKind::Malformed, detail));
    }

    /// The problems in file order; the last one says how many more there are.
    pub fn into_problems(mut self) -> Vec<Problem> {
        if self.left_out > 0 {
            let detail = format!("{} more lines of {} cannot be understood", self.left_out, self.file);
            self.told.push(Problem::new(&self.file, ProblemKind::Malformed, detail));
        }
        self.told
    }
}

/// The lines of a file. The last one needs no line feed.
pub fn lines<'a>(bytes: &'a [u8], problems: &mut LineProblems) -> Vec<Line<'a>> {
    let content = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for (line, number) in content.split(|byte| *byte == b'\n').zip(1..=u32::MAX) {
        let text = String::from_utf8_lossy(line);
        if matches!(text, Cow::Owned(_)) {
            problems.malformed(number, "is no UTF-8");
        }
        lines.push(Line { number, text });
    }
    lines
}

/// Whether a line says nothing: empty, or a comment that starts with one of `marks`.
pub fn is_comment(text: &str, marks: &[char]) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with(marks)
}

/// The variable assignment in a line of os-release(5) or another file that shells can read: key and value without its
/// quotes. Nothing is expanded.
///
/// # Errors
///
/// When it is no assignment, or a quote does not end in this line; the text is a clause for
/// [`LineProblems::malformed`].
pub fn shell_assignment(text: &str) -> Result<(&str, String), &'static str> {
    let Some((key, value)) = text.trim().split_once('=') else {
        return Err("has no `=`");
    };
    let mut letters = key.chars();
    let starts_well = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !starts_well || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return Err("does not start with the name of a variable");
    }
    Ok((key, shell_unquote(value)?))
}

/// A value as a shell reads it: quotes and backslashes removed, quoted pieces joined.
fn shell_unquote(value: &str) -> Result<String, &'static str> {
    let mut result = String::with_capacity(value.len());
    let mut letters = value.chars();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            ('\\', None | Some('"')) => match letters.next() {
                // Within double quotes a backslash stands for itself before every other letter (POSIX shell, 2.2.3).
                Some(escaped) if quote.is_some() && !matches!(escaped, '"' | '\\' | '$' | '`') => {
                    result.extend(['\\', escaped]);
                }
                Some(escaped) => result.push(escaped),
                None => return Err("ends in a backslash"),
            },
            _ => result.push(letter),
        }
    }
    match quote {
        Some(_) => Err("has a quote that does not end"),
        None => Ok(result),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_bad_bytes_are_told() {
        let check = |bytes: &[u8], expected: &[&str], bad: &[&str]| {
            let mut problems = LineProblems::new("/etc/x");
            let found = lines(bytes, &mut problems);
            assert_eq!(found.iter().map(|line| line.text.as_ref()).collect::<Vec<_>>(), expected);
            assert_eq!(
                found.iter().map(|line| line.number).collect::<Vec<_>>(),
                (1..=expected.len() as u32).collect::<Vec<_>>()
            );
            let told = problems.into_problems();
            assert_eq!(told.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>(), bad);
            assert!(told.iter().all(|each| each.subject == "/etc/x" && each.kind == ProblemKind::Malformed));
        };
        check(b"", &[], &[]);
        check(b"\n", &[""], &[]);
        check(b"a", &["a"], &[]);
        check(b"a\n\nb\r\n", &["a", "", "b\r"], &[]);
        check(b"a\nb\xff\xfec\n", &["a", "b\u{fffd}\u{fffd}c"], &["line 2 of /etc/x is no UTF-8"]);
        check(b"a\0b", &["a\0b"], &[]);
    }

    #[test]
    fn a_million_bad_lines_are_few_problems() {
        let mut problems = LineProblems::new("/etc/x");
        assert_eq!(lines(&b"\xff\n".repeat(1_000_000), &mut problems).len(), 1_000_000);
        let told = problems.into_problems();
        assert_eq!(told.len(), MAX_PROBLEMS + 1);
        assert_eq!(told.last().unwrap().detail, "999980 more lines of /etc/x cannot be understood");
    }

    #[test]
    fn assignments_are_read_as_a_shell_does() {
        for (line, expected) in [
            ("ID=debian", Ok(("ID", "debian"))),
            ("  ID=debian  ", Ok(("ID", "debian"))),
            (r#"NAME="Debian GNU/Linux""#, Ok(("NAME", "Debian GNU/Linux"))),
            (r"NAME='a $b \n'", Ok(("NAME", r"a $b \n"))),
            (r#"A="\"\$\`\\\n""#, Ok(("A", r#""$`\\n"#))),
            (r"A=a\ b\'", Ok(("A", "a b'"))),
            (r#"A="b"'c'd"#, Ok(("A", "bcd"))),
            ("A=", Ok(("A", ""))),
            ("_a1==", Ok(("_a1", "="))),
            ("A=$(reboot)", Ok(("A", "$(reboot)"))),
            ("A", Err("has no `=`")),
            ("=b", Err("does not start with the name of a variable")),
            ("1A=b", Err("does not start with the name of a variable")),
            ("A B=c", Err("does not start with the name of a variable")),
            ("A=\"b", Err("has a quote that does not end")),
            ("A=b\\", Err("ends in a backslash")),
        ] {
            let expected = expected.map(|(key, value)| (key, value.to_owned()));
            assert_eq!(shell_assignment(line), expected, "{line}");
        }
    }

    #[test]
    fn shells_agree() {
        for value in [r#""a b""#, r"'a\n$x'", r#""\"\$\`\\\n""#, r"a\ b\'", r#""b"'c'd"#, r#"''"""#] {
            let script = format!("printf %s {value}");
            let shell = std::process::Command::new("sh").args(["-c", &script]).output().expect("sh is needed");
            let unquoted = shell_unquote(value).unwrap();
            assert_eq!(unquoted, String::from_utf8(shell.stdout).unwrap(), "{value}");
        }
    }

    #[test]
    fn comments_say_nothing() {
        for (text, expected) in [("", true), ("  ", true), (" # a", true), ("; a", true), ("a # b", false)] {
            assert_eq!(is_comment(text, &['#', ';']), expected, "{text}");
        }
    }
}
