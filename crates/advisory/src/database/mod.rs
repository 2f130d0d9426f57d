//! Compiled databases: one memory-mapped file per (feed, release), and one for what is known of CVEs everywhere.

pub mod advisories;
pub mod advisory;
pub mod enrichment;

mod advisory_builder;
mod container;
mod enrichment_builder;
mod text_heap;

#[cfg(test)]
mod tests;

pub use advisories::{Database, DatabaseHeader};
pub use advisory::{Advisory, NoDsaReason, TrackerStatus, Urgency};
pub use enrichment::{
    CvssRating, Enrichment, EnrichmentPart, EpssScore, KevEntry, PartHeader, PartSummary, Ransomware, Scorer,
};
pub use enrichment_builder::EnrichmentBuilder;

pub(crate) use advisory_builder::{AdvisoryBuilder, NewAdvisory};
pub(crate) use container::write_atomically;
pub(crate) use enrichment_builder::ScoreRow;
pub(crate) use text_heap::TextHeap;
