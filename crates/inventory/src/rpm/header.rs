//! The header blob of one installed package: an index of tags, and the store that it points into.
//!
//! Implements the header of rpm's file format as its databases keep it: without the magic that a package file has.
//! Surprising: what rpm adds while it installs (time, signature, file states) comes after the package's own tags and
//! may repeat one of them; the last entry of a tag counts.

use memchr::memchr;

use super::bytes::{Order, index, range};

/// Entries of an index: rpm's own limit (`HEADER_TAGS_MAX`).
const MAX_ENTRIES: u32 = 65_535;

/// Bytes of a text such as a name; more cannot be meant.
const MAX_TEXT: usize = 1024;

/// Elements of one array: a package of a million files does not exist, 300,000 do.
const MAX_ELEMENTS: u32 = 1 << 20;

const INTRODUCTION: usize = 8;
const ENTRY: usize = 16;

/// The tags that are read (`rpmtag.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs, reason = "each is the tag of this name in rpm's documentation")]
pub enum Tag {
    SigPgp = 259,
    SigGpg = 262,
    DsaHeader = 267,
    RsaHeader = 268,
    OpenPgp = 278,
    Name = 1000,
    Version = 1001,
    Release = 1002,
    Epoch = 1003,
    InstallTime = 1008,
    Vendor = 1011,
    Architecture = 1022,
    FileStates = 1029,
    SourceRpm = 1044,
    DirectoryIndexes = 1116,
    BaseNames = 1117,
    DirectoryNames = 1118,
    ModularityLabel = 5096,
}

/// The types of values.
mod kind {
    pub(super) const CHAR: u32 = 1;
    pub(super) const INT8: u32 = 2;
    pub(super) const INT32: u32 = 4;
    pub(super) const STRING: u32 = 6;
    pub(super) const BIN: u32 = 7;
    pub(super) const STRING_ARRAY: u32 = 8;
    pub(super) const I18N_STRING: u32 = 9;
}

/// What is wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Shorter than the eight bytes that say how long it is.
    #[error("the header has only {0} bytes")]
    Short(usize),
    /// More entries than rpm allows.
    #[error("the index has {0} entries, over the limit of {MAX_ENTRIES}")]
    TooManyEntries(u32),
    /// Its two lengths do not add up to its size.
    #[error("the header has {size} bytes, but its index and store need {needed}")]
    Size {
        /// Bytes there are.
        size: u64,
        /// Bytes there should be.
        needed: u64,
    },
    /// A value of another type than the tag has.
    #[error("tag {tag:?} has the type {found}")]
    WrongType {
        /// The tag.
        tag: Tag,
        /// The type's number.
        found: u32,
    },
    /// A value that is not inside the store.
    #[error("tag {tag:?} reaches out of the store")]
    OutOfStore {
        /// The tag.
        tag: Tag,
    },
    /// A longer array or text than is read.
    #[error("tag {tag:?} has {count} elements or bytes, over the limit of {limit}")]
    TooLong {
        /// The tag.
        tag: Tag,
        /// How many it has.
        count: u64,
        /// How many are read.
        limit: u64,
    },
    /// A tag that every package has.
    #[error("tag {tag:?} is missing or empty")]
    Missing {
        /// The tag.
        tag: Tag,
    },
    /// Arrays of one list whose lengths or indexes contradict each other.
    #[error("the file list contradicts itself: {0}")]
    FileList(&'static str),
}

/// A header whose outer lengths are right; each value is checked when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    entries: &'a [[u8; ENTRY]],
    store: &'a [u8],
}

#[derive(Clone, Copy)]
struct Entry {
    kind: u32,
    offset: usize,
    count: u32,
}

