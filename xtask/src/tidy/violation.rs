//! Violation: one place that breaks one rule, in the form `file:line: [check] what`.

use std::fmt;

/// One place that breaks one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// The file, relative to the workspace.
    pub(crate) file: String,
    /// 1-based; 0 where the whole file is meant.
    pub(crate) line: usize,
    /// What is wrong, and what to do.
    pub(crate) text: String,
}

impl Violation {
    /// Of a line.
    pub(crate) fn at(file: &str, line: usize, text: impl Into<String>) -> Violation {
        Violation { file: file.to_owned(), line, text: text.into() }
    }

    /// Of a whole file.
    pub(crate) fn of(file: &str, text: impl Into<String>) -> Violation {
        Violation::at(file, 0, text)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.text),
            line => write!(f, "{}:{line}: {}", self.file, self.text),
        }
    }
}
