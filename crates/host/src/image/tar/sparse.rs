//! Sparse files: only the parts that are no holes are in the archive, and a map says where they belong.
//!
//! GNU tar has written four forms: a map in the header and blocks after it, and in PAX headers the versions 0.0
//! (a record for each number), 0.1 (one record) and 1.0 (as text before the data); GNU tar manual, "Storing Sparse
//! Files".

use super::header::{Block, field};
use super::number::parse_number;
use super::pax::parse_decimal;

pub(super) const MALFORMED_MAP: &str = "has a malformed map of a sparse file";

/// Where the content of a file is in its archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// All of it from this byte on.
    Run(u64),
    /// In pieces, by their place in the file; what lies between them is zeros.
    Sparse(Vec<Piece>),
}

/// A piece of a sparse file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its place in the file.
    pub(crate) at: u64,
    /// Its bytes, more than 0.
    pub(crate) size: u64,
    /// Where it is in the archive.
    pub(crate) offset: u64,
}

/// What the records `GNU.sparse.*` of a PAX header say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PaxMap {
    pub(super) name: Option<Vec<u8>>,
    size: Option<i64>,
    real_size: Option<i64>,
    major: Vec<u8>,
    minor: Vec<u8>,
    count: Option<i64>,
    /// Offsets and sizes in turn, separated by commas.
    map: Vec<u8>,
}

/// In which form the map of a sparse file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaxVersion {
    /// 0.0 and 0.1: in the records.
    InRecords,
    /// 1.0: before the data.
    BeforeData,
}

impl PaxMap {
    /// Takes a record by its key behind `GNU.sparse.`.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) -> Result<(), &'static str> {
        let number = || parse_decimal(value).ok_or(MALFORMED_MAP);
        match key {
            b"name" if value.contains(&0) => return Err("has a NUL in a name"),
            b"name" => self.name = Some(value.to_vec()),
            b"size" => self.size = Some(number()?),
            b"realsize" => self.real_size = Some(number()?),
            b"major" => self.major = value.to_vec(),
            b"minor" => self.minor = value.to_vec(),
            b"numblocks" => self.count = Some(number()?),
            b"map" => self.map = value.to_vec(),
            b"offset" | b"numbytes" => {
                if !self.map.is_empty() {
                    self.map.push(b',');
                }
                self.map.extend_from_slice(value);
            }
            _ => {}
        }
        Ok(())
    }

    /// The version of the map, if there is one that is known.
    pub(super) fn version(&self) -> Option<PaxVersion> {
        match (self.major.as_slice(), self.minor.as_slice()) {
            (b"0", b"0" | b"1") => Some(PaxVersion::InRecords),
            (b"1", b"0") => Some(PaxVersion::BeforeData),
            (b"", b"") if !self.map.is_empty() => Some(PaxVersion::InRecords),
            _ => None,
        }
    }

    /// The size of the whole file, holes included.
    pub(super) fn size(&self) -> Option<i64> {
        self.size.or(self.real_size)
    }

    /// The numbers of a map in the records.
    pub(super) fn numbers(&self) -> Result<Vec<i64>, &'static str> {
        let parts = self.map.split(|byte| *byte == b',').filter(|_| !self.map.is_empty());
        let numbers: Vec<i64> = parts.map(parse_decimal).collect::<Option<_>>().ok_or(MALFORMED_MAP)?;
        let is_whole = self.count.is_some_and(|count| i64::try_from(numbers.len() / 2) == Ok(count));
        if is_whole { Ok(numbers) } else { Err(MALFORMED_MAP) }
    }
}

/// Where a part of GNU's own map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapPart {
    /// In the header: 4 pairs.
    Header,
    /// In a block behind it: 21 pairs.
    Block,
}

/// Adds the numbers of a part of a map; says whether another block follows.
pub(super) fn add_gnu_numbers(block: &Block, part: MapPart, numbers: &mut Vec<i64>) -> Result<bool, &'static str> {
    let (start, count, continued) = match part {
        MapPart::Header => (386, 4, 482),
        MapPart::Block => (0, 21, 504),
    };
    for index in 0..count {
        let offset = field(block, start + index * 24, 12);
        if offset.first().is_none_or(|byte| *byte == 0) {
            break;
        }
        for number in [offset, field(block, start + index * 24 + 12, 12)] {
            numbers.push(parse_number(number).ok_or(MALFORMED_MAP)?);
        }
    }
    Ok(block.get(continued).is_some_and(|byte| *byte != 0))
}

/// The size of the whole file, as GNU's own header has it.
pub(super) fn gnu_size(header: &Block) -> Option<u64> {
    parse_number(field(header, 483, 12)).and_then(|size| u64::try_from(size).ok())
}

/// The map of PAX version 1.0: a count and so many pairs, one number a line, filled up to a block.
#[derive(Debug, Default)]
pub(super) struct TextMap {
    line: Vec<u8>,
    count: Option<u64>,
    numbers: Vec<i64>,
}

impl TextMap {
    pub(super) fn is_complete(&self) -> bool {
        self.count == Some(self.numbers.len() as u64)
    }

    pub(super) fn add(&mut self, block: &Block) -> Result<(), &'static str> {
        for byte in block {
            if self.is_complete() {
                break;
            }
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let number = parse_decimal(&self.line).ok_or(MALFORMED_MAP)?;
            self.line.clear();
            match self.count {
                Some(_) => self.numbers.push(number),
                None => self.count = u64::try_from(number).ok().and_then(|pairs| pairs.checked_mul(2)),
            }
            self.count.ok_or(MALFORMED_MAP)?;
        }
        // No number is as long as a block.
        if self.line.len() > block.len() { Err(MALFORMED_MAP) } else { Ok(()) }
    }

    pub(super) fn numbers(&self) -> &[i64] {
        &self.numbers
    }

    pub(super) fn into_numbers(self) -> Vec<i64> {
        self.numbers
    }
}

/// A map of a sparse file, of whatever form.
#[derive(Debug)]
pub(super) struct SparseMap {
    /// Places and sizes of the pieces in turn.
    pub(super) numbers: Vec<i64>,
    /// Bytes of the whole file, holes included.
    pub(super) size: u64,
    /// Bytes of all pieces together.
    pub(super) stored: u64,
}

impl SparseMap {
    /// The pieces, which are stored one after another from `start` on.
    pub(super) fn pieces(&self, start: u64) -> Result<Data, &'static str> {
        let mut pieces = Vec::new();
        let mut end = 0;
        let mut offset = start;
        for pair in self.numbers.chunks(2) {
            let &[at, length] = pair else { return Err(MALFORMED_MAP) };
            let (Ok(at), Ok(size)) = (u64::try_from(at), u64::try_from(length)) else { return Err(MALFORMED_MAP) };
            if at < end {
                return Err(MALFORMED_MAP);
            }
            end = at.checked_add(size).filter(|end| *end <= self.size).ok_or(MALFORMED_MAP)?;
            if size > 0 {
                pieces.push(Piece { at, size, offset });
            }
            offset = offset.checked_add(size).ok_or(MALFORMED_MAP)?;
        }
        let is_whole = offset - start == self.stored;
        if is_whole { Ok(Data::Sparse(pieces)) } else { Err("stores more or less of a sparse file than its map says") }
    }
}
