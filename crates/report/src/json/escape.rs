//! Escaping: characters that could drive a terminal are written as `\uXXXX` (RFC 8259 §7).
//!
//! RFC 8259 asks only for U+0000 to U+001F to be escaped; U+009B is "control sequence introducer" to a terminal too.
//! The value that a parser reads is the same.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::visible::first_unsafe;

/// A formatter that escapes what [`is_unsafe`](crate::visible::is_unsafe) names, and otherwise does as the inner one.
#[derive(Debug)]
pub(crate) struct Escaped<F>(pub(crate) F);

impl<F: Formatter> Formatter for Escaped<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, character)) = first_unsafe(rest) {
            let (safe, tail) = rest.split_at(at);
            writer.write_all(safe.as_bytes())?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.strip_prefix(character).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::Serializer;
    use serde_json::ser::CompactFormatter;

    use super::*;

    #[test]
    fn unsafe_characters_are_escaped_and_read_back() {
        for (text, expected) in [
            ("a\u{9b}b", r#""a\u009bb""#),
            ("\u{202e}x", r#""\u202ex""#),
            ("\u{e0041}", r#""\udb40\udc41""#),
            ("\x1b\n\"\\", r#""\u001b\n\"\\""#),
            ("שלום", "\"שלום\""),
        ] {
            let mut bytes = Vec::new();
            text.serialize(&mut Serializer::with_formatter(&mut bytes, Escaped(CompactFormatter))).unwrap();
            assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
            assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), text);
        }
    }
}
