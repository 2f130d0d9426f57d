//! `Packages.db`: rpm's own database of numbered blobs (NDB), which SUSE uses.
//!
//! Implements the layout of rpm's `lib/backend/ndb/rpmpkg.c`: little-endian; a header and slots in pages of 4096 bytes,
//! then blobs in blocks of 16. Surprising: a deleted package leaves its blob in the file and only loses its slot.

use super::bytes::{Order, index, range};
use super::records::{LimitReached, MAX_BLOB, Records, Unreadable};

const MAGIC: &[u8] = b"RpmP";
const SLOT_MAGIC: &[u8] = b"Slot";
const BLOB_MAGIC: &[u8] = b"BlbS";
const TAIL_MAGIC: &[u8] = b"BlbE";
const VERSION: u32 = 0;

const PAGE: usize = 4096;
const SLOT: usize = 16;
const BLOCK: usize = 16;
const BLOB_HEADER: usize = 16;
const BLOB_TAIL: usize = 12;

/// Hands over every blob that a slot names.
pub(super) fn read(file: &[u8], records: &mut Records<'_>) -> Result<(), Unreadable> {
    if !file.starts_with(MAGIC) {
        return Err(Unreadable::malformed("it does not begin as an NDB package database"));
    }
    let header = Order::Little.u32(file, 4).zip(Order::Little.u32(file, 12));
    let Some((version, pages)) = header else {
        return Err(Unreadable::malformed("it ends within its header"));
    };
    if version != VERSION {
        return Err(Unreadable::not_supported(format!("its version is {version}; only {VERSION} is known")));
    }
    let end = index(pages).saturating_mul(PAGE);
    let slots = file.get(2 * SLOT..end.min(file.len())).unwrap_or_default();
    if end > file.len() {
        records.defects.malformed(format!("it ends within its {pages} pages of slots"));
    }
    for slot in slots.chunks_exact(SLOT) {
        let word = |at| Order::Little.u32(slot, at).unwrap_or_default();
        let (package, offset, blocks) = (word(4), word(8), word(12));
        if !slot.starts_with(SLOT_MAGIC) {
            records.defects.malformed("a slot does not begin as one: its package is not known");
        } else if package != 0 && offset != 0 && take(file, package, offset, blocks, records) == Err(LimitReached) {
            break;
        }
    }
    Ok(())
}

fn take(file: &[u8], package: u32, offset: u32, blocks: u32, records: &mut Records<'_>) -> Result<(), LimitReached> {
    let extent = index(offset).checked_mul(BLOCK).zip(index(blocks).checked_mul(BLOCK));
    let Some(extent) = extent.and_then(|(start, length)| range(file, start, length)) else {
        records.defects.malformed(format!("package {package}: its blob lies outside of the file"));
        return Ok(());
    };
    records.reserve(extent.len())?;
    match blob(extent, package) {
        Ok((blob, is_intact)) => {
            if !is_intact {
                records.defects.malformed(format!("package {package}: the checksum of its blob is wrong"));
            }
            records.take(package, blob)
        }
        Err(detail) => {
            records.defects.malformed(format!("package {package}: {detail}"));
            Ok(())
        }
    }
}

/// The content of a blob, and whether its checksum is right.
fn blob(extent: &[u8], package: u32) -> Result<(&[u8], bool), &'static str> {
    let word = |at| Order::Little.u32(extent, at);
    if !extent.starts_with(BLOB_MAGIC) {
        return Err("its blob does not begin as one");
    }
    if word(4) != Some(package) {
        return Err("its blob belongs to another package");
    }
    let length = word(12).filter(|length| u64::from(*length) <= MAX_BLOB).map_or(usize::MAX, index);
    let blob = range(extent, BLOB_HEADER, length).ok_or("its blob is longer than its blocks")?;
    let tail_at = extent.len().saturating_sub(BLOB_TAIL);
    if tail_at < BLOB_HEADER + length {
        return Err("its blob is longer than its blocks");
    }
    let (covered, tail) = extent.split_at_checked(tail_at).unwrap_or_default();
    let is_intact = Order::Little.u32(tail, 0) == Some(adler32(covered)) && tail.ends_with(TAIL_MAGIC);
    Ok((blob, is_intact))
}

/// The checksum of RFC 1950 §8.2.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    /// The most bytes after which neither sum can have overflowed.
    const STRETCH: usize = 5_552;
    let (mut low, mut high) = (1_u32, 0_u32);
    for stretch in bytes.chunks(STRETCH) {
        for byte in stretch {
            low += u32::from(*byte);
            high += low;
        }
        low %= MODULUS;
        high %= MODULUS;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{check, ndb};
    use super::*;

    /// The first blob's header comes after one page.
    const FIRST: usize = PAGE;

    #[track_caller]
    fn check_changed(at: usize, bytes: &[u8], expected: &[&[u8]], defects: &[&str]) {
        let mut file = ndb(&[b"first blob", b"second"]);
        file[at..at + bytes.len()].copy_from_slice(bytes);
        check(|records| read(&file, records), file.len(), Ok((expected, defects)));
    }

    #[test]
    fn every_slot_is_followed() {
        check_changed(0, MAGIC, &[b"first blob", b"second"], &[]);
        check_changed(SLOT * 2 + 4, &[0; 4], &[b"second"], &[]);
    }

    #[test]
    fn one_damaged_record_is_one_defect() {
        let outside = ["package 1: its blob lies outside of the file"];
        check_changed(SLOT * 2 + 8, &[0xff; 4], &[b"second"], &outside);
        check_changed(SLOT * 2 + 12, &[0xff; 4], &[b"second"], &outside);
        check_changed(SLOT * 2, b"XXXX", &[b"second"], &["a slot does not begin as one: its package is not known"]);
        check_changed(FIRST, b"XXXX", &[b"second"], &["package 1: its blob does not begin as one"]);
        check_changed(FIRST + 4, &[9], &[b"second"], &["package 1: its blob belongs to another package"]);
        check_changed(FIRST + 12, &[0xff; 4], &[b"second"], &["package 1: its blob is longer than its blocks"]);
        check_changed(FIRST + 12, &[21], &[b"second"], &["package 1: its blob is longer than its blocks"]);
        let checksum = ["package 1: the checksum of its blob is wrong"];
        check_changed(FIRST + BLOB_HEADER, b"F", &[b"First blob", b"second"], &checksum);
    }

    #[test]
    fn overlapping_records_end_the_reading() {
        let mut file = ndb(&[&[7; 9000]]);
        let slot = file[SLOT * 2..SLOT * 3].to_vec();
        file[SLOT * 3..SLOT * 4].copy_from_slice(&slot);
        let overlap = "the records overlap: together they are larger than the file; the rest was not read";
        check(|records| read(&file, records), file.len(), Ok((&[&[7; 9000]], &[overlap])));
    }

    #[test]
    fn what_is_no_database_is_refused() {
        let whole = ndb(&[b"first blob"]);
        let other_version = [&whole[..4], &[1], &whole[5..]].concat();
        for (file, error) in [
            (&b""[..], "it does not begin as an NDB package database"),
            (b"RpmP\0\0\0\0", "it ends within its header"),
            (&other_version, "its version is 1; only 0 is known"),
        ] {
            check(|records| read(file, records), file.len(), Err(error));
        }
        let cut = &whole[..SLOT * 3];
        let defects = ["it ends within its 1 pages of slots", "package 1: its blob lies outside of the file"];
        check(|records| read(cut, records), cut.len(), Ok((&[], &defects)));
    }
}
