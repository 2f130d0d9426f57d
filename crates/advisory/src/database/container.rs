//! The file format that every compiled database has: a checked header, then sections.
//!
//! Little-endian. Opening reads the header only (64 bytes, the section table, one JSON text about the content); a section
//! is checked against its checksum when it is first used, so that opening costs the same whatever the size.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | magic |
//! | 8 | 4 | schema |
//! | 12 | 4 | kind |
//! | 16 | 4 | length of the description |
//! | 20 | 4 | number of sections |
//! | 24 | 8 | length of the file |
//! | 32 | 8 | XXH3-64 of the header without these eight bytes |
//! | 40 | 24 | zero |
//! | 64 | 32 each | sections: id, record size, offset, length, XXH3-64 |

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assay_host::sys::map_file;
use memmap2::Mmap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use twox_hash::XxHash3_64;

use crate::AdvisoryError;

const MAGIC: &[u8; 8] = b"ASSAYDB\0";
const HEADER_BYTES: usize = 64;
const HASH_AT: usize = 32;
const SECTION_BYTES: usize = 32;
const MAX_SECTIONS: u32 = 64;
const MAX_DESCRIPTION: u32 = 1 << 20;

/// What a database holds; each kind has its own schema number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) number: u32,
    pub(crate) schema: u32,
    pub(crate) name: &'static str,
}

/// A section to be written.
#[derive(Debug)]
pub(crate) struct NewSection {
    pub(crate) id: u32,
    pub(crate) record_size: u32,
    pub(crate) bytes: Vec<u8>,
}

/// The bytes of a file with this description and these sections.
pub(crate) fn build(
    kind: Kind,
    description: &impl Serialize,
    sections: &[NewSection],
) -> Result<Vec<u8>, AdvisoryError> {
    let does_not_fit = |what| AdvisoryError::DoesNotFit { what };
    let description = serde_json::to_vec(description).map_err(|_| does_not_fit("the description"))?;
    let description_length = u32::try_from(description.len()).map_err(|_| does_not_fit("the description"))?;
    let section_count = u32::try_from(sections.len()).map_err(|_| does_not_fit("the section table"))?;
    let header_length = HEADER_BYTES + SECTION_BYTES * sections.len() + description.len();

    let mut table = Vec::with_capacity(SECTION_BYTES * sections.len());
    let mut offset = align(header_length);
    for section in sections {
        table.extend_from_slice(&section.id.to_le_bytes());
        table.extend_from_slice(&section.record_size.to_le_bytes());
        table.extend_from_slice(&(offset as u64).to_le_bytes());
        table.extend_from_slice(&(section.bytes.len() as u64).to_le_bytes());
        table.extend_from_slice(&XxHash3_64::oneshot(&section.bytes).to_le_bytes());
        offset = align(offset + section.bytes.len());
    }
    let mut before = Vec::with_capacity(HASH_AT);
    before.extend_from_slice(MAGIC);
    for number in [kind.schema, kind.number, description_length, section_count] {
        before.extend_from_slice(&number.to_le_bytes());
    }
    before.extend_from_slice(&(offset as u64).to_le_bytes());
    let mut behind = vec![0; HEADER_BYTES - HASH_AT - 8];
    behind.append(&mut table);
    behind.extend_from_slice(&description);

    let mut file = Vec::with_capacity(offset);
    file.extend_from_slice(&before);
    file.extend_from_slice(&header_hash(&before, &behind).to_le_bytes());
    file.extend_from_slice(&behind);
    for section in sections {
        file.resize(align(file.len()), 0);
        file.extend_from_slice(&section.bytes);
    }
    file.resize(offset, 0);
    Ok(file)
}

/// Puts a file into place: complete and flushed to disk, or not at all.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), AdvisoryError> {
    let failed = |cause| AdvisoryError::Write { path: path.to_owned(), cause };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".assaydb-");
    // Other users may read what was compiled; the umask has the last word.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(directory).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    std::fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(failed)
}

