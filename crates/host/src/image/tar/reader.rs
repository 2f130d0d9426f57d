//! Reads the headers of a tar archive one after another; the content of files is never read, only its place is told.
//!
//! What comes is bounded by a budget that all archives of an image share. Surprising: links, directories and devices
//! have no content whatever size they state, and a global PAX header changes nothing; both as in Go's `archive/tar`.

use std::io;

use rustix::fs::FileType;

use super::error::TarError;
use super::header::{BLOCK, Block, Dialect, Header, text};
use super::pax::Records;
use super::sparse::{Data, MALFORMED_MAP, MapPart, PaxVersion, SparseMap, TextMap, add_gnu_numbers, gnu_size};
use crate::image::extent::Extent;

/// Bytes of an extended header or a long name that are read at most; names end at 4 KiB, attributes may be longer.
const MAX_EXTENDED: u64 = 1 << 20;

/// Bytes that are read at once: the headers of many small files.
const WINDOW: usize = 64 << 10;

const NEGATIVE: &str = "has a negative size";

/// What reading tar archives may cost, all archives of an image together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TarBudget {
    headers: u64,
    max_headers: u64,
    pieces: u64,
    max_pieces: u64,
}

impl TarBudget {
    /// At most so many headers, and pieces of sparse files.
    pub(crate) fn new(max_headers: u64, max_pieces: u64) -> TarBudget {
        TarBudget { headers: 0, max_headers, pieces: 0, max_pieces }
    }

    fn take_header(&mut self) -> Result<(), TarError> {
        self.headers += 1;
        let limit = self.max_headers;
        if self.headers > limit { Err(TarError::TooMany { what: "entries", limit }) } else { Ok(()) }
    }

    fn take_pieces(&mut self, count: u64) -> Result<(), TarError> {
        self.pieces = self.pieces.saturating_add(count);
        let limit = self.max_pieces;
        if self.pieces > limit { Err(TarError::TooMany { what: "pieces of sparse files", limit }) } else { Ok(()) }
    }
}

/// What an entry of an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TarKind {
    /// A regular file.
    File,
    /// Another name of an entry before.
    HardLink,
    /// A symbolic link.
    SymbolicLink,
    /// A directory.
    Directory,
    /// A device or FIFO.
    Special(FileType),
    /// Something that no runtime unpacks, by its flag.
    Unknown(u8),
}

/// One entry of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TarEntry {
    /// Its name, as it stands there.
    pub(crate) name: Vec<u8>,
    /// What a link says, as it stands there.
    pub(crate) link: Vec<u8>,
    /// What it is.
    pub(crate) kind: TarKind,
    /// Mode, of which only the low 12 bits mean something.
    pub(crate) mode: i64,
    /// Owner, which may be no user id.
    pub(crate) uid: i64,
    /// Group, which may be no group id.
    pub(crate) gid: i64,
    /// Last modification, seconds since 1970-01-01.
    pub(crate) modified: i64,
    /// Bytes of the content.
    pub(crate) size: u64,
    /// Where the content is.
    pub(crate) data: Data,
}

