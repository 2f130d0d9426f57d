//! Why a report could not be written.

/// Why a report could not be written. A broken pipe arrives as the source of [`ReportError::Write`].
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The destination refused: full, closed, gone.
    #[error("failed to write the {format} report")]
    Write {
        /// The format's name.
        format: &'static str,
        /// What the destination said.
        #[source]
        cause: std::io::Error,
    },
    /// The report is more than its format can hold.
    #[error("failed to typeset the report: {why}")]
    Typeset {
        /// What the format's library said.
        why: String,
    },
}
