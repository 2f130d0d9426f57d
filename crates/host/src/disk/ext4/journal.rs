//! The journal (jbd2): what was written there, but not yet to its place, when the machine stopped.
//!
//! Two passes as in the kernel's recovery: the first finds the last complete transaction and what is revoked, the second
//! where the newest copy of each block is. Nothing is written; the copies are put over the device. All numbers are
//! big-endian, unlike the file system's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::bytes::{be16, be32, field, part};
use super::super::crc32c;
use super::super::error::{ReadError, damaged, not_supported};
use super::super::filesystem::{Content, FileSystem, Run};
use super::replayed::{Newer, Replayed};
use super::volume::Ext4;

const MAGIC: u32 = 0xc03b_3998;
const DESCRIPTOR: u32 = 1;
const COMMIT: u32 = 2;
const REVOKE: u32 = 5;

const INCOMPAT_64BIT: u32 = 0x2;
const INCOMPAT_CSUM_V2: u32 = 0x8;
const INCOMPAT_CSUM_V3: u32 = 0x10;
const INCOMPAT_FAST_COMMIT: u32 = 0x20;
const INCOMPAT_KNOWN: u32 = 0x3f;

const TAG_ESCAPED: u32 = 1;
const TAG_SAME_UUID: u32 = 2;
const TAG_LAST: u32 = 8;

/// Blocks of a journal: 4 GiB of them at 4 KiB each.
const MAX_BLOCKS: u64 = 1 << 20;

/// What a replay gives.
pub(super) struct Replay {
    pub(super) device: Replayed,
    pub(super) warnings: Vec<String>,
}

/// The device with the complete transactions of the journal in `inode` over it.
pub(super) fn replay(file_system: &Ext4, inode: u64, block_size: u64) -> Result<Replay, ReadError> {
    let mut journal = Journal::open(file_system, inode, block_size)?;
    let mut newer = BTreeMap::new();
    let mut warnings = Vec::new();
    if journal.start != 0 {
        let found = journal.scan()?;
        warnings.extend(found.warnings);
        for (block, (sequence, copy)) in found.copies {
            // A block that was revoked in the same transaction or later was freed: its copy must not be seen.
            let is_revoked = found.revoked.get(&block).is_some_and(|revoked| *revoked >= sequence);
            if !is_revoked {
                newer.insert(block, copy);
            }
        }
        if journal.incompat & INCOMPAT_FAST_COMMIT != 0 {
            warnings.push("its fast commits are not replayed, so the newest changes may be missing".to_owned());
        }
    }
    let inner = Arc::clone(file_system.device());
    Ok(Replay { device: Replayed { inner, block_size, newer, magic: MAGIC.to_be_bytes() }, warnings })
}

struct Journal<'a> {
    content: Content<'a>,
    file_system: &'a Ext4,
    block_size: u64,
    /// Blocks of the ring, which begins at `first`.
    end: u64,
    first: u64,
    /// Where the oldest transaction begins; 0 if there is none.
    start: u64,
    sequence: u32,
    incompat: u32,
    seed: u32,
}

#[derive(Default)]
struct Found {
    /// For each block the last transaction that wrote it, and the copy.
    copies: BTreeMap<u64, (u32, Newer)>,
    /// For each block the last transaction that revoked it.
    revoked: BTreeMap<u64, u32>,
    warnings: Vec<String>,
}

