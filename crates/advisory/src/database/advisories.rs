//! The advisories of one feed at one release, memory-mapped.
//!
//! Sources and ids are sorted tables that point into the records; texts lie in a heap of their own, descriptions in
//! another, so that a match touches no page of them. Every reference is checked when it is followed.

use std::path::Path;

use assay_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::advisory::{Advisory, NoDsaReason, TrackerStatus, Urgency};
use super::container::{Container, Kind, Record, Section};
use crate::{AdvisoryError, FeedOrigin};

pub(crate) const KIND: Kind = Kind { number: 1, schema: 1, name: "advisory database" };

/// Texts, but for descriptions.
pub(crate) const TEXTS: u32 = 1;
/// Descriptions.
pub(crate) const DESCRIPTIONS: u32 = 2;
/// Source packages by name: name, first record, number of records.
pub(crate) const SOURCES: u32 = 3;
/// Records by source, then id: id, source, fixed version, note, description, bug, then four codes.
pub(crate) const RECORDS: u32 = 4;
/// Ids by their text: id, first of its entries in `RECORDS_OF_ID`, their number.
pub(crate) const IDS: u32 = 5;
/// Record numbers, grouped by id.
pub(crate) const RECORDS_OF_ID: u32 = 6;

pub(crate) const TABLE_ROW: usize = 12;
pub(crate) const RECORD: usize = 28;

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHeader {
    /// The release it is for, for example `bookworm`.
    pub release: String,
    /// Where the feed came from.
    pub origin: FeedOrigin,
    /// The program that compiled it, for example `assay 0.1.0`.
    pub created_by: String,
    /// Number of (source package, vulnerability) records.
    pub record_count: u64,
    /// Number of source packages.
    pub source_count: u64,
}

/// An open database.
#[derive(Debug)]
pub struct Database {
    container: Container,
    header: DatabaseHeader,
}

impl Database {
    /// Opens a compiled database; only its header is read, the rest is checked when it is used.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is no database, is of another schema, or its header is damaged.
    pub fn open(path: &Path) -> Result<Database, AdvisoryError> {
        Database::with(Container::open(path, KIND)?)
    }

    /// Opens a database from its bytes.
    ///
    /// # Errors
    ///
    /// As [`Database::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Database, AdvisoryError> {
        Database::with(Container::from_bytes(bytes, KIND)?)
    }

    fn with(container: Container) -> Result<Database, AdvisoryError> {
        let header = container.description()?;
        Ok(Database { container, header })
    }

    /// What it says of itself.
    pub fn header(&self) -> &DatabaseHeader {
        &self.header
    }

    /// When the feed was fetched.
    pub fn fetched_at(&self) -> Timestamp {
        self.header.origin.fetched_at
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
        let view = self.view()?;
        if view.records.len() as u64 != self.header.record_count
            || view.sources.len() as u64 != self.header.source_count
        {
            return Err(self.corrupt("it holds another number of records than it says"));
        }
        for index in 0..view.records.len() {
            view.advisory(index)?.description()?;
        }
        for table in [view.sources, view.ids] {
            let mut last = "";
            for index in 0..table.len() {
                let name = view.texts.text(table.record(index)?.u32(0)?)?;
                if name <= last {
                    return Err(self.corrupt("a table of it is not sorted"));
                }
                last = name;
            }
        }
        for index in 0..view.ids.len() {
            let id = view.texts.text(view.ids.record(index)?.u32(0)?)?;
            for advisory in view.of_id(index)? {
                if advisory?.id != id {
                    return Err(self.corrupt("its table of ids points elsewhere"));
                }
            }
        }
        for index in 0..view.sources.len() {
            let source = view.texts.text(view.sources.record(index)?.u32(0)?)?;
            for advisory in view.of_source(index)? {
                if advisory?.source != source {
                    return Err(self.corrupt("its table of sources points elsewhere"));
                }
            }
        }
        Ok(())
    }

    /// The advisories of a source package, by id; none where the feed does not list it.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn advisories_of_source(&self, source: &str) -> Result<Vec<Advisory<'_>>, AdvisoryError> {
        let view = self.view()?;
        match view.find_source(source)? {
            Some(index) => view.of_source(index)?.collect(),
            None => Ok(Vec::new()),
        }
    }

    /// The advisories about a vulnerability, by source package; none where the feed does not know it.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn advisories_of_id(&self, id: &str) -> Result<Vec<Advisory<'_>>, AdvisoryError> {
        let view = self.view()?;
        match view.find(view.ids, id)? {
            Some(index) => view.of_id(index)?.collect(),
            None => Ok(Vec::new()),
        }
    }

    /// The sections a match needs, checked.
    pub(crate) fn view(&self) -> Result<View<'_>, AdvisoryError> {
        Ok(View {
            database: self,
            texts: self.container.section(TEXTS, 1)?,
            sources: self.container.section(SOURCES, TABLE_ROW)?,
            records: self.container.section(RECORDS, RECORD)?,
            ids: self.container.section(IDS, TABLE_ROW)?,
            records_of_id: self.container.section(RECORDS_OF_ID, 4)?,
        })
    }

    pub(crate) fn description_text(&self, offset: u32) -> Result<&str, AdvisoryError> {
        self.container.section(DESCRIPTIONS, 1)?.text(offset)
    }

    fn corrupt(&self, detail: &str) -> AdvisoryError {
        AdvisoryError::corrupt(self.container.path(), detail)
    }
}

