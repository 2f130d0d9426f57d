//! The header blobs of one database, handed over one after the other within limits.
//!
//! Surprising: the blobs together are never larger than the file, since no byte of a sound database belongs to two of
//! them. That one rule bounds what overlapping records of a hostile file can cost.

use assay_model::evidence::ProblemKind;

use super::defects::Defects;

/// Packages of one database. Large workstations have 5,000.
const MAX_RECORDS: usize = 65_536;

/// The longest blob: rpm's own limit on a header (`headerMaxbytes`).
pub(super) const MAX_BLOB: u64 = 256 << 20;

/// Why a database cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) kind: ProblemKind,
    pub(super) detail: String,
}

impl Unreadable {
    pub(super) fn malformed(detail: impl Into<String>) -> Unreadable {
        Unreadable { kind: ProblemKind::Malformed, detail: detail.into() }
    }

    pub(super) fn not_supported(detail: impl Into<String>) -> Unreadable {
        Unreadable { kind: ProblemKind::NotSupported, detail: detail.into() }
    }
}

/// A limit on all records together was reached: the reader stops, and the defect is already told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LimitReached;

/// Takes the records of one database: the number that the database gives a package, and its blob.
pub(super) struct Records<'a> {
    visit: &'a mut dyn FnMut(u32, &[u8], &mut Defects),
    pub(super) defects: &'a mut Defects,
    count: usize,
    left: u64,
}

impl<'a> Records<'a> {
    /// Of a database of `size` bytes.
    pub(super) fn new(
        size: usize,
        defects: &'a mut Defects,
        visit: &'a mut dyn FnMut(u32, &[u8], &mut Defects),
    ) -> Records<'a> {
        Records { visit, defects, count: 0, left: size as u64 }
    }

    /// Asks for `length` bytes of a record that is about to be read.
    pub(super) fn reserve(&mut self, length: usize) -> Result<(), LimitReached> {
        let Some(left) = self.left.checked_sub(length as u64) else {
            self.defects
                .malformed("the records overlap: together they are larger than the file; the rest was not read");
            return Err(LimitReached);
        };
        self.left = left;
        Ok(())
    }

    /// Hands over a record whose bytes were reserved.
    pub(super) fn take(&mut self, number: u32, blob: &[u8]) -> Result<(), LimitReached> {
        if self.count == MAX_RECORDS {
            let detail = format!("more than {MAX_RECORDS} packages: the rest was not read");
            self.defects.add(ProblemKind::TooLarge, detail);
            return Err(LimitReached);
        }
        self.count += 1;
        (self.visit)(number, blob, self.defects);
        Ok(())
    }
}
