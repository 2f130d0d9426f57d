//! Requests out of bytes (reference §2, §4): JSON, then types, then required members, then limits, in this order, so that
//! the first thing that is wrong is the one that is said.

mod codes;
mod path;
mod relations;
mod request;
mod walk;

pub use request::{FindingBatch, MAX_BODY_BYTES, decode, decode_with};
