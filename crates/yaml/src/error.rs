//! What can be wrong with a file, each with the place in it.
//!
//! Lines and columns count from 1, columns in characters, as editors show them.

use std::fmt;

/// A place in a file; shown as `file:line:column`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was given.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
}

impl Place {
    /// Makes a place.
    pub fn new(file: impl Into<String>, line: u32, column: u32) -> Place {
        Place { file: file.into(), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A file is no YAML, or holds something else than it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// The file is no YAML, or uses a part of YAML that is not read here.
    #[error("{place}: {message}")]
    Syntax {
        /// Where.
        place: Place,
        /// What is wrong.
        message: String,
    },
    /// A key that means nothing here.
    #[error("{place}: unknown key `{key}`{}", nearest_of(.nearest.as_deref()))]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// The known key that is spelt most alike, if one is.
        nearest: Option<String>,
    },
    /// A key stands twice in one mapping.
    #[error("{place}: duplicate key `{key}`, first given in line {first}")]
    DuplicateKey {
        /// Where it stands the second time.
        place: Place,
        /// The key.
        key: String,
        /// The line where it stands first.
        first: u32,
    },
    /// A key that must be there is not.
    #[error("{place}: missing key `{key}`")]
    MissingKey {
        /// The mapping that lacks it.
        place: Place,
        /// The key.
        key: String,
    },
    /// A value is of another type than its key wants.
    #[error("{place}: `{key}` must be {expected}, not {found}")]
    WrongType {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A value is of the right type and still cannot be.
    #[error("{place}: `{key}` {message}")]
    BadValue {
        /// Where.
        place: Place,
        /// The key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

fn nearest_of(nearest: Option<&str>) -> String {
    nearest.map(|key| format!(", did you mean `{key}`?")).unwrap_or_default()
}

/// The candidate that is spelt most like a word, when one is close enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .map(|(_, candidate)| candidate.to_owned())
}
