//! The directory of a zip file, and the content of single entries (APPNOTE.TXT 6.3.10, §4.3).
//!
//! Our own reader rather than a crate's: it takes three structures and two methods (stored, deflated) for Java archives,
//! reads them at their place in files of any size, and every length is bounded here. Surprising: an archive is read from
//! its end, and a program may stand before it, by whose length all places are then shifted.

use std::io::{self, Read as _, SeekFrom};

use assay_host::FileReader;
use flate2::read::DeflateDecoder;
use thiserror::Error;

use super::slice::Slice;
use crate::libraries::program::elf::number;

/// Entries of one archive; the largest ones have some 100,000.
const MAX_ENTRIES: u64 = 500_000;

/// Bytes of the directory of one archive.
const MAX_DIRECTORY: u64 = 64 << 20;

/// Longest name of an entry, in bytes.
const MAX_NAME: usize = 1024;

/// End of the directory, without its comment.
const END: usize = 22;

/// Why an archive, or an entry of one, cannot be read.
#[derive(Debug, Error)]
pub enum ZipError {
    /// It has no directory at its end: no zip file, or cut short.
    #[error("it is no zip file, or is cut short")]
    NoDirectory,
    /// Its directory is not what its end says.
    #[error("its directory is damaged")]
    Directory,
    /// It has more or longer entries than the limit.
    #[error("its directory is over the limit of {MAX_ENTRIES} entries or {MAX_DIRECTORY} bytes")]
    TooManyEntries,
    /// An entry is encrypted or packed by another method.
    #[error("it is encrypted or packed in a way that is not read")]
    Method,
    /// An entry is damaged.
    #[error("it is damaged")]
    Entry,
    /// An entry unpacks to more than the limit.
    #[error("it unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// It cannot be read at all.
    #[error("it cannot be read")]
    Read(#[from] io::Error),
}

/// One entry of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; it is never used as a path.
    pub name: String,
    method: u16,
    is_encrypted: bool,
    packed: u64,
    /// Bytes when unpacked, as the directory claims.
    pub size: u64,
    header: u64,
}

/// How the content of an entry can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It lies as it is at this offset.
    Stored {
        /// From the beginning of the archive.
        offset: u64,
        /// Bytes.
        size: u64,
    },
    /// It is deflated.
    Deflated {
        /// From the beginning of the archive.
        offset: u64,
        /// Bytes as packed.
        packed: u64,
    },
}

/// Reads the directory: what ends in `/` is left out, as are names that are longer than any path.
///
/// # Errors
///
/// When it is no zip file, damaged, or over a limit.
pub fn read_directory(file: &mut dyn FileReader) -> Result<Vec<Entry>, ZipError> {
    let length = file.seek(SeekFrom::End(0))?;
    let tail = read_at(file, length.saturating_sub(END as u64 + 0xffff), END as u64 + 0xffff)?;
    let at = (0..tail.len().saturating_sub(END - 1)).rev().find(|at| starts_with(&tail, *at, b"PK\x05\x06"));
    let end = at.and_then(|at| tail.get(at..)).ok_or(ZipError::NoDirectory)?;
    let end_offset = length - end.len() as u64;
    let mut count = get(end, 10, 2)?;
    let mut size = get(end, 12, 4)?;
    let mut start = get(end, 16, 4)?;
    let mut directory_end = end_offset;
    if count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff {
        // ZIP64: a locator stands before the end and leads to a longer one (§4.3.14, §4.3.15).
        let locator = read_at(file, end_offset.saturating_sub(20), 20)?;
        if locator.starts_with(b"PK\x06\x07") {
            directory_end = get(&locator, 8, 8)?;
            let longer = read_at(file, directory_end, 56)?;
            if !longer.starts_with(b"PK\x06\x06") {
                return Err(ZipError::Directory);
            }
            (count, size, start) = (get(&longer, 32, 8)?, get(&longer, 40, 8)?, get(&longer, 48, 8)?);
        }
    }
    if count > MAX_ENTRIES || size > MAX_DIRECTORY {
        return Err(ZipError::TooManyEntries);
    }
    // What stands before the archive shifts every place.
    let begins = directory_end.checked_sub(size).ok_or(ZipError::Directory)?;
    let shift = begins.checked_sub(start).ok_or(ZipError::Directory)?;
    let directory = read_at(file, begins, size)?;
    parse_directory(&directory, count, shift)
}

