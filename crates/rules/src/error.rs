//! What can be wrong with rule files, each with the place in the file.

use std::path::PathBuf;

pub use assay_yaml::Place;
use assay_yaml::YamlError;
pub(crate) use assay_yaml::nearest;

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
    /// The file is no YAML, or has a key or a type that rule files do not have.
    #[error(transparent)]
    Yaml(#[from] YamlError),
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
