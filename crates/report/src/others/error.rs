//! Why a report of another scanner could not be read.

use super::claim::Scanner;

/// Why a report of another scanner could not be read.
#[derive(Debug, thiserror::Error)]
pub enum OtherReportError {
    /// It has more bytes than any report should.
    #[error("the report is over the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It has no bytes, as OSV-Scanner leaves it where it found no package.
    #[error("the report is empty")]
    Empty,
    /// It is no JSON.
    #[error("the report is no JSON document")]
    Json(#[source] serde_json::Error),
    /// It is JSON, but of no scanner that is known.
    #[error("the report is none of Trivy, Grype, OSV-Scanner or Vuls in JSON")]
    UnknownScanner,
    /// It is about many hosts at once.
    #[error("the report is of a whole cluster, not of one host")]
    OfCluster,
    /// A member has another form than that scanner's format gives it.
    #[error("failed to read the report of {scanner}")]
    Form {
        /// The scanner.
        scanner: Scanner,
        /// What was there instead.
        #[source]
        cause: serde_json::Error,
    },
}
