//! Compiled databases: one memory-mapped file per (feed, release), and one for what is known of CVEs everywhere.

pub mod advisories;
pub mod enrichment;

pub use advisories::{Advisory, Database, DatabaseHeader};
pub use enrichment::{
    CvssRating, Enrichment, EnrichmentBuilder, EnrichmentPart, EpssScore, KevEntry, PartHeader, PartSummary,
};
