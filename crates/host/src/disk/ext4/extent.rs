//! Extent trees: a node is a header and sorted entries; the root is in the inode.

use super::super::bytes::{le16, le32, product};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::Run;
use super::super::source::Source;
use super::superblock::Superblock;

const MAGIC: u16 = 0xf30a;
const HEADER: usize = 12;
const ENTRY: usize = 12;

/// The deepest tree that Linux makes.
const MAX_DEPTH: u16 = 5;

/// Lengths above this mean that the extent is allocated but not written: it reads as zeros.
const MAX_WRITTEN: u64 = 32768;

/// Blocks that a logical block number can name.
const END: u64 = 1 << 32;

/// The run of whole blocks from the logical block `wanted`.
pub(super) fn run(superblock: &Superblock, device: &dyn Source, root: &[u8], wanted: u64) -> Result<Run, ReadError> {
    let mut node = root.to_vec();
    let mut depth = Node(&node).depth()?;
    if depth > MAX_DEPTH {
        return Err(damaged!("an extent tree is {depth} levels deep"));
    }
    // What follows a hole, where nothing nearer is known.
    let mut next = END;
    while depth > 0 {
        let Some((index, after)) = Node(&node).find(wanted)? else {
            return hole(superblock, wanted, Node(&node).first()?.min(next));
        };
        next = after.min(next);
        let block = u64::from(le32(&node, index + 4)?) | u64::from(le16(&node, index + 8)?) << 32;
        if block == 0 || block >= superblock.blocks {
            return Err(damaged!("an extent tree leads to block {block}"));
        }
        let length = usize::try_from(superblock.block_size).unwrap_or(0);
        node = device.bytes_at(product(block, superblock.block_size)?, length)?;
        let below = Node(&node).depth()?;
        if below != depth - 1 {
            return Err(damaged!("an extent tree goes from level {depth} to level {below}"));
        }
        depth = below;
    }
    let Some((extent, after)) = Node(&node).find(wanted)? else {
        return hole(superblock, wanted, Node(&node).first()?.min(next));
    };
    let first = u64::from(le32(&node, extent)?);
    let length = u64::from(le16(&node, extent + 4)?);
    let (length, is_written) = if length > MAX_WRITTEN { (length - MAX_WRITTEN, false) } else { (length, true) };
    let within = wanted - first;
    if within >= length {
        return hole(superblock, wanted, after.min(next));
    }
    let left = product(length - within, superblock.block_size)?;
    if !is_written {
        return Ok(Run::Hole { length: left });
    }
    let start = u64::from(le32(&node, extent + 8)?) | u64::from(le16(&node, extent + 6)?) << 32;
    if start == 0 || start + length > superblock.blocks {
        return Err(damaged!("an extent of {length} blocks lies at block {start}"));
    }
    Ok(Run::Device { offset: product(start + within, superblock.block_size)?, length: left })
}

fn hole(superblock: &Superblock, wanted: u64, next: u64) -> Result<Run, ReadError> {
    match next.checked_sub(wanted) {
        None | Some(0) => Err(damaged!("an extent tree is not sorted around block {wanted}")),
        Some(blocks) => Ok(Run::Hole { length: product(blocks, superblock.block_size)? }),
    }
}

struct Node<'a>(&'a [u8]);

impl Node<'_> {
    fn depth(&self) -> Result<u16, ReadError> {
        if le16(self.0, 0)? != MAGIC {
            return Err(damaged!("a node of an extent tree has no magic number"));
        }
        if usize::from(le16(self.0, 2)?) > (self.0.len() - HEADER) / ENTRY {
            return Err(damaged!("a node of an extent tree has more entries than fit"));
        }
        le16(self.0, 6)
    }

    /// The logical block of the first entry; the end where there is none.
    fn first(&self) -> Result<u64, ReadError> {
        if le16(self.0, 2)? == 0 { Ok(END) } else { Ok(u64::from(le32(self.0, HEADER)?)) }
    }

    /// Where the last entry begins that is not behind `wanted`, and the logical block of the entry after it.
    fn find(&self, wanted: u64) -> Result<Option<(usize, u64)>, ReadError> {
        let count = usize::from(le16(self.0, 2)?);
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = (low + high) / 2;
            if u64::from(le32(self.0, HEADER + middle * ENTRY)?) <= wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let after = if low < count { u64::from(le32(self.0, HEADER + low * ENTRY)?) } else { END };
        Ok(low.checked_sub(1).map(|index| (HEADER + index * ENTRY, after)))
    }
}
