//! What is known of CVEs whatever the distribution: exploitation (KEV), its probability (EPSS), scores (CVSS).
//!
//! One file with a table for each feed, sorted by CVE. A feed that is not there has no table: "not listed in KEV" can
//! then be told from "KEV was never read" by [`Enrichment::parts`].

use std::path::Path;

use assay_model::finding::{CvssScore, Vulnerability};
use serde::{Deserialize, Serialize};

use super::container::{Container, Kind, Record, Section};
use crate::import::epss::PARTS;
use crate::import::score::CvssVersion;
use crate::{AdvisoryError, CveId, FeedOrigin};

/// File name of the compiled enrichment database.
pub const FILE_NAME: &str = "enrichment.assaydb";

pub(crate) const KIND: Kind = Kind { number: 2, schema: 1, name: "enrichment database" };

/// Texts.
pub(crate) const TEXTS: u32 = 1;
/// Length of a KEV row: CVE, date added, due date, ransomware.
pub(crate) const KEV_ROW: usize = 24;
/// Length of an EPSS row: CVE, probability, percentile.
pub(crate) const EPSS_ROW: usize = 16;
/// Length of a score's row: CVE, vector, source, score, published score, version, scorer.
pub(crate) const SCORE_ROW: usize = 24;

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

impl EnrichmentPart {
    /// Every part.
    pub const ALL: [EnrichmentPart; 4] =
        [EnrichmentPart::CisaKev, EnrichmentPart::Epss, EnrichmentPart::CveRecords, EnrichmentPart::Nvd];

    /// The section that holds it, and the length of its rows.
    pub(crate) fn section(self) -> (u32, usize) {
        match self {
            EnrichmentPart::CisaKev => (2, KEV_ROW),
            EnrichmentPart::Epss => (3, EPSS_ROW),
            EnrichmentPart::CveRecords => (4, SCORE_ROW),
            EnrichmentPart::Nvd => (5, SCORE_ROW),
        }
    }
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
    /// Scores whose vector gives another base score than the published one; the vector's is used.
    pub recomputed: u64,
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

/// What the database says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EnrichmentHeader {
    pub(crate) created_by: String,
    pub(crate) parts: Vec<PartHeader>,
}

/// A KEV entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KevEntry<'a> {
    /// The day it was added, `YYYY-MM-DD`.
    pub date_added: &'a str,
    /// The day by which US agencies must have it fixed, `YYYY-MM-DD`.
    pub due_date: &'a str,
    /// Whether ransomware is known to use it.
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

/// Who scored, the more authoritative first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scorer {
    /// NVD's analysts.
    Nvd,
    /// The CNA that assigned the CVE.
    Cna,
    /// Somebody else, for example CISA's ADP.
    Other,
}

impl Scorer {
    const ALL: [Scorer; 3] = [Scorer::Nvd, Scorer::Cna, Scorer::Other];

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    fn from_code(code: u8) -> Option<Scorer> {
        Scorer::ALL.get(usize::from(code)).copied()
    }
}

/// One CVSS score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CvssRating<'a> {
    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub version: &'static str,
    /// The base score that the vector gives, 0.0 to 10.0.
    pub score: f64,
    /// The base score as published, which is another one now and then.
    pub published: f64,
    /// The vector as published.
    pub vector: &'a str,
    /// What kind of scorer it was.
    pub scorer: Scorer,
    /// Who scored, for example `nvd@nist.gov` or `redhat`.
    pub source: &'a str,
}

/// An open enrichment database.
#[derive(Debug)]
pub struct Enrichment {
    container: Container,
    header: EnrichmentHeader,
}

impl Enrichment {
    /// Opens a compiled database; only its header is read, the rest is checked when it is used.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is no database, is of another schema, or its header is damaged.
    pub fn open(path: &Path) -> Result<Enrichment, AdvisoryError> {
        Enrichment::with(Container::open(path, KIND)?)
    }

