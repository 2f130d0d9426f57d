//! Reports of other scanners, read and compared with our findings: `assay compare`.
//!
//! One reader a scanner, each from that scanner's JSON to [`Claim`]s. What is compared is a pair of vulnerability and
//! package; a claim that cannot be read is a problem of the report, never left out in silence.

mod claim;
mod comparison;
mod error;
mod grype;
mod names;
mod osv_scanner;
mod reader;
mod trivy;
mod vuls;

pub use claim::{Claim, ClaimKind, OtherReport, Scanner};
pub use comparison::{Comparison, Pair, Reason, compare};
pub use error::OtherReportError;
pub use names::{is_named, is_same_version};
pub use reader::{MAX_REPORT_BYTES, read_other_report};
