//! What one file says about libraries, and what of it could not be read.
//!
//! Surprising: a lock file names a library once per way that leads to it. Here each is named once, and it counts as
//! needed for development only where every mention says so.

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use thiserror::Error;

use super::name::canonical_name;

/// Most libraries of one file; the largest lock files that people write have about ten thousand.
pub const MAX_LIBRARIES: usize = 200_000;

/// Longest name and longest version, in bytes: npm allows 214, paths of Go modules are longer.
const MAX_TEXT: usize = 512;

/// Problems of one file that are told one by one.
const MAX_PROBLEMS: usize = 20;

/// One library that a file names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// Ecosystem.
    pub ecosystem: Ecosystem,
    /// Name in its canonical form ([`super::name::canonical_name`]).
    pub name: String,
    /// Version as written, of the form that its registry uses.
    pub version: String,
    /// How sure it is that its code is there.
    pub kind: LibraryKind,
    /// Whether the file says that only development or tests need it.
    pub development: bool,
}

impl Found {
    /// A library that a lock file names; not for development only.
    pub(crate) fn locked(ecosystem: Ecosystem, name: &str, version: &str) -> Found {
        Found {
            ecosystem,
            name: canonical_name(ecosystem, name),
            version: version.to_owned(),
            kind: LibraryKind::Locked,
            development: false,
        }
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseError {
    /// It does not follow the syntax that all files of its format have.
    #[error("line {line} is not {syntax}: {detail}")]
    Syntax {
        /// 1-based.
        line: u64,
        /// For example `JSON`.
        syntax: &'static str,
        /// What the parser of the syntax says.
        detail: String,
    },
    /// One entry cannot be understood; the others are read.
    #[error("the entry {entry:?} {what}")]
    Entry {
        /// Its name or its text, shortened.
        entry: String,
        /// A clause, for example `has no version`.
        what: &'static str,
    },
    /// One line cannot be understood; the others are read.
    #[error("line {line} {what}")]
    Line {
        /// 1-based.
        line: u64,
        /// A clause, for example `has no version`.
        what: &'static str,
    },
    /// A part that every file of this format has is not there.
    #[error("{what} is missing")]
    Missing {
        /// The part.
        what: &'static str,
    },
    /// A version of the format that is not known here.
    #[error("version {version} of the format is not known")]
    UnknownVersion {
        /// As the file says it, shortened.
        version: String,
    },
    /// It has more libraries than the limit; those before it are read.
    #[error("more than {limit} libraries")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Problems after the first ones, which are not told one by one.
    #[error("{count} more entries cannot be understood")]
    More {
        /// How many.
        count: usize,
    },
}

/// The libraries of one file, and what of it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Sorted, each once.
    pub found: Vec<Found>,
    /// In file order; empty when everything was understood.
    pub problems: Vec<ParseError>,
    left_out: usize,
    overflows: bool,
}

impl Parsed {
    /// A file of which nothing could be read.
    pub fn failed(problem: ParseError) -> Parsed {
        Parsed { problems: vec![problem], ..Parsed::default() }
    }

    /// Adds a library, unless its name or version cannot be one: empty, overlong, or with blanks or control characters.
    pub fn add(&mut self, library: Found) {
        let is_text = |text: &str| {
            text.len() <= MAX_TEXT && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        };
        if library.name.is_empty() {
            return self.wrong(&library.version, "has no name");
        }
        if library.version.is_empty() {
            return self.wrong(&library.name, "has no version");
        }
        if !is_text(&library.name) {
            return self.wrong(&library.name, "has a name that cannot be one");
        }
        if !is_text(&library.version) {
            return self.wrong(&library.name, "has a version that cannot be one");
        }
        if self.found.len() >= MAX_LIBRARIES {
            self.overflows = true;
            return;
        }
        self.found.push(library);
    }

    /// Whether nothing more can be added, so that the rest need not be read.
    pub(crate) fn is_full(&self) -> bool {
        self.overflows
    }

    /// Says that an entry cannot be understood; `what` is a clause.
    pub fn wrong(&mut self, entry: &str, what: &'static str) {
        // An address may hold a password.
        let entry = entry.split_once("://").map_or(entry, |(before, _)| before);
        self.tell(ParseError::Entry { entry: shorten(entry), what });
    }

    /// Adds a problem.
    pub fn tell(&mut self, problem: ParseError) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.left_out += 1;
        }
    }

    /// The end of the file: sorts, and joins the mentions of each library.
    #[must_use]
    pub fn finish(mut self) -> Parsed {
        // `false` sorts before `true`, and the first of equal ones stays.
        self.found.sort_unstable();
        self.found.dedup_by(|later, first| {
            later.name == first.name
                && later.version == first.version
                && later.ecosystem == first.ecosystem
                && later.kind == first.kind
        });
        if self.overflows {
            self.problems.push(ParseError::TooMany { limit: MAX_LIBRARIES });
        }
        if self.left_out > 0 {
            self.problems.push(ParseError::More { count: self.left_out });
        }
        self
    }
}

/// The beginning of a text from a file, for messages.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(name: &str, version: &str, development: bool) -> Found {
        Found {
            ecosystem: Ecosystem::Npm,
            name: name.into(),
            version: version.into(),
            kind: LibraryKind::Locked,
            development,
        }
    }

    #[test]
    fn a_library_is_named_once_and_is_for_development_only_if_all_say_so() {
        let mut parsed = Parsed::default();
        for (name, version, development) in
            [("b", "1", true), ("a", "2", true), ("b", "1", false), ("a", "1", true), ("a", "1", true)]
        {
            parsed.add(library(name, version, development));
        }
        let parsed = parsed.finish();
        assert_eq!(parsed.found, [library("a", "1", true), library("a", "2", true), library("b", "1", false)]);
        assert_eq!(parsed.problems, []);
    }

    #[test]
    fn what_cannot_be_a_library_is_told() {
        for (name, version, expected) in [
            ("", "1", "the entry \"1\" has no name"),
            ("a", "", "the entry \"a\" has no version"),
            ("a b", "1", "the entry \"a b\" has a name that cannot be one"),
            ("a b@https://token@host/", "1", "the entry \"a b@https\" has a name that cannot be one"),
            ("a", "1\n2", "the entry \"a\" has a version that cannot be one"),
            ("a\u{1b}[1m", "1", "the entry \"a\\u{1b}[1m\" has a name that cannot be one"),
        ] {
            let mut parsed = Parsed::default();
            parsed.add(library(name, version, false));
            let parsed = parsed.finish();
            assert_eq!(parsed.found, []);
            assert_eq!(parsed.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn a_hostile_file_says_little() {
        let mut parsed = Parsed::default();
        for _ in 0..100 {
            parsed.add(library(&"é".repeat(600), "1", false));
        }
        let parsed = parsed.finish();
        assert_eq!(parsed.problems.len(), MAX_PROBLEMS + 1);
        assert_eq!(parsed.problems.last(), Some(&ParseError::More { count: 80 }));
        assert!(parsed.problems.iter().all(|problem| problem.to_string().len() < 400));
        let mut parsed = Parsed::default();
        for number in 0..=MAX_LIBRARIES {
            parsed.add(library("a", &number.to_string(), false));
        }
        let parsed = parsed.finish();
        assert_eq!(parsed.found.len(), MAX_LIBRARIES);
        assert_eq!(parsed.problems, [ParseError::TooMany { limit: MAX_LIBRARIES }]);
    }
}
