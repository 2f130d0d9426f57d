//! Directories: blocks of entries.
//!
//! Surprising: the index of a large directory need not be understood. Its root hides behind the length of the entry `..`,
//! its inner nodes behind an entry without inode, and so do checksums.

use super::super::bytes::{byte, le16, le32, part};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::{EntrySink, RawEntry};
use crate::view::FileKind;

const HEADER: usize = 8;

/// Hands out the entries of one block, or of the part of an inode that stands for one.
pub(super) fn read_block(block: &[u8], has_types: bool, sink: &mut EntrySink<'_>) -> Result<(), ReadError> {
    let mut at = 0;
    while at < block.len() {
        let length = record_length(le16(block, at + 4)?, block.len());
        if length < HEADER || !length.is_multiple_of(4) || at + length > block.len() {
            return Err(damaged!("a directory entry of {length} bytes stands at {at} of {}", block.len()));
        }
        let inode = le32(block, at)?;
        let (name_length, kind) = if has_types {
            (usize::from(byte(block, at + 6)?), kind_of(byte(block, at + 7)?))
        } else {
            (usize::from(le16(block, at + 6)?), None)
        };
        if inode != 0 {
            if HEADER + name_length > length {
                return Err(damaged!("the name of a directory entry at {at} is longer than the entry"));
            }
            let name = part(block, at + HEADER, name_length)?;
            if !matches!(name, b"." | b"..") {
                sink(RawEntry { name, inode: u64::from(inode), kind })?;
            }
        }
        at += length;
    }
    Ok(())
}

/// Lengths of blocks of 64 KiB do not fit into 16 bits.
fn record_length(stored: u16, block: usize) -> usize {
    let stored = usize::from(stored);
    if block < 65536 {
        return stored;
    }
    match stored {
        0 | 65535 => block,
        stored => (stored & 0xfffc) | (stored & 3) << 16,
    }
}

fn kind_of(stored: u8) -> Option<FileKind> {
    match stored {
        1 => Some(FileKind::File),
        2 => Some(FileKind::Directory),
        3..=6 => Some(FileKind::Other),
        7 => Some(FileKind::Link),
        _ => None,
    }
}
