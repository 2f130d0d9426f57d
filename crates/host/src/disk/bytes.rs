//! Numbers and texts at fixed places of a structure; beyond its end is an error, never a panic.

use super::error::{ReadError, damaged};

/// The `N` bytes at `at`.
pub(crate) fn field<const N: usize>(data: &[u8], at: usize) -> Result<[u8; N], ReadError> {
    let chunk = data.get(at..).and_then(|rest| rest.first_chunk::<N>()).copied();
    chunk.ok_or_else(|| damaged!("a structure of {} bytes ends before its field at {at}", data.len()))
}

/// `length` bytes from `at`.
pub(crate) fn part(data: &[u8], at: usize, length: usize) -> Result<&[u8], ReadError> {
    let part = at.checked_add(length).and_then(|end| data.get(at..end));
    part.ok_or_else(|| damaged!("a structure of {} bytes ends before its {length} bytes at {at}", data.len()))
}

macro_rules! numbers {
    ($($name:ident $type:ty, $from:ident, $order:literal;)+) => {
        $(
            #[doc = concat!("The ", $order, "-endian number at `at`.")]
            pub(crate) fn $name(data: &[u8], at: usize) -> Result<$type, ReadError> {
                Ok(<$type>::$from(field(data, at)?))
            }
        )+
    };
}

numbers! {
    le16 u16, from_le_bytes, "little";
    le32 u32, from_le_bytes, "little";
    le64 u64, from_le_bytes, "little";
    be16 u16, from_be_bytes, "big";
    be32 u32, from_be_bytes, "big";
    be64 u64, from_be_bytes, "big";
}

/// The byte at `at`.
pub(crate) fn byte(data: &[u8], at: usize) -> Result<u8, ReadError> {
    Ok(u8::from_le_bytes(field(data, at)?))
}

/// A sum of places on the disk.
pub(crate) fn sum(left: u64, right: u64) -> Result<u64, ReadError> {
    left.checked_add(right).ok_or_else(|| damaged!("a place lies beyond 2^64"))
}

/// A count times the size of what is counted.
pub(crate) fn product(count: u64, size: u64) -> Result<u64, ReadError> {
    count.checked_mul(size).ok_or_else(|| damaged!("a place lies beyond 2^64"))
}

/// A text that ends at the first NUL or with the field; bytes that are no UTF-8 are replaced.
pub(crate) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// A UUID in the order in which it is written.
pub(crate) fn uuid(bytes: [u8; 16]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let groups = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    groups.map(|(start, end)| digits.get(start..end).unwrap_or_default()).join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_within_the_data_only() {
        let data = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!((le16(&data, 7).unwrap(), be16(&data, 7).unwrap()), (0x0908, 0x0809));
        assert_eq!((le32(&data, 5).unwrap(), be32(&data, 5).unwrap()), (0x0908_0706, 0x0607_0809));
        assert_eq!(be64(&data, 1).unwrap(), 0x0203_0405_0607_0809);
        assert_eq!(part(&data, 7, 2).unwrap(), [8, 9]);
        for at in [8, 9, 10, usize::MAX] {
            assert!(le16(&data, at).is_err() && be64(&data, at).is_err() && part(&data, at, 2).is_err(), "{at}");
        }
        assert!(sum(u64::MAX, 1).is_err() && product(u64::MAX, 2).is_err());
    }

    #[test]
    fn texts_end_at_nul() {
        assert_eq!(text(b"root\0\0x"), "root");
        assert_eq!(text(b"\xff"), "\u{fffd}");
        assert_eq!(uuid(*b"0123456789abcdef"), "30313233-3435-3637-3839-616263646566");
    }
}
