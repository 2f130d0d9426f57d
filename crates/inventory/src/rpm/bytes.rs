//! Integers at an offset of hostile bytes, in either order.
//!
//! Headers and SQLite are big-endian, NDB is little-endian, Berkeley DB has the order of the machine that made it.

/// The order of the bytes of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

impl Order {
    /// Two bytes at `at`, when they are there.
    pub(super) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let array = array(bytes, at)?;
        Some(match self {
            Order::Big => u16::from_be_bytes(array),
            Order::Little => u16::from_le_bytes(array),
        })
    }

    /// Four bytes at `at`, when they are there.
    pub(super) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let array = array(bytes, at)?;
        Some(match self {
            Order::Big => u32::from_be_bytes(array),
            Order::Little => u32::from_le_bytes(array),
        })
    }
}

/// The `N` bytes at `at`, when they are there.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    range(bytes, at, N)?.try_into().ok()
}

/// The `length` bytes at `at`, when they are there.
pub(super) fn range(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// An index that a 32-bit number is; saturates where an address is shorter, and is then out of every range.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Which of a file's pages or blocks were read already: none belongs to two records, and none to itself.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    bits: Vec<bool>,
}

impl Seen {
    /// None of `count` pages.
    pub(super) fn none_of(count: usize) -> Seen {
        Seen { bits: vec![false; count] }
    }

    /// Marks a page; whether it is there and was not marked before.
    pub(super) fn is_new(&mut self, page: usize) -> bool {
        self.bits.get_mut(page).is_some_and(|seen| !std::mem::replace(seen, true))
    }
}
