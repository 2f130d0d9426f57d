//! Advisory feeds in their publishers' formats → compiled, memory-mapped databases → verdicts.
//!
//! Nothing here fetches, reads a clock or prints. A reader takes any [`std::io::Read`] and [`Limits`]; a compiled
//! [`Database`] serves one feed at one release, [`Enrichment`] what is known of a CVE whatever the distribution. The
//! matcher is a pure function of a database and of evidence: the same two give the same verdicts in the same order.

#![forbid(unsafe_code)]

mod cve_id;
mod entry;
mod error;
mod json;
mod limits;
mod origin;
mod packed;
mod platform;
mod release;
mod scope;
mod support;
mod tar;
mod ubuntu;
mod xml;
mod zip;

pub mod cvss;
pub mod database;
pub mod import;
pub mod matcher;
pub mod version;

pub use cve_id::{CveId, ParseCveIdError};
pub use database::{Advisory, Database, Enrichment};
pub use entry::{AffectedRange, Entry, EntrySink, Level, RangeEnd, Statement};
pub use error::AdvisoryError;
pub use limits::Limits;
pub use origin::FeedOrigin;
pub use packed::{open_packed, unpack};
pub use platform::Platform;
pub use release::{ReleaseError, scope_of};
pub use scope::{ParseScopeError, Scope};
pub use support::support_ended;
