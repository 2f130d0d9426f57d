//! Compiles entries into the file that [`super::Database`] opens.
//!
//! Every text is kept once, and entries are packed as they come, so that a feed of a gigabyte compiles in little
//! memory. The bytes depend on the entries and the origins alone, not on the order in which the entries were added.

use std::collections::HashMap;

use super::advisory::{Codes, StatementKind};
use super::container::{NewSection, build};
use super::file::{
    DESCRIPTIONS, DatabaseHeader, EXACTLY, FIXED, IDS, KIND, LAST_AFFECTED, OPEN, PACKAGES, RANGE, RANGES, RECORD,
    RECORDS, RECORDS_OF_ID, TABLE_ROW, TEXTS,
};
use super::text_heap::TextHeap;
use crate::entry::{Entry, RangeEnd, Statement};
use crate::scope::Scope;
use crate::{AdvisoryError, FeedOrigin};
use assay_model::finding::FixState;

/// The program that compiles.
pub(super) const CREATED_BY: &str = concat!("assay ", env!("CARGO_PKG_VERSION"));

/// Which of a database's feeds an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginIndex(u8);

/// One entry; texts are offsets into the heaps.
#[derive(Clone, Copy, Debug)]
struct Compact {
    id: u32,
    package: u32,
    ranges: u32,
    range_count: u32,
    /// Module, channel, architectures, aliases, status, severity, CVSS, note.
    texts: [u32; 8],
    description: u32,
    reference: u32,
    codes: [u8; 4],
}

/// One range: kind of its end, first affected version, end.
type CompactRange = (u32, u32, u32);

/// Entries of one scope, from one feed or several.
#[derive(Debug)]
pub struct DatabaseBuilder {
    scope: Scope,
    origins: Vec<FeedOrigin>,
    texts: TextHeap,
    descriptions: TextHeap,
    entries: Vec<Compact>,
    ranges: Vec<CompactRange>,
    /// Lists of ranges that are already there, with their first.
    known_ranges: HashMap<Vec<CompactRange>, u32>,
}

impl DatabaseBuilder {
    /// An empty database.
    pub fn new(scope: Scope) -> DatabaseBuilder {
        DatabaseBuilder {
            scope,
            origins: Vec::new(),
            texts: TextHeap::default(),
            descriptions: TextHeap::default(),
            entries: Vec::new(),
            ranges: Vec::new(),
            known_ranges: HashMap::new(),
        }
    }

