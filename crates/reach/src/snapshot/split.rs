//! Splitting: a file of one or several JSON objects → the elements of the lists in them, one at a time.
//!
//! Only one element is in memory at a time, however large its file; and one that cannot be read does not spoil the others.
//! Brackets and strings are followed here; whether an element is JSON is seen when it is read.

use std::io::{self, Read};

use super::limits::Limits;

/// A part of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// An object began: the file holds one, or one a page.
    Document,
    /// A member of an object is a list: its name.
    List(&'a str),
    /// An element of the list: the member's name, and its JSON.
    Element(&'a str, &'a [u8]),
    /// A member that is no list: its name, and its JSON.
    Value(&'a str, &'a [u8]),
}

/// Why a file cannot be split further.
#[derive(Debug)]
pub(crate) enum SplitError {
    /// It cannot be read.
    Io(io::Error),
    /// It ends within an object.
    Cut,
    /// It is no JSON object.
    Syntax {
        /// Where, from 0.
        offset: u64,
        /// What stands there.
        found: u8,
        /// What was expected.
        expected: &'static str,
    },
    /// It is in UTF-16, as some shells write.
    Utf16,
    /// Over a limit: which.
    Over(&'static str),
}

type Splitting<T> = Result<T, SplitError>;

/// Splits a file; `take` is given each part and says whether to go on.
pub(crate) fn split<R: Read>(
    reader: R,
    limits: &Limits,
    mut take: impl FnMut(Part<'_>) -> bool,
) -> Result<(), SplitError> {
    let mut source = Source::new(reader, limits);
    source.skip_mark()?;
    while let Some(byte) = source.skip_space()? {
        if byte != b'{' {
            return source.fail("an object");
        }
        if !take(Part::Document) {
            return Ok(());
        }
        source.advance();
        let mut buffer = Vec::new();
        loop {
            match source.expect_more()? {
                b'}' => {
                    source.advance();
                    break;
                }
                b',' => source.advance(),
                b'"' => {
                    if !member(&mut source, &mut buffer, &mut take)? {
                        return Ok(());
                    }
                }
                _ => return source.fail("a member"),
            }
        }
    }
    Ok(())
}

fn member<R: Read>(
    source: &mut Source<'_, R>,
    buffer: &mut Vec<u8>,
    take: &mut impl FnMut(Part<'_>) -> bool,
) -> Splitting<bool> {
    buffer.clear();
    source.copy_value(buffer)?;
    let name: String = serde_json::from_slice(buffer).map_err(|_| SplitError::Syntax {
        offset: source.offset(),
        found: b'"',
        expected: "the name of a member",
    })?;
    if source.expect_more()? != b':' {
        return source.fail("a colon");
    }
    source.advance();
    if source.expect_more()? != b'[' {
        buffer.clear();
        source.copy_value(buffer)?;
        return Ok(take(Part::Value(&name, buffer)));
    }
    source.advance();
    if !take(Part::List(&name)) {
        return Ok(false);
    }
    loop {
        match source.expect_more()? {
            b']' => {
                source.advance();
                return Ok(true);
            }
            b',' => source.advance(),
            _ => {
                buffer.clear();
                source.copy_value(buffer)?;
                if !take(Part::Element(&name, buffer)) {
                    return Ok(false);
                }
            }
        }
    }
}

struct Source<'a, R> {
    reader: R,
    limits: &'a Limits,
    chunk: Vec<u8>,
    position: usize,
    filled: usize,
    /// How much was read before this chunk.
    before: u64,
}

const CHUNK: usize = 256 << 10;

impl<R: Read> Source<'_, R> {
    fn new(reader: R, limits: &Limits) -> Source<'_, R> {
        Source { reader, limits, chunk: vec![0; CHUNK], position: 0, filled: 0, before: 0 }
    }

    fn offset(&self) -> u64 {
        self.before + self.position as u64
    }

    fn fail<T>(&mut self, expected: &'static str) -> Splitting<T> {
        let found = self.peek()?.unwrap_or_default();
        Err(SplitError::Syntax { offset: self.offset(), found, expected })
    }

    /// What is read and not consumed yet; empty at the end.
    fn rest(&mut self) -> Splitting<&[u8]> {
        if self.position == self.filled {
            self.before += self.filled as u64;
            self.position = 0;
            self.filled = 0;
            if self.before > self.limits.file_bytes {
                return Err(SplitError::Over("bytes of a file"));
            }
            self.filled = loop {
                match self.reader.read(&mut self.chunk) {
                    Ok(count) => break count.min(self.chunk.len()),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(SplitError::Io(error)),
                }
            };
        }
        Ok(self.chunk.get(self.position..self.filled).unwrap_or_default())
    }

    fn peek(&mut self) -> Splitting<Option<u8>> {
        Ok(self.rest()?.first().copied())
    }

    fn advance(&mut self) {
        self.position = (self.position + 1).min(self.filled);
    }

