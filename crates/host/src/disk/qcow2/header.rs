//! The header of a qcow2 image.
//!
//! Surprising: a backing file is named by a path that the image's author chose. Whoever follows it reads any file of the
//! machine that looks at the image, so it is never followed.

use super::super::bytes::{be32, be64, byte};
use super::super::error::{ReadError, damaged, not_supported};
use super::super::source::Source;

/// The first bytes of every version.
pub(crate) const MAGIC: &[u8; 4] = b"QFI\xfb";

/// Bytes up to and with the compression type.
const HEADER: usize = 112;

/// Bytes that version 2 has.
const HEADER_V2: usize = 72;

/// QEMU's limit: 32 MiB of first-level table.
const MAX_L1_ENTRIES: u64 = (32 << 20) / 8;

const DIRTY: u64 = 1;
const CORRUPT: u64 = 1 << 1;
const EXTERNAL_DATA: u64 = 1 << 2;
const COMPRESSION_TYPE: u64 = 1 << 3;
const EXTENDED_L2: u64 = 1 << 4;

/// How compressed clusters are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// Raw deflate.
    Deflate,
    /// A zstd frame.
    Zstd,
}

/// What is needed of the header.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) version: u32,
    pub(super) cluster_bits: u32,
    /// Size of the disk in bytes.
    pub(super) size: u64,
    pub(super) l1_offset: u64,
    pub(super) compression: Compression,
    /// QEMU itself has found the image to be corrupt.
    pub(super) is_marked_corrupt: bool,
}

impl Header {
    pub(super) fn read(file: &dyn Source) -> Result<Header, ReadError> {
        let length = usize::try_from(file.size()).unwrap_or(HEADER).min(HEADER);
        if length < HEADER_V2 {
            return Err(damaged!("its qcow2 header is cut short"));
        }
        let data = file.bytes_at(0, length)?;
        let version = be32(&data, 4)?;
        if !matches!(version, 2 | 3) {
            let advice = "convert it with `qemu-img convert -O qcow2`";
            return Err(not_supported!("version {version} of qcow2 is not read; {advice}"));
        }
        refuse_backing_file(file, be64(&data, 8)?, be32(&data, 16)?)?;
        let cluster_bits = be32(&data, 20)?;
        if !(9..=21).contains(&cluster_bits) {
            return Err(damaged!("clusters of 2^{cluster_bits} bytes are outside of qcow2's 2^9 to 2^21"));
        }
        if be32(&data, 32)? != 0 {
            return Err(not_supported!("it is encrypted; decrypt it with `qemu-img convert`"));
        }
        let features = if version == 3 { be64(&data, 72)? } else { 0 };
        let compression = compression(&data, features)?;
        let header = Header {
            version,
            cluster_bits,
            size: be64(&data, 24)?,
            l1_offset: be64(&data, 40)?,
            compression,
            is_marked_corrupt: features & CORRUPT != 0,
        };
        header.require_l1(u64::from(be32(&data, 36)?), file.size())?;
        Ok(header)
    }

    /// Bytes of the disk that one table of the second level maps.
    pub(super) fn l2_reach_bits(&self) -> u32 {
        self.cluster_bits + self.cluster_bits - 3
    }

    fn require_l1(&self, entries: u64, file_size: u64) -> Result<(), ReadError> {
        let needed = self.size.div_ceil(1 << self.l2_reach_bits());
        if entries > MAX_L1_ENTRIES {
            return Err(damaged!("a first-level table of {entries} entries is over qcow2's limit"));
        }
        if entries < needed {
            return Err(damaged!("a first-level table of {entries} entries is too small for {} bytes", self.size));
        }
        let end = self.l1_offset.checked_add(entries * 8);
        if !self.l1_offset.is_multiple_of(1 << self.cluster_bits) || end.is_none_or(|end| end > file_size) {
            return Err(damaged!("its first-level table at {} lies outside of the file", self.l1_offset));
        }
        Ok(())
    }
}

/// The compression, where all features are known ones.
fn compression(data: &[u8], features: u64) -> Result<Compression, ReadError> {
    if features & EXTERNAL_DATA != 0 {
        let advice = "bring both into one file with `qemu-img convert`";
        return Err(not_supported!("its data is in an external file; {advice}"));
    }
    if features & EXTENDED_L2 != 0 {
        let advice = "convert it with `qemu-img convert -O qcow2`";
        return Err(not_supported!(
            "its second-level entries are extended (subclusters), which are not read; {advice}"
        ));
    }
    let unknown = features & !(DIRTY | CORRUPT | COMPRESSION_TYPE);
    if unknown != 0 {
        return Err(not_supported!("it has unknown incompatible features ({unknown:#x})"));
    }
    if features & COMPRESSION_TYPE == 0 {
        return Ok(Compression::Deflate);
    }
    match byte(data, 104)? {
        0 => Ok(Compression::Deflate),
        1 => Ok(Compression::Zstd),
        other => Err(not_supported!("its clusters are compressed in an unknown way ({other})")),
    }
}

fn refuse_backing_file(file: &dyn Source, offset: u64, length: u32) -> Result<(), ReadError> {
    if offset == 0 {
        return Ok(());
    }
    let length = usize::try_from(length).unwrap_or(0).min(1023);
    let name = file.bytes_at(offset, length).unwrap_or_default();
    let name = String::from_utf8_lossy(&name).escape_debug().to_string();
    Err(not_supported!(
        "it is only the difference to a backing file (\"{name}\"), which is not followed because an image may name any \
         file; flatten it with `qemu-img convert -O qcow2`"
    ))
}
