//! The text format of LVM2's metadata: `name = value` and `name { … }`, with comments, within limits.
//!
//! The grammar is that of `libdm/libdm-config.c`. Surprising: only quotes and backslashes are escaped in a text.

use super::super::error::{ReadError, damaged};

/// Sections below each other; LVM2 writes four.
const MAX_DEPTH: usize = 16;

/// Sections and values. A logical volume has some twenty.
const MAX_ITEMS: usize = 200_000;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A whole number.
    Number(u64),
    /// A text, or a number of another kind as it is written.
    Text(String),
    /// Values in brackets.
    List(Vec<Value>),
}

/// What stands between braces, or in the whole text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    values: Vec<(String, Value)>,
    /// Sections in it, in the order of the text.
    pub(super) sections: Vec<(String, Section)>,
}

impl Section {
    /// The section in it with this name.
    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|(found, _)| found == name).map(|(_, section)| section)
    }

    /// The value with this name.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// The number with this name, which must be there.
    pub(super) fn number(&self, name: &str) -> Result<u64, ReadError> {
        match self.value(name) {
            Some(Value::Number(number)) => Ok(*number),
            _ => Err(damaged!("there is no number {name} in the metadata where there must be one")),
        }
    }

    /// The text with this name, which must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, ReadError> {
        match self.value(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(damaged!("there is no text {name} in the metadata where there must be one")),
        }
    }

    /// The list with this name; empty where there is none.
    pub(super) fn list(&self, name: &str) -> &[Value] {
        match self.value(name) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }
}

/// Reads a text, up to its first NUL.
pub(super) fn parse(text: &[u8]) -> Result<Section, ReadError> {
    let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
    let mut parser = Parser { rest: text.get(..end).unwrap_or_default(), length: end, items: 0 };
    let section = parser.section(0)?;
    match parser.peek() {
        None => Ok(section),
        Some(_) => Err(parser.wrong("a section ends that did not begin")),
    }
}

struct Parser<'a> {
    rest: &'a [u8],
    length: usize,
    items: usize,
}

impl Parser<'_> {
    /// What stands up to a closing brace or the end, neither of which is taken.
    fn section(&mut self, depth: usize) -> Result<Section, ReadError> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("too many sections below each other"));
        }
        let mut section = Section::default();
        while self.peek().is_some_and(|next| next != b'}') {
            self.count()?;
            let name = self.word()?;
            match self.peek() {
                Some(b'=') => {
                    self.skip(1);
                    section.values.push((name, self.value()?));
                }
                Some(b'{') => {
                    self.skip(1);
                    section.sections.push((name, self.section(depth + 1)?));
                    self.expect(b'}')?;
                }
                _ => return Err(self.wrong("a name without a value")),
            }
        }
        Ok(section)
    }

    fn value(&mut self) -> Result<Value, ReadError> {
        if self.peek() != Some(b'[') {
            return self.scalar();
        }
        self.skip(1);
        let mut list = Vec::new();
        while self.peek().is_some_and(|next| next != b']') {
            self.count()?;
            list.push(self.scalar()?);
            if self.peek() == Some(b',') {
                self.skip(1);
            }
        }
        self.expect(b']')?;
        Ok(Value::List(list))
    }

    fn scalar(&mut self) -> Result<Value, ReadError> {
        if self.peek() == Some(b'"') {
            return Ok(Value::Text(self.quoted()?));
        }
        let word = self.word()?;
        Ok(word.parse().map_or(Value::Text(word), Value::Number))
    }

    fn quoted(&mut self) -> Result<String, ReadError> {
        self.skip(1);
        let mut text = Vec::new();
        let (mut taken, mut is_escaped, mut is_ended) = (0, false, false);
        for byte in self.rest {
            taken += 1;
            match byte {
                _ if is_escaped => {
                    text.push(*byte);
                    is_escaped = false;
                }
                b'\\' => is_escaped = true,
                b'"' => {
                    is_ended = true;
                    break;
                }
                _ => text.push(*byte),
            }
        }
        if !is_ended {
            return Err(self.wrong("a text without an end"));
        }
        self.skip(taken);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn word(&mut self) -> Result<String, ReadError> {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+_.-!@/:".contains(byte);
        let length = self.rest.iter().take_while(|byte| is_word(byte)).count();
        if length == 0 {
            return Err(self.wrong("something that is neither name nor value"));
        }
        let word = String::from_utf8_lossy(self.rest.get(..length).unwrap_or_default()).into_owned();
        self.skip(length);
        Ok(word)
    }

    /// The next byte behind blanks and comments, which are taken.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let blanks = self.rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.skip(blanks);
            match self.rest.first() {
                Some(b'#') => {
                    let comment = self.rest.iter().take_while(|byte| **byte != b'\n').count();
                    self.skip(comment);
                }
                next => return next.copied(),
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.peek() != Some(byte) {
            return Err(self.wrong("a section or a list without an end"));
        }
        self.skip(1);
        Ok(())
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn count(&mut self) -> Result<(), ReadError> {
        self.items += 1;
        if self.items > MAX_ITEMS {
            return Err(self.wrong("more than 200000 entries"));
        }
        Ok(())
    }

    fn wrong(&self, what: &str) -> ReadError {
        damaged!("the metadata has {what} at byte {}", self.length - self.rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_failure(text: &str, expected: &str) {
        assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), format!("the metadata has {expected}"), "{text}");
    }

    #[test]
    fn sections_values_lists_and_comments_are_read() {
        let text = "vg {\n# a comment }\n\tseqno=7 # another\n name = \"a\\\"b\\\\\"\n offset = -1\n empty = []\n\
                    list = [\"pv0\", 12,\n3 ]\n inner { x = 1 } inner2{}\n}\ntop = 1.5\0 rubbish }";
        let parsed = parse(text.as_bytes()).unwrap();
        let group = parsed.section("vg").unwrap();
        assert_eq!(group.number("seqno").unwrap(), 7);
        assert_eq!(group.text("name").unwrap(), "a\"b\\");
        assert_eq!(group.text("offset").unwrap(), "-1");
        assert_eq!(group.list("empty"), []);
        assert_eq!(group.list("list"), [Value::Text("pv0".to_owned()), Value::Number(12), Value::Number(3)]);
        assert_eq!(group.section("inner").unwrap().number("x").unwrap(), 1);
        assert_eq!(group.sections.len(), 2);
        assert_eq!(parsed.text("top").unwrap(), "1.5");
        assert!(group.number("name").is_err() && group.text("seqno").is_err() && group.number("none").is_err());
    }

    #[test]
    fn what_is_no_metadata_is_told_with_its_place() {
        check_failure("a", "a name without a value at byte 1");
        check_failure("a {", "a section or a list without an end at byte 3");
        check_failure("a = [1", "a section or a list without an end at byte 6");
        check_failure("}", "a section ends that did not begin at byte 0");
        check_failure("a = \"b", "a text without an end at byte 5");
        check_failure("a = \"b\\\"", "a text without an end at byte 5");
        check_failure("a = }", "something that is neither name nor value at byte 4");
        check_failure("a = [[1]]", "something that is neither name nor value at byte 5");
        check_failure(&"a{".repeat(100_000), "too many sections below each other at byte 34");
        check_failure(&"a=1 ".repeat(200_001), "more than 200000 entries at byte 800000");
        check_failure(&format!("a=[{}]", "1,".repeat(300_000)), "more than 200000 entries at byte 400001");
    }
}
