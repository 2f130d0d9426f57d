//! The advisories of one scope, memory-mapped.
//!
//! Packages and ids are sorted tables that point into the records; texts lie in a heap of their own, descriptions in
//! another, so that a match touches no page of them. Every reference is checked when it is followed.

use std::path::Path;

use assay_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::advisory::{Advisory, End, Range};
use super::container::{Container, Kind, Record, Section};
use crate::scope::Scope;
use crate::{AdvisoryError, FeedOrigin};

pub(crate) const KIND: Kind = Kind { number: 1, schema: 2, name: "advisory database" };

/// Texts, but for descriptions.
pub(crate) const TEXTS: u32 = 1;
/// Descriptions.
pub(crate) const DESCRIPTIONS: u32 = 2;
/// Packages by name: name, first record, number of records.
pub(crate) const PACKAGES: u32 = 3;
/// Records by package, then id; see `Advisory::read`.
pub(crate) const RECORDS: u32 = 4;
/// Ids and aliases by their text: id, first of its entries in `RECORDS_OF_ID`, their number.
pub(crate) const IDS: u32 = 5;
/// Record numbers, grouped by id.
pub(crate) const RECORDS_OF_ID: u32 = 6;
/// Ranges: kind of the end, first affected version, end.
pub(crate) const RANGES: u32 = 7;

pub(crate) const TABLE_ROW: usize = 12;
pub(crate) const RECORD: usize = 60;
pub(crate) const RANGE: usize = 12;

/// The kinds of a range's end.
pub(crate) const FIXED: u32 = 0;
pub(crate) const LAST_AFFECTED: u32 = 1;
pub(crate) const OPEN: u32 = 2;
pub(crate) const EXACTLY: u32 = 3;

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseHeader {
    /// What it is for.
    pub scope: Scope,
    /// Where the feeds came from, in the order in which they were added.
    pub origins: Vec<FeedOrigin>,
    /// The program that compiled it, for example `assay 0.1.0`.
    pub created_by: String,
    /// Number of (package, vulnerability) records.
    pub record_count: u64,
    /// Number of packages.
    pub package_count: u64,
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

    /// When the oldest of its feeds was fetched; the beginning of time where it has none.
    pub fn fetched_at(&self) -> Timestamp {
        let fetched = self.header.origins.iter().map(|origin| origin.fetched_at);
        fetched.min().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The names of its feeds, for people.
    pub fn feeds(&self) -> String {
        let feeds: Vec<&str> = self.header.origins.iter().map(|origin| origin.feed.as_str()).collect();
        feeds.join(", ")
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
            || view.packages.len() as u64 != self.header.package_count
        {
            return Err(self.corrupt("it holds another number of records than it says"));
        }
        for index in 0..view.records.len() {
            let advisory = view.advisory(index)?;
            advisory.ranges()?;
            advisory.origin()?;
            advisory.description()?;
            for text in [advisory.status(), advisory.severity(), advisory.note(), advisory.reference()] {
                text?;
            }
            advisory.aliases()?.chain(advisory.cvss()?).for_each(drop);
        }
        for table in [view.packages, view.ids] {
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
            let id = view.id(index as u32)?;
            for advisory in view.of_id(index)? {
                let advisory = advisory?;
                if advisory.id != id && !advisory.aliases()?.any(|alias| alias == id) {
                    return Err(self.corrupt("its table of ids points elsewhere"));
                }
            }
        }
        for index in 0..view.packages.len() {
            let package = view.package(index as u32)?;
            let mut last = "";
            for advisory in view.of_package(index)? {
                let advisory = advisory?;
                if advisory.package != package || advisory.id < last {
                    return Err(self.corrupt("its table of packages points elsewhere"));
                }
                last = advisory.id;
            }
        }
        Ok(())
    }

    /// The names of packages that it has advisories of, sorted.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn packages(&self) -> Result<Vec<&str>, AdvisoryError> {
        let view = self.view()?;
        (0..view.packages.len()).map(|index| view.package(index as u32)).collect()
    }

    /// The advisories of a package name, by id; none where the feeds do not list it.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn advisories_of_package(&self, name: &str) -> Result<Vec<Advisory<'_>>, AdvisoryError> {
        let view = self.view()?;
        match view.find_package(name)? {
            Some(index) => view.of_package(index)?.collect(),
            None => Ok(Vec::new()),
        }
    }

    /// The advisories about a vulnerability, by package; none where the feeds do not know it. An alias or the id of a
    /// notice will do.
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
            packages: self.container.section(PACKAGES, TABLE_ROW)?,
            records: self.container.section(RECORDS, RECORD)?,
            ids: self.container.section(IDS, TABLE_ROW)?,
            records_of_id: self.container.section(RECORDS_OF_ID, 4)?,
            ranges: self.container.section(RANGES, RANGE)?,
        })
    }

    pub(crate) fn text(&self, offset: u32) -> Result<&str, AdvisoryError> {
        self.container.section(TEXTS, 1)?.text(offset)
    }

    pub(crate) fn description_text(&self, offset: u32) -> Result<&str, AdvisoryError> {
        self.container.section(DESCRIPTIONS, 1)?.text(offset)
    }

    pub(crate) fn corrupt(&self, detail: &str) -> AdvisoryError {
        AdvisoryError::corrupt(self.container.path(), detail)
    }
}

