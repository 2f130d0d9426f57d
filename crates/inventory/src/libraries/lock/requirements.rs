//! `requirements*.txt` (pip documentation, "Requirements File Format"; names and versions of PyPA's "Dependency specifiers").
//!
//! Only `name==version` and `name===version` are taken: anything else is a range, a path or an address, from which no
//! version follows. Options, hashes, extras and markers are read over, and `-r` names a file that is found by itself.
//! Surprising: pip reads UTF-16 where the file says so by a byte order mark, and a comment line ends a continuation.

use assay_model::ecosystem::Ecosystem;

use super::syntax;
use crate::libraries::found::{Found, ParseError, Parsed};

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let text = syntax::decoded(bytes)?;
    let mut parsed = Parsed::default();
    for_logical_lines(&text, |line, requirement| {
        match pin(requirement) {
            Requirement::Exact { name, version } => parsed.add(Found::locked(Ecosystem::Pypi, name, version)),
            Requirement::Other => {}
            Requirement::Malformed => parsed.tell(ParseError::Line { line, what: "is no requirement" }),
        }
        !parsed.is_full()
    });
    Ok(parsed)
}

/// What one requirement says.
#[derive(Debug, PartialEq, Eq)]
enum Requirement<'a> {
    Exact {
        name: &'a str,
        version: &'a str,
    },
    /// A range, a path, an address, an option.
    Other,
    Malformed,
}

/// Visits lines without comments, each with the number of its first one, until `visit` wants no more; those that end in a
/// backslash are joined.
fn for_logical_lines(text: &str, mut visit: impl FnMut(u64, &str) -> bool) {
    let mut joined = String::new();
    let mut first = 1;
    for (number, line) in (1..).zip(text.lines()) {
        if joined.is_empty() {
            first = number;
        }
        let is_comment = line.trim_start().starts_with('#');
        if let Some(start) = line.strip_suffix('\\').filter(|_| !is_comment) {
            joined.push_str(start);
            joined.push(' ');
            continue;
        }
        joined.push_str(if is_comment { "" } else { line });
        let requirement = without_comment(&joined).trim();
        if !requirement.is_empty() && !visit(first, requirement) {
            return;
        }
        joined.clear();
    }
    let requirement = without_comment(&joined).trim();
    if !requirement.is_empty() {
        visit(first, requirement);
    }
}

/// A `#` begins a comment only after a blank: it may be part of an address.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(start, _)| start);
    let before = |start: usize| line.get(..start).unwrap_or_default();
    starts.map(before).find(|before| before.is_empty() || before.ends_with(char::is_whitespace)).unwrap_or(line)
}

fn pin(requirement: &str) -> Requirement<'_> {
    if requirement.starts_with('-') {
        return Requirement::Other;
    }
    let specifier = without_options(requirement);
    let is_name_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let end = specifier.find(|letter| !is_name_letter(letter)).unwrap_or(specifier.len());
    let (name, rest) = specifier.split_at(end);
    let rest = rest.trim_start();
    if rest.starts_with('@') || specifier.contains("://") || rest.starts_with(['/', '\\', ':']) || is_path(specifier) {
        return Requirement::Other;
    }
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return Requirement::Malformed;
    }
    let rest = match rest.strip_prefix('[').map(|extras| extras.split_once(']')) {
        Some(Some((_, rest))) => rest.trim_start(),
        Some(None) => return Requirement::Malformed,
        None => rest,
    };
    let clauses = rest.strip_prefix('(').map_or(rest, |inner| inner.trim_end().trim_end_matches(')'));
    exact_version(name, clauses.trim())
}

