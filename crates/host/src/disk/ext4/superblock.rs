//! The superblock and the descriptors of block groups.
//!
//! Surprising: with `meta_bg` a group's descriptor lies somewhere in the disk, behind a copy of the superblock where that
//! group has one; without, all are in one table behind the first.

use super::super::bytes::{byte, le16, le32, product, sum};
use super::super::crc32c;
use super::super::error::{ReadError, damaged, not_supported};
use super::super::source::Source;

/// Where it begins, whatever the size of a block.
const PLACE: u64 = 1024;
const LENGTH: usize = 1024;
const MAGIC: u16 = 0xef53;

const COMPAT_HAS_JOURNAL: u32 = 0x4;
const COMPAT_SPARSE_SUPER2: u32 = 0x200;
const INCOMPAT_FILETYPE: u32 = 0x2;
const INCOMPAT_RECOVER: u32 = 0x4;
const INCOMPAT_META_BG: u32 = 0x10;
const INCOMPAT_64BIT: u32 = 0x80;
const INCOMPAT_LARGEDIR: u32 = 0x4000;
const RO_COMPAT_SPARSE_SUPER: u32 = 0x1;
const RO_COMPAT_METADATA_CSUM: u32 = 0x400;

/// Features that change what is read, and that are read: file types, recovery, meta_bg, extents, 64bit, mmp, flex_bg,
/// ea_inode, csum_seed, largedir, inline_data, encrypt (file by file), casefold.
const INCOMPAT_KNOWN: u32 = 0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x2000 | 0x4000 | 0x8000 | 0x30000;

/// Features by the names of `dumpe2fs`.
const INCOMPAT_REFUSED: &[(u32, &str)] = &[(0x1, "compression"), (0x8, "journal_dev"), (0x1000, "dirdata")];

/// What is needed of the superblock.
#[derive(Clone, Debug)]
pub(super) struct Superblock {
    pub(super) block_size: u64,
    pub(super) blocks: u64,
    pub(super) inodes: u64,
    pub(super) inode_size: u64,
    pub(super) inodes_per_group: u64,
    pub(super) journal_inode: u64,
    pub(super) journal_device: u32,
    first_data_block: u64,
    blocks_per_group: u64,
    descriptor_size: u64,
    first_meta_group: u64,
    compat: u32,
    incompat: u32,
    ro_compat: u32,
    backup_groups: [u64; 2],
    is_sound: bool,
}

impl Superblock {
    pub(super) fn read(device: &dyn Source) -> Result<Superblock, ReadError> {
        let data = device.bytes_at(PLACE, LENGTH)?;
        if le16(&data, 0x38)? != MAGIC {
            return Err(damaged!("its superblock has no magic number"));
        }
        let incompat = le32(&data, 0x60)?;
        if let Some((_, name)) = INCOMPAT_REFUSED.iter().find(|(bit, _)| incompat & bit != 0) {
            return Err(not_supported!("its feature {name} is not read"));
        }
        if incompat & !INCOMPAT_KNOWN != 0 {
            return Err(not_supported!("it has unknown incompatible features ({:#x})", incompat & !INCOMPAT_KNOWN));
        }
        let log_block_size = le32(&data, 0x18)?;
        if log_block_size > 6 {
            return Err(damaged!("its blocks would be of 2^{} bytes", u64::from(log_block_size) + 10));
        }
        let is_64_bit = incompat & INCOMPAT_64BIT != 0;
        let is_revision_0 = le32(&data, 0x4c)? == 0;
        let ro_compat = le32(&data, 0x64)?;
        let superblock = Superblock {
            block_size: 1024 << log_block_size,
            blocks: u64::from(le32(&data, 0x4)?) | if is_64_bit { u64::from(le32(&data, 0x150)?) << 32 } else { 0 },
            inodes: u64::from(le32(&data, 0)?),
            inode_size: if is_revision_0 { 128 } else { u64::from(le16(&data, 0x58)?) },
            inodes_per_group: u64::from(le32(&data, 0x28)?),
            journal_inode: u64::from(le32(&data, 0xe0)?),
            journal_device: le32(&data, 0xe4)?,
            first_data_block: u64::from(le32(&data, 0x14)?),
            blocks_per_group: u64::from(le32(&data, 0x20)?),
            descriptor_size: if is_64_bit { u64::from(le16(&data, 0xfe)?) } else { 32 },
            first_meta_group: u64::from(le32(&data, 0x104)?),
            compat: le32(&data, 0x5c)?,
            incompat,
            ro_compat,
            backup_groups: [u64::from(le32(&data, 0x24c)?), u64::from(le32(&data, 0x250)?)],
            is_sound: ro_compat & RO_COMPAT_METADATA_CSUM == 0
                || byte(&data, 0x175)? != 1
                || crc32c::update(!0, data.get(..0x3fc).unwrap_or_default()) == le32(&data, 0x3fc)?,
        };
        superblock.require_sense()?;
        Ok(superblock)
    }

