//! The log, as far as to tell whether it holds something that is not yet in its place.
//!
//! It is a ring of sectors that all tell in which round they were written: those of the current round come first, up to the
//! head, then those of the round before. After a clean unmount the last record before the head is one operation that says
//! "unmount". Nothing is replayed.

use super::super::bytes::{be32, byte, part};
use super::super::error::{ReadError, damaged};
use super::super::source::Source;
use super::superblock::Superblock;

const MAGIC: u32 = 0xfeed_babe;
const SECTOR: u64 = 512;

/// What may be under way at once: eight buffers of 256 KiB. So far ahead of the head a crash may leave newer sectors,
/// and so far behind it the last record begins.
const WINDOW: u64 = (8 * 256 * 1024) / SECTOR;

/// The flag of the operation that ends a clean log.
const UNMOUNT: u8 = 0x20;

/// The largest log that the kernel takes is just under 2 GiB.
const MAX_LOG: u64 = 2 << 30;

struct Log<'a> {
    device: &'a dyn Source,
    start: u64,
    sectors: u64,
}

/// Whether all that is in the log is in its place too.
pub(super) fn is_clean(superblock: &Superblock, device: &dyn Source) -> Result<bool, ReadError> {
    let size = superblock.log_blocks.saturating_mul(superblock.block_size);
    if superblock.log_start == 0 || size == 0 || size > MAX_LOG {
        return Err(damaged!("its log of {size} bytes is on another device or too large"));
    }
    let log = Log { device, start: superblock.block_place(superblock.log_start)?, sectors: size / SECTOR };
    let round = log.round(0)?;
    if round == 0 {
        // Never written to.
        return Ok(true);
    }
    let head = log.head(round)?;
    for sector in head..(head + WINDOW).min(log.sectors) {
        if log.round(sector)? == round {
            return Ok(false);
        }
    }
    for sector in (head.saturating_sub(WINDOW)..head).rev() {
        if be32(&log.sector(sector)?, 0)? == MAGIC {
            return log.is_unmount(sector);
        }
    }
    // The last record goes round the end of the ring: an unmount would be one short record at its beginning.
    Ok(false)
}

impl Log<'_> {
    fn sector(&self, number: u64) -> Result<Vec<u8>, ReadError> {
        self.device.bytes_at(self.start + number % self.sectors * SECTOR, 512)
    }

    /// In which round of the ring a sector was written. A header says it behind its magic number, all else at its start.
    fn round(&self, number: u64) -> Result<u32, ReadError> {
        let sector = self.sector(number)?;
        match be32(&sector, 0)? {
            MAGIC => be32(&sector, 4),
            round => Ok(round),
        }
    }

    /// The first sector that is not of the round of the first one.
    fn head(&self, round: u32) -> Result<u64, ReadError> {
        if self.round(self.sectors - 1)? == round {
            return Ok(self.sectors);
        }
        let (mut of_round, mut head) = (0, self.sectors - 1);
        while head - of_round > 1 {
            let middle = of_round + (head - of_round) / 2;
            if self.round(middle)? == round { of_round = middle } else { head = middle }
        }
        Ok(head)
    }

    /// Whether the record is one operation that says "unmount".
    fn is_unmount(&self, record: u64) -> Result<bool, ReadError> {
        let header = self.sector(record)?;
        let (version, covered) = (be32(&header, 8)?, be32(&header, 320)?);
        let headers = if version & 2 == 0 { 1 } else { u64::from(covered.div_ceil(32 << 10).max(1)) };
        let body = self.sector(record + headers)?;
        Ok(be32(&header, 40)? == 1 && byte(part(&body, 0, 12)?, 9)? & UNMOUNT != 0)
    }
}