    /// Adds a feed, from which entries can then be added.
    ///
    /// # Errors
    ///
    /// When there are more than 255.
    pub fn add_origin(&mut self, origin: FeedOrigin) -> Result<OriginIndex, AdvisoryError> {
        let index = u8::try_from(self.origins.len()).map_err(|_| does_not_fit("the number of feeds"))?;
        self.origins.push(origin);
        Ok(OriginIndex(index))
    }

    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// When the database would be too large.
    pub fn add(&mut self, origin: OriginIndex, entry: &Entry) -> Result<(), AdvisoryError> {
        let (statement, unfixed, reason) = match &entry.statement {
            Statement::Affected { unfixed, .. } => (StatementKind::Affected, *unfixed, None),
            Statement::NotAffected { reason } => (StatementKind::NotAffected, FixState::NoFixYet, reason.as_deref()),
            Statement::UnderInvestigation => (StatementKind::UnderInvestigation, FixState::NoFixYet, None),
            Statement::NotUnderstood => (StatementKind::NotUnderstood, FixState::NoFixYet, None),
        };
        let note = match reason {
            Some(reason) if entry.note.is_empty() => reason.to_owned(),
            Some(reason) => format!("{reason}: {}", entry.note),
            None => entry.note.clone(),
        };
        let (ranges, range_count) = self.add_ranges(&entry.statement)?;
        let words = |words: &[String]| {
            let words: Vec<&str> = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()).collect();
            words.join(" ")
        };
        let texts = [
            entry.module.as_deref().unwrap_or_default(),
            entry.channel.as_deref().unwrap_or_default(),
            &words(&entry.architectures),
            &words(&entry.aliases),
            &entry.status,
            &entry.severity,
            &words(&entry.cvss),
            &note,
        ];
        let mut places = [0; 8];
        for (place, text) in places.iter_mut().zip(texts) {
            *place = self.texts.add(text)?;
        }
        let (level, confidence) = (entry.level, entry.confidence);
        let compact = Compact {
            id: self.texts.add(&entry.id)?,
            package: self.texts.add(&entry.package)?,
            ranges,
            range_count,
            texts: places,
            description: self.descriptions.add(&entry.description)?,
            reference: self.texts.add(&entry.reference)?,
            codes: Codes { statement, unfixed, level, confidence, origin: origin.0 }.to_bytes(),
        };
        self.entries.push(compact);
        Ok(())
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add_ranges(&mut self, statement: &Statement) -> Result<(u32, u32), AdvisoryError> {
        let Statement::Affected { ranges, versions, .. } = statement else {
            return Ok((0, 0));
        };
        let mut list: Vec<CompactRange> = Vec::with_capacity(ranges.len() + versions.len());
        for range in ranges {
            let introduced = self.texts.add(range.introduced.as_deref().unwrap_or_default())?;
            list.push(match &range.end {
                RangeEnd::Fixed(version) => (FIXED, introduced, self.texts.add(version)?),
                RangeEnd::LastAffected(version) => (LAST_AFFECTED, introduced, self.texts.add(version)?),
                RangeEnd::Open => (OPEN, introduced, 0),
            });
        }
        for version in versions {
            list.push((EXACTLY, 0, self.texts.add(version)?));
        }
        if list.is_empty() {
            return Ok((0, 0));
        }
        let count = u32::try_from(list.len()).map_err(|_| does_not_fit("the ranges"))?;
        if let Some(&first) = self.known_ranges.get(&list) {
            return Ok((first, count));
        }
        let first = u32::try_from(self.ranges.len()).map_err(|_| does_not_fit("the ranges"))?;
        self.ranges.extend_from_slice(&list);
        self.known_ranges.insert(list, first);
        Ok((first, count))
    }

    /// The bytes of the database.
    ///
    /// # Errors
    ///
    /// When it would be too large.
    pub fn compile(self) -> Result<Vec<u8>, AdvisoryError> {
        Compiler { old: self, texts: TextHeap::default(), descriptions: TextHeap::default() }.compile()
    }
}

/// Writes sorted entries anew, so that texts lie in the order in which a match meets them, and the order in which
/// entries came leaves no trace.
struct Compiler {
    old: DatabaseBuilder,
    texts: TextHeap,
    descriptions: TextHeap,
}

impl Compiler {
    fn compile(mut self) -> Result<Vec<u8>, AdvisoryError> {
        let mut entries = std::mem::take(&mut self.old.entries);
        entries.sort_by_cached_key(|entry| self.sort_key(entry));
        entries.dedup_by(|left, right| self.sort_key(left) == self.sort_key(right));
        u32::try_from(entries.len()).map_err(|_| does_not_fit("the records"))?;

        let ids = self.sorted_ids(&entries);
        let mut packages: Vec<(u32, u32)> = Vec::new();
        let mut records = Vec::with_capacity(entries.len() * RECORD);
        let mut ranges: Vec<CompactRange> = Vec::new();
        let mut known_ranges: HashMap<(u32, u32), u32> = HashMap::new();
        let mut last_package = None;
        for (index, entry) in entries.iter().enumerate() {
            if last_package != Some(entry.package) {
                packages.push((self.move_text(entry.package)?, index as u32));
                last_package = Some(entry.package);
            }
            let id = ids.binary_search_by(|(text, _)| text.as_str().cmp(self.old.texts.get(entry.id)));
            let first_range = match known_ranges.get(&(entry.ranges, entry.range_count)) {
                Some(&first) => first,
                None => {
                    let first = ranges.len() as u32;
                    let (start, end) = (entry.ranges as usize, (entry.ranges + entry.range_count) as usize);
                    let old = self.old.ranges.get(start..end).unwrap_or_default().to_vec();
                    for (kind, introduced, end) in old {
                        ranges.push((kind, self.move_text(introduced)?, self.move_text(end)?));
                    }
                    known_ranges.insert((entry.ranges, entry.range_count), first);
                    first
                }
            };
            let mut numbers =
                vec![id.unwrap_or_default() as u32, packages.len() as u32 - 1, first_range, entry.range_count];
            for text in entry.texts {
                numbers.push(self.move_text(text)?);
            }
            numbers.push(self.descriptions.add(self.old.descriptions.get(entry.description))?);
            numbers.push(self.move_text(entry.reference)?);
            records.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
            records.extend_from_slice(&entry.codes);
        }
        let ends = packages.iter().skip(1).map(|&(_, first)| first).chain([entries.len() as u32]);
        let package_rows: Vec<u8> = packages
            .iter()
            .zip(ends)
            .flat_map(|(&(name, first), end)| [name, first, end - first])
            .flat_map(u32::to_le_bytes)
            .collect();
        let (id_rows, grouped) = self.id_tables(&ids)?;
        let range_bytes: Vec<u8> = ranges
            .iter()
            .flat_map(|&(kind, introduced, end)| [kind, introduced, end])
            .flat_map(u32::to_le_bytes)
            .collect();

        let header = DatabaseHeader {
            scope: self.old.scope,
            origins: self.old.origins,
            created_by: CREATED_BY.to_owned(),
            record_count: entries.len() as u64,
            package_count: packages.len() as u64,
        };
        let section = |id, record_size: usize, bytes| NewSection { id, record_size: record_size as u32, bytes };
        let sections = [
            section(PACKAGES, TABLE_ROW, package_rows),
            section(RECORDS, RECORD, records),
            section(RANGES, RANGE, range_bytes),
            section(IDS, TABLE_ROW, id_rows),
            section(RECORDS_OF_ID, 4, grouped),
            section(TEXTS, 1, self.texts.into_bytes()),
            section(DESCRIPTIONS, 1, self.descriptions.into_bytes()),
        ];
        build(KIND, &header, &sections)
    }

