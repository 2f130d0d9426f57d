//! The API from outside: requests as clients send them, bodies as clients read them.

// Clippy knows `#[test]` functions, but not what they call.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod codes;
mod errors;
mod samples;
mod signatures;
mod vectors;
