//! Reports of an assessment: table, text, JSON, JSON lines, CSV, HTML, PDF and OpenVEX (docs/output.md).
//!
//! Everything here is a function of an [`Assessment`](assay_model::assessment::Assessment): no store is asked, no clock
//! is read and nothing is printed, so the same assessment gives the same bytes on any machine. A format is one file and
//! one line in [`Format`]. All text in an assessment is hostile: it comes from the machine that is assessed.

#![forbid(unsafe_code)]

mod advice;
mod comparison_jsonl;
mod context;
mod csv;
mod error;
mod format;
mod html;
mod json;
mod jsonl;
mod openvex;
mod options;
mod others;
pub mod run_report;
mod terminal;
mod visible;
mod words;
mod wrap;

pub use comparison_jsonl::comparison_jsonl;
pub use context::Context;
pub use csv::findings_csv;
pub use error::ReportError;
pub use format::{Format, ParseFormatError};
pub use json::{finding_json, findings_jsonl, runs_jsonl};
pub use options::{Options, RowLimit, Style};
pub use others::{
    Claim, ClaimKind, Comparison, MAX_REPORT_BYTES, OtherReport, OtherReportError, Pair, Reason, Scanner, compare,
    is_named, is_same_version, read_other_report,
};
pub use terminal::{RunRow, comparison_text, finding_table, finding_text, run_table, why_text};
pub use visible::visible;