    /// Opens a database from its bytes.
    ///
    /// # Errors
    ///
    /// As [`Enrichment::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Enrichment, AdvisoryError> {
        Enrichment::with(Container::from_bytes(bytes, KIND)?)
    }

    fn with(container: Container) -> Result<Enrichment, AdvisoryError> {
        let header = container.description()?;
        Ok(Enrichment { container, header })
    }

    /// The parts it has, in the order of [`EnrichmentPart`].
    pub fn parts(&self) -> &[PartHeader] {
        &self.header.parts
    }

    /// What it says of one part; absent when it was never read.
    pub fn part(&self, part: EnrichmentPart) -> Option<&PartHeader> {
        self.header.parts.iter().find(|header| header.part == part)
    }

    /// 16 hexadecimal digits that are the same for the same content.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.container.fingerprint())
    }

    /// Checks every section's checksum and follows every reference.
    ///
    /// # Errors
    ///
    /// When anything is damaged.
    pub fn verify(&self) -> Result<(), AdvisoryError> {
        for header in &self.header.parts {
            let rows = self.rows(header.part)?;
            if rows.map_or(0, |rows| rows.len()) as u64 != header.count {
                return Err(self.corrupt("it holds another number of entries than it says"));
            }
            let Some(rows) = rows else {
                continue;
            };
            let mut last = 0;
            for index in 0..rows.len() {
                let row = rows.record(index)?;
                let key = row.u64(0)?;
                if key < last {
                    return Err(self.corrupt("a table of it is not sorted"));
                }
                last = key;
                match header.part {
                    EnrichmentPart::CisaKev => drop(self.kev_entry(row)?),
                    EnrichmentPart::Epss => drop(epss_score(row)?),
                    EnrichmentPart::CveRecords | EnrichmentPart::Nvd => drop(self.rating(row)?),
                }
            }
        }
        Ok(())
    }

    /// The KEV entry of a CVE.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn kev(&self, cve: CveId) -> Result<Option<KevEntry<'_>>, AdvisoryError> {
        self.rows_of(EnrichmentPart::CisaKev, cve)?.next().map(|row| self.kev_entry(row?)).transpose()
    }

    /// The EPSS score of a CVE.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn epss(&self, cve: CveId) -> Result<Option<EpssScore>, AdvisoryError> {
        self.rows_of(EnrichmentPart::Epss, cve)?.next().map(|row| epss_score(row?)).transpose()
    }

    /// The CVSS scores of a CVE, the one to show first: newest version of CVSS, then NVD, then the CNA, then others.
    /// Of two with the same vector only the first is given.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn cvss(&self, cve: CveId) -> Result<Vec<CvssRating<'_>>, AdvisoryError> {
        let mut ratings = Vec::new();
        for part in [EnrichmentPart::Nvd, EnrichmentPart::CveRecords] {
            for row in self.rows_of(part, cve)? {
                ratings.push(self.rating(row?)?);
            }
        }
        ratings.sort_by(|left: &CvssRating<'_>, right| {
            let newest_first = right.version.cmp(left.version);
            newest_first
                .then_with(|| (left.scorer, left.source, left.vector).cmp(&(right.scorer, right.source, right.vector)))
        });
        let mut vectors = Vec::new();
        ratings.retain(|rating| {
            let is_new = !vectors.contains(&rating.vector);
            vectors.push(rating.vector);
            is_new
        });
        Ok(ratings)
    }

    /// All of it in the vocabulary of findings. An id that is no CVE (`TEMP-…`) has nothing.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn vulnerability(&self, id: &str) -> Result<Vulnerability, AdvisoryError> {
        let mut vulnerability = Vulnerability { cve: id.to_owned(), ..Vulnerability::default() };
        let Ok(cve) = id.parse::<CveId>() else {
            return Ok(vulnerability);
        };
        let scores = self.cvss(cve)?.into_iter().map(|rating| CvssScore {
            version: rating.version.to_owned(),
            score: rating.score,
            vector: rating.vector.to_owned(),
            source: rating.source.to_owned(),
        });
        vulnerability.cvss = scores.collect();
        vulnerability.kev_date_added = self.kev(cve)?.map(|entry| entry.date_added.to_owned());
        let epss = self.epss(cve)?;
        vulnerability.epss = epss.map(|score| score.probability);
        vulnerability.epss_percentile = epss.map(|score| score.percentile);
        Ok(vulnerability)
    }

    /// The rows of a part; absent when the database does not have it.
    pub(crate) fn rows(&self, part: EnrichmentPart) -> Result<Option<Section<'_>>, AdvisoryError> {
        let (id, row) = part.section();
        self.part(part).map(|_| self.container.section(id, row)).transpose()
    }

    /// The rows of a CVE.
    fn rows_of(
        &self,
        part: EnrichmentPart,
        cve: CveId,
    ) -> Result<impl Iterator<Item = Result<Record<'_>, AdvisoryError>>, AdvisoryError> {
        let rows = self.rows(part)?;
        let first = rows.map(|rows| rows.lower_bound(cve.key())).transpose()?.unwrap_or_default();
        let mut indexes = rows.map_or(0..0, |rows| first..rows.len());
        Ok(std::iter::from_fn(move || {
            let row = rows?.record(indexes.next()?);
            match row.and_then(|row| Ok((row, row.u64(0)?))) {
                Ok((row, key)) => (key == cve.key()).then_some(Ok(row)),
                Err(error) => Some(Err(error)),
            }
        }))
    }

    pub(crate) fn kev_entry<'a>(&'a self, row: Record<'a>) -> Result<KevEntry<'a>, AdvisoryError> {
        let ransomware = match row.u32(16)? {
            0 => Ransomware::Unknown,
            1 => Ransomware::Known,
            _ => return Err(self.corrupt("a KEV entry has an unknown code")),
        };
        Ok(KevEntry { date_added: self.text(row.u32(8)?)?, due_date: self.text(row.u32(12)?)?, ransomware })
    }

    pub(crate) fn rating<'a>(&'a self, row: Record<'a>) -> Result<CvssRating<'a>, AdvisoryError> {
        let unknown = || self.corrupt("a score has an unknown code");
        let score = |tenths: u8| if tenths <= 100 { Ok(f64::from(tenths) / 10.0) } else { Err(unknown()) };
        Ok(CvssRating {
            version: CvssVersion::from_code(row.u8(18)?).ok_or_else(unknown)?.as_str(),
            score: score(row.u8(16)?)?,
            published: score(row.u8(17)?)?,
            vector: self.text(row.u32(8)?)?,
            scorer: Scorer::from_code(row.u8(19)?).ok_or_else(unknown)?,
            source: self.text(row.u32(12)?)?,
        })
    }

    fn text(&self, offset: u32) -> Result<&str, AdvisoryError> {
        self.container.section(TEXTS, 1)?.text(offset)
    }

    fn corrupt(&self, detail: &str) -> AdvisoryError {
        AdvisoryError::corrupt(self.container.path(), detail)
    }
}

fn epss_score(row: Record<'_>) -> Result<EpssScore, AdvisoryError> {
    Ok(EpssScore { probability: f64::from(row.u32(8)?) / PARTS, percentile: f64::from(row.u32(12)?) / PARTS })
}
