//! A metadata area: a header, and a ring in which every change of the volume group is written behind the last one.
//!
//! Surprising: the text that is in force may begin near the end of the ring and go on behind the header.

use super::super::bytes::{le32, le64, part, sum};
use super::super::error::{ReadError, damaged, not_supported};
use super::super::source::Source;
use super::checksum::checksum;
use super::label::Area;

const HEADER: usize = 512;
const MAGIC: &[u8] = b"\x20LVM2\x20x[5A%r0N*>";

/// Set where an area is kept empty on purpose.
const IGNORED: u32 = 1;

/// The text of a group with thousands of volumes stays below it.
const MAX_TEXT: u64 = 8 << 20;

/// What an area says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Metadata {
    /// The description of the volume group.
    Text(Vec<u8>),
    /// The physical volume belongs to no group.
    None,
    /// The description is kept elsewhere only.
    Elsewhere,
}

/// Reads an area.
pub(super) fn read(volume: &dyn Source, area: Area) -> Result<Metadata, ReadError> {
    let header = volume.bytes_at(area.offset, HEADER)?;
    if part(&header, 4, MAGIC.len())? != MAGIC || le32(&header, 0)? != checksum(part(&header, 4, HEADER - 4)?) {
        return Err(damaged!("the header of the metadata area at {} is not sound", area.offset));
    }
    let (version, start, size) = (le32(&header, 20)?, le64(&header, 24)?, le64(&header, 32)?);
    if version != 1 {
        return Err(not_supported!("metadata areas of version {version} are not read"));
    }
    if start != area.offset || size > area.size {
        return Err(damaged!("the metadata area at {} says that it is elsewhere", area.offset));
    }
    let (offset, length) = (le64(&header, 40)?, le64(&header, 48)?);
    let (expected, flags) = (le32(&header, 56)?, le32(&header, 60)?);
    if flags & IGNORED != 0 {
        return Ok(Metadata::Elsewhere);
    }
    if offset == 0 {
        return Ok(Metadata::None);
    }
    let ring = HEADER as u64;
    if offset < ring || offset >= size || length > size - ring {
        return Err(damaged!("the metadata of {length} bytes at {offset} does not fit into its area of {size}"));
    }
    if length > MAX_TEXT {
        return Err(not_supported!("its metadata is {length} bytes, over the limit of {MAX_TEXT}"));
    }
    let before_end = length.min(size - offset);
    let bytes = |from: u64, length: u64| volume.bytes_at(sum(start, from)?, usize::try_from(length).unwrap_or(0));
    let mut text = bytes(offset, before_end)?;
    text.extend(bytes(ring, length - before_end)?);
    if checksum(&text) != expected {
        return Err(damaged!("the checksum of the metadata at {offset} is wrong"));
    }
    Ok(Metadata::Text(text))
}
