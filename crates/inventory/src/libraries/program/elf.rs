//! The section headers of an ELF file (System V ABI, "Object Files"), and the content of single sections.
//!
//! Surprising: none of the numbers can be trusted, so a section is taken for no longer than the caller allows, and one
//! that leads beyond the end of the file ends there.

use std::io::{self, Read as _, SeekFrom};

use assay_host::FileReader;
use thiserror::Error;

/// The first bytes of every ELF file.
pub const MAGIC: &[u8; 4] = b"\x7fELF";

/// Sections of one file; programs have about forty, and one byte more than this needs another form of the header.
const MAX_SECTIONS: usize = 65_279;

/// Bytes of the names of all sections.
const MAX_NAMES: u64 = 1 << 20;

/// A section that takes no bytes of the file.
const NO_BITS: u32 = 8;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum ElfError {
    /// Its header is of no class or byte order that there is.
    #[error("its ELF header is of no known class or byte order")]
    Header,
    /// Its table of sections is not where the header says.
    #[error("its table of sections is not where its header says")]
    Sections,
    /// It cannot be read at all.
    #[error("it cannot be read")]
    Read(#[from] io::Error),
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Name.
    pub name: Vec<u8>,
    /// Address in memory; 0 for one that is not loaded.
    pub address: u64,
    /// Place in the file.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
    has_bits: bool,
}

/// An open ELF file.
#[derive(Debug)]
pub struct Elf<R> {
    file: R,
    order: ByteOrder,
    sections: Vec<Section>,
}

/// Width and order of the bytes of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ByteOrder {
    is_big: bool,
    is_64: bool,
}

impl<R: FileReader> Elf<R> {
    /// Reads the section headers; `None` for a file of any other kind. A file without section headers has no section.
    ///
    /// # Errors
    ///
    /// When it is an ELF file that cannot be understood.
    pub fn open(mut file: R) -> Result<Option<Elf<R>>, ElfError> {
        let header = read_at(&mut file, 0, 64)?;
        if !header.starts_with(MAGIC) {
            return Ok(None);
        }
        let is_64 = match header.get(4) {
            Some(1) => false,
            Some(2) => true,
            _ => return Err(ElfError::Header),
        };
        let is_big = match header.get(5) {
            Some(1) => false,
            Some(2) => true,
            _ => return Err(ElfError::Header),
        };
        let order = ByteOrder { is_big, is_64 };
        let (table, rest) = if is_64 { (0x28, 0x3a) } else { (0x20, 0x2e) };
        let table = order.word(&header, table).ok_or(ElfError::Header)?;
        let [size, count, names] = [0, 2, 4].map(|at| order.half(&header, rest + at).map(usize::from));
        let (size, count, names) =
            (size.ok_or(ElfError::Header)?, count.ok_or(ElfError::Header)?, names.ok_or(ElfError::Header)?);
        let mut elf = Elf { file, order, sections: Vec::new() };
        if table == 0 || count == 0 {
            return Ok(Some(elf));
        }
        if size != if is_64 { 64 } else { 40 } || count > MAX_SECTIONS {
            return Err(ElfError::Sections);
        }
        elf.read_sections(table, size, count, names)?;
        Ok(Some(elf))
    }

    fn read_sections(&mut self, table: u64, size: usize, count: usize, names: usize) -> Result<(), ElfError> {
        let headers = read_at(&mut self.file, table, (size * count) as u64)?;
        if headers.len() < size * count {
            return Err(ElfError::Sections);
        }
        let parse = |header: &[u8]| {
            let order = self.order;
            let [address, offset, size] = if order.is_64 { [0x10, 0x18, 0x20] } else { [0x0c, 0x10, 0x14] };
            let section = Section {
                name: Vec::new(),
                address: order.word(header, address)?,
                offset: order.word(header, offset)?,
                size: order.word(header, size)?,
                has_bits: order.number(header, 4, 4)? != u64::from(NO_BITS),
            };
            Some((usize::try_from(order.number(header, 0, 4)?).ok()?, section))
        };
        let parsed: Option<Vec<(usize, Section)>> = headers.chunks_exact(size).map(parse).collect();
        let parsed = parsed.ok_or(ElfError::Sections)?;
        let (_, names) = parsed.get(names).ok_or(ElfError::Sections)?;
        let length = names.size.min(MAX_NAMES);
        let names = read_at(&mut self.file, names.offset, length)?;
        if (names.len() as u64) < length {
            return Err(ElfError::Sections);
        }
        for (name, section) in parsed {
            let name = names.get(name..).unwrap_or_default();
            let name = name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
            self.sections.push(Section { name, ..section });
        }
        Ok(())
    }

    /// Whether numbers have their most significant byte first.
    pub fn is_big_endian(&self) -> bool {
        self.order.is_big
    }

    /// The first section of a name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name.as_bytes())
    }

    /// The content of a section, of which at most `limit` bytes are read.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn content(&mut self, section: &Section, limit: u64) -> io::Result<Vec<u8>> {
        let size = if section.has_bits { section.size.min(limit) } else { 0 };
        read_at(&mut self.file, section.offset, size)
    }

    /// At most `length` bytes that the program has at an address; none where no section is.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn memory(&mut self, address: u64, length: u64) -> io::Result<Vec<u8>> {
        let holds = |section: &&Section| {
            let within = address.checked_sub(section.address);
            section.has_bits && section.address != 0 && within.is_some_and(|within| within < section.size)
        };
        let Some(section) = self.sections.iter().find(holds) else {
            return Ok(Vec::new());
        };
        let within = address - section.address;
        let Some(offset) = section.offset.checked_add(within) else {
            return Ok(Vec::new());
        };
        let length = length.min(section.size - within);
        read_at(&mut self.file, offset, length)
    }
}