/// Reads the headers of a tar archive.
#[derive(Debug)]
pub(crate) struct TarReader<'a> {
    archive: &'a Extent,
    budget: &'a mut TarBudget,
    /// Where the next header begins.
    position: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl<'a> TarReader<'a> {
    /// Reads `archive` from its beginning.
    pub(crate) fn new(archive: &'a Extent, budget: &'a mut TarBudget) -> TarReader<'a> {
        TarReader { archive, budget, position: 0, window: Vec::new(), window_at: 0 }
    }

    /// The next entry; nothing at the end of the archive.
    ///
    /// # Errors
    ///
    /// See [`TarError`]; nothing that would follow can be read then.
    pub(crate) fn next_entry(&mut self) -> Result<Option<TarEntry>, TarError> {
        let mut records = Records::default();
        let mut long_name = Vec::new();
        let mut long_link = Vec::new();
        loop {
            let at = self.position;
            let malformed = |what| TarError::Malformed { at, what };
            let Some(block) = self.next_header(at)? else { return Ok(None) };
            let header = Header::parse(&block).map_err(malformed)?;
            match header.flag {
                b'x' => records = Records::parse(&self.read_extended(at, &header)?).map_err(malformed)?,
                b'L' => long_name = text(&self.read_extended(at, &header)?).to_vec(),
                b'K' => long_link = text(&self.read_extended(at, &header)?).to_vec(),
                b'g' => {
                    self.read_extended(at, &header)?;
                    (records, long_name, long_link) = Default::default();
                }
                _ => {
                    let header = merge(header, &mut records, long_name, long_link);
                    return self.entry(at, &block, header, &records).map(Some);
                }
            }
        }
    }

    /// The block at the position, unless the archive ends there: by itself, or with two blocks of zeros.
    fn next_header(&mut self, at: u64) -> Result<Option<Block>, TarError> {
        if at >= self.archive.size() {
            return Ok(None);
        }
        self.budget.take_header()?;
        let block = self.block(at, at)?;
        self.position = at + BLOCK as u64;
        if block.iter().any(|byte| *byte != 0) {
            return Ok(Some(block));
        }
        let second = self.position;
        if second >= self.archive.size() || self.block(at, second)?.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        Err(TarError::Malformed { at: second, what: "follows a block of zeros" })
    }

    fn entry(&mut self, at: u64, block: &Block, header: Header, records: &Records) -> Result<TarEntry, TarError> {
        let malformed = |what| TarError::Malformed { at, what };
        let kind = kind_of(&header);
        let has_content = matches!(kind, TarKind::File | TarKind::Unknown(_));
        let stored = if has_content { header.size } else { 0 };
        let stored = u64::try_from(stored).map_err(|_| malformed(NEGATIVE))?;
        let map = match records.sparse.version() {
            _ if header.flag == b'S' => Some(self.read_gnu_map(at, block, &header, stored)?),
            Some(version) if kind == TarKind::File => Some(self.read_pax_map(at, version, records, stored)?),
            _ => None,
        };
        let start = self.position;
        let (size, data, stored) = match map {
            Some(map) => (map.size, map.pieces(start).map_err(malformed)?, map.stored),
            None => (stored, Data::Run(start), stored),
        };
        self.position = self.end_of(at, start, stored)?;
        let Header { name, link, mode, uid, gid, modified, .. } = header;
        Ok(TarEntry { name, link, kind, mode, uid, gid, modified, size, data })
    }

    /// GNU's own map: four pairs in the header, more in the blocks behind it.
    fn read_gnu_map(&mut self, at: u64, block: &Block, header: &Header, stored: u64) -> Result<SparseMap, TarError> {
        let malformed = |what| TarError::Malformed { at, what };
        if header.dialect != Dialect::Gnu {
            return Err(malformed("is of a sparse file, but not GNU's"));
        }
        let size = gnu_size(block).ok_or_else(|| malformed("has a sparse file's size that is none"))?;
        let mut numbers = Vec::new();
        let mut continues = add_gnu_numbers(block, MapPart::Header, &mut numbers).map_err(malformed)?;
        while continues {
            let block = self.block(at, self.position)?;
            self.position += BLOCK as u64;
            let before = numbers.len();
            continues = add_gnu_numbers(&block, MapPart::Block, &mut numbers).map_err(malformed)?;
            // A block without a number costs as much as one.
            self.budget.take_pieces((numbers.len() - before) as u64 / 2 + 1)?;
        }
        Ok(SparseMap { numbers, size, stored })
    }

    fn read_pax_map(
        &mut self,
        at: u64,
        version: PaxVersion,
        records: &Records,
        stored: u64,
    ) -> Result<SparseMap, TarError> {
        let malformed = |what| TarError::Malformed { at, what };
        let size = records.sparse.size().map_or(Ok(stored), u64::try_from).map_err(|_| malformed(NEGATIVE))?;
        if version == PaxVersion::InRecords {
            let numbers = records.sparse.numbers().map_err(malformed)?;
            self.budget.take_pieces(numbers.len() as u64 / 2)?;
            return Ok(SparseMap { numbers, size, stored });
        }
        let mut text = TextMap::default();
        let mut left = stored;
        while !text.is_complete() {
            left = left.checked_sub(BLOCK as u64).ok_or_else(|| malformed(MALFORMED_MAP))?;
            let before = text.numbers().len();
            let block = self.block(at, self.position)?;
            text.add(&block).map_err(malformed)?;
            self.position += BLOCK as u64;
            self.budget.take_pieces((text.numbers().len() - before) as u64 / 2 + 1)?;
        }
        Ok(SparseMap { numbers: text.into_numbers(), size, stored: left })
    }

    /// The content of an extended header or long name.
    fn read_extended(&mut self, at: u64, header: &Header) -> Result<Vec<u8>, TarError> {
        let size = u64::try_from(header.size).ok().filter(|size| *size <= MAX_EXTENDED);
        let size = size.ok_or(TarError::Malformed { at, what: "has extended headers of an absurd size" })?;
        let start = self.position;
        self.position = self.end_of(at, start, size)?;
        let mut content = vec![0; usize::try_from(size).unwrap_or(0)];
        self.read_exact(at, start, &mut content)?;
        Ok(content)
    }

    /// Where the block after the content begins; the last one may be cut short.
    fn end_of(&self, at: u64, start: u64, size: u64) -> Result<u64, TarError> {
        let end =
            start.checked_add(size).filter(|end| *end <= self.archive.size()).ok_or(TarError::Truncated { at })?;
        end.checked_next_multiple_of(BLOCK as u64).ok_or(TarError::Truncated { at })
    }

    /// The block at `from`, which belongs to the entry at `at`.
    fn block(&mut self, at: u64, from: u64) -> Result<Block, TarError> {
        let mut block = [0; BLOCK];
        self.read_exact(at, from, &mut block)?;
        Ok(block)
    }

    fn read_exact(&mut self, at: u64, from: u64, mut buffer: &mut [u8]) -> Result<(), TarError> {
        let mut from = from;
        while !buffer.is_empty() {
            let available = self.window_from(from).map_err(TarError::Read)?;
            if available.is_empty() {
                return Err(TarError::Truncated { at });
            }
            let count = available.len().min(buffer.len());
            let (now, later) = buffer.split_at_mut(count);
            now.copy_from_slice(available.get(..count).unwrap_or_default());
            from += count as u64;
            buffer = later;
        }
        Ok(())
    }

    /// What the window holds from a position on, which is nothing only at the end.
    fn window_from(&mut self, from: u64) -> io::Result<&[u8]> {
        let is_inside = from >= self.window_at && from - self.window_at < self.window.len() as u64;
        if !is_inside {
            self.window.resize(WINDOW, 0);
            self.window_at = from;
            let read = self.archive.read_at(&mut self.window, from);
            self.window.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        let skipped = usize::try_from(from - self.window_at).unwrap_or(usize::MAX);
        Ok(self.window.get(skipped..).unwrap_or_default())
    }
}

