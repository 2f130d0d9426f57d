//! Tests of the reports, over one assessment that is built in code.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod advice;
mod csv;
mod fixture;
mod golden;
mod hostile;
mod members;
mod openvex;
mod others;
mod run_report;
