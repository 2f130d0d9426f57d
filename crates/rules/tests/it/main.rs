//! Tests of the rule language through its public interface.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic as tests do")]

mod embedded;
mod engine;
mod expressions;
mod hostile;
mod overlay;
mod page;
mod specimens;
mod support;
