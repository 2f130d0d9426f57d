//! The header of a tar entry: one block of 512 bytes, in one of four dialects.

use super::number::parse_number;

pub(super) const BLOCK: usize = 512;
pub(super) type Block = [u8; BLOCK];

/// In which dialect a header is written; it decides what stands behind the name of the owner's group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Before POSIX: nothing stands there.
    Old,
    /// POSIX: the first part of a long name.
    Posix,
    /// Joerg Schilling's star: a shorter first part, and times.
    Star,
    /// GNU: times, and the map of a sparse file.
    Gnu,
}

/// What a header says, numbers and texts told apart but not judged.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) dialect: Dialect,
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) mode: i64,
    pub(super) uid: i64,
    pub(super) gid: i64,
    pub(super) size: i64,
    pub(super) modified: i64,
    pub(super) flag: u8,
}

impl Header {
    /// Reads a block; the error says what is wrong with it.
    pub(super) fn parse(block: &Block) -> Result<Header, &'static str> {
        if !has_right_sum(block) {
            return Err("has a wrong check sum");
        }
        let number = |at, size| parse_number(field(block, at, size)).ok_or("has a number that is none");
        let dialect = dialect(block);
        let mut name = text(field(block, 0, 100)).to_vec();
        let prefix = match dialect {
            Dialect::Posix => text(field(block, 345, 155)),
            Dialect::Star => text(field(block, 345, 131)),
            Dialect::Old | Dialect::Gnu => &[],
        };
        if !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        Ok(Header {
            dialect,
            name,
            link: text(field(block, 157, 100)).to_vec(),
            mode: number(100, 8)?,
            uid: number(108, 8)?,
            gid: number(116, 8)?,
            size: number(124, 12)?,
            modified: number(136, 12)?,
            flag: block.get(156).copied().unwrap_or_default(),
        })
    }
}

pub(super) fn field(block: &Block, at: usize, size: usize) -> &[u8] {
    block.get(at..at + size).unwrap_or_default()
}

/// Text ends at the first NUL.
pub(super) fn text(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

fn dialect(block: &Block) -> Dialect {
    match (field(block, 257, 6), field(block, 263, 2), field(block, 508, 4)) {
        (b"ustar\0", _, b"tar\0") => Dialect::Star,
        (b"ustar\0", ..) => Dialect::Posix,
        (b"ustar ", b" \0", _) => Dialect::Gnu,
        _ => Dialect::Old,
    }
}

/// Whether the sum of all bytes is the one in the header, in which the sum itself counts as blanks. Some old writers
/// added up signed bytes.
fn has_right_sum(block: &Block) -> bool {
    let mut unsigned = 0;
    let mut signed = 0;
    for (at, byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&at) { b' ' } else { *byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    parse_number(field(block, 148, 8)).is_some_and(|sum| sum == unsigned || sum == signed)
}
