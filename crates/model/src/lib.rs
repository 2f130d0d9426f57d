//! The vocabulary of Assay: ids, severity, target, template, run, finding, exclusion, evidence.
//!
//! One noun per file. Nothing here reads a file, knows a wire format or knows SQL; the `serde` form of
//! these types is Assay's own storage form. The words are Inspector's where Inspector has one.

#![forbid(unsafe_code)]

pub mod arn;
pub mod assessment;
pub mod attribute;
pub mod coverage;
pub mod ecosystem;
pub mod evidence;
pub mod exclusion;
pub mod finding;
pub mod outcome;
pub mod region;
pub mod rules_package;
pub mod run;
pub mod severity;
pub mod target;
pub mod template;
pub mod trace;

pub use jiff::Timestamp;
