//! JSON: one object `{run, findings, exclusions, coverage, assay}`, and the finding object that JSON lines share.
//!
//! Inspector's objects have exactly the members of `DescribeFindings`, `DescribeAssessmentRuns` and
//! `DescribeExclusions` (reference §7); everything that Inspector did not have is under one member `assay`, so that a
//! script written for Inspector reads the file without knowing about it.

mod document;
mod escape;
mod exclusion;
mod finding;
mod limit;
mod run;
mod trace;
mod write;

pub(crate) use document::{CoverageView, DocumentExtras};
pub(crate) use exclusion::ExclusionView;
pub(crate) use finding::{ASSET_TYPE, CONFIDENCE, FindingView, SERVICE, recommendation};
pub(crate) use limit::attribute_value;
pub(crate) use run::RunView;
pub(crate) use write::{BUFFER_BYTES, JSON, write_line, write_pretty};
pub use write::{finding_json, findings_jsonl, runs_jsonl};
