//! Why a tar archive cannot be read on.

use std::io;

/// Why a tar archive cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TarError {
    /// The archive's file cannot be read.
    #[error("failed to read the archive: {0}")]
    Read(io::Error),
    /// It ends within a header or a file.
    #[error("the archive breaks off in the entry at byte {at}")]
    Truncated {
        /// Where its header begins.
        at: u64,
    },
    /// A header that means nothing.
    #[error("the header at byte {at} {what}")]
    Malformed {
        /// Where it begins.
        at: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// More headers, or more parts of sparse files, than are read.
    #[error("there are more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}
