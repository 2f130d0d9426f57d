//! Assessing: evidence × rules packages → findings and exclusions.
//!
//! A pure function. The clock, the ids and the knowledge come in as arguments; the same arguments give byte-identical
//! results on any machine. What was not checked is an exclusion with a reason and is counted, never silently left out.

#![forbid(unsafe_code)]

mod assemble;
mod exclusion;
mod judgement;
mod key;
mod knowledge;
mod native;
mod network;
mod request;
mod risk;
mod session;
mod vulnerability;

pub use assemble::assess;
pub use knowledge::{FeedGap, Knowledge, LibraryDatabases, VexFile};
pub use network::{NETWORK_RULES, judge_networks};
pub use request::request_for;
pub use session::Session;
pub use vulnerability::{SET_ASIDE, set_aside_by, set_aside_in};
