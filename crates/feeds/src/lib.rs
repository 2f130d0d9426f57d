//! The shell around the advisory database: fetch feeds, verify, compile, swap atomically, report their status.
//!
//! A bad or missing feed is never silently "no vulnerabilities": it is an error or an outcome that names the feed and
//! says what to do. Until a new feed is complete and judged trustworthy, the old one stays in use. The clock is an
//! argument, and nothing is printed.

#![forbid(unsafe_code)]

mod advisories;
mod build;
mod bundle;
mod canary;
mod catalogue;
mod commit;
mod disk;
mod download;
mod enrich;
mod error;
mod folder;
mod gather;
mod judge;
mod lock;
mod manifest;
mod mirror;
mod options;
mod piece;
mod progress;
mod quarantine;
mod report;
mod rounds;
mod source;
mod status;
mod store;
mod sync;
mod web;

pub use bundle::{
    BundleContents, BundleError, BundleFile, BundleImport, KeyOrigin, PublicKey, SigningKey, verify_bundle,
    verify_bundle_bytes,
};
pub use canary::{CanaryOutcome, CanaryResult};
pub use error::{FeedError, FetchError};
pub use judge::{QuarantineReason, Shrunk};
pub use mirror::{Mirror, ParseMirrorError};
pub use options::SyncOptions;
pub use progress::{Fetched, Progress, Silent, Step};
pub use report::{SourceReport, SyncOutcome, SyncReport};
pub use source::{Cadence, Need, Packing, ParseSourceError, Source};
pub use status::{FeedFile, FeedState, FeedStatus};
pub use store::FeedStore;
pub use web::Patience;
