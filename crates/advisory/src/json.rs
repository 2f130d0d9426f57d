//! JSON from a stranger: a reader that stops at long strings and deep nesting before a parser keeps them.
//!
//! serde_json bounds its own recursion, but not the length of a string, nor the depth of what it passes over.

use std::fmt;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, SeqAccess, Visitor};

use crate::packed::OverLimit;
use crate::{AdvisoryError, Limits};

/// A buffered reader of JSON that fails with [`io::ErrorKind::FileTooLarge`] at a limit.
pub(crate) fn guarded<R: Read>(reader: R, limits: &Limits) -> BufReader<Guard<R>> {
    let guard = Guard { inner: reader, limits: limits.clone(), total: 0, depth: 0, string: None, escaped: false };
    BufReader::with_capacity(128 << 10, guard)
}

/// Tells apart what failed: the stream, a limit, or the JSON.
pub(crate) fn parse_error(feed: &'static str, cause: serde_json::Error) -> AdvisoryError {
    if cause.is_io() { read_error(feed, cause.into()) } else { AdvisoryError::Parse { feed, cause } }
}

/// Tells apart what failed: the stream, or a limit.
pub(crate) fn read_error(feed: &'static str, cause: io::Error) -> AdvisoryError {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<OverLimit>()) {
        Some(&OverLimit { what, limit }) => AdvisoryError::OverLimit { feed: feed.to_owned(), what, limit },
        None => AdvisoryError::Read { feed, cause },
    }
}

/// What a reader of JSON documents hands to serde.
pub(crate) type DocumentDeserializer<'d, R> = &'d mut serde_json::Deserializer<serde_json::de::IoRead<R>>;

/// Reads JSON documents that follow each other, with or without line breaks between them.
pub(crate) fn for_each_document<T: DeserializeOwned>(
    feed: &'static str,
    reader: impl Read,
    limits: &Limits,
    mut each: impl FnMut(T),
) -> Result<(), AdvisoryError> {
    for_each_document_seed(feed, reader, limits, |deserializer| T::deserialize(deserializer).map(&mut each))
}

/// As [`for_each_document`], for documents that are streams themselves.
pub(crate) fn for_each_document_seed<R: Read>(
    feed: &'static str,
    reader: R,
    limits: &Limits,
    mut each: impl FnMut(DocumentDeserializer<'_, BufReader<Guard<R>>>) -> Result<(), serde_json::Error>,
) -> Result<(), AdvisoryError> {
    let mut deserializer = serde_json::Deserializer::from_reader(guarded(reader, limits));
    loop {
        // `end` looks one byte ahead without taking it: an error of syntax says that there is another document.
        match deserializer.end() {
            Ok(()) => return Ok(()),
            Err(cause) if cause.is_io() => return Err(parse_error(feed, cause)),
            Err(_) => each(&mut deserializer).map_err(|cause| parse_error(feed, cause))?,
        }
    }
}

/// Deserializes an array of at most so many elements.
pub(crate) fn few<'de, const MOST: usize, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    struct Few<const MOST: usize, T>(PhantomData<T>);

    impl<'de, const MOST: usize, T: Deserialize<'de>> Visitor<'de> for Few<MOST, T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an array of at most {MOST} elements")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
            let mut elements = Vec::new();
            while let Some(element) = sequence.next_element()? {
                if elements.len() == MOST {
                    return Err(de::Error::invalid_length(MOST + 1, &self));
                }
                elements.push(element);
            }
            Ok(elements)
        }
    }

    deserializer.deserialize_seq(Few::<MOST, T>(PhantomData))
}

/// Follows the JSON that passes through it.
pub(crate) struct Guard<R> {
    inner: R,
    limits: Limits,
    total: u64,
    depth: u32,
    /// Length so far of the string we are in.
    string: Option<u64>,
    /// Whether the last byte was a backslash that escapes the next.
    escaped: bool,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.total += count as u64;
        if self.total > self.limits.unpacked_bytes {
            let limit = self.limits.unpacked_bytes;
            return Err(OverLimit { what: "size in bytes", limit }.into_error());
        }
        self.follow(buffer.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}

impl<R> Guard<R> {
    fn follow(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            bytes = match self.string {
                Some(length) => self.follow_string(bytes, length)?,
                None => self.follow_structure(bytes)?,
            };
        }
        Ok(())
    }

    /// Follows to the end of the string, or of the bytes; gives what is left.
    fn follow_string<'a>(&mut self, bytes: &'a [u8], length: u64) -> io::Result<&'a [u8]> {
        let (used, ends) = if self.escaped {
            self.escaped = false;
            (1, false)
        } else {
            match memchr::memchr2(b'"', b'\\', bytes) {
                Some(at) => {
                    self.escaped = bytes.get(at) == Some(&b'\\');
                    (at + 1, !self.escaped)
                }
                None => (bytes.len(), false),
            }
        };
        let length = length + used as u64;
        if length > self.limits.string_bytes {
            return Err(OverLimit { what: "length of a string", limit: self.limits.string_bytes }.into_error());
        }
        self.string = (!ends).then_some(length);
        Ok(bytes.get(used..).unwrap_or_default())
    }

    /// Follows to the start of a string, or to the end of the bytes; gives what is left.
    fn follow_structure<'a>(&mut self, bytes: &'a [u8]) -> io::Result<&'a [u8]> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' => {
                    self.string = Some(0);
                    return Ok(bytes.get(at + 1..).unwrap_or_default());
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth > self.limits.depth {
                let limit = u64::from(self.limits.depth);
                return Err(OverLimit { what: "depth of nesting", limit }.into_error());
            }
        }
        Ok(&[])
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::*;

    /// Gives one byte at a time, so that every state is met at a border.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1);
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn check(json: &str, expected: Option<&str>) {
        let limits = Limits { string_bytes: 8, depth: 3, unpacked_bytes: 64, ..Limits::default() };
        let whole = serde_json::from_reader::<_, IgnoredAny>(guarded(json.as_bytes(), &limits));
        let drip = serde_json::from_reader::<_, IgnoredAny>(guarded(Drip(json.as_bytes()), &limits));
        for parsed in [whole, drip] {
            let error = parsed.err().map(|cause| parse_error("feed", cause).to_string());
            assert_eq!(error.as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn limits_hold() {
        check(r#"{"a":[{"b":"\"\\12"}],"c":"[[[[["}"#, None);
        check(r#"[[[[1]]]]"#, Some("feed: depth of nesting is over the limit of 3"));
        check(r#"["12345678"]"#, Some("feed: length of a string is over the limit of 8"));
        check(r#"["1234567"]"#, None);
        check(&format!("[{}1]", " ".repeat(64)), Some("feed: size in bytes is over the limit of 64"));
        check("[1", Some("failed to parse feed"));
        check("]]]] 1", Some("failed to parse feed"));
    }

    #[test]
    fn a_stream_that_breaks_off_is_told_apart() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        let parsed = serde_json::from_reader::<_, IgnoredAny>(guarded(Broken, &Limits::default()));
        assert!(matches!(parse_error("feed", parsed.unwrap_err()), AdvisoryError::Read { .. }));
    }
}
