//! Reports of runs: made from the store by jobs ([`make_report`]), and downloaded with addresses that are signed and expire
//! ([`DownloadKey`]), as clients of Inspector know them.

mod download;
mod job;
mod make;
mod which;

pub use download::DownloadKey;
pub(crate) use download::Refusal;
pub use job::handler;
pub use make::{MakeReportError, make_report};
pub use which::{ReportFormat, WhichReport};
