//! GUID partition tables (UEFI 2.10 §5.3): the header and its backup at the end of the disk, each under two CRCs.
//!
//! Surprising: GUIDs are stored with their first three groups in little-endian order. The size of a sector is nowhere
//! written: a header is looked for behind the first 512 and the first 4,096 bytes.

use super::super::bytes::{field, le16, le32, le64, part, uuid};
use super::super::error::ReadError;
use super::super::source::Source;
use super::table::{Partition, PartitionType, Table, problem};

const SIGNATURE: &[u8] = b"EFI PART";

/// Bytes of the header that the specification defines.
const HEADER: usize = 92;

/// Bytes of all entries together; the usual 128 entries need 16 KiB.
const MAX_ENTRIES_BYTES: u64 = 4 << 20;

/// Partitions that are looked at.
const MAX_PARTITIONS: usize = 256;

/// The table, if there is a sound one.
pub(super) fn read(disk: &dyn Source) -> Result<Option<Table>, ReadError> {
    for sector in [512, 4096] {
        let last = disk.size() / sector;
        let primary = read_at(disk, sector, 1);
        if let Some(table) = primary.table {
            return Ok(Some(table));
        }
        // Where the header is sound but its entries are not, it knows where the backup is.
        let places = [primary.backup, last.checked_sub(1)];
        for place in places.into_iter().flatten().filter(|place| *place > 1) {
            if let Some(mut table) = read_at(disk, sector, place).table {
                table
                    .problems
                    .push(problem(format!("the primary GPT is damaged; its backup in sector {place} was used")));
                return Ok(Some(table));
            }
        }
    }
    Ok(None)
}

/// What is found at the place of a header.
#[derive(Default)]
struct Attempt {
    table: Option<Table>,
    /// Where a sound header says that the other one is.
    backup: Option<u64>,
}

fn read_at(disk: &dyn Source, sector: u64, place: u64) -> Attempt {
    let Some(header) = Header::read(disk, sector, place) else { return Attempt::default() };
    Attempt { table: header.entries(disk, sector), backup: Some(header.other) }
}

struct Header {
    other: u64,
    entries_start: u64,
    count: u32,
    entry_size: u32,
    entries_crc: u32,
}

impl Header {
    /// The header in a sector, if it is sound.
    fn read(disk: &dyn Source, sector: u64, place: u64) -> Option<Header> {
        let length = usize::try_from(sector).ok()?;
        let data = disk.bytes_at(place.checked_mul(sector)?, length).ok()?;
        if !data.starts_with(SIGNATURE) {
            return None;
        }
        let size = usize::try_from(le32(&data, 12).ok()?).ok()?;
        if !(HEADER..=length).contains(&size) {
            return None;
        }
        let mut checked = part(&data, 0, size).ok()?.to_vec();
        checked.get_mut(16..20)?.fill(0);
        let is_sound = crc32fast::hash(&checked) == le32(&data, 16).ok()? && le64(&data, 24).ok()? == place;
        is_sound.then_some(Header {
            other: le64(&data, 32).ok()?,
            entries_start: le64(&data, 72).ok()?,
            count: le32(&data, 80).ok()?,
            entry_size: le32(&data, 84).ok()?,
            entries_crc: le32(&data, 88).ok()?,
        })
    }

    /// The table behind the header, if its entries are sound.
    fn entries(&self, disk: &dyn Source, sector: u64) -> Option<Table> {
        let size = usize::try_from(self.entry_size).ok().filter(|size| *size >= 128)?;
        let bytes = u64::from(self.count) * u64::from(self.entry_size);
        if bytes > MAX_ENTRIES_BYTES {
            return None;
        }
        let data = disk.bytes_at(self.entries_start.checked_mul(sector)?, usize::try_from(bytes).ok()?).ok()?;
        if crc32fast::hash(&data) != self.entries_crc {
            return None;
        }
        let mut table = Table::default();
        for (number, entry) in (1..).zip(data.chunks_exact(size)) {
            let Some(partition) = partition(entry, number, sector) else { continue };
            if table.partitions.len() == MAX_PARTITIONS {
                table.problems.push(problem(format!("only the first {MAX_PARTITIONS} partitions are read")));
                break;
            }
            table.partitions.push(partition);
        }
        Some(table)
    }
}

/// The partition of an entry that is in use.
fn partition(entry: &[u8], number: u32, sector: u64) -> Option<Partition> {
    let kind = guid(entry, 0)?;
    if kind.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
        return None;
    }
    let (first, last) = (le64(entry, 32).ok()?, le64(entry, 40).ok()?);
    let sectors = last.checked_sub(first)?.checked_add(1)?;
    Some(Partition {
        number,
        kind: PartitionType::Gpt(kind),
        id: guid(entry, 16)?,
        label: label(part(entry, 56, 72).ok()?),
        start: first.checked_mul(sector)?,
        size: sectors.checked_mul(sector)?,
    })
}

fn guid(entry: &[u8], at: usize) -> Option<String> {
    let bytes: [u8; 16] = field(entry, at).ok()?;
    let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
    let [i, j, k, l, m, n, o, p] = rest;
    Some(uuid([d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p]))
}

/// UTF-16 up to the first NUL.
fn label(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| le16(pair, 0).ok()).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