/// The header as the extended headers before it have it.
fn merge(mut header: Header, records: &mut Records, long_name: Vec<u8>, long_link: Vec<u8>) -> Header {
    // Three ways to a long name; the last one here wins.
    let sparse_name = records.sparse.name.take().filter(|_| records.sparse.version().is_some());
    for name in [records.path.take(), Some(long_name), sparse_name].into_iter().flatten() {
        if !name.is_empty() {
            header.name = name;
        }
    }
    for link in [records.link.take(), Some(long_link)].into_iter().flatten().filter(|link| !link.is_empty()) {
        header.link = link;
    }
    header.size = records.size.unwrap_or(header.size);
    header.uid = records.uid.unwrap_or(header.uid);
    header.gid = records.gid.unwrap_or(header.gid);
    header.modified = records.modified.unwrap_or(header.modified);
    header
}

fn kind_of(header: &Header) -> TarKind {
    match header.flag {
        0 if header.name.ends_with(b"/") => TarKind::Directory,
        0 | b'0' | b'7' | b'S' => TarKind::File,
        b'1' => TarKind::HardLink,
        b'2' => TarKind::SymbolicLink,
        b'3' => TarKind::Special(FileType::CharacterDevice),
        b'4' => TarKind::Special(FileType::BlockDevice),
        b'5' => TarKind::Directory,
        b'6' => TarKind::Special(FileType::Fifo),
        flag => TarKind::Unknown(flag),
    }
}
