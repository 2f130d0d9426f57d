//! Compiled databases: one memory-mapped file per scope, and one for what is known of CVEs everywhere.

pub mod advisory;
pub mod enrichment;
pub mod file;

mod builder;
mod container;
mod enrichment_builder;
mod text_heap;

#[cfg(test)]
mod tests;

pub use advisory::{Advisory, End, Range, StatementKind};
pub use builder::{DatabaseBuilder, OriginIndex};
pub use enrichment::{
    CvssRating, Enrichment, EnrichmentPart, EpssScore, KevEntry, PartHeader, PartSummary, Ransomware, Scorer,
};
pub use enrichment_builder::EnrichmentBuilder;
pub use file::{Database, DatabaseHeader};

pub(crate) use container::write_atomically;
pub(crate) use enrichment_builder::ScoreRow;
pub(crate) use file::View;
pub(crate) use text_heap::TextHeap;
