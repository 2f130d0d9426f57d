//! `cargo xtask codegen`: the published service model (botocore's `inspector/2016-02-16/service-2.json`, Apache-2.0) →
//! `crates/wire/src/generated.rs`. Of the model's texts nothing is taken but names, types and limits.

mod document;
mod model;
mod operations;
mod run;
mod shapes;
mod types;

pub(crate) use run::{GENERATED, run, stale};
