//! Tests against real data and against tools that nobody here wrote.

mod debian_12_11;
mod support;