impl<'a> Journal<'a> {
    fn open(file_system: &'a Ext4, inode: u64, block_size: u64) -> Result<Journal<'a>, ReadError> {
        let mut content = Content::new(file_system, file_system.node(inode)?);
        let mut data = [0; 1024];
        content.read_exact_at(0, &mut data)?;
        let version = be32(&data, 4)?;
        if be32(&data, 0)? != MAGIC || !matches!(version, 3 | 4) {
            return Err(damaged!("the journal has no superblock"));
        }
        // Version 1 has no features.
        let incompat = if version == 4 { be32(&data, 40)? } else { 0 };
        if incompat & !INCOMPAT_KNOWN != 0 {
            return Err(not_supported!("the journal has unknown features ({incompat:#x})"));
        }
        if u64::from(be32(&data, 12)?) != block_size {
            return Err(damaged!("the journal has blocks of another size"));
        }
        let fast = match (incompat & INCOMPAT_FAST_COMMIT, be32(&data, 84)?) {
            (0, _) => 0,
            (_, 0) => 256,
            (_, blocks) => blocks,
        };
        let end = u64::from(be32(&data, 16)?).min(content.node().size / block_size).saturating_sub(u64::from(fast));
        let (first, start) = (u64::from(be32(&data, 20)?), u64::from(be32(&data, 28)?));
        if end > MAX_BLOCKS {
            return Err(not_supported!("the journal has {end} blocks"));
        }
        if first == 0 || first >= end || (start != 0 && !(first..end).contains(&start)) {
            return Err(damaged!("the journal of {end} blocks begins in block {first} and is used from {start}"));
        }
        let seed = crc32c::update(!0, part(&data, 48, 16)?);
        let sequence = be32(&data, 24)?;
        Ok(Journal { content, file_system, block_size, end, first, start, sequence, incompat, seed })
    }

    fn has_checksums(&self) -> bool {
        self.incompat & (INCOMPAT_CSUM_V2 | INCOMPAT_CSUM_V3) != 0
    }

    /// All complete transactions, in order.
    fn scan(&mut self) -> Result<Found, ReadError> {
        let mut found = Found::default();
        let mut pending = Found::default();
        let mut sequence = self.sequence;
        let mut place = self.start;
        let mut visited = 0;
        let mut block = vec![0; usize::try_from(self.block_size).unwrap_or(0)];
        while visited < self.end {
            visited += 1;
            self.content.read_exact_at(place * self.block_size, &mut block)?;
            if be32(&block, 0)? != MAGIC || be32(&block, 8)? != sequence {
                break;
            }
            place = self.after(place);
            match be32(&block, 4)? {
                DESCRIPTOR if self.is_tail_sound(&block)? => {
                    for (number, is_escaped) in self.tags(&block)? {
                        if visited == self.end {
                            break;
                        }
                        visited += 1;
                        let copy = Newer { place: self.place_of(place)?, is_escaped };
                        pending.copies.insert(number, (sequence, copy));
                        place = self.after(place);
                    }
                }
                REVOKE if self.is_tail_sound(&block)? => {
                    for number in self.revoked(&block)? {
                        pending.revoked.insert(number, sequence);
                    }
                }
                COMMIT if self.is_commit_sound(&block)? => {
                    found.copies.append(&mut pending.copies);
                    found.revoked.append(&mut pending.revoked);
                    sequence = sequence.wrapping_add(1);
                }
                _ => {
                    found
                        .warnings
                        .push(format!("its journal is damaged in block {place}; what follows is not replayed"));
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The next block of the ring.
    fn after(&self, place: u64) -> u64 {
        if place + 1 >= self.end { self.first } else { place + 1 }
    }

    /// Where a block of the journal lies on the device.
    fn place_of(&self, block: u64) -> Result<u64, ReadError> {
        match self.file_system.run(self.content.node(), block * self.block_size)? {
            Run::Device { offset, .. } => Ok(offset),
            _ => Err(damaged!("block {block} of the journal is nowhere")),
        }
    }

    /// The blocks that follow a descriptor: where each belongs, and whether it is escaped.
    fn tags(&self, block: &[u8]) -> Result<Vec<(u64, bool)>, ReadError> {
        let is_64_bit = self.incompat & INCOMPAT_64BIT != 0;
        let is_v3 = self.incompat & INCOMPAT_CSUM_V3 != 0;
        let size = match (is_v3, is_64_bit) {
            (true, _) => 16,
            (false, true) => 12 + if self.has_checksums() { 2 } else { 0 },
            (false, false) => 8 + if self.has_checksums() { 2 } else { 0 },
        };
        let limit = block.len() - if self.has_checksums() { 4 } else { 0 };
        let mut tags = Vec::new();
        let mut at = 12;
        while at + size <= limit {
            let flags = if is_v3 { be32(block, at + 4)? } else { u32::from(be16(block, at + 6)?) };
            let high = if is_64_bit { u64::from(be32(block, at + 8)?) << 32 } else { 0 };
            tags.push((u64::from(be32(block, at)?) | high, flags & TAG_ESCAPED != 0));
            if flags & TAG_LAST != 0 {
                break;
            }
            at += size + if flags & TAG_SAME_UUID == 0 { 16 } else { 0 };
        }
        Ok(tags)
    }

    fn revoked(&self, block: &[u8]) -> Result<Vec<u64>, ReadError> {
        let size = if self.incompat & INCOMPAT_64BIT != 0 { 8 } else { 4 };
        let used = usize::try_from(be32(block, 12)?).unwrap_or(usize::MAX).min(block.len());
        let entries = block.get(16..used).unwrap_or_default().chunks_exact(size);
        entries
            .map(|entry| match size {
                8 => Ok(u64::from_be_bytes(field(entry, 0)?)),
                _ => Ok(u64::from(be32(entry, 0)?)),
            })
            .collect()
    }

    /// The checksum in the last four bytes of a descriptor or revoke block.
    fn is_tail_sound(&self, block: &[u8]) -> Result<bool, ReadError> {
        if !self.has_checksums() {
            return Ok(true);
        }
        let end = block.len() - 4;
        let register = crc32c::update(self.seed, part(block, 0, end)?);
        Ok(crc32c::update(register, &[0; 4]) == be32(block, end)?)
    }

    /// The checksum of a commit block, over itself with the checksum as zero.
    fn is_commit_sound(&self, block: &[u8]) -> Result<bool, ReadError> {
        if !self.has_checksums() {
            return Ok(true);
        }
        let register = crc32c::update(self.seed, part(block, 0, 16)?);
        let register = crc32c::update(register, &[0; 4]);
        Ok(crc32c::update(register, part(block, 20, block.len() - 20)?) == be32(block, 16)?)
    }
}
