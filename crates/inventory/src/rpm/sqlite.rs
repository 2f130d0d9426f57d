//! `rpmdb.sqlite`: the table `Packages` of a SQLite database, which rpm uses since 4.16.
//!
//! Implements §1.3 (header), §1.6 (b-tree pages), §2.1 (records) and §2.6 (schema) of SQLite's file format, with the
//! pages of the write-ahead log in place of older ones. Surprising: a live rpm keeps its newest packages in the log
//! alone, so a reader of the database file without it sees a host that is one update behind.

use std::borrow::Cow;

use super::bytes::{Order, Seen, array, index, range};
use super::records::{LimitReached, MAX_BLOB, Records, Unreadable};
use super::wal::Log;

const MAGIC: &[u8] = b"SQLite format 3\0";
const FILE_HEADER: usize = 100;
const TABLE: &[u8] = b"Packages";

/// Called with the number and the content of a row.
type VisitRow<'a> = dyn FnMut(u64, &[u8], &mut Records<'_>) -> Result<(), LimitReached> + 'a;

const INTERIOR: u8 = 0x05;
const LEAF: u8 = 0x0d;

/// Hands over the blobs of all rows, the committed content of the log (empty where there is none) included.
pub(super) fn read(file: &[u8], log: &[u8], records: &mut Records<'_>) -> Result<(), Unreadable> {
    let pages = Pages::open(file, Log::read(log))?;
    if pages.count < pages.stated_count {
        let detail = format!("it has {} pages of {}: it is cut off", pages.count, pages.stated_count);
        records.defects.malformed(detail);
    }
    let mut seen = Seen::none_of(pages.count.saturating_add(1));
    let mut root = None;
    let walked = pages.walk(1, &mut seen, records, &mut |_, payload, _| {
        root = root.or(packages_root(payload));
        Ok(())
    });
    let Some(root) = root else {
        return Err(Unreadable::malformed("it has no table Packages"));
    };
    // The limits are told as defects where they are reached.
    let _ = walked.and_then(|()| {
        pages.walk(root, &mut seen, records, &mut |row, payload, records| {
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            if let Some(Value::Bytes(blob)) = column(payload, 1) {
                return records.take(number, blob);
            }
            records.defects.malformed(format!("package {row}: its row holds no header"));
            Ok(())
        })
    });
    Ok(())
}

/// The root page of the table, when a row of the schema describes it (`type`, `name`, `tbl_name`, `rootpage`, `sql`).
fn packages_root(row: &[u8]) -> Option<u32> {
    match (column(row, 0)?, column(row, 1)?, column(row, 3)?) {
        (Value::Bytes(b"table"), Value::Bytes(name), Value::Integer(root)) if name.eq_ignore_ascii_case(TABLE) => {
            u32::try_from(root).ok()
        }
        _ => None,
    }
}

struct Pages<'a> {
    file: &'a [u8],
    log: Option<Log<'a>>,
    size: usize,
    /// Bytes of a page that b-trees use: the rest is for extensions.
    usable: usize,
    /// Pages that are there, in the file or in the log.
    count: usize,
    /// Pages that should be there.
    stated_count: usize,
}