/// The clauses of a version specifier: one that is exact says it all.
fn exact_version<'a>(name: &'a str, clauses: &'a str) -> Requirement<'a> {
    if clauses.is_empty() {
        return Requirement::Other;
    }
    let mut found = Requirement::Other;
    for clause in clauses.split(',').map(str::trim) {
        let version = clause.trim_start_matches(['=', '<', '>', '!', '~']);
        let operator = clause.strip_suffix(version).unwrap_or_default();
        let version = version.trim();
        if !matches!(operator, "==" | "===" | "<" | "<=" | ">" | ">=" | "!=" | "~=") || version.is_empty() {
            return Requirement::Malformed;
        }
        // A variable of the environment stands for what is not known here.
        if version.contains("${") {
            continue;
        }
        let is_version_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.+!*".contains(letter);
        if !version.chars().all(is_version_letter) {
            return Requirement::Malformed;
        }
        if matches!(operator, "==" | "===") && !version.contains('*') {
            found = Requirement::Exact { name, version };
        }
    }
    found
}

/// Cuts off the marker and the options of one requirement.
fn without_options(requirement: &str) -> &str {
    let specifier = requirement.split_once(';').map_or(requirement, |(specifier, _)| specifier);
    let mut end = specifier.len();
    for (start, _) in specifier.match_indices('-') {
        let before = specifier.get(..start).unwrap_or_default();
        if before.ends_with(char::is_whitespace) {
            end = start;
            break;
        }
    }
    specifier.get(..end).unwrap_or(specifier).trim_end()
}

/// pip takes a requirement for a path where it has a separator, begins with a dot or names an archive.
fn is_path(specifier: &str) -> bool {
    specifier.starts_with('.')
        || specifier.split(['=', '<', '>', '!', '~', '[']).next().is_some_and(|start| start.contains(['/', '\\']))
        || [".whl", ".zip", ".tar.gz"].iter().any(|suffix| specifier.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pins_are_exact() {
        let exact = |name, version| Requirement::Exact { name, version };
        for (text, expected) in [
            ("a==1.0", exact("a", "1.0")),
            ("a == 1.0", exact("a", "1.0")),
            ("a===1.0", exact("a", "1.0")),
            ("a[b, c] == 1.0 ; python_version < \"3\"", exact("a", "1.0")),
            ("a (==1.0)", exact("a", "1.0")),
            ("a==1.0,!=1.1", exact("a", "1.0")),
            ("a==1!2.0+local.1", exact("a", "1!2.0+local.1")),
            ("a--hash==1.0", exact("a--hash", "1.0")),
            ("a==1.0 --hash=sha256:1 --hash=sha256:2", exact("a", "1.0")),
            ("a==1.0 -C x", exact("a", "1.0")),
            ("a", Requirement::Other),
            ("a>=1.0", Requirement::Other),
            ("a==1.*", Requirement::Other),
            ("a==1.*.2", Requirement::Other),
            ("a==${V}", Requirement::Other),
            ("a @ https://example.org/a==1.0.zip", Requirement::Other),
            ("https://example.org/a.zip", Requirement::Other),
            ("./a-1.0.whl", Requirement::Other),
            ("-r other.txt", Requirement::Other),
            ("a==", Requirement::Malformed),
            ("==1.0", Requirement::Malformed),
            ("a 1.0", Requirement::Malformed),
            ("a[b==1.0", Requirement::Malformed),
            ("a==1.0 b", Requirement::Malformed),
            ("a=1.0", Requirement::Malformed),
        ] {
            assert_eq!(pin(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_joined_and_comments_cut() {
        for (text, expected) in [
            ("a\nb # c\n", &[(1, "a"), (2, "b")][..]),
            ("a#b\n", &[(1, "a#b")]),
            ("a \\\n  --hash=x\nb", &[(1, "a    --hash=x"), (3, "b")]),
            ("a \\\n# c \\\nb", &[(1, "a"), (3, "b")]),
            ("a \\", &[(1, "a")]),
            ("\\\n\\\n", &[]),
        ] {
            let mut lines = Vec::new();
            for_logical_lines(text, |line, requirement| {
                lines.push((line, requirement.to_owned()));
                true
            });
            let lines: Vec<(u64, &str)> = lines.iter().map(|(line, text)| (*line, text.as_str())).collect();
            assert_eq!(lines, expected, "{text:?}");
        }
    }
}
