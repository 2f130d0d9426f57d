//! Compiles the feeds about CVEs into the file that [`Enrichment`] opens.
//!
//! A part that could not be fetched anew is taken over from the older database, so that one broken feed does not take
//! the others' knowledge away.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::builder::CREATED_BY;
use super::container::{NewSection, build, write_atomically};
use super::enrichment::{
    Enrichment, EnrichmentHeader, EnrichmentPart, FILE_NAME, KIND, PartHeader, PartSummary, Ransomware, Scorer, TEXTS,
};
use super::text_heap::TextHeap;
use crate::import::epss::EpssRow;
use crate::import::kev::KevRow;
use crate::import::score::CvssVersion;
use crate::import::{cve_record, epss, kev, nvd};
use crate::{AdvisoryError, CveId, FeedOrigin, Limits};

/// One CVSS score to compile; scores in tenths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScoreRow {
    pub(crate) cve: CveId,
    pub(crate) version: CvssVersion,
    pub(crate) scorer: Scorer,
    pub(crate) source: String,
    pub(crate) vector: String,
    pub(crate) score: u8,
    pub(crate) published: u8,
}

/// Collects feeds into an enrichment database.
#[derive(Debug, Default)]
pub struct EnrichmentBuilder {
    headers: BTreeMap<EnrichmentPart, PartHeader>,
    texts: TextHeap,
    /// Rows by part, as they will be written, but for their order and the offsets of their texts.
    rows: BTreeMap<EnrichmentPart, Rows>,
}

