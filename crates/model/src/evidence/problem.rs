//! Problem: something that could not be read, and why.

use serde::{Deserialize, Serialize};

/// Why something could not be read. "Not found", "not permitted" and "not supported here" are three things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// Expected to be there, and is not.
    NotFound,
    /// The operating system refused.
    NotPermitted,
    /// This source cannot answer, for example processes of a root directory.
    NotSupported,
    /// Over the limit for its kind.
    TooLarge,
    /// A FIFO, device, socket or directory where a file is expected, or the reverse.
    WrongType,
    /// More symbolic links than the limit.
    LinkLoop,
    /// It is there but cannot be understood.
    Malformed,
    /// Any other failure of the operating system.
    Failed,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// The path on the host, or what else it is about.
    pub subject: String,
    /// Why.
    pub kind: ProblemKind,
    /// One sentence for people, with line and value where there is one.
    pub detail: String,
}

impl Problem {
    /// Makes a problem.
    pub fn new(subject: impl Into<String>, kind: ProblemKind, detail: impl Into<String>) -> Problem {
        Problem { subject: subject.into(), kind, detail: detail.into() }
    }
}
