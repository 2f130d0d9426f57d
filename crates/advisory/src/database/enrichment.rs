//! What is known of CVEs whatever the distribution: exploitation (KEV), its probability (EPSS), scores (CVSS).

use std::io::Read;
use std::path::{Path, PathBuf};

use assay_model::finding::Vulnerability;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryError, CveId, FeedOrigin, Limits};

/// File name of the compiled enrichment database.
pub const FILE_NAME: &str = "enrichment.assaydb";

/// A part of the enrichment database; each is replaced on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnrichmentPart {
    /// CISA's catalogue of known exploited vulnerabilities.
    CisaKev,
    /// FIRST's exploit prediction scores.
    Epss,
    /// CVE records of the CVE Program, with its ADP containers.
    CveRecords,
    /// NVD's records.
    Nvd,
}

/// What was read into a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartSummary {
    /// Records of the feed.
    pub records: u64,
    /// Entries kept: CVEs for KEV and EPSS, scores for the others.
    pub kept: u64,
    /// Entries left out because they are malformed: a score outside 0 to 10, a vector that cannot be read, ….
    pub skipped: u64,
    /// The first few reasons for that.
    pub reasons: Vec<String>,
    /// The publisher's own date, where the feed states one (KEV `dateReleased`, EPSS `score_date`).
    pub published_at: Option<String>,
}

/// What the database says of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHeader {
    /// Which part.
    pub part: EnrichmentPart,
    /// Where it came from: one for each file.
    pub origins: Vec<FeedOrigin>,
    /// The publisher's own date, where the feed states one.
    pub published_at: Option<String>,
    /// Entries kept.
    pub count: u64,
}

/// A KEV entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KevEntry<'a> {
    /// The day it was added, `YYYY-MM-DD`.
    pub date_added: &'a str,
    /// The day by which US agencies must have it fixed, `YYYY-MM-DD`.
    pub due_date: &'a str,
    /// Whether ransomware is known to use it: the catalogue's word `Known`.
    pub ransomware: Ransomware,
}

/// Whether ransomware campaigns are known to use a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ransomware {
    /// They are.
    Known,
    /// Nothing is known.
    Unknown,
}

/// An EPSS score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpssScore {
    /// Probability of exploitation in the next 30 days, 0.0 to 1.0.
    pub probability: f64,
    /// Share of CVEs with the same or a lower probability, 0.0 to 1.0.
    pub percentile: f64,
}

/// One CVSS score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CvssRating<'a> {
    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub version: &'static str,
    /// The score computed from the vector, 0.0 to 10.0.
    pub score: f64,
    /// The score as published.
    pub published: f64,
    /// The vector as published.
    pub vector: &'a str,
    /// Who scored, for example `nvd@nist.gov` or `redhat`.
    pub source: &'a str,
}

/// Collects feeds into an enrichment database.
#[derive(Debug, Default)]
pub struct EnrichmentBuilder {}

impl EnrichmentBuilder {
    /// Nothing yet.
    pub fn new() -> EnrichmentBuilder {
        EnrichmentBuilder::default()
    }

    /// Reads one unpacked feed into its part. Reading several files into the same part adds them (NVD's years).
    ///
    /// # Errors
    ///
    /// When the feed breaks off, is not of its format, or is over a limit; the builder is then as it was before.
    pub fn read(
        &mut self,
        part: EnrichmentPart,
        reader: impl Read,
        origin: &FeedOrigin,
        limits: &Limits,
    ) -> Result<PartSummary, AdvisoryError> {
        let _ = (part, reader, origin, limits);
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// Takes a part over from an older database, for example because its new feed is in quarantine.
    ///
    /// # Errors
    ///
    /// When the older database is damaged. A part that it does not have is no error.
    pub fn keep(&mut self, part: EnrichmentPart, from: &Enrichment) -> Result<(), AdvisoryError> {
        let _ = (part, from);
        Ok(())
    }

    /// The compiled database, as the bytes of its file.
    ///
    /// # Errors
    ///
    /// When it would be too large.
    pub fn compile(&self) -> Result<Vec<u8>, AdvisoryError> {
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// Compiles and puts the database into a directory as [`FILE_NAME`], atomically; gives its path.
    ///
    /// # Errors
    ///
    /// As [`EnrichmentBuilder::compile`], and when it cannot be written; the file that was there before then stays.
    pub fn write(&self, directory: &Path) -> Result<PathBuf, AdvisoryError> {
        let _ = directory;
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }
}

/// An open enrichment database.
#[derive(Debug)]
pub struct Enrichment {
    parts: Vec<PartHeader>,
}

impl Enrichment {
    /// Opens a compiled database; only its header is read.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is no database, is of another schema, or its header is damaged.
    pub fn open(path: &Path) -> Result<Enrichment, AdvisoryError> {
        Err(AdvisoryError::NotADatabase { path: path.to_owned(), expected: "enrichment database" })
    }

    /// Opens a database from its bytes.
    ///
    /// # Errors
    ///
    /// As [`Enrichment::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Enrichment, AdvisoryError> {
        let _ = bytes;
        Err(AdvisoryError::DoesNotFit { what: "not written yet" })
    }

    /// The parts it has, in the order of [`EnrichmentPart`].
    pub fn parts(&self) -> &[PartHeader] {
        &self.parts
    }

    /// Checks every section's checksum and every entry's references.
    ///
    /// # Errors
    ///
    /// When anything is damaged.
    pub fn verify(&self) -> Result<(), AdvisoryError> {
        Ok(())
    }

    /// The KEV entry of a CVE.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn kev(&self, cve: CveId) -> Result<Option<KevEntry<'_>>, AdvisoryError> {
        let _ = cve;
        Ok(None)
    }

    /// The EPSS score of a CVE.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn epss(&self, cve: CveId) -> Result<Option<EpssScore>, AdvisoryError> {
        let _ = cve;
        Ok(None)
    }

    /// The CVSS scores of a CVE, the one to show first: newest version, then NVD, then the CNA, then others.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn cvss(&self, cve: CveId) -> Result<Vec<CvssRating<'_>>, AdvisoryError> {
        let _ = cve;
        Ok(Vec::new())
    }

    /// All of it in the vocabulary of findings. An id that is no CVE (`TEMP-…`) has nothing.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn vulnerability(&self, id: &str) -> Result<Vulnerability, AdvisoryError> {
        Ok(Vulnerability { cve: id.to_owned(), ..Vulnerability::default() })
    }
}