impl<'a> Pages<'a> {
    fn open(file: &'a [u8], log: Option<Log<'a>>) -> Result<Pages<'a>, Unreadable> {
        let first = log.as_ref().and_then(|log| log.page(1)).unwrap_or(file);
        if !first.starts_with(MAGIC) {
            return Err(Unreadable::malformed("it does not begin as a SQLite database"));
        }
        let header: [u8; FILE_HEADER] =
            array(first, 0).ok_or_else(|| Unreadable::malformed("it ends within its header"))?;
        let stated = match Order::Big.u16(&header, 16) {
            Some(1) => 65_536,
            size => size.unwrap_or_default().into(),
        };
        let size = log.as_ref().map_or(stated, |log| log.page_size);
        if !size.is_power_of_two() || !(512..=65_536).contains(&size) {
            return Err(Unreadable::malformed(format!("its pages have {size} bytes")));
        }
        let reserved = usize::from(header.get(20).copied().unwrap_or_default());
        // SQLite refuses less, and the sizes of cells rely on it.
        let usable = size.checked_sub(reserved).filter(|usable| *usable >= 480);
        let usable = usable.ok_or_else(|| Unreadable::malformed(format!("{reserved} bytes of a page are reserved")))?;
        let in_file = file.len() / size;
        let word = |at| Order::Big.u32(&header, at).map_or(0, index);
        let (stated_count, there) = match &log {
            Some(log) => (index(log.database_pages), in_file + log.page_count()),
            // Versions before 3.7 did not write the count; then the change counter is not the one it was valid for.
            None if word(24) == word(92) => (word(28), in_file),
            None => (in_file, in_file),
        };
        Ok(Pages { file, log, size, usable, count: there.min(stated_count), stated_count })
    }

    /// A page, numbered from 1, as it was last committed.
    fn page(&self, number: u32) -> Option<&'a [u8]> {
        if let Some(page) = self.log.as_ref().and_then(|log| log.page(number)) {
            return Some(page);
        }
        range(self.file, index(number.checked_sub(1)?).checked_mul(self.size)?, self.size)
    }

    /// Calls `visit` with the row number and the payload of each row of a table, in order.
    fn walk(
        &self,
        root: u32,
        seen: &mut Seen,
        records: &mut Records<'_>,
        visit: &mut VisitRow<'_>,
    ) -> Result<(), LimitReached> {
        let mut pending = Vec::new();
        descend(root, &mut pending, seen, records);
        while let Some(number) = pending.pop() {
            let Some(page) = self.page(number).and_then(|page| TreePage::read(page, number)) else {
                records.defects.malformed(format!("page {number} is no page of a table: its packages are not known"));
                continue;
            };
            if page.cells().count() < page.count {
                records.defects.malformed(format!("page {number}: cells lie outside of it"));
            }
            let Some(rightmost) = page.rightmost else {
                for cell in page.cells() {
                    self.read_row(cell, number, seen, records, visit)?;
                }
                continue;
            };
            let first = pending.len();
            for child in page.cells().filter_map(|cell| Order::Big.u32(cell, 0)).chain([rightmost]) {
                descend(child, &mut pending, seen, records);
            }
            if let Some(children) = pending.get_mut(first..) {
                children.reverse();
            }
        }
        Ok(())
    }

    fn read_row(
        &self,
        cell: &'a [u8],
        page: u32,
        seen: &mut Seen,
        records: &mut Records<'_>,
        visit: &mut VisitRow<'_>,
    ) -> Result<(), LimitReached> {
        let start = varint(cell, 0).and_then(|(length, next)| Some((length, varint(cell, next)?)));
        let Some((length, (row, content))) = start else {
            records.defects.malformed(format!("page {page}: a row ends within its beginning"));
            return Ok(());
        };
        let Some(length) = usize::try_from(length).ok().filter(|length| *length as u64 <= MAX_BLOB) else {
            records.defects.malformed(format!("package {row}: its row has {length} bytes"));
            return Ok(());
        };
        records.reserve(length)?;
        match self.payload(cell.get(content..).unwrap_or_default(), length, seen) {
            Ok(payload) => visit(row, &payload, records),
            Err(detail) => {
                records.defects.malformed(format!("package {row}: {detail}"));
                Ok(())
            }
        }
    }

    /// A row's content: the part on its page, and the rest on overflow pages.
    fn payload(&self, cell: &'a [u8], length: usize, seen: &mut Seen) -> Result<Cow<'a, [u8]>, String> {
        let local = self.local_length(length);
        let here = cell.get(..local).ok_or("its row lies outside of its page")?;
        if local == length {
            return Ok(Cow::Borrowed(here));
        }
        let mut payload = Vec::with_capacity(length);
        payload.extend_from_slice(here);
        let mut next = Order::Big.u32(cell, local).ok_or("its row lies outside of its page")?;
        while payload.len() < length {
            let page = self.page(next).filter(|_| next != 0);
            let page = page.ok_or_else(|| format!("overflow page {next} is not there"))?;
            if !seen.is_new(index(next)) {
                return Err(format!("overflow page {next} is used twice"));
            }
            let part = (length - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(range(page, 4, part).unwrap_or_default());
            next = Order::Big.u32(page, 0).unwrap_or_default();
        }
        Ok(Cow::Owned(payload))
    }

    /// How much of a row of `length` bytes is on its own page.
    fn local_length(&self, length: usize) -> usize {
        let most = self.usable - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.usable - 4);
        if fitting <= most { fitting } else { least }
    }
}