enum Bytes {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

#[derive(Debug)]
struct SectionEntry {
    id: u32,
    record_size: usize,
    start: usize,
    end: usize,
    hash: u64,
    is_intact: OnceLock<bool>,
}

/// An open file.
pub(crate) struct Container {
    path: PathBuf,
    bytes: Bytes,
    fingerprint: u64,
    description: (usize, usize),
    sections: Vec<SectionEntry>,
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container").field("path", &self.path).field("bytes", &self.bytes.get().len()).finish()
    }
}

impl Container {
    /// Maps a file and reads its header.
    pub(crate) fn open(path: &Path, kind: Kind) -> Result<Container, AdvisoryError> {
        let map = map_file(path).map_err(|cause| AdvisoryError::Open { path: path.to_owned(), cause })?;
        Container::read(path.to_owned(), Bytes::Mapped(map), kind)
    }

    /// Takes the bytes of a file and reads its header.
    pub(crate) fn from_bytes(bytes: Vec<u8>, kind: Kind) -> Result<Container, AdvisoryError> {
        Container::read(PathBuf::from("database in memory"), Bytes::Owned(bytes), kind)
    }

    fn read(path: PathBuf, bytes: Bytes, kind: Kind) -> Result<Container, AdvisoryError> {
        let corrupt = |detail: &str| AdvisoryError::corrupt(&path, detail);
        let all = bytes.get();
        let number = |at: usize| read_u32(all, at).ok_or_else(|| corrupt("it is cut short in its header"));
        let number64 = |at: usize| read_u64(all, at).ok_or_else(|| corrupt("it is cut short in its header"));
        if !all.starts_with(MAGIC) {
            return Err(AdvisoryError::NotADatabase { path: path.clone(), expected: kind.name });
        }
        let schema = number(8)?;
        if number(12)? != kind.number {
            return Err(AdvisoryError::NotADatabase { path: path.clone(), expected: kind.name });
        }
        if schema != kind.schema {
            return Err(AdvisoryError::OtherSchema { path: path.clone(), found: schema, supported: kind.schema });
        }
        let (description_length, section_count) = (number(16)?, number(20)?);
        let (file_length, fingerprint) = (number64(24)?, number64(HASH_AT)?);
        if section_count > MAX_SECTIONS || description_length > MAX_DESCRIPTION {
            return Err(corrupt("its header states absurd lengths"));
        }
        let table_end = HEADER_BYTES + SECTION_BYTES * section_count as usize;
        let header_end = table_end + description_length as usize;
        let (Some(before), Some(behind)) = (all.get(..HASH_AT), all.get(HASH_AT + 8..header_end)) else {
            return Err(corrupt("it is cut short in its header"));
        };
        if header_hash(before, behind) != fingerprint {
            return Err(corrupt("the checksum of its header is wrong"));
        }
        if file_length != all.len() as u64 {
            return Err(corrupt(&format!("it has {} bytes, its header says {file_length}", all.len())));
        }
        let mut sections = Vec::with_capacity(section_count as usize);
        for index in 0..section_count as usize {
            let at = HEADER_BYTES + SECTION_BYTES * index;
            let (id, record_size) = (number(at)?, number(at + 4)? as usize);
            let (offset, length, hash) = (number64(at + 8)?, number64(at + 16)?, number64(at + 24)?);
            let range = usize::try_from(offset)
                .ok()
                .zip(offset.checked_add(length).and_then(|end| usize::try_from(end).ok()))
                .filter(|&(start, end)| start >= header_end && end <= all.len())
                .filter(|&(start, end)| record_size > 0 && (end - start) % record_size == 0);
            let Some((start, end)) = range else {
                return Err(corrupt(&format!("its section {id} lies outside of it")));
            };
            sections.push(SectionEntry { id, record_size, start, end, hash, is_intact: OnceLock::new() });
        }
        let description = (table_end, header_end);
        Ok(Container { path, fingerprint, description, sections, bytes })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Tells two contents apart: the checksum of the header, which holds those of the sections.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The description of the content.
    pub(crate) fn description<T: DeserializeOwned>(&self) -> Result<T, AdvisoryError> {
        let text = self.bytes.get().get(self.description.0..self.description.1).unwrap_or_default();
        serde_json::from_slice(text)
            .map_err(|cause| AdvisoryError::corrupt(&self.path, format!("its description cannot be read: {cause}")))
    }

    /// A section, checked against its checksum.
    pub(crate) fn section(&self, id: u32, record_size: usize) -> Result<Section<'_>, AdvisoryError> {
        let corrupt = |detail: &str| AdvisoryError::corrupt(&self.path, format!("its section {id} {detail}"));
        let entry = self.sections.iter().find(|entry| entry.id == id).ok_or_else(|| corrupt("is missing"))?;
        if entry.record_size != record_size {
            return Err(corrupt("has records of another size"));
        }
        let bytes = self.bytes.get().get(entry.start..entry.end).unwrap_or_default();
        if !*entry.is_intact.get_or_init(|| XxHash3_64::oneshot(bytes) == entry.hash) {
            return Err(corrupt("has a wrong checksum"));
        }
        Ok(Section { path: &self.path, bytes, record_size })
    }
}