    fn skip_mark(&mut self) -> Splitting<()> {
        let begin = self.rest()?;
        if begin.starts_with(&[0xff, 0xfe]) || begin.starts_with(&[0xfe, 0xff]) {
            return Err(SplitError::Utf16);
        }
        if begin.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.position += 3;
        }
        Ok(())
    }

    fn skip_space(&mut self) -> Splitting<Option<u8>> {
        loop {
            let rest = self.rest()?;
            let Some(count) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else {
                if rest.is_empty() {
                    return Ok(None);
                }
                self.position = self.filled;
                continue;
            };
            self.position += count;
            return self.peek();
        }
    }

    fn expect_more(&mut self) -> Splitting<u8> {
        self.skip_space()?.ok_or(SplitError::Cut)
    }

    /// Appends one value: a string, an object, a list, or a word up to what cannot belong to it.
    fn copy_value(&mut self, into: &mut Vec<u8>) -> Splitting<()> {
        let mut depth = 0_usize;
        let mut state = State::Between;
        loop {
            let limits = self.limits;
            let rest = self.rest()?;
            if rest.is_empty() {
                return if state == State::Word && depth == 0 { Ok(()) } else { Err(SplitError::Cut) };
            }
            let mut taken = 0;
            let mut is_done = false;
            for byte in rest {
                let before = state;
                state = before.next(*byte);
                if before != State::Between && before != State::Word {
                    taken += 1;
                    is_done = state == State::Between && depth == 0;
                } else {
                    match byte {
                        b'{' | b'[' if before == State::Between => depth += 1,
                        b'}' | b']' if depth > 0 => depth -= 1,
                        _ if before == State::Word && state == State::Between && depth == 0 => {
                            is_done = true;
                            break;
                        }
                        b'}' | b']' | b',' | b':' if depth == 0 => {
                            self.position += taken;
                            return self.fail("a value");
                        }
                        _ => {}
                    }
                    taken += 1;
                    is_done = depth == 0 && matches!(byte, b'}' | b']');
                }
                if depth > limits.depth {
                    return Err(SplitError::Over("nesting of an object"));
                }
                if is_done {
                    break;
                }
            }
            let copied = rest.get(..taken).unwrap_or_default();
            if into.len() + copied.len() > limits.object_bytes {
                return Err(SplitError::Over("bytes of an object"));
            }
            into.extend_from_slice(copied);
            self.position += taken;
            if is_done {
                return Ok(());
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between values.
    Between,
    /// In a number or a word such as `null`.
    Word,
    /// In a string.
    Text,
    /// In a string, after a backslash.
    Escape,
}

impl State {
    fn next(self, byte: u8) -> State {
        match (self, byte) {
            (State::Between, b'"') => State::Text,
            (State::Text, b'\\') => State::Escape,
            (State::Text, b'"') => State::Between,
            (State::Text | State::Escape, _) => State::Text,
            (_, b'{' | b'[' | b'}' | b']' | b',' | b':') => State::Between,
            (_, byte) if byte.is_ascii_whitespace() => State::Between,
            _ => State::Word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader of one byte at a time finds what only a border of chunks would show.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn parts(reader: impl Read, limits: &Limits) -> String {
        let mut all = Vec::new();
        let result = split(reader, limits, |part| {
            all.push(match part {
                Part::Document => "doc".to_owned(),
                Part::List(name) => format!("{name}:"),
                Part::Element(_, json) => String::from_utf8_lossy(json).into_owned(),
                Part::Value(name, json) => format!("{name}={}", String::from_utf8_lossy(json)),
            });
            true
        });
        let end = match result {
            Ok(()) => "ok".to_owned(),
            Err(SplitError::Syntax { expected, .. }) => format!("no {expected}"),
            Err(error) => format!("{error:?}"),
        };
        all.push(end);
        all.join(" | ")
    }

    #[test]
    fn tables_of_files() {
        let limits = Limits { object_bytes: 40, depth: 4, ..Limits::default() };
        for (json, expected) in [
            ("", "ok"),
            ("  \n", "ok"),
            ("{}", "doc | ok"),
            ("\u{feff}{}", "doc | ok"),
            (r#"{"Vpcs": []}"#, "doc | Vpcs: | ok"),
            (
                r#"{"Vpcs": [{"a": "]}"}, {"b": "\"\\"}], "N": null}"#,
                r#"doc | Vpcs: | {"a": "]}"} | {"b": "\"\\"} | N=null | ok"#,
            ),
            (r#"{"A":[1,"x",true]}"#, r#"doc | A: | 1 | "x" | true | ok"#),
            (r#"{"A":{"b":[1,2]}}{"B":1}"#, r#"doc | A={"b":[1,2]} | doc | B=1 | ok"#),
            (r#"{"A":[{"b":1}"#, r#"doc | A: | {"b":1} | Cut"#),
            (r#"{"A":[{"b":"#, "doc | A: | Cut"),
            (r#"{"A":"#, "doc | Cut"),
            (r#"{"A"]"#, "doc | no a colon"),
            (r#"{"A":]"#, "doc | no a value"),
            ("[]", "no an object"),
            ("<html>", "no an object"),
            (r#"{"A":[[[[[[1]]]]]]}"#, r#"doc | A: | Over("nesting of an object")"#),
            (r#"{"A":["0123456789012345678901234567890123456789"]}"#, r#"doc | A: | Over("bytes of an object")"#),
        ] {
            assert_eq!(parts(json.as_bytes(), &limits), expected, "{json}");
            if !json.starts_with('\u{feff}') {
                assert_eq!(parts(Slow(json.as_bytes()), &limits), expected, "{json}, byte by byte");
            }
        }
        assert_eq!(parts(&b"\xff\xfe{\0"[..], &limits), "Utf16");
        let small = Limits { file_bytes: 3, ..limits };
        assert_eq!(parts(Slow(br#"{"A":[1]}"#), &small), "doc | Over(\"bytes of a file\")");
    }
}
