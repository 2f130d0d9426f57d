//! `Packages`: a hash of Berkeley DB, which rpm used before 4.16.
//!
//! Implements the pages of Berkeley DB's `dbinc/db_page.h`: the hash's metadata, hash pages and overflow pages. Every
//! page is looked at, since a page says what it is and freed ones say so too; so the hash function is not needed.
//! Surprising: the file has the byte order of the machine that made it, while the headers in it are big-endian.

use super::bytes::{Order, Seen, index, range};
use super::records::{LimitReached, MAX_BLOB, Records, Unreadable};

const HASH_MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER: usize = 26;

/// Types of pages.
const UNSORTED_HASH: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;

/// Types of items on a hash page.
const INLINE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Hands over every value of the hash whose key is a package's number.
pub(super) fn read(file: &[u8], records: &mut Records<'_>) -> Result<(), Unreadable> {
    let database = Database::open(file)?;
    if database.pages < database.stated_pages {
        let detail = format!("it has {} pages of {}: it is cut off", database.pages, database.stated_pages);
        records.defects.malformed(detail);
    }
    let mut seen = Seen::none_of(database.pages);
    for number in 1..database.pages {
        let Some(page) = database.page(number) else {
            break;
        };
        if !matches!(page.kind(), HASH | UNSORTED_HASH) {
            continue;
        }
        if database.read_hash_page(page, number, &mut seen, records) == Err(LimitReached) {
            break;
        }
    }
    Ok(())
}

struct Database<'a> {
    file: &'a [u8],
    order: Order,
    page_size: usize,
    /// Pages that are there.
    pages: usize,
    /// Pages that the metadata speaks of.
    stated_pages: usize,
}

impl<'a> Database<'a> {
    fn open(file: &'a [u8]) -> Result<Database<'a>, Unreadable> {
        let order = [Order::Little, Order::Big].into_iter().find(|order| order.u32(file, 12) == Some(HASH_MAGIC));
        let Some(order) = order else {
            return Err(Unreadable::malformed("it does not begin as a hash of Berkeley DB"));
        };
        let words = order.u32(file, 20).zip(order.u32(file, 32));
        let (Some((page_size, last_page)), Some([encryption, _, flags])) = (words, range(file, 24, 3)) else {
            return Err(Unreadable::malformed("it ends within its metadata"));
        };
        if *encryption != 0 || *flags != 0 {
            let detail = "it is encrypted, has checksums or is partitioned, which rpm never asks for";
            return Err(Unreadable::not_supported(detail));
        }
        if !page_size.is_power_of_two() || !(512..=65_536).contains(&page_size) {
            return Err(Unreadable::malformed(format!("its pages have {page_size} bytes")));
        }
        let page_size = index(page_size);
        let stated_pages = index(last_page).saturating_add(1);
        let pages = stated_pages.min(file.len() / page_size);
        Ok(Database { file, order, page_size, pages, stated_pages })
    }

    fn page(&self, number: usize) -> Option<Page<'a>> {
        if number >= self.pages {
            return None;
        }
        let bytes = range(self.file, number.checked_mul(self.page_size)?, self.page_size)?;
        Some(Page { bytes, order: self.order })
    }

    /// Keys and values alternate; what is no key of four bytes, or has the key 0, is no package.
    fn read_hash_page(
        &self,
        page: Page<'a>,
        number: usize,
        seen: &mut Seen,
        records: &mut Records<'_>,
    ) -> Result<(), LimitReached> {
        let mut position = 0;
        while position + 1 < page.entries() {
            let (key, value) = (page.item(position), page.item(position + 1));
            position += 2;
            let (Some(key), Some(value)) = (key, value) else {
                records.defects.malformed(format!("page {number}: an item lies outside of it"));
                continue;
            };
            let package = match key {
                [INLINE, key @ ..] if key.len() == 4 => self.order.u32(key, 0).unwrap_or_default(),
                _ => {
                    records.defects.malformed(format!("page {number}: a key is no package's number"));
                    continue;
                }
            };
            match value {
                _ if package == 0 => {}
                [INLINE, blob @ ..] => {
                    records.reserve(blob.len())?;
                    records.take(package, blob)?;
                }
                [OFF_PAGE, ..] => self.read_overflow(value, package, seen, records)?,
                _ => records.defects.malformed(format!("package {package}: its value is of an unknown kind")),
            }
        }
        Ok(())
    }

    fn read_overflow(
        &self,
        item: &[u8],
        package: u32,
        seen: &mut Seen,
        records: &mut Records<'_>,
    ) -> Result<(), LimitReached> {
        let place = self.order.u32(item, 4).zip(self.order.u32(item, 8));
        let Some((first, length)) = place.filter(|(_, length)| u64::from(*length) <= MAX_BLOB) else {
            records.defects.malformed(format!("package {package}: where its header lies is not stated"));
            return Ok(());
        };
        records.reserve(index(length))?;
        match self.overflow(index(first), index(length), seen) {
            Ok(blob) => records.take(package, &blob),
            Err(detail) => {
                records.defects.malformed(format!("package {package}: {detail}"));
                Ok(())
            }
        }
    }