/// Puts a page on the list of those to read, each once: that bounds the list, and ends what leads in a circle.
fn descend(number: u32, pending: &mut Vec<u32>, seen: &mut Seen, records: &mut Records<'_>) {
    if seen.is_new(index(number)) {
        pending.push(number);
    } else {
        let detail = format!("page {number} of a table is not there or is used twice: its packages are not known");
        records.defects.malformed(detail);
    }
}

/// One page of a table's b-tree.
struct TreePage<'a> {
    page: &'a [u8],
    /// Where the offsets of the cells are, as far as the page has them.
    offsets: &'a [u8],
    /// Where cells may begin: after the offsets that there should be.
    content: usize,
    /// Cells it says it has.
    count: usize,
    /// The last child of an interior page; a leaf has none.
    rightmost: Option<u32>,
}

impl<'a> TreePage<'a> {
    fn read(page: &'a [u8], number: u32) -> Option<TreePage<'a>> {
        let start = if number == 1 { FILE_HEADER } else { 0 };
        let count = usize::from(Order::Big.u16(page, start + 3)?);
        let (rightmost, header) = match *page.get(start)? {
            INTERIOR => (Some(Order::Big.u32(page, start + 8)?), 12),
            LEAF => (None, 8),
            _ => return None,
        };
        let content = start + header + 2 * count;
        let offsets = page.get(start + header..content.min(page.len()))?;
        Some(TreePage { page, offsets, content, count, rightmost })
    }

    /// The cells that begin on the page; each slice goes on to the page's end.
    fn cells(&self) -> impl Iterator<Item = &'a [u8]> {
        let (page, content) = (self.page, self.content);
        let offsets = self.offsets.as_chunks().0.iter().map(|offset| usize::from(u16::from_be_bytes(*offset)));
        offsets.filter_map(move |offset| page.get(offset..).filter(|cell| offset >= content && !cell.is_empty()))
    }
}

/// A value of a row.
enum Value<'a> {
    Null,
    Integer(u64),
    Bytes(&'a [u8]),
}

/// The value of a column, counted from 0.
fn column(row: &[u8], wanted: usize) -> Option<Value<'_>> {
    let (header_length, mut at) = varint(row, 0)?;
    let header = row.get(..usize::try_from(header_length).ok()?)?;
    let mut content = header.len();
    for position in 0.. {
        let (kind, next) = varint(header, at)?;
        at = next;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        if position < wanted {
            content = content.checked_add(length)?;
            continue;
        }
        let bytes = range(row, content, length)?;
        return Some(match kind {
            0 | 7 => Value::Null,
            8 | 9 => Value::Integer(kind - 8),
            1..=6 => Value::Integer(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))),
            _ => Value::Bytes(bytes),
        });
    }
    None
}

