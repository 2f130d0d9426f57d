//! Compiles advisories into the file that [`super::Database`] opens.
//!
//! The bytes depend on the advisories and the origin alone, not on the order in which they were added.

use super::advisories::{
    DESCRIPTIONS, DatabaseHeader, IDS, KIND, RECORD, RECORDS, RECORDS_OF_ID, SOURCES, TABLE_ROW, TEXTS,
};
use super::advisory::{NoDsaReason, TrackerStatus, Urgency};
use super::container::{NewSection, build};
use super::text_heap::TextHeap;
use crate::{AdvisoryError, FeedOrigin};

/// The program that compiles.
pub(super) const CREATED_BY: &str = concat!("assay ", env!("CARGO_PKG_VERSION"));

/// One advisory to compile; an empty text stands for none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewAdvisory<'a> {
    pub(crate) source: &'a str,
    pub(crate) id: &'a str,
    pub(crate) status: TrackerStatus,
    pub(crate) urgency: Urgency,
    pub(crate) no_dsa: Option<NoDsaReason>,
    pub(crate) fixed_version: &'a str,
    pub(crate) note: &'a str,
    pub(crate) description: &'a str,
    pub(crate) debian_bug: u32,
}

/// Advisories of one release.
#[derive(Debug, Default)]
pub(crate) struct AdvisoryBuilder<'a> {
    advisories: Vec<NewAdvisory<'a>>,
}

impl<'a> AdvisoryBuilder<'a> {
    pub(crate) fn add(&mut self, advisory: NewAdvisory<'a>) {
        self.advisories.push(advisory);
    }

    /// The bytes of the database.
    pub(crate) fn compile(mut self, release: &str, origin: &FeedOrigin) -> Result<Vec<u8>, AdvisoryError> {
        self.advisories.sort_unstable_by_key(|advisory| (advisory.source, advisory.id));
        let mut ids: Vec<&str> = self.advisories.iter().map(|advisory| advisory.id).collect();
        ids.sort_unstable();
        ids.dedup();

        let mut texts = TextHeap::default();
        let mut descriptions = TextHeap::default();
        let mut records = Vec::with_capacity(self.advisories.len() * RECORD);
        let mut sources = Table::default();
        let mut records_of_id = vec![Vec::new(); ids.len()];
        for (index, advisory) in self.advisories.iter().enumerate() {
            let record = u32::try_from(index).map_err(|_| AdvisoryError::DoesNotFit { what: "the records" })?;
            let source = sources.row_of(advisory.source, record, &mut texts)?;
            let id = ids.binary_search(&advisory.id).unwrap_or_default();
            if let Some(of_id) = records_of_id.get_mut(id) {
                of_id.push(record);
            }
            for number in [
                id as u32,
                source,
                texts.add(advisory.fixed_version)?,
                texts.add(advisory.note)?,
                descriptions.add(advisory.description)?,
                advisory.debian_bug,
            ] {
                records.extend_from_slice(&number.to_le_bytes());
            }
            let codes = [advisory.status.code(), advisory.urgency.code(), NoDsaReason::code(advisory.no_dsa), 0];
            records.extend_from_slice(&codes);
        }
        let (source_rows, source_count) = sources.finish(self.advisories.len());

        let mut id_rows = Vec::with_capacity(ids.len() * TABLE_ROW);
        let mut grouped = Vec::with_capacity(self.advisories.len() * 4);
        for (id, of_id) in ids.iter().zip(&records_of_id) {
            for number in [texts.add(id)?, (grouped.len() / 4) as u32, of_id.len() as u32] {
                id_rows.extend_from_slice(&number.to_le_bytes());
            }
            grouped.extend(of_id.iter().flat_map(|record| record.to_le_bytes()));
        }

        let header = DatabaseHeader {
            release: release.to_owned(),
            origin: origin.clone(),
            created_by: CREATED_BY.to_owned(),
            record_count: self.advisories.len() as u64,
            source_count,
        };
        let section = |id, record_size: usize, bytes| NewSection { id, record_size: record_size as u32, bytes };
        let sections = [
            section(SOURCES, TABLE_ROW, source_rows),
            section(RECORDS, RECORD, records),
            section(IDS, TABLE_ROW, id_rows),
            section(RECORDS_OF_ID, 4, grouped),
            section(TEXTS, 1, texts.into_bytes()),
            section(DESCRIPTIONS, 1, descriptions.into_bytes()),
        ];
        build(KIND, &header, &sections)
    }
}

/// The table of source packages while it grows; the advisories come sorted by source.
#[derive(Debug, Default)]
struct Table<'a> {
    rows: Vec<(u32, u32)>,
    last: &'a str,
}

impl<'a> Table<'a> {
    fn row_of(&mut self, source: &'a str, record: u32, texts: &mut TextHeap) -> Result<u32, AdvisoryError> {
        if self.rows.is_empty() || self.last != source {
            self.rows.push((texts.add(source)?, record));
            self.last = source;
        }
        Ok(self.rows.len() as u32 - 1)
    }

    fn finish(self, record_count: usize) -> (Vec<u8>, u64) {
        let ends = self.rows.iter().skip(1).map(|&(_, first)| first).chain([record_count as u32]);
        let rows = self.rows.iter().zip(ends).flat_map(|(&(name, first), end)| [name, first, end - first]);
        (rows.flat_map(u32::to_le_bytes).collect(), self.rows.len() as u64)
    }
}
