//! MBR partition tables: four entries, one of which may be an extended partition that holds a chain of logical ones.
//!
//! Surprising: in the chain, the start of a logical partition counts from its own table, but the start of the next table
//! counts from the extended partition.

use std::collections::BTreeSet;

use super::super::bytes::{byte, le32, part};
use super::super::error::ReadError;
use super::super::source::Source;
use super::table::{Partition, PartitionType, Table, lost_gpt, problem};

const SECTOR: u64 = 512;
const ENTRIES: usize = 446;
const ENTRY: usize = 16;
const PROTECTIVE: u8 = 0xee;
const EXTENDED: [u8; 3] = [0x05, 0x0f, 0x85];

/// Logical partitions that are looked at; the kernel takes 252 at most.
const MAX_LOGICAL: u32 = 252;

/// One entry that is in use; places are in sectors.
struct Entry {
    kind: u8,
    start: u32,
    sectors: u32,
}

/// The table, if there is one.
pub(super) fn read(disk: &dyn Source) -> Result<Option<Table>, ReadError> {
    let Ok(data) = disk.bytes_at(0, 512) else { return Ok(None) };
    let Some(entries) = entries(&data) else { return Ok(None) };
    let signature = le32(&data, 440)?;
    let mut table = Table::default();
    for (number, entry) in (1..).zip(entries) {
        match entry {
            None => {}
            Some(Entry { kind: PROTECTIVE, .. }) => return Err(lost_gpt()),
            Some(entry) if EXTENDED.contains(&entry.kind) => add_logical(disk, &entry, signature, &mut table),
            Some(entry) => table.partitions.push(partition(&entry, number, 0, signature)),
        }
    }
    Ok(if table == Table::default() { None } else { Some(table) })
}

/// The four entries, absent where they are empty; none at all where this is no table.
fn entries(sector: &[u8]) -> Option<[Option<Entry>; 4]> {
    if !sector.ends_with(&[0x55, 0xaa]) {
        return None;
    }
    let mut entries = [const { None }; 4];
    for (index, place) in entries.iter_mut().enumerate() {
        let entry = part(sector, ENTRIES + index * ENTRY, ENTRY).ok()?;
        // The boot sector of a file system ends in the same two bytes but has code here.
        if !matches!(byte(entry, 0).ok()?, 0 | 0x80) {
            return None;
        }
        let found = Entry { kind: byte(entry, 4).ok()?, start: le32(entry, 8).ok()?, sectors: le32(entry, 12).ok()? };
        if found.kind != 0 && found.sectors != 0 {
            *place = Some(found);
        }
    }
    Some(entries)
}

fn add_logical(disk: &dyn Source, extended: &Entry, signature: u32, table: &mut Table) {
    let base = u64::from(extended.start);
    let mut seen = BTreeSet::new();
    let mut place = base;
    // A table without a partition, left over after one was deleted, takes no number.
    let mut number = 5;
    for _ in 0..MAX_LOGICAL {
        if !seen.insert(place) {
            table.problems.push(problem(format!("the chain of logical partitions returns to sector {place}")));
            return;
        }
        let sector = disk.bytes_at(place * SECTOR, 512).ok();
        let Some([first, second, ..]) = sector.as_deref().and_then(entries) else {
            table.problems.push(problem(format!("the chain of logical partitions is broken in sector {place}")));
            return;
        };
        let (data, next) = match (first, second) {
            (Some(first), second) if EXTENDED.contains(&first.kind) => (second, Some(first)),
            (first, second) => (first, second),
        };
        if let Some(entry) = data {
            table.partitions.push(partition(&entry, number, place, signature));
            number += 1;
        }
        match next {
            Some(next) if EXTENDED.contains(&next.kind) => place = base + u64::from(next.start),
            _ => return,
        }
    }
    table.problems.push(problem(format!("only the first {MAX_LOGICAL} logical partitions are read")));
}

fn partition(entry: &Entry, number: u32, base: u64, signature: u32) -> Partition {
    Partition {
        number,
        kind: PartitionType::Mbr(entry.kind),
        id: format!("{signature:08x}-{number:02x}"),
        label: String::new(),
        start: (base + u64::from(entry.start)) * SECTOR,
        size: u64::from(entry.sectors) * SECTOR,
    }
}