/// A number of one to nine bytes, and where the next one begins.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0;
    for position in 0..8 {
        let byte = *bytes.get(at + position)?;
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + position + 1));
        }
    }
    Some((number << 8 | u64::from(*bytes.get(at + 8)?), at + 9))
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{SQLITE_PAGE, check, sqlite, wal};
    use super::*;

    const LONG: &[u8] = &[7; 2000];

    /// Rows of three blobs: page 1 is the schema, 2 the root, 3 and 4 its leaves, 5 and on the overflow of the second.
    fn whole() -> Vec<u8> {
        sqlite(&[&[b"first", LONG], &[b"third"]])
    }

    #[track_caller]
    fn check_changed(at: usize, bytes: &[u8], expected: &[&[u8]], defects: &[&str]) {
        let mut file = whole();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        check(|records| read(&file, &[], records), file.len(), Ok((expected, defects)));
    }

    #[test]
    fn every_row_is_read() {
        check_changed(0, MAGIC, &[b"first", LONG, b"third"], &[]);
        let empty = sqlite(&[&[]]);
        check(|records| read(&empty, &[], records), empty.len(), Ok((&[], &[])));
    }

    #[test]
    fn one_damaged_record_is_one_defect() {
        let overflow = 4 * SQLITE_PAGE;
        check_changed(overflow, &[0, 0, 0, 5], &[b"first", b"third"], &["package 2: overflow page 5 is used twice"]);
        check_changed(overflow, &[0; 4], &[b"first", b"third"], &["package 2: overflow page 0 is not there"]);
        check_changed(overflow, &[0, 1, 0, 0], &[b"first", b"third"], &["package 2: overflow page 65536 is not there"]);
        let leaf = 2 * SQLITE_PAGE;
        check_changed(leaf + 8, &[0xff; 2], &[LONG, b"third"], &["page 3: cells lie outside of it"]);
        check_changed(leaf + 3, &[0xff; 2], &[b"third"], &["page 3: cells lie outside of it"]);
    }

    #[test]
    fn a_damaged_page_leaves_the_others() {
        let leaf = 2 * SQLITE_PAGE;
        let unknown = |detail: &str| format!("{detail}: its packages are not known");
        check_changed(leaf, &[0x0a], &[b"third"], &[&unknown("page 3 is no page of a table")]);
        let root = SQLITE_PAGE;
        let twice = unknown("page 3 of a table is not there or is used twice");
        check_changed(root + 8, &[0, 0, 0, 3], &[b"first", LONG], &[&twice]);
        let circle = unknown("page 2 of a table is not there or is used twice");
        check_changed(root + 8, &[0, 0, 0, 2], &[b"first", LONG], &[&circle]);
    }

    #[test]
    fn the_log_replaces_pages() {
        let before = sqlite(&[&[b"first"], &[b"third"]]);
        let after = sqlite(&[&[b"newer"], &[b"third"]]);
        let page = |number: usize| &after[(number - 1) * SQLITE_PAGE..number * SQLITE_PAGE];
        let log = wal(&[(3, 4, page(3))]);
        let size = before.len() + log.len();
        check(|records| read(&before, &log, records), size, Ok((&[b"newer", b"third"], &[])));
        let uncommitted = wal(&[(3, 0, page(3))]);
        check(|records| read(&before, &uncommitted, records), size, Ok((&[b"first", b"third"], &[])));
        // A database that was only just made has all of its pages in the log.
        let log = wal(&[(1, 0, page(1)), (2, 0, page(2)), (3, 0, page(3)), (4, 4, page(4))]);
        check(|records| read(&[], &log, records), log.len(), Ok((&[b"newer", b"third"], &[])));
    }

    #[test]
    fn a_file_that_is_cut_off_is_read_as_far_as_it_goes() {
        let file = whole();
        let cut = &file[..3 * SQLITE_PAGE];
        let stated = file.len() / SQLITE_PAGE;
        let defects = [
            &format!("it has 3 pages of {stated}: it is cut off"),
            "page 4 of a table is not there or is used twice: its packages are not known",
            "package 2: overflow page 5 is not there",
        ];
        check(|records| read(cut, &[], records), cut.len() + 4000, Ok((&[b"first"], &defects)));
    }

    #[test]
    fn what_is_no_database_is_refused() {
        let changed = |at: usize, byte: u8| {
            let mut file = whole();
            file[at] = byte;
            file
        };
        for (file, error) in [
            (Vec::new(), "it does not begin as a SQLite database"),
            (changed(0, 0), "it does not begin as a SQLite database"),
            (whole()[..60].to_vec(), "it ends within its header"),
            (changed(17, 1), "its pages have 513 bytes"),
            (changed(20, 200), "200 bytes of a page are reserved"),
            (changed(FILE_HEADER, 2), "it has no table Packages"),
        ] {
            check(|records| read(&file, &[], records), file.len(), Err(error));
        }
    }

    #[test]
    fn numbers_have_one_to_nine_bytes() {
        for (bytes, number) in [
            (&[0x7f][..], Some((0x7f, 1))),
            (&[0x81, 0x00], Some((0x80, 2))),
            (&[0xff; 9], Some((u64::MAX, 9))),
            (&[0xff; 8], None),
            (&[], None),
        ] {
            assert_eq!(varint(bytes, 0), number, "{bytes:?}");
        }
    }
}
