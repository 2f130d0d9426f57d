//! What can be wrong with rule files, each with the place in the file.
//!
//! Lines and columns count from 1, columns in characters, as editors show them.

use std::fmt;
use std::path::PathBuf;

/// A place in a rule file; shown as `file:line:column`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as it was given or as it is named in the knowledge base.
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

/// A rule file, a package file or a folder of them cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The folder cannot be listed.
    #[error("failed to list the rules in {path}")]
    ListDirectory {
        /// The folder.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// The file cannot be read.
    #[error("failed to read {path}")]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        #[source]
        cause: std::io::Error,
    },
    /// The folder has no `package.yaml`, and adds to no package that has one.
    #[error("{path} has no package.yaml, so the rules in it belong to no rules package")]
    MissingPackage {
        /// The folder.
        path: PathBuf,
    },
    /// The file is over its limit.
    #[error("{file} is {size} bytes, over the limit of {limit}")]
    FileTooLarge {
        /// The file.
        file: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// More rules than the limit.
    #[error("{path} has {count} rules, over the limit of {limit}")]
    TooManyRules {
        /// The folder.
        path: String,
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// The file is no UTF-8.
    #[error("{file} is not UTF-8")]
    NotText {
        /// The file.
        file: String,
    },
    /// The file is no YAML, or uses a part of YAML that rule files do without.
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
    /// Two rules of one package have the same id.
    #[error("{place}: duplicate rule id {id:?}, first given at {first}")]
    DuplicateRule {
        /// Where it stands the second time.
        place: Place,
        /// The id.
        id: String,
        /// Where it stands first.
        first: Place,
    },
    /// A CEL expression cannot be used.
    #[error("{place}: `{key}` is no usable expression: {message}")]
    Expression {
        /// The expression's first line.
        place: Place,
        /// The key that holds it.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// No rule has this id.
    #[error("no rule has the id {id:?}")]
    NoSuchRule {
        /// The id asked for.
        id: String,
    },
    /// A rule has no such parameter, or it is of another type.
    #[error("parameter `{parameter}` of rule {rule:?} {message}")]
    BadParameter {
        /// The rule.
        rule: String,
        /// The parameter.
        parameter: String,
        /// What is wrong.
        message: String,
    },
}

fn nearest_of(nearest: Option<&str>) -> String {
    nearest.map(|key| format!(", did you mean `{key}`?")).unwrap_or_default()
}

/// The candidate that is spelt most like a word, when one is close enough to be meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .map(|(_, candidate)| candidate.to_owned())
}
