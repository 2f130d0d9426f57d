//! Directories: short ones in the inode, others in blocks of entries that lie before the hashes of their names.

use super::super::bytes::{be16, be32, be64, byte, part};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::{EntrySink, RawEntry};
use super::superblock::Superblock;
use crate::view::FileKind;

/// Magic numbers of a lone block, which has the hashes at its end, and of one of several.
const BLOCKS_4: (u32, u32) = (0x5844_3242, 0x5844_3244);
const BLOCKS_5: (u32, u32) = (0x5844_4233, 0x5844_4433);

const FREE: u16 = 0xffff;

/// Hands out the entries of a directory in an inode.
pub(super) fn read_short(superblock: &Superblock, bytes: &[u8], sink: &mut EntrySink<'_>) -> Result<(), ReadError> {
    let count = byte(bytes, 0)?;
    let has_long_numbers = byte(bytes, 1)? != 0;
    let number_length = if has_long_numbers { 8 } else { 4 };
    // The number of the parent directory comes first.
    let mut at = 2 + number_length;
    for _ in 0..count {
        let length = usize::from(byte(bytes, at)?);
        let name = part(bytes, at + 3, length)?;
        at += 3 + length;
        let kind = if superblock.has_file_types { kind_of(byte(bytes, at)?) } else { None };
        at += usize::from(superblock.has_file_types);
        let inode = if has_long_numbers { be64(bytes, at)? } else { u64::from(be32(bytes, at)?) };
        at += number_length;
        sink(RawEntry { name, inode, kind })?;
    }
    Ok(())
}

/// Hands out the entries of a block.
pub(super) fn read_block(superblock: &Superblock, block: &[u8], sink: &mut EntrySink<'_>) -> Result<(), ReadError> {
    let ((lone, one_of_several), header) = if superblock.version == 5 { (BLOCKS_5, 64) } else { (BLOCKS_4, 16) };
    let magic = be32(block, 0)?;
    let end = if magic == lone {
        let tail = block.len().saturating_sub(8);
        let hashes = usize::try_from(be32(block, tail)?).unwrap_or(usize::MAX).checked_mul(8);
        hashes.and_then(|hashes| tail.checked_sub(hashes))
    } else {
        (magic == one_of_several).then_some(block.len())
    };
    let end =
        end.ok_or_else(|| damaged!("a block of a directory has the magic number {magic:#x} or too many hashes"))?;
    let mut at = header;
    while at < end {
        if be16(block, at)? == FREE {
            let length = usize::from(be16(block, at + 2)?);
            if length < 8 || !length.is_multiple_of(8) {
                return Err(damaged!("a block of a directory has a gap of {length} bytes"));
            }
            at += length;
            continue;
        }
        let length = usize::from(byte(block, at + 8)?);
        let name = part(block, at + 9, length)?;
        let kind = if superblock.has_file_types { kind_of(byte(block, at + 9 + length)?) } else { None };
        if !matches!(name, b"." | b"..") {
            sink(RawEntry { name, inode: be64(block, at)?, kind })?;
        }
        at += (9 + length + usize::from(superblock.has_file_types) + 2).next_multiple_of(8);
    }
    Ok(())
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