impl ByteOrder {
    fn half(self, bytes: &[u8], at: usize) -> Option<u16> {
        u16::try_from(self.number(bytes, at, 2)?).ok()
    }

    /// A number as wide as an address.
    fn word(self, bytes: &[u8], at: usize) -> Option<u64> {
        self.number(bytes, at, if self.is_64 { 8 } else { 4 })
    }

    fn number(self, bytes: &[u8], at: usize, width: usize) -> Option<u64> {
        number(bytes.get(at..at.checked_add(width)?)?, self.is_big)
    }
}

/// The number that at most eight bytes are.
pub(in crate::libraries) fn number(bytes: &[u8], is_big: bool) -> Option<u64> {
    if bytes.len() > 8 {
        return None;
    }
    let join = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
    Some(if is_big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) })
}

/// What there is of so many bytes from a place on.
fn read_at(file: &mut impl FileReader, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Offsets beyond what a file can have are an error of lseek(2); there is nothing at them.
    if i64::try_from(offset).is_err() {
        return Ok(bytes);
    }
    file.seek(SeekFrom::Start(offset))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use super::*;

    /// A little-endian program of 64 bits that has these sections, each loaded at 0x1000 and its place in the file.
    pub(crate) fn program(sections: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = vec![0; 64];
        let mut names = vec![0];
        let mut headers = vec![0; 64];
        let named = sections.iter().copied().chain([(".shstrtab", [].as_slice())]);
        for (name, content) in named {
            let at = names.len();
            names.extend_from_slice(name.as_bytes());
            names.push(0);
            let content = if name == ".shstrtab" { names.clone() } else { content.to_vec() };
            file.resize(file.len().next_multiple_of(16), 0);
            let offset = file.len() as u64;
            let mut header = vec![0; 64];
            header[..4].copy_from_slice(&u32::try_from(at).unwrap().to_le_bytes());
            header[4] = 1;
            header[0x10..0x18].copy_from_slice(&(0x1000 + offset).to_le_bytes());
            header[0x18..0x20].copy_from_slice(&offset.to_le_bytes());
            header[0x20..0x28].copy_from_slice(&(content.len() as u64).to_le_bytes());
            headers.extend(header);
            file.extend(content);
        }
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        let table = file.len() as u64;
        file[0x28..0x30].copy_from_slice(&table.to_le_bytes());
        let count = u16::try_from(sections.len() + 2).unwrap();
        for (at, value) in [(0x3a, 64), (0x3c, count), (0x3e, count - 1)] {
            file[at..at + 2].copy_from_slice(&value.to_le_bytes());
        }
        file.extend(headers);
        file
    }

    #[test]
    fn sections_are_found_by_name_and_by_address() {
        let mut elf = Elf::open(Cursor::new(program(&[(".one", b"first"), (".two", b"second")]))).unwrap().unwrap();
        let two = elf.section(".two").unwrap().clone();
        assert_eq!(elf.content(&two, 100).unwrap(), b"second");
        assert_eq!(elf.content(&two, 3).unwrap(), b"sec");
        assert_eq!(elf.memory(two.address + 2, 100).unwrap(), b"cond");
        assert_eq!(elf.memory(u64::MAX, 100).unwrap(), b"");
        assert_eq!(elf.section(".three"), None);
        let far = Section { offset: u64::MAX - 1, ..two };
        assert_eq!(elf.content(&far, 100).unwrap(), b"");
    }

    #[test]
    fn other_files_are_none_and_damaged_ones_are_errors() {
        for other in [b"".as_slice(), b"\x7fEL", b"#!/bin/sh\n"] {
            assert!(Elf::open(Cursor::new(other)).unwrap().is_none());
        }
        let whole = program(&[(".one", b"first")]);
        for (length, is_read) in [(whole.len(), true), (whole.len() - 1, false), (64, false), (20, false), (5, false)] {
            assert_eq!(Elf::open(Cursor::new(&whole[..length])).is_ok(), is_read, "{length}");
        }
        let mut odd = whole.clone();
        odd[0x3e] = 9;
        assert!(Elf::open(Cursor::new(odd)).is_err());
        let mut without = whole;
        without[0x28..0x30].fill(0);
        assert!(Elf::open(Cursor::new(without)).unwrap().unwrap().section(".one").is_none());
    }

    #[test]
    fn readelf_agrees_on_this_program() {
        let path = std::env::current_exe().unwrap();
        let mut elf = Elf::open(std::fs::File::open(&path).unwrap()).unwrap().unwrap();
        let output = std::process::Command::new("readelf").arg("-SW").arg(&path).output();
        let output = output.expect("readelf is missing; install Debian's package binutils");
        let text = String::from_utf8(output.stdout).unwrap();
        let mut compared = 0;
        for line in text.lines().filter_map(|line| line.split_once("] .").map(|(_, rest)| rest)) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [name, _, address, offset, size, ..] = fields[..] else { panic!("{line}") };
            let section = elf.section(&format!(".{name}")).unwrap().clone();
            let expected = [address, offset, size].map(|field| u64::from_str_radix(field, 16).unwrap());
            assert_eq!([section.address, section.offset, section.size], expected, "{line}");
            compared += 1;
        }
        assert!(compared > 20, "{text}");
        let interpreter = elf.section(".interp").unwrap().clone();
        assert!(elf.content(&interpreter, 100).unwrap().starts_with(b"/lib"));
    }
}
