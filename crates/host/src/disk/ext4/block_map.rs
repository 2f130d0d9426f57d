//! The block map of ext2 and ext3: twelve blocks, then one, two and three levels of tables.

use super::super::bytes::{le32, product, sum};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::Run;
use super::super::source::Source;
use super::superblock::Superblock;

const DIRECT: u64 = 12;

/// Blocks that follow each other on the disk and are read as one run at most.
const MAX_RUN: u64 = 64;

/// The run of whole blocks from the logical block `wanted`.
pub(super) fn run(superblock: &Superblock, device: &dyn Source, map: &[u8], wanted: u64) -> Result<Run, ReadError> {
    let a_table = superblock.block_size / 4;
    if wanted < DIRECT {
        return entries_run(superblock, map, wanted, DIRECT);
    }
    let mut within = wanted - DIRECT;
    let mut reach = a_table;
    for level in 0..3_u64 {
        if within < reach {
            let slot = usize::try_from(DIRECT + level).unwrap_or(0);
            return table_run(superblock, device, u64::from(le32(map, slot * 4)?), within, reach);
        }
        within -= reach;
        reach = product(reach, a_table)?;
    }
    Err(damaged!("block {wanted} of a file is beyond its block map"))
}

/// Descends from `table`, which maps `reach` blocks, to the block `within` them.
fn table_run(
    superblock: &Superblock,
    device: &dyn Source,
    table: u64,
    within: u64,
    reach: u64,
) -> Result<Run, ReadError> {
    let a_table = superblock.block_size / 4;
    let (mut table, mut within, mut reach) = (table, within, reach);
    loop {
        if table == 0 {
            return Ok(Run::Hole { length: product(reach - within, superblock.block_size)? });
        }
        require_block(superblock, table)?;
        let place = product(table, superblock.block_size)?;
        if reach == a_table {
            let entries = device.bytes_at(place, usize::try_from(superblock.block_size).unwrap_or(0))?;
            return entries_run(superblock, &entries, within, a_table);
        }
        reach /= a_table;
        let mut entry = [0; 4];
        device.read_at(sum(place, within / reach * 4)?, &mut entry)?;
        table = u64::from(u32::from_le_bytes(entry));
        within %= reach;
    }
}

/// The run from entry `index` of `count` entries.
fn entries_run(superblock: &Superblock, entries: &[u8], index: u64, count: u64) -> Result<Run, ReadError> {
    let entry = |index: u64| le32(entries, usize::try_from(index * 4).unwrap_or(usize::MAX)).map(u64::from);
    let first = entry(index)?;
    let mut length = 1;
    while length < MAX_RUN && index + length < count {
        let follows = if first == 0 { 0 } else { first + length };
        if entry(index + length)? != follows {
            break;
        }
        length += 1;
    }
    let bytes = product(length, superblock.block_size)?;
    if first == 0 {
        return Ok(Run::Hole { length: bytes });
    }
    require_block(superblock, first + length - 1)?;
    Ok(Run::Device { offset: product(first, superblock.block_size)?, length: bytes })
}

fn require_block(superblock: &Superblock, block: u64) -> Result<(), ReadError> {
    if block >= superblock.blocks {
        return Err(damaged!("a block map leads to block {block}"));
    }
    Ok(())
}