/// The sections of an open database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    database: &'a Database,
    texts: Section<'a>,
    packages: Section<'a>,
    records: Section<'a>,
    ids: Section<'a>,
    records_of_id: Section<'a>,
    ranges: Section<'a>,
}

impl<'a> View<'a> {
    pub(crate) fn database(&self) -> &'a Database {
        self.database
    }

    /// The index of a package.
    pub(crate) fn find_package(&self, name: &str) -> Result<Option<usize>, AdvisoryError> {
        self.find(self.packages, name)
    }

    /// The advisories of a package, by id.
    pub(crate) fn of_package(
        self,
        index: usize,
    ) -> Result<impl Iterator<Item = Result<Advisory<'a>, AdvisoryError>>, AdvisoryError> {
        let (first, count) = range_of(self.packages.record(index)?)?;
        Ok((0..count).map(move |step| self.advisory(first + step)))
    }

    /// The advisories about a vulnerability, by package.
    fn of_id(self, index: usize) -> Result<impl Iterator<Item = Result<Advisory<'a>, AdvisoryError>>, AdvisoryError> {
        let (first, count) = range_of(self.ids.record(index)?)?;
        Ok((0..count).map(move |step| {
            let record = self.records_of_id.record(first + step)?.u32(0)?;
            self.advisory(record as usize)
        }))
    }

    pub(crate) fn ranges(&self, (first, count): (u32, u32)) -> Result<Vec<Range<'a>>, AdvisoryError> {
        let mut ranges = Vec::new();
        for step in 0..count as usize {
            ranges.push(self.range(first as usize + step)?);
        }
        Ok(ranges)
    }

    pub(crate) fn range(&self, index: usize) -> Result<Range<'a>, AdvisoryError> {
        let record = self.ranges.record(index)?;
        let (introduced, text) = (self.optional_text(record.u32(4)?)?, self.texts.text(record.u32(8)?)?);
        let end = match record.u32(0)? {
            FIXED => End::Fixed(text),
            LAST_AFFECTED => End::LastAffected(text),
            OPEN => End::Open,
            EXACTLY => End::Exactly(text),
            _ => return Err(self.database.corrupt("a range has an unknown code")),
        };
        Ok(Range { introduced, end })
    }

    fn find(&self, table: Section<'a>, name: &str) -> Result<Option<usize>, AdvisoryError> {
        table.search(name, |row| self.texts.text(row.u32(0)?))
    }

    pub(crate) fn id(&self, index: u32) -> Result<&'a str, AdvisoryError> {
        self.texts.text(self.ids.record(index as usize)?.u32(0)?)
    }

    pub(crate) fn package(&self, index: u32) -> Result<&'a str, AdvisoryError> {
        self.texts.text(self.packages.record(index as usize)?.u32(0)?)
    }

    pub(crate) fn optional_text(&self, offset: u32) -> Result<Option<&'a str>, AdvisoryError> {
        if offset == 0 { Ok(None) } else { self.texts.text(offset).map(Some) }
    }

    fn advisory(&self, index: usize) -> Result<Advisory<'a>, AdvisoryError> {
        Advisory::read(self, self.records.record(index)?)
    }
}

fn range_of(row: Record<'_>) -> Result<(usize, usize), AdvisoryError> {
    Ok((row.u32(4)? as usize, row.u32(8)? as usize))
}
