//! The syntaxes that lock files share, with their errors in one form.
//!
//! Depth is bounded by the parsers: serde_json stops at 128 levels, toml at 80. Surprising: .NET tools write a byte order
//! mark before JSON, which RFC 8259 §8.1 lets a parser ignore.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::libraries::found::{ParseError, shorten};

/// The text of a file without its byte order mark.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ParseError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| ParseError::Syntax {
        line: line_at(bytes, error.valid_up_to()),
        syntax: "UTF-8",
        detail: "bytes that are no letter".to_owned(),
    })
}

/// The text of a file that may be UTF-16, which its byte order mark says.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return text(bytes).map(Cow::Borrowed),
    };
    let units = bytes.as_chunks::<2>().0.iter().skip(1).map(|pair| unit(*pair));
    match char::decode_utf16(units).collect::<Result<String, _>>() {
        Ok(text) => Ok(Cow::Owned(text)),
        Err(_) => Err(ParseError::Syntax {
            line: 1,
            syntax: "UTF-16",
            detail: "half of a letter without the other".to_owned(),
        }),
    }
}

/// Most values of a JSON document; what is kept of one takes about a hundred bytes.
const MAX_JSON_VALUES: usize = 2_000_000;

/// Most values of a TOML document: all are kept while it is read, at two hundred bytes each.
const MAX_TOML_VALUES: usize = 800_000;

/// Refuses a document of so many values that they would take far more memory than its bytes. Counting what begins or
/// separates values, wherever it stands, is enough: lock files have less than one in thirty bytes.
fn refuse_density(text: &str, marks: &[u8; 3], most: usize, syntax: &'static str) -> Result<(), ParseError> {
    let [first, second, third] = *marks;
    match memchr::memchr3_iter(first, second, third, text.as_bytes()).nth(most) {
        None => Ok(()),
        Some(at) => {
            let detail = "too many values for a lock file".to_owned();
            Err(ParseError::Syntax { line: line_at(text.as_bytes(), at), syntax, detail })
        }
    }
}

/// Reads a JSON document.
pub(super) fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ParseError> {
    let text = text(bytes)?;
    refuse_density(text, b"{[,", MAX_JSON_VALUES, "JSON of this format")?;
    serde_json::from_str(text).map_err(|error| ParseError::Syntax {
        line: error.line() as u64,
        syntax: "JSON of this format",
        detail: shorten(without_place(&error.to_string())),
    })
}

/// Reads a TOML document.
pub(super) fn toml<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ParseError> {
    let text = text(bytes)?;
    refuse_density(text, b"[,=", MAX_TOML_VALUES, "TOML of this format")?;
    toml::from_str(text).map_err(|error| ParseError::Syntax {
        line: line_at(text.as_bytes(), error.span().map_or(0, |span| span.start)),
        syntax: "TOML of this format",
        detail: shorten(&error.message().replace('\n', ", ")),
    })
}

/// The line of a byte, 1-based.
pub(super) fn line_at(bytes: &[u8], offset: usize) -> u64 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    memchr::memchr_iter(b'\n', before).count() as u64 + 1
}

/// serde_json ends its messages with ` at line 1 column 2`.
fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(what, _)| what)
}

/// A string that is borrowed from the file where it has no escapes. `Cow` itself never borrows in a list or a map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for TextVisitor<'a> {
            type Value = Text<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Text<'a>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

/// A string, or nothing where the file has something else.
#[derive(Clone, Debug, Default)]
pub(super) struct Loose<'a>(pub(super) Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LooseVisitor<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for LooseVisitor<'a> {
            type Value = Loose<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Loose<'a>, E> {
                Ok(Loose(Some(Text(Cow::Borrowed(text)))))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Loose<'a>, E> {
                Ok(Loose(Some(Text(Cow::Owned(text.to_owned())))))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Loose<'a>, E> {
                Ok(Loose(None))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Loose<'a>, E> {
                Ok(Loose(None))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Loose<'a>, E> {
                Ok(Loose(None))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Loose<'a>, E> {
                Ok(Loose(None))
            }

            fn visit_unit<E: Error>(self) -> Result<Loose<'a>, E> {
                Ok(Loose(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose<'a>, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose<'a>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose(None))
            }
        }

        deserializer.deserialize_any(LooseVisitor(PhantomData))
    }
}

/// The members of an object in file order, where their names are data.
#[derive(Clone, Debug)]
pub(super) struct Members<'a, V>(pub(super) Vec<(Text<'a>, V)>);

impl<V> Default for Members<'_, V> {
    fn default() -> Self {
        Members(Vec::new())
    }
}

impl<'de: 'a, 'a, V: Deserialize<'de>> Deserialize<'de> for Members<'a, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<'a, V>(PhantomData<(&'a (), V)>);

        impl<'de: 'a, 'a, V: Deserialize<'de>> Visitor<'de> for MembersVisitor<'a, V> {
            type Value = Members<'a, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            // PHP writes an empty map as `[]`.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                match list.next_element::<IgnoredAny>()? {
                    None => Ok(Members::default()),
                    Some(_) => Err(Error::custom("a list where an object is expected")),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_any(MembersVisitor(PhantomData))
    }
}