    fn overflow(&self, first: usize, length: usize, seen: &mut Seen) -> Result<Vec<u8>, String> {
        let mut blob = Vec::with_capacity(length);
        let mut number = first;
        while blob.len() < length {
            let page = self.page(number).filter(|page| page.kind() == OVERFLOW);
            let page = page.ok_or_else(|| format!("page {number} is no overflow page of its header"))?;
            if !seen.is_new(number) {
                return Err(format!("page {number} of its header belongs to two records"));
            }
            let content = page.content().ok_or_else(|| format!("page {number} of its header is malformed"))?;
            blob.extend_from_slice(content.get(..length - blob.len()).unwrap_or(content));
            number = page.next();
        }
        Ok(blob)
    }
}

#[derive(Clone, Copy)]
struct Page<'a> {
    bytes: &'a [u8],
    order: Order,
}

impl<'a> Page<'a> {
    fn kind(self) -> u8 {
        self.bytes.get(25).copied().unwrap_or_default()
    }

    fn next(self) -> usize {
        self.order.u32(self.bytes, 16).map_or(0, index)
    }

    fn entries(self) -> usize {
        self.order.u16(self.bytes, 20).unwrap_or_default().into()
    }

    /// An item with its type; each ends where the one before begins, the first at the page's end.
    fn item(self, position: usize) -> Option<&'a [u8]> {
        let offset = |position: usize| self.order.u16(self.bytes, PAGE_HEADER + 2 * position).map(usize::from);
        let end = match position.checked_sub(1) {
            Some(before) => offset(before)?,
            None => self.bytes.len(),
        };
        self.bytes.get(offset(position)?..end).filter(|item| !item.is_empty())
    }

    /// What an overflow page holds.
    fn content(self) -> Option<&'a [u8]> {
        let length = self.order.u16(self.bytes, 22)?;
        range(self.bytes, PAGE_HEADER, length.into()).filter(|content| !content.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{BDB_PAGE, bdb, check};
    use super::*;

    const LONG: &[u8] = &[7; 1200];

    #[track_caller]
    fn check_changed(at: usize, bytes: &[u8], expected: &[&[u8]], defects: &[&str]) {
        let mut file = bdb(&[b"short", LONG], Order::Little);
        file[at..at + bytes.len()].copy_from_slice(bytes);
        check(|records| read(&file, records), file.len(), Ok((expected, defects)));
    }

    #[test]
    fn both_orders_are_read() {
        for order in [Order::Little, Order::Big] {
            let file = bdb(&[b"short", LONG], order);
            check(|records| read(&file, records), file.len(), Ok((&[b"short", LONG], &[])));
        }
    }

    #[test]
    fn one_damaged_record_is_one_defect() {
        let overflow = |page: usize, at: usize| (1 + page) * BDB_PAGE + at;
        let wrong = |detail: &str| format!("package 2: {detail}");
        // The second page of the chain leads back to the first.
        check_changed(overflow(2, 16), &[2], &[b"short"], &[&wrong("page 2 of its header belongs to two records")]);
        check_changed(overflow(2, 16), &[0], &[b"short"], &[&wrong("page 0 is no overflow page of its header")]);
        check_changed(
            overflow(2, 16),
            &[0xff; 4],
            &[b"short"],
            &[&wrong("page 4294967295 is no overflow page of its header")],
        );
        check_changed(overflow(1, 22), &[0xff; 2], &[b"short"], &[&wrong("page 2 of its header is malformed")]);
        check_changed(overflow(1, 22), &[0; 2], &[b"short"], &[&wrong("page 2 of its header is malformed")]);
        // An item ends where the one before begins, so that two are lost by one offset: here both of different pairs.
        let outside = "page 1: an item lies outside of it";
        check_changed(BDB_PAGE + PAGE_HEADER, &[0xff; 2], &[b"short", LONG], &[outside]);
        check_changed(BDB_PAGE + PAGE_HEADER + 2, &[0xff; 2], &[LONG], &[outside, outside]);
    }

    #[test]
    fn a_file_that_is_cut_off_is_read_as_far_as_it_goes() {
        let file = bdb(&[b"short", LONG], Order::Little);
        let cut = &file[..3 * BDB_PAGE];
        let defects = ["it has 3 pages of 5: it is cut off", "package 2: page 3 is no overflow page of its header"];
        check(|records| read(cut, records), cut.len(), Ok((&[b"short"], &defects)));
    }

    #[test]
    fn what_is_no_database_is_refused() {
        let changed = |at: usize, byte: u8| {
            let mut file = bdb(&[], Order::Little);
            file[at] = byte;
            file
        };
        for (file, error) in [
            (Vec::new(), "it does not begin as a hash of Berkeley DB"),
            (changed(12, 0), "it does not begin as a hash of Berkeley DB"),
            (bdb(&[], Order::Little)[..24].to_vec(), "it ends within its metadata"),
            (changed(24, 1), "it is encrypted, has checksums or is partitioned, which rpm never asks for"),
            (changed(20, 1), "its pages have 513 bytes"),
        ] {
            check(|records| read(&file, records), file.len(), Err(error));
        }
    }
}
