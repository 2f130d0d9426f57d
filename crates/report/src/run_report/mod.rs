//! Run report: the assessment report of a whole run, over all of its instances, in the section order of reference §8.8:
//! cover, executive summary, what is tested, findings summary, findings details, passed rules; then what was not checked.
//!
//! A [`RunReport`] is a plain value. `document` turns it into blocks (headings, paragraphs, tables), and each writer only
//! lays blocks out, so HTML and PDF hold the same words in the same order.

mod affected;
mod builder;
mod details;
mod document;
mod html;
mod input;
#[cfg(feature = "pdf")]
mod pdf;
mod sections;
mod summary;
mod text;
mod variants;

pub use builder::{RunReportBuilder, RunReportFrame};
pub use html::{html, write_html};
pub use input::{
    FailedRule, ParseReportKindError, PassedRule, ReportExclusion, ReportInstance, ReportKind, ReportPackage,
    ReportRun, ReportTarget, RunReport, TagSelector,
};
#[cfg(feature = "pdf")]
pub(crate) use pdf::PDF;
#[cfg(feature = "pdf")]
pub use pdf::pdf;