    fn require_sense(&self) -> Result<(), ReadError> {
        let is_inode_size_sound =
            self.inode_size.is_power_of_two() && (128..=self.block_size).contains(&self.inode_size);
        let is_descriptor_size_sound = self.descriptor_size.is_power_of_two()
            && (32..=1024).contains(&self.descriptor_size)
            && self.descriptor_size <= self.block_size;
        let is_sound = is_inode_size_sound
            && is_descriptor_size_sound
            && self.inodes_per_group > 0
            && self.blocks_per_group > 0
            && self.first_data_block <= 1
            && self.inodes > 10
            && self.blocks > 0
            && self.blocks.checked_mul(self.block_size).is_some();
        if !is_sound {
            return Err(damaged!("its superblock makes no sense"));
        }
        Ok(())
    }

    /// Whether its checksum agrees; one that has none is sound.
    pub(super) fn is_sound(&self) -> bool {
        self.is_sound
    }

    /// Bytes of the file system.
    pub(super) fn size(&self) -> u64 {
        self.blocks.saturating_mul(self.block_size)
    }

    /// Whether directory entries tell the type.
    pub(super) fn has_file_types(&self) -> bool {
        self.incompat & INCOMPAT_FILETYPE != 0
    }

    /// Whether directories may be larger than 4 GiB.
    pub(super) fn has_large_directories(&self) -> bool {
        self.incompat & INCOMPAT_LARGEDIR != 0
    }

    /// Whether it was not unmounted: the journal holds what is not yet in its place.
    pub(super) fn needs_recovery(&self) -> bool {
        self.incompat & INCOMPAT_RECOVER != 0 && self.compat & COMPAT_HAS_JOURNAL != 0
    }

    /// Where the inode begins.
    pub(super) fn inode_place(&self, device: &dyn Source, inode: u64) -> Result<u64, ReadError> {
        if inode == 0 || inode > self.inodes {
            return Err(damaged!("there is no inode {inode}"));
        }
        let (group, index) = ((inode - 1) / self.inodes_per_group, (inode - 1) % self.inodes_per_group);
        let place = self.descriptor_place(group)?;
        let length = usize::try_from(self.descriptor_size).unwrap_or(32);
        let descriptor = device.bytes_at(place, length)?;
        let high = if length >= 64 { u64::from(le32(&descriptor, 0x28)?) << 32 } else { 0 };
        let table = u64::from(le32(&descriptor, 0x8)?) | high;
        if table == 0 || table >= self.blocks {
            return Err(damaged!("the inode table of group {group} lies in block {table}"));
        }
        sum(product(table, self.block_size)?, product(index, self.inode_size)?)
    }

    fn descriptor_place(&self, group: u64) -> Result<u64, ReadError> {
        let a_block = self.block_size / self.descriptor_size;
        let (number, index) = (group / a_block, group % a_block);
        let block = if self.incompat & INCOMPAT_META_BG == 0 || number < self.first_meta_group {
            // With blocks of 1 KiB the superblock is in block 1, else in block 0.
            1 + number + u64::from(self.block_size == PLACE)
        } else {
            let group = product(a_block, number)?;
            let first = sum(product(group, self.blocks_per_group)?, self.first_data_block)?;
            sum(first, u64::from(self.has_superblock(group)))?
        };
        sum(product(block, self.block_size)?, index * self.descriptor_size)
    }

    /// Whether a group begins with a copy of the superblock.
    fn has_superblock(&self, group: u64) -> bool {
        let is_power_of = |base: u64| {
            let mut power = base;
            while power < group {
                power *= base;
            }
            power == group
        };
        if group == 0 {
            return true;
        }
        if self.compat & COMPAT_SPARSE_SUPER2 != 0 {
            return self.backup_groups.contains(&group);
        }
        self.ro_compat & RO_COMPAT_SPARSE_SUPER == 0 || group == 1 || [3, 5, 7].into_iter().any(is_power_of)
    }
}
