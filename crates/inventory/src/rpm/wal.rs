//! `rpmdb.sqlite-wal`: pages that were committed, but are not in the database file yet.
//!
//! Implements §4 of SQLite's file format ("The Write-Ahead Log"). Surprising: the file is not cut off after its content
//! was moved into the database; what is left of an earlier round is told by its salts alone.

use std::collections::HashMap;

use super::bytes::{Order, array, index, range};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const MAGIC: u32 = 0x377f_0682;
const VERSION: u32 = 3_007_000;

/// The committed pages of a log.
#[derive(Debug)]
pub(super) struct Log<'a> {
    pub(super) page_size: usize,
    /// Pages of the database after the last commit.
    pub(super) database_pages: u32,
    pages: HashMap<u32, &'a [u8]>,
}

impl<'a> Log<'a> {
    /// Reads a log; `None` when nothing in it was committed, as SQLite takes it when its header is not valid.
    pub(super) fn read(file: &'a [u8]) -> Option<Log<'a>> {
        let word = |at| Order::Big.u32(file, at);
        // The lowest bit says the order in which checksums were made.
        let order = if word(0)? & 1 == 1 { Order::Big } else { Order::Little };
        let page_size = index(word(8)?);
        let mut sum = checksum(order, (0, 0), file.get(..24)?);
        let is_valid = word(0)? & !1 == MAGIC
            && word(4)? == VERSION
            && page_size.is_power_of_two()
            && (512..=65_536).contains(&page_size)
            && (word(24)?, word(28)?) == sum;
        if !is_valid {
            return None;
        }
        let salts: [u8; 8] = array(file, 16)?;
        let mut log = Log { page_size, database_pages: 0, pages: HashMap::new() };
        let mut pending = Vec::new();
        for frame in file.get(HEADER..)?.chunks_exact(FRAME_HEADER + page_size) {
            let (header, page) = frame.split_at_checked(FRAME_HEADER)?;
            let word = |at| Order::Big.u32(header, at).unwrap_or_default();
            sum = checksum(order, checksum(order, sum, header.get(..8)?), page);
            if range(header, 8, 8)? != salts || (word(16), word(20)) != sum {
                break;
            }
            pending.push((word(0), page));
            if word(4) != 0 {
                log.database_pages = word(4);
                log.pages.extend(pending.drain(..));
            }
        }
        (log.database_pages != 0).then_some(log)
    }

    /// Pages that the log has.
    pub(super) fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// A page, numbered from 1, when the log has it.
    pub(super) fn page(&self, number: u32) -> Option<&'a [u8]> {
        self.pages.get(&number).copied()
    }
}

/// The sums over pairs of words, continued.
fn checksum(order: Order, sums: (u32, u32), bytes: &[u8]) -> (u32, u32) {
    bytes.as_chunks::<8>().0.iter().fold(sums, |(first, second), pair| {
        let word = |at| order.u32(pair, at).unwrap_or_default();
        let first = first.wrapping_add(word(0)).wrapping_add(second);
        (first, second.wrapping_add(word(4)).wrapping_add(first))
    })
}

#[cfg(test)]
mod tests {
    use super::super::specimen::wal;
    use super::*;

    #[test]
    fn the_last_committed_page_counts() {
        let (old, new, uncommitted) = ([1; 512], [2; 512], [3; 512]);
        let file = wal(&[(1, 0, &old), (2, 2, &old), (2, 3, &new), (1, 0, &uncommitted)]);
        let log = Log::read(&file).unwrap();
        assert_eq!((log.page_size, log.database_pages), (512, 3));
        assert_eq!((log.page(1), log.page(2), log.page(3)), (Some(&old[..]), Some(&new[..]), None));
        // A frame that is damaged ends the log, and so does the end of the file.
        let frame = FRAME_HEADER + 512;
        for (cut, changed) in [(HEADER + 3 * frame - 1, None), (file.len(), Some(HEADER + 2 * frame + 100))] {
            let mut file = file[..cut].to_vec();
            if let Some(at) = changed {
                file[at] ^= 1;
            }
            let log = Log::read(&file).unwrap();
            assert_eq!((log.database_pages, log.page(2)), (2, Some(&old[..])));
        }
    }

    #[test]
    fn what_is_no_log_is_nothing() {
        let file = wal(&[(1, 1, &[1; 512])]);
        assert!(Log::read(&file).is_some());
        for at in [0, 4, 8, 16, 24, HEADER + 8, HEADER + 100] {
            let mut file = file.clone();
            file[at] ^= 0x80;
            assert!(Log::read(&file).is_none(), "byte {at}");
        }
        for length in [0, 31, 32, file.len() - 1] {
            assert!(Log::read(&file[..length]).is_none(), "{length} bytes");
        }
        assert!(Log::read(&wal(&[(1, 0, &[1; 512])])).is_none());
    }
}
