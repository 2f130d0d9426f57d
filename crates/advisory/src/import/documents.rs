//! JSON documents that follow each other: one, one a line, or the elements of an array.
//!
//! They are told apart by their braces before they are parsed, so that a document which is no JSON, or not of the
//! expected shape, costs itself alone.

use std::io::{BufRead, BufReader, Read};

use crate::json::{Guard, guarded, read_error};
use crate::{AdvisoryError, Limits};

/// The largest document that is kept, in bytes; the largest real one (a kernel's VEX document) has some 30 MB.
const MAX_DOCUMENT: u64 = 64 << 20;

/// What follows the braces of one document.
#[derive(Clone, Copy, Default)]
struct State {
    depth: u32,
    is_string: bool,
    is_escaped: bool,
}

impl State {
    /// Takes one byte; whether the document ends with it.
    fn ends_with(&mut self, byte: u8) -> bool {
        if self.is_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.is_string = true,
            b'{' => self.depth += 1,
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// Splits a stream into its documents.
pub(crate) struct Documents<R> {
    feed: &'static str,
    reader: BufReader<Guard<R>>,
    document: Vec<u8>,
}

impl<R: Read> Documents<R> {
    pub(crate) fn new(feed: &'static str, reader: R, limits: &Limits) -> Documents<R> {
        Documents { feed, reader: guarded(reader, limits), document: Vec::new() }
    }

    /// The bytes of the next document; a line of anything else between documents is one too, and no JSON.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, AdvisoryError> {
        self.document.clear();
        let Some(first) = self.skip_between()? else { return Ok(None) };
        let is_object = first == b'{';
        let mut state = State::default();
        loop {
            let bytes = self.reader.fill_buf().map_err(|cause| read_error(self.feed, cause))?;
            if bytes.is_empty() {
                break;
            }
            let is_last = |&byte: &u8| if is_object { state.ends_with(byte) } else { byte == b'\n' };
            let end = bytes.iter().position(is_last);
            let used = end.map_or(bytes.len(), |at| at + 1);
            self.document.extend_from_slice(bytes.get(..used).unwrap_or_default());
            self.reader.consume(used);
            if self.document.len() as u64 > MAX_DOCUMENT {
                let (feed, what) = (self.feed.to_owned(), "size of a document in bytes");
                return Err(AdvisoryError::OverLimit { feed, what, limit: MAX_DOCUMENT });
            }
            if end.is_some() {
                return Ok(Some(&self.document));
            }
        }
        if is_object {
            let (place, detail) = ("the end".to_owned(), "the last document breaks off".to_owned());
            return Err(AdvisoryError::Malformed { feed: self.feed, place, detail });
        }
        Ok(Some(&self.document))
    }

    /// Passes over what lies between documents; gives the first byte of the next without taking it.
    fn skip_between(&mut self) -> Result<Option<u8>, AdvisoryError> {
        loop {
            let bytes = self.reader.fill_buf().map_err(|cause| read_error(self.feed, cause))?;
            if bytes.is_empty() {
                return Ok(None);
            }
            // White space, the brackets and commas of an array, a byte order mark.
            let is_between =
                |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' | 0xef | 0xbb | 0xbf);
            match bytes.iter().position(|byte| !is_between(byte)) {
                Some(at) => {
                    let first = bytes.get(at).copied();
                    self.reader.consume(at);
                    return Ok(first);
                }
                None => {
                    let used = bytes.len();
                    self.reader.consume(used);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&[&str], &str>) {
        let mut documents = Documents::new("feed", text.as_bytes(), &Limits::default());
        let mut found = Vec::new();
        let result = loop {
            match documents.next() {
                Ok(Some(document)) => found.push(String::from_utf8(document.to_vec()).unwrap()),
                Ok(None) => break Ok(found),
                Err(error) => break Err(error.to_string()),
            }
        };
        let expected = expected.map(|documents| documents.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(result, expected.map_err(str::to_owned), "{text:?}");
    }

    #[test]
    fn documents_are_told_apart() {
        check("", Ok(&[]));
        check(r#"{"a":1}"#, Ok(&[r#"{"a":1}"#]));
        check("{\"a\":\"}\\\"}\"}\n{}\n\n{\"b\":{}}", Ok(&[r#"{"a":"}\"}"}"#, "{}", r#"{"b":{}}"#]));
        check("\u{feff}[{\n}, {}]\n", Ok(&["{\n}", "{}"]));
        check("{}\n<html>{}</html>\n{}", Ok(&["{}", "<html>{}</html>\n", "{}"]));
        check("nothing", Ok(&["nothing"]));
        check("{}{\"a\":", Err("feed: the end: the last document breaks off"));
        check("{\"a\":\"}", Err("feed: the end: the last document breaks off"));
    }
}