    /// All that an entry says, as texts: the same for the same entry, whatever came before it.
    fn sort_key(&self, entry: &Compact) -> (String, String, [u8; 4], String) {
        let text = |place: u32| self.old.texts.get(place);
        let mut rest: Vec<&str> = entry.texts.iter().map(|&place| text(place)).collect();
        rest.extend([self.old.descriptions.get(entry.description), text(entry.reference)]);
        let (start, end) = (entry.ranges as usize, (entry.ranges + entry.range_count) as usize);
        for &(kind, introduced, end) in self.old.ranges.get(start..end).unwrap_or_default() {
            let kind = match kind {
                FIXED => "f",
                LAST_AFFECTED => "l",
                OPEN => "o",
                _ => "e",
            };
            rest.extend([kind, text(introduced), text(end)]);
        }
        (text(entry.package).to_owned(), text(entry.id).to_owned(), entry.codes, rest.join("\0"))
    }

    /// Ids and aliases, sorted, each with the records that bear it.
    fn sorted_ids(&self, entries: &[Compact]) -> Vec<(String, Vec<u32>)> {
        let mut ids: std::collections::BTreeMap<String, Vec<u32>> = std::collections::BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let [_, _, _, aliases, ..] = entry.texts;
            let aliases = self.old.texts.get(aliases).split_ascii_whitespace();
            for id in [self.old.texts.get(entry.id)].into_iter().chain(aliases) {
                let of_id = ids.entry(id.to_owned()).or_default();
                if of_id.last() != Some(&(index as u32)) {
                    of_id.push(index as u32);
                }
            }
        }
        ids.into_iter().collect()
    }

    fn id_tables(&mut self, ids: &[(String, Vec<u32>)]) -> Result<(Vec<u8>, Vec<u8>), AdvisoryError> {
        let mut rows = Vec::with_capacity(ids.len() * TABLE_ROW);
        let mut grouped: Vec<u8> = Vec::new();
        for (id, records) in ids {
            let first = u32::try_from(grouped.len() / 4).map_err(|_| does_not_fit("the table of ids"))?;
            for number in [self.texts.add(id)?, first, records.len() as u32] {
                rows.extend_from_slice(&number.to_le_bytes());
            }
            grouped.extend(records.iter().flat_map(|record| record.to_le_bytes()));
        }
        Ok((rows, grouped))
    }

    fn move_text(&mut self, place: u32) -> Result<u32, AdvisoryError> {
        self.texts.add(self.old.texts.get(place))
    }
}

fn does_not_fit(what: &'static str) -> AdvisoryError {
    AdvisoryError::DoesNotFit { what }
}