/// The sections of an open database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    database: &'a Database,
    texts: Section<'a>,
    sources: Section<'a>,
    records: Section<'a>,
    ids: Section<'a>,
    records_of_id: Section<'a>,
}

impl<'a> View<'a> {
    /// The index of a source package.
    pub(crate) fn find_source(&self, name: &str) -> Result<Option<usize>, AdvisoryError> {
        self.find(self.sources, name)
    }

    /// The advisories of a source package, by id.
    pub(crate) fn of_source(
        self,
        index: usize,
    ) -> Result<impl Iterator<Item = Result<Advisory<'a>, AdvisoryError>>, AdvisoryError> {
        let (first, count) = range_of(self.sources.record(index)?)?;
        Ok((0..count).map(move |step| self.advisory(first + step)))
    }

    /// The advisories about a vulnerability, by source package.
    fn of_id(self, index: usize) -> Result<impl Iterator<Item = Result<Advisory<'a>, AdvisoryError>>, AdvisoryError> {
        let (first, count) = range_of(self.ids.record(index)?)?;
        Ok((0..count).map(move |step| {
            let record = self.records_of_id.record(first + step)?.u32(0)?;
            self.advisory(record as usize)
        }))
    }

    fn find(&self, table: Section<'a>, name: &str) -> Result<Option<usize>, AdvisoryError> {
        table.search(name, |row| self.texts.text(row.u32(0)?))
    }

    fn name_in(&self, table: Section<'a>, index: u32) -> Result<&'a str, AdvisoryError> {
        self.texts.text(table.record(index as usize)?.u32(0)?)
    }

    fn optional_text(&self, offset: u32) -> Result<Option<&'a str>, AdvisoryError> {
        if offset == 0 { Ok(None) } else { self.texts.text(offset).map(Some) }
    }

    fn advisory(&self, index: usize) -> Result<Advisory<'a>, AdvisoryError> {
        let record = self.records.record(index)?;
        let unknown = || self.database.corrupt("a record has an unknown code");
        let bug = record.u32(20)?;
        Ok(Advisory {
            database: self.database,
            id: self.name_in(self.ids, record.u32(0)?)?,
            source: self.name_in(self.sources, record.u32(4)?)?,
            fixed_version: self.optional_text(record.u32(8)?)?,
            note: self.optional_text(record.u32(12)?)?,
            description: record.u32(16)?,
            debian_bug: (bug != 0).then_some(bug),
            status: TrackerStatus::from_code(record.u8(24)?).ok_or_else(unknown)?,
            urgency: Urgency::from_code(record.u8(25)?).ok_or_else(unknown)?,
            no_dsa: NoDsaReason::from_code(record.u8(26)?).ok_or_else(unknown)?,
        })
    }
}

fn range_of(row: Record<'_>) -> Result<(usize, usize), AdvisoryError> {
    Ok((row.u32(4)? as usize, row.u32(8)? as usize))
}