/// Rows whose texts are offsets into the builder's heap: (CVE, two numbers, codes).
type Rows = Vec<(u64, u32, u32, [u8; 4])>;

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
        let (rows, summary) = match part {
            EnrichmentPart::CisaKev => {
                let (rows, summary) = kev::read(reader, limits)?;
                (self.kev_rows(rows)?, summary)
            }
            EnrichmentPart::Epss => {
                let (rows, summary) = epss::read(reader, limits)?;
                (rows.into_iter().map(epss_row).collect(), summary)
            }
            EnrichmentPart::CveRecords => {
                let (rows, summary) = cve_record::read(reader, limits)?;
                (self.score_rows(rows)?, summary)
            }
            EnrichmentPart::Nvd => {
                let (rows, summary) = nvd::read(reader, limits)?;
                (self.score_rows(rows)?, summary)
            }
        };
        self.rows.entry(part).or_default().extend(rows);
        let header = self.headers.entry(part).or_insert_with(|| empty_header(part));
        header.origins.push(origin.clone());
        header.published_at = header.published_at.take().max(summary.published_at.clone());
        Ok(summary)
    }

    /// Takes a part over from an older database, for example because its new feed is in quarantine.
    ///
    /// # Errors
    ///
    /// When the older database is damaged. A part that it does not have is no error.
    pub fn keep(&mut self, part: EnrichmentPart, from: &Enrichment) -> Result<(), AdvisoryError> {
        let (Some(header), Some(old)) = (from.part(part), from.rows(part)?) else {
            return Ok(());
        };
        let mut rows = Rows::new();
        for index in 0..old.len() {
            let row = old.record(index)?;
            let cve = row.u64(0)?;
            rows.push(match part {
                EnrichmentPart::CisaKev => {
                    let entry = from.kev_entry(row)?;
                    let codes = [u8::from(entry.ransomware == Ransomware::Known), 0, 0, 0];
                    (cve, self.texts.add(entry.date_added)?, self.texts.add(entry.due_date)?, codes)
                }
                EnrichmentPart::Epss => (cve, row.u32(8)?, row.u32(12)?, [0; 4]),
                EnrichmentPart::CveRecords | EnrichmentPart::Nvd => {
                    let rating = from.rating(row)?;
                    let codes = [row.u8(16)?, row.u8(17)?, row.u8(18)?, row.u8(19)?];
                    (cve, self.texts.add(rating.vector)?, self.texts.add(rating.source)?, codes)
                }
            });
        }
        self.rows.entry(part).or_default().extend(rows);
        let kept = self.headers.entry(part).or_insert_with(|| empty_header(part));
        kept.origins.extend(header.origins.iter().cloned());
        kept.published_at = kept.published_at.take().max(header.published_at.clone());
        Ok(())
    }

    /// The compiled database, as the bytes of its file.
    ///
    /// # Errors
    ///
    /// When it would be too large.
    pub fn compile(&self) -> Result<Vec<u8>, AdvisoryError> {
        let mut texts = TextHeap::default();
        let mut header = EnrichmentHeader { created_by: CREATED_BY.to_owned(), parts: Vec::new() };
        let mut sections = Vec::new();
        for (&part, rows) in &self.rows {
            let (section, count) = self.compile_part(part, rows, &mut texts)?;
            sections.push(section);
            let mut part_header = self.headers.get(&part).cloned().unwrap_or_else(|| empty_header(part));
            part_header.count = count;
            header.parts.push(part_header);
        }
        sections.push(NewSection { id: TEXTS, record_size: 1, bytes: texts.into_bytes() });
        build(KIND, &header, &sections)
    }

    /// Compiles and puts the database into a directory as [`FILE_NAME`], atomically; gives its path.
    ///
    /// # Errors
    ///
    /// As [`EnrichmentBuilder::compile`], and when it cannot be written; the file that was there before then stays.
    pub fn write(&self, directory: &Path) -> Result<PathBuf, AdvisoryError> {
        let path = directory.join(FILE_NAME);
        write_atomically(&path, &self.compile()?)?;
        Ok(path)
    }

    /// Sorted rows of a part, each once; a CVE has one row in KEV and EPSS, the first that was read.
    fn compile_part(
        &self,
        part: EnrichmentPart,
        rows: &Rows,
        texts: &mut TextHeap,
    ) -> Result<(NewSection, u64), AdvisoryError> {
        let (id, length) = part.section();
        let mut rows = rows.clone();
        match part {
            EnrichmentPart::CisaKev | EnrichmentPart::Epss => {
                rows.sort_by_key(|row| row.0);
                rows.dedup_by_key(|row| row.0);
            }
            EnrichmentPart::CveRecords | EnrichmentPart::Nvd => {
                rows.sort_by_key(|&(cve, vector, source, codes)| {
                    (cve, codes, self.texts.get(vector), self.texts.get(source))
                });
                rows.dedup();
            }
        }
        let mut bytes = Vec::with_capacity(rows.len() * length);
        for &(cve, first, second, codes) in &rows {
            let is_number = part == EnrichmentPart::Epss;
            let mut number = |value: u32| if is_number { Ok(value) } else { texts.add(self.texts.get(value)) };
            let (first, second) = (number(first)?, number(second)?);
            bytes.extend_from_slice(&cve.to_le_bytes());
            bytes.extend_from_slice(&first.to_le_bytes());
            bytes.extend_from_slice(&second.to_le_bytes());
            if !is_number {
                bytes.extend_from_slice(&codes);
                bytes.extend_from_slice(&[0; 4]);
            }
        }
        Ok((NewSection { id, record_size: length as u32, bytes }, rows.len() as u64))
    }

    fn kev_rows(&mut self, rows: Vec<KevRow>) -> Result<Rows, AdvisoryError> {
        let row = |row: KevRow| {
            let (added, due) = (self.texts.add(&row.date_added)?, self.texts.add(&row.due_date)?);
            Ok((row.cve.key(), added, due, [u8::from(row.is_ransomware_known), 0, 0, 0]))
        };
        rows.into_iter().map(row).collect()
    }

    fn score_rows(&mut self, rows: Vec<ScoreRow>) -> Result<Rows, AdvisoryError> {
        let row = |row: ScoreRow| {
            let (vector, source) = (self.texts.add(&row.vector)?, self.texts.add(&row.source)?);
            Ok((row.cve.key(), vector, source, [row.score, row.published, row.version.code(), row.scorer.code()]))
        };
        rows.into_iter().map(row).collect()
    }
}

fn epss_row(row: EpssRow) -> (u64, u32, u32, [u8; 4]) {
    (row.cve.key(), row.probability, row.percentile, [0; 4])
}

fn empty_header(part: EnrichmentPart) -> PartHeader {
    PartHeader { part, origins: Vec::new(), published_at: None, count: 0 }
}