impl<'a> Header<'a> {
    /// Reads the lengths.
    ///
    /// # Errors
    ///
    /// When they are absurd or do not add up to the blob's size.
    pub fn parse(blob: &'a [u8]) -> Result<Header<'a>, HeaderError> {
        let lengths = Order::Big.u32(blob, 0).zip(Order::Big.u32(blob, 4));
        let (entries, store) = lengths.ok_or(HeaderError::Short(blob.len()))?;
        if entries > MAX_ENTRIES {
            return Err(HeaderError::TooManyEntries(entries));
        }
        let needed = (INTRODUCTION + ENTRY * index(entries)) as u64 + u64::from(store);
        let parts = blob.get(INTRODUCTION..).and_then(|rest| rest.split_at_checked(ENTRY * index(entries)));
        match parts {
            Some((entries, store)) if needed == blob.len() as u64 => {
                Ok(Header { entries: entries.as_chunks().0, store })
            }
            _ => Err(HeaderError::Size { size: blob.len() as u64, needed }),
        }
    }

    /// A text; of a translated one or an array the first. Bytes that are no UTF-8 are replaced by U+FFFD.
    ///
    /// # Errors
    ///
    /// When the value is of another type, not inside the store, or longer than 1024 bytes.
    pub fn text(&self, tag: Tag) -> Result<Option<String>, HeaderError> {
        let kinds = [kind::STRING, kind::STRING_ARRAY, kind::I18N_STRING];
        let Some(entry) = self.find(tag, &kinds)?.filter(|entry| entry.count > 0) else {
            return Ok(None);
        };
        let rest = self.store.get(entry.offset..).ok_or(HeaderError::OutOfStore { tag })?;
        let text = memchr(0, rest).and_then(|end| rest.get(..end)).ok_or(HeaderError::OutOfStore { tag })?;
        if text.len() > MAX_TEXT {
            return Err(HeaderError::TooLong { tag, count: text.len() as u64, limit: MAX_TEXT as u64 });
        }
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }

    /// As [`Header::text`], for what no package is without.
    ///
    /// # Errors
    ///
    /// Also when it is missing or empty.
    pub fn required_text(&self, tag: Tag) -> Result<String, HeaderError> {
        self.text(tag)?.filter(|text| !text.is_empty()).ok_or(HeaderError::Missing { tag })
    }

    /// A number; of an array the first.
    ///
    /// # Errors
    ///
    /// When the value is of another type or not inside the store.
    pub fn number(&self, tag: Tag) -> Result<Option<u32>, HeaderError> {
        Ok(self.numbers(tag)?.first().copied().map(u32::from_be_bytes))
    }

    /// An array of 32-bit numbers, each still in big-endian order; empty when the tag is absent.
    ///
    /// # Errors
    ///
    /// As [`Header::number`], and when there are more than a million.
    pub fn numbers(&self, tag: Tag) -> Result<&'a [[u8; 4]], HeaderError> {
        let Some(entry) = self.find(tag, &[kind::INT32])? else {
            return Ok(&[]);
        };
        let length = index(self.checked_count(tag, entry)?).saturating_mul(4);
        let bytes = range(self.store, entry.offset, length).ok_or(HeaderError::OutOfStore { tag })?;
        Ok(bytes.as_chunks().0)
    }

    /// Bytes: a binary value or an array of characters.
    ///
    /// # Errors
    ///
    /// As [`Header::number`].
    pub fn bytes(&self, tag: Tag) -> Result<Option<&'a [u8]>, HeaderError> {
        let Some(entry) = self.find(tag, &[kind::BIN, kind::CHAR, kind::INT8])? else {
            return Ok(None);
        };
        range(self.store, entry.offset, index(entry.count)).ok_or(HeaderError::OutOfStore { tag }).map(Some)
    }

    /// An array of texts; empty when the tag is absent.
    ///
    /// # Errors
    ///
    /// As [`Header::numbers`].
    pub fn texts(&self, tag: Tag) -> Result<Texts<'a>, HeaderError> {
        let Some(entry) = self.find(tag, &[kind::STRING_ARRAY, kind::STRING])? else {
            return Ok(Texts { rest: &[], left: 0 });
        };
        let left = index(self.checked_count(tag, entry)?);
        let rest = self.store.get(entry.offset..).ok_or(HeaderError::OutOfStore { tag })?;
        let texts = Texts { rest, left };
        // Walked through once, so that none is missing later.
        if texts.clone().count() == left { Ok(texts) } else { Err(HeaderError::OutOfStore { tag }) }
    }

    fn checked_count(&self, tag: Tag, entry: Entry) -> Result<u32, HeaderError> {
        if entry.count > MAX_ELEMENTS {
            return Err(HeaderError::TooLong { tag, count: entry.count.into(), limit: MAX_ELEMENTS.into() });
        }
        Ok(entry.count)
    }

    fn find(&self, tag: Tag, kinds: &[u32]) -> Result<Option<Entry>, HeaderError> {
        let number = (tag as u32).to_be_bytes();
        let Some(bytes) = self.entries.iter().rev().find(|entry| entry.starts_with(&number)) else {
            return Ok(None);
        };
        let word = |at| Order::Big.u32(bytes, at).unwrap_or_default();
        let entry = Entry { kind: word(4), offset: index(word(8)), count: word(12) };
        if !kinds.contains(&entry.kind) {
            return Err(HeaderError::WrongType { tag, found: entry.kind });
        }
        Ok(Some(entry))
    }
}

