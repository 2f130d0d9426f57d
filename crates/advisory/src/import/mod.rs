//! Readers of feeds in their publishers' own formats.
//!
//! Every reader streams: no feed is ever held as a tree. Types are checked strictly, unknown members are passed over,
//! and what is left out is counted with its reason.

pub mod csaf;
pub mod debian_tracker;
pub mod errata;
pub mod openvex;
pub mod osv;
pub mod oval;
pub mod secdb;
pub mod ubuntu_cve_tracker;
pub mod updateinfo;
pub mod vex;

mod debian_words;

#[cfg(test)]
pub(crate) mod collected;
pub(crate) mod cve_record;
pub(crate) mod documents;
pub(crate) mod epss;
pub(crate) mod errata_record;
pub(crate) mod kev;
pub(crate) mod lenient;
pub(crate) mod notice;
pub(crate) mod notice_text;
pub(crate) mod nvd;
pub(crate) mod purl;
pub(crate) mod red_hat;
pub(crate) mod score;
pub(crate) mod suse;
pub(crate) mod tally;
pub(crate) mod ubuntu_status;

pub use debian_tracker::{DebianTracker, ReleaseSummary};