/// A section whose checksum was right. What its records refer to is still checked at each step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    record_size: usize,
}

impl<'a> Section<'a> {
    /// Number of records.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / self.record_size
    }

    /// One record.
    pub(crate) fn record(&self, index: usize) -> Result<Record<'a>, AdvisoryError> {
        let start = index.checked_mul(self.record_size);
        let range = start.and_then(|start| Some(start..start.checked_add(self.record_size)?));
        let bytes = range.and_then(|range| self.bytes.get(range));
        match bytes {
            Some(bytes) => Ok(Record { path: self.path, bytes }),
            None => Err(AdvisoryError::corrupt(self.path, format!("it has no record {index}"))),
        }
    }

    /// The text at an offset of a section that holds texts: its length as 32 bits, then that many bytes.
    pub(crate) fn text(&self, offset: u32) -> Result<&'a str, AdvisoryError> {
        let start = offset as usize + 4;
        let text = read_u32(self.bytes, offset as usize)
            .and_then(|length| self.bytes.get(start..start.checked_add(length as usize)?))
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.ok_or_else(|| AdvisoryError::corrupt(self.path, format!("it has no text at {offset}")))
    }

    /// The index of the record whose text is the key, in a section that is sorted by that text.
    pub(crate) fn search(
        &self,
        key: &str,
        mut key_of: impl FnMut(Record<'a>) -> Result<&'a str, AdvisoryError>,
    ) -> Result<Option<usize>, AdvisoryError> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match key_of(self.record(middle)?)?.cmp(key) {
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    /// The index of the first record whose leading 64 bits are not less than the key.
    pub(crate) fn lower_bound(&self, key: u64) -> Result<usize, AdvisoryError> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.record(middle)?.u64(0)? < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

/// One record of a section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    path: &'a Path,
    bytes: &'a [u8],
}

impl Record<'_> {
    fn outside(&self) -> AdvisoryError {
        AdvisoryError::corrupt(self.path, "a record is too short")
    }

    pub(crate) fn u8(&self, at: usize) -> Result<u8, AdvisoryError> {
        self.bytes.get(at).copied().ok_or_else(|| self.outside())
    }

    pub(crate) fn u32(&self, at: usize) -> Result<u32, AdvisoryError> {
        read_u32(self.bytes, at).ok_or_else(|| self.outside())
    }

    pub(crate) fn u64(&self, at: usize) -> Result<u64, AdvisoryError> {
        read_u64(self.bytes, at).ok_or_else(|| self.outside())
    }
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

fn align(offset: usize) -> usize {
    offset.next_multiple_of(8)
}

fn header_hash(before: &[u8], behind: &[u8]) -> u64 {
    let mut hasher = XxHash3_64::new();
    std::hash::Hasher::write(&mut hasher, before);
    std::hash::Hasher::write(&mut hasher, behind);
    std::hash::Hasher::finish(&hasher)
}