/// An array of texts, each without its NUL.
#[derive(Clone, Debug)]
pub struct Texts<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.left = self.left.checked_sub(1)?;
        let (text, rest) = self.rest.split_at_checked(memchr(0, self.rest)?)?;
        self.rest = rest.get(1..)?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Value, header, header_with};
    use super::*;

    #[test]
    fn values_are_read_by_their_type() {
        let blob = header(&[
            (Tag::Name, Value::Text("bash")),
            (Tag::Epoch, Value::Numbers(&[7, 8])),
            (Tag::RsaHeader, Value::Bytes(&[1, 2, 3])),
            (Tag::BaseNames, Value::Texts(&["a", "", "b"])),
            (Tag::Vendor, Value::Texts(&["first", "second"])),
            // What rpm adds while installing replaces what the package had.
            (Tag::Name, Value::Text("zsh")),
        ]);
        let header = Header::parse(&blob).unwrap();
        assert_eq!(header.text(Tag::Name).unwrap().unwrap(), "zsh");
        assert_eq!(header.text(Tag::Vendor).unwrap().unwrap(), "first");
        assert_eq!(header.text(Tag::Release).unwrap(), None);
        assert_eq!(header.number(Tag::Epoch).unwrap(), Some(7));
        assert_eq!(header.number(Tag::InstallTime).unwrap(), None);
        assert_eq!(header.bytes(Tag::RsaHeader).unwrap().unwrap(), [1, 2, 3]);
        assert_eq!(header.texts(Tag::BaseNames).unwrap().collect::<Vec<_>>(), [&b"a"[..], b"", b"b"]);
        assert_eq!(header.required_text(Tag::Release), Err(HeaderError::Missing { tag: Tag::Release }));
        assert_eq!(header.text(Tag::Epoch), Err(HeaderError::WrongType { tag: Tag::Epoch, found: 4 }));
    }

    #[test]
    fn wrong_lengths_are_refused() {
        let whole = header(&[(Tag::Name, Value::Text("bash"))]);
        assert!(Header::parse(&whole).is_ok());
        let size = |size, needed| HeaderError::Size { size, needed };
        for (blob, error) in [
            (&whole[..3], HeaderError::Short(3)),
            (&whole[..20], size(20, 29)),
            (&whole[..28], size(28, 29)),
            (&[whole.as_slice(), b"x"].concat(), size(30, 29)),
            (&[0, 1, 0, 0, 0, 0, 0, 0], HeaderError::TooManyEntries(65_536)),
            (&[0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], size(8, 8 + 65_535 * 16 + 0xffff_ffff)),
        ] {
            assert_eq!(Header::parse(blob).unwrap_err(), error);
        }
    }

    #[test]
    fn values_outside_of_the_store_are_refused() {
        let parse = |kind: u32, offset: u32, count: u32| header_with(Tag::Name as u32, kind, offset, count, b"ab\0cd");
        let out = HeaderError::OutOfStore { tag: Tag::Name };
        for (kind, offset, count) in [(6, 3, 1), (6, 5, 1), (6, u32::MAX, 1)] {
            assert_eq!(Header::parse(&parse(kind, offset, count)).unwrap().text(Tag::Name), Err(out.clone()));
        }
        for (kind, offset, count) in [(8, 0, 2), (8, 6, 1), (8, 0, 1 << 20)] {
            let blob = parse(kind, offset, count);
            assert_eq!(Header::parse(&blob).unwrap().texts(Tag::Name).unwrap_err(), out);
        }
        for (kind, offset, count) in [(4, 0, 2), (4, 2, 1), (4, u32::MAX, 1 << 20)] {
            assert_eq!(Header::parse(&parse(kind, offset, count)).unwrap().numbers(Tag::Name), Err(out.clone()));
        }
        for (kind, offset, count) in [(7, 0, 6), (7, u32::MAX, u32::MAX)] {
            assert_eq!(Header::parse(&parse(kind, offset, count)).unwrap().bytes(Tag::Name), Err(out.clone()));
        }
        let many = parse(4, 0, u32::MAX);
        let error = Header::parse(&many).unwrap().numbers(Tag::Name).unwrap_err();
        assert_eq!(error, HeaderError::TooLong { tag: Tag::Name, count: u32::MAX.into(), limit: 1 << 20 });
        let long = "x".repeat(1025);
        let long = header(&[(Tag::Name, Value::Text(&long))]);
        let error = Header::parse(&long).unwrap().text(Tag::Name).unwrap_err();
        assert_eq!(error, HeaderError::TooLong { tag: Tag::Name, count: 1025, limit: 1024 });
    }
}
