//! Tests against real data and against tools that nobody here wrote.

// Clippy knows `#[test]` functions, but not what they call.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::string_slice)]

mod csaf;
mod cvss;
mod debian_12_11;
mod debsecan;
mod differences;
mod enrichment;
mod fleet;
mod hostile;
mod hosts;
mod known_answer;
mod notices;
mod openvex;
mod osv;
mod osv_samples;
mod oval;
mod samples;
mod secdb;
mod states;
mod support;
mod ubuntu_cve_tracker;
mod versions;
mod writing;
