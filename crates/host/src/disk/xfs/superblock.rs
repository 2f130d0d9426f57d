//! The superblock, and how its numbers of inodes and blocks become places.
//!
//! Surprising: both kinds of numbers have the allocation group in their upper bits and the place within it in the lower,
//! so they are no offsets; and there is no table of inodes: a number says where its inode is.

use super::super::bytes::{be16, be32, be64, byte, product, sum};
use super::super::crc32c;
use super::super::error::{ReadError, damaged, not_supported};
use super::super::source::Source;

const MAGIC: u32 = 0x5846_5342;
const LENGTH: usize = 512;

/// Bits of the version field.
const DIRECTORIES_2: u16 = 0x2000;
const MORE_BITS: u16 = 0x8000;
const CASE_INSENSITIVE: u16 = 0x4000;

/// Of `features2`, version 4.
const FEATURES2_FTYPE: u32 = 0x200;

const INCOMPAT_FTYPE: u32 = 0x1;
const INCOMPAT_NEEDS_REPAIR: u32 = 0x10;

/// Features that change what is read, and that are read: ftype, sparse inodes, meta_uuid, bigtime, needsrepair, nrext64,
/// exchange-range, parent pointers.
const INCOMPAT_KNOWN: u32 = 0xff;

/// What is needed of the superblock.
#[derive(Clone, Debug)]
pub(super) struct Superblock {
    pub(super) version: u16,
    pub(super) block_size: u64,
    pub(super) inode_size: u64,
    pub(super) root: u64,
    /// Bytes of a directory block.
    pub(super) directory_block: u64,
    pub(super) has_file_types: bool,
    pub(super) log_start: u64,
    pub(super) log_blocks: u64,
    blocks: u64,
    group_blocks: u64,
    groups: u64,
    group_bits: u32,
    inode_bits: u32,
    is_sound: bool,
    needs_repair: bool,
}

impl Superblock {
    pub(super) fn read(device: &dyn Source) -> Result<Superblock, ReadError> {
        let data = device.bytes_at(0, LENGTH)?;
        if be32(&data, 0)? != MAGIC {
            return Err(damaged!("its superblock has no magic number"));
        }
        let bits = be16(&data, 100)?;
        let version = bits & 0xf;
        if !matches!(version, 4 | 5) || bits & DIRECTORIES_2 == 0 {
            return Err(not_supported!("version {version} of xfs is not read"));
        }
        if bits & CASE_INSENSITIVE != 0 {
            return Err(not_supported!("its names are case-insensitive, which is not read"));
        }
        let incompat = if version == 5 { be32(&data, 216)? } else { 0 };
        if incompat & !INCOMPAT_KNOWN != 0 {
            return Err(not_supported!("it has unknown incompatible features ({:#x})", incompat & !INCOMPAT_KNOWN));
        }
        if byte(&data, 126)? != 0 {
            return Err(damaged!("mkfs.xfs has not finished making it"));
        }
        let has_features2 = version == 4 && bits & MORE_BITS != 0;
        let features2 = if has_features2 { be32(&data, 200)? } else { 0 };
        let (block_bits, directory_bits) = (u32::from(byte(&data, 120)?), u32::from(byte(&data, 192)?));
        let (group_bits, inode_bits) = (u32::from(byte(&data, 124)?), u32::from(byte(&data, 123)?));
        if !(9..=16).contains(&block_bits) || block_bits + directory_bits > 16 || group_bits > 31 || inode_bits > 8 {
            return Err(damaged!("its superblock makes no sense"));
        }
        let superblock = Superblock {
            version,
            block_size: u64::from(be32(&data, 4)?),
            inode_size: u64::from(be16(&data, 104)?),
            root: be64(&data, 56)?,
            directory_block: 1 << (block_bits + directory_bits),
            has_file_types: incompat & INCOMPAT_FTYPE != 0 || features2 & FEATURES2_FTYPE != 0,
            log_start: be64(&data, 48)?,
            log_blocks: u64::from(be32(&data, 96)?),
            blocks: be64(&data, 8)?,
            group_blocks: u64::from(be32(&data, 84)?),
            groups: u64::from(be32(&data, 88)?),
            group_bits,
            inode_bits,
            is_sound: version == 4 || is_checksum_right(device, &data)?,
            needs_repair: incompat & INCOMPAT_NEEDS_REPAIR != 0,
        };
        let is_sensible = superblock.block_size == 1 << block_bits
            && superblock.inode_size.is_power_of_two()
            && superblock.inode_size << inode_bits == superblock.block_size
            && superblock.inode_size >= 256
            && superblock.group_blocks > 0
            && superblock.group_blocks <= 1 << group_bits
            && superblock.blocks.checked_mul(superblock.block_size).is_some();
        if is_sensible { Ok(superblock) } else { Err(damaged!("its superblock makes no sense")) }
    }

    /// What is odd about it.
    pub(super) fn warnings(&self, device: &dyn Source) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.is_sound {
            warnings.push("the checksum of its superblock is wrong".to_owned());
        }
        if self.needs_repair {
            warnings.push("it is marked as in need of repair".to_owned());
        }
        let (says, has) = (self.blocks.saturating_mul(self.block_size), device.size());
        if says > has {
            warnings.push(format!("it says that it has {says} bytes, but there are {has}"));
        }
        warnings
    }

    /// Where the inode begins.
    pub(super) fn inode_place(&self, inode: u64) -> Result<u64, ReadError> {
        let block = self.block_place(inode >> self.inode_bits)?;
        sum(block, (inode & ((1 << self.inode_bits) - 1)) * self.inode_size)
    }

    /// Where the block begins.
    pub(super) fn block_place(&self, block: u64) -> Result<u64, ReadError> {
        let (group, within) = (block >> self.group_bits, block & ((1 << self.group_bits) - 1));
        if group >= self.groups || within >= self.group_blocks {
            return Err(damaged!("there is no block {block}"));
        }
        product(sum(product(group, self.group_blocks)?, within)?, self.block_size)
    }
}

/// The checksum is over one sector, with itself as zero.
fn is_checksum_right(device: &dyn Source, data: &[u8]) -> Result<bool, ReadError> {
    let sector = usize::from(be16(data, 102)?);
    if !(512..=32768).contains(&sector) {
        return Ok(false);
    }
    let sector = device.bytes_at(0, sector)?;
    let register = crc32c::update(!0, sector.get(..224).unwrap_or_default());
    let register = crc32c::update(register, &[0; 4]);
    let register = crc32c::update(register, sector.get(228..).unwrap_or_default());
    Ok(!register == super::super::bytes::le32(&sector, 224)?)
}
