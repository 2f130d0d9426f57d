//! Extents of a fork: a sorted list, or a B+tree of such lists.

use super::super::bytes::{be16, be32, be64, part};
use super::super::error::{ReadError, damaged};
use super::super::source::Source;
use super::inode::{Fork, Format};
use super::superblock::Superblock;

const RECORD: usize = 16;

/// Magic numbers of a block of the tree, and the bytes of its header.
const BLOCK_4: (u32, usize) = (0x424d_4150, 24);
const BLOCK_5: (u32, usize) = (0x424d_4133, 72);

/// The deepest tree that the kernel makes is of 5 levels.
const MAX_LEVEL: u16 = 9;

/// Beyond every block of a file.
const END: u64 = 1 << 54;

/// What the blocks from a given one are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Blocks {
    /// Nothing, for so many.
    Hole(u64),
    /// From this block of the file system, so many.
    At(u64, u64),
}

/// What the blocks of a fork from `wanted` on are.
pub(super) fn find(
    superblock: &Superblock,
    device: &dyn Source,
    fork: &Fork<'_>,
    wanted: u64,
) -> Result<Blocks, ReadError> {
    match fork.format {
        Format::Local => Err(damaged!("its content is in the inode and has no extents")),
        Format::Extents => {
            let length = usize::try_from(fork.extents).unwrap_or(usize::MAX).saturating_mul(RECORD);
            let records = fork.bytes.get(..length).ok_or_else(|| damaged!("it has more extents than fit"))?;
            find_in(records, wanted, END)
        }
        Format::Tree => find_in_tree(superblock, device, fork.bytes, wanted),
    }
}

fn find_in_tree(superblock: &Superblock, device: &dyn Source, root: &[u8], wanted: u64) -> Result<Blocks, ReadError> {
    let mut level = be16(root, 0)?;
    if level == 0 || level > MAX_LEVEL {
        return Err(damaged!("its tree of extents has {level} levels"));
    }
    let (magic, header) = if superblock.version == 5 { BLOCK_5 } else { BLOCK_4 };
    let length = usize::try_from(superblock.block_size).unwrap_or(0);
    let mut node = root.to_vec();
    // Where the number of entries stands, and where the entries begin.
    let (mut count_at, mut at) = (2, 4);
    let mut next = END;
    loop {
        let count = usize::from(be16(&node, count_at)?);
        let room = (node.len() - at) / RECORD;
        if count == 0 || count > room {
            return Err(damaged!("a node of a tree of extents has {count} entries"));
        }
        let keys = part(&node, at, count * 8)?;
        let behind = count_not_behind(keys, 8, wanted)?;
        if behind < count {
            next = be64(keys, behind * 8)?.min(next);
        }
        // Before the first key there is nothing, but its block says so by itself.
        let pointer = be64(&node, at + room * 8 + behind.saturating_sub(1) * 8)?;
        node = device.bytes_at(superblock.block_place(pointer)?, length)?;
        level -= 1;
        (count_at, at) = (6, header);
        if be32(&node, 0)? != magic || be16(&node, 4)? != level {
            return Err(damaged!("a tree of extents leads to block {pointer}, which is no node of level {level}"));
        }
        if level == 0 {
            let records = part(&node, header, usize::from(be16(&node, 6)?) * RECORD)?;
            return find_in(records, wanted, next);
        }
    }
}

/// How many of the sorted starts are not behind `wanted`.
fn count_not_behind(entries: &[u8], size: usize, wanted: u64) -> Result<usize, ReadError> {
    let (mut low, mut high) = (0, entries.len() / size);
    while low < high {
        let middle = (low + high) / 2;
        let first = be64(entries, middle * size)?;
        let start = if size == RECORD { start_of(first) } else { first };
        if start <= wanted { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

/// Bits 9 to 62 of the first half of a record.
fn start_of(first: u64) -> u64 {
    (first >> 9) & (END - 1)
}

fn find_in(records: &[u8], wanted: u64, next: u64) -> Result<Blocks, ReadError> {
    let index = count_not_behind(records, RECORD, wanted)?;
    let next = match records.len() / RECORD {
        count if index < count => start_of(be64(records, index * RECORD)?),
        _ => next,
    };
    if let Some(record) = index.checked_sub(1) {
        let (first, second) = (be64(records, record * RECORD)?, be64(records, record * RECORD + 8)?);
        let (within, count) = (wanted - start_of(first), second & 0x1f_ffff);
        if within < count {
            let is_unwritten = first >> 63 == 1;
            let block = (first & 0x1ff) << 43 | second >> 21;
            return Ok(if is_unwritten {
                Blocks::Hole(count - within)
            } else {
                Blocks::At(block + within, count - within)
            });
        }
    }
    match next.checked_sub(wanted) {
        None | Some(0) => Err(damaged!("a list of extents is not sorted around block {wanted}")),
        Some(blocks) => Ok(Blocks::Hole(blocks)),
    }
}
