//! The label of a physical volume: who it is, and where its metadata areas are.
//!
//! Surprising: the label stands in any of the first four sectors, and the two lists behind it, of data areas and of
//! metadata areas, each end with an entry of zeros.

use super::super::bytes::{le32, le64, part};
use super::super::error::{ReadError, damaged};
use super::super::source::Source;
use super::checksum::checksum;

const SECTOR: usize = 512;

/// Sectors in which a label is looked for.
const SECTORS: usize = 4;

/// Where the checksum of a label begins.
const CHECKED_FROM: usize = 20;

/// A physical volume, as it describes itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// Its id: 32 letters and digits.
    pub(super) id: String,
    /// Metadata areas, the first one first.
    pub(super) areas: Vec<Area>,
}

/// A stretch of the physical volume, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) offset: u64,
    pub(super) size: u64,
}

/// The label of a physical volume.
pub(super) fn read(volume: &dyn Source) -> Result<Label, ReadError> {
    let head = volume.bytes_at(0, SECTORS * SECTOR)?;
    let mut unsound = None;
    for (number, sector) in (0..).zip(head.chunks_exact(SECTOR)) {
        if !sector.starts_with(b"LABELONE") || part(sector, 24, 8)? != b"LVM2 001" {
            continue;
        }
        match parse(sector, number) {
            Ok(label) => return Ok(label),
            Err(error) => unsound = unsound.or(Some(error)),
        }
    }
    Err(unsound.unwrap_or_else(|| damaged!("there is no label in its first {SECTORS} sectors")))
}

fn parse(sector: &[u8], number: u64) -> Result<Label, ReadError> {
    let checked = part(sector, CHECKED_FROM, SECTOR - CHECKED_FROM)?;
    if le32(sector, 16)? != checksum(checked) || le64(sector, 8)? != number {
        return Err(damaged!("the checksum or the place of the label in sector {number} is wrong"));
    }
    let start = usize::try_from(le32(sector, CHECKED_FROM)?).unwrap_or(SECTOR);
    let header = sector.get(start..).unwrap_or_default();
    let id = String::from_utf8_lossy(part(header, 0, 32)?).into_owned();
    let (_, behind_data) = areas(header, 40)?;
    let (areas, _) = areas(header, behind_data)?;
    Ok(Label { id, areas })
}

/// The areas of the list at `at`, and the place behind its end. The sector bounds them.
fn areas(header: &[u8], at: usize) -> Result<(Vec<Area>, usize), ReadError> {
    let mut areas = Vec::new();
    let mut at = at;
    loop {
        let [offset, size] = [le64(header, at)?, le64(header, at + 8)?];
        at += 16;
        if offset == 0 {
            return Ok((areas, at));
        }
        areas.push(Area { offset, size });
    }
}

/// An id as the metadata writes it, without its hyphens.
pub(super) fn plain_id(written: &str) -> String {
    written.chars().filter(|letter| *letter != '-').collect()
}
