//! Tests against the specification's own vectors, the official schema and bills of other tools.

// Clippy knows `#[test]` functions, but not what they call.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod bills;
mod purl_vectors;
mod support;