fn parse_directory(mut rest: &[u8], count: u64, shift: u64) -> Result<Vec<Entry>, ZipError> {
    let mut entries = Vec::new();
    for _ in 0..count {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(ZipError::Directory);
        }
        let (flags, method) = (get(rest, 8, 2)?, get(rest, 10, 2)?);
        let (mut packed, mut size, mut header) = (get(rest, 20, 4)?, get(rest, 24, 4)?, get(rest, 42, 4)?);
        let [name, extra, comment] =
            [28, 30, 32].map(|at| get(rest, at, 2).ok().and_then(|length| usize::try_from(length).ok()));
        let (Some(name), Some(extra), Some(comment)) = (name, extra, comment) else {
            return Err(ZipError::Directory);
        };
        let extra_field = rest.get(46 + name..46 + name + extra).ok_or(ZipError::Directory)?;
        let mut longer = zip64_field(extra_field);
        // Only those numbers are there that do not fit (§4.5.3).
        for value in [&mut size, &mut packed, &mut header] {
            if *value == 0xffff_ffff
                && let Some((first, left)) = longer.split_at_checked(8)
            {
                *value = number(first, false).unwrap_or(u64::MAX);
                longer = left;
            }
        }
        let text = rest.get(46..46 + name).unwrap_or_default();
        if !text.ends_with(b"/") && text.len() <= MAX_NAME {
            entries.push(Entry {
                name: String::from_utf8_lossy(text).into_owned(),
                method: u16::try_from(method).unwrap_or(u16::MAX),
                is_encrypted: flags & 1 != 0,
                packed,
                size,
                header: header.saturating_add(shift),
            });
        }
        rest = rest.get(46 + name + extra + comment..).ok_or(ZipError::Directory)?;
    }
    Ok(entries)
}

/// The content of the extra field with the id 1.
fn zip64_field(mut extra: &[u8]) -> &[u8] {
    while let (Ok(id), Ok(length)) = (get(extra, 0, 2), get(extra, 2, 2)) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some((field, rest)) = extra.get(4..).and_then(|rest| rest.split_at_checked(length)) else {
            break;
        };
        if id == 1 {
            return field;
        }
        extra = rest;
    }
    &[]
}

/// Where the content of an entry is.
///
/// # Errors
///
/// When it is packed in a way that is not read, or its own header is not where the directory says.
pub fn place_of(file: &mut dyn FileReader, entry: &Entry) -> Result<Place, ZipError> {
    if entry.is_encrypted {
        return Err(ZipError::Method);
    }
    let header = read_at(file, entry.header, 30)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(ZipError::Entry);
    }
    let lengths = get(&header, 26, 2)?.saturating_add(get(&header, 28, 2)?);
    let offset = entry.header.checked_add(30 + lengths).ok_or(ZipError::Entry)?;
    match entry.method {
        0 => Ok(Place::Stored { offset, size: entry.packed }),
        8 => Ok(Place::Deflated { offset, packed: entry.packed }),
        _ => Err(ZipError::Method),
    }
}

/// The content of an entry, of at most `limit` bytes, whatever the directory claims.
///
/// # Errors
///
/// As [`place_of`], and when it is damaged or larger.
pub fn content(file: &mut dyn FileReader, entry: &Entry, limit: u64) -> Result<Vec<u8>, ZipError> {
    let mut bytes = Vec::new();
    let (read, expected) = match place_of(file, entry)? {
        Place::Stored { offset, size } => {
            (Slice::new(file, offset, size).take(limit.saturating_add(1)).read_to_end(&mut bytes), size)
        }
        Place::Deflated { offset, packed } => {
            let decoder = DeflateDecoder::new(Slice::new(file, offset, packed));
            (decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes), entry.size)
        }
    };
    if bytes.len() as u64 > limit {
        return Err(ZipError::TooLarge { limit });
    }
    if read.is_err() || (bytes.len() as u64) < expected {
        return Err(ZipError::Entry);
    }
    Ok(bytes)
}

fn starts_with(bytes: &[u8], at: usize, magic: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(magic))
}

fn get(bytes: &[u8], at: usize, width: usize) -> Result<u64, ZipError> {
    bytes.get(at..at + width).and_then(|field| number(field, false)).ok_or(ZipError::Directory)
}

fn read_at(file: &mut dyn FileReader, offset: u64, length: u64) -> Result<Vec<u8>, ZipError> {
    let mut bytes = Vec::new();
    if i64::try_from(offset).is_ok() {
        file.seek(SeekFrom::Start(offset))?;
        file.take(length).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
