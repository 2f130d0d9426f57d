//! XML from a stranger, read as a stream: an element at a time, in the order of the document.
//!
//! A document type declaration is refused, so there are no entities but the five predefined ones and none is ever
//! expanded; depth, and the length of a tag and of a text, are bounded before anything is kept. Names are local ones:
//! prefixes are passed over.

use std::io::{self, BufReader, Read};

use quick_xml::errors::Error;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::json::read_error;
use crate::packed::OverLimit;
use crate::{AdvisoryError, Limits};

/// Far more than any format has.
const MAX_ATTRIBUTES: usize = 64;

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    /// Name without prefix.
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute; empty where it is absent.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.optional_attribute(name).unwrap_or_default()
    }

    /// The value of an attribute.
    pub(crate) fn optional_attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A reader of one document. Each tag that it gives must be left again: by [`XmlReader::text`], [`XmlReader::skip`], or
/// by [`XmlReader::child`] until that gives nothing.
pub(crate) struct XmlReader<R: Read> {
    feed: &'static str,
    inner: Reader<BufReader<Guard<R>>>,
    limits: Limits,
    buffer: Vec<u8>,
    depth: u32,
}

enum Step {
    Open(Tag),
    Close,
    End,
}

impl<R: Read> XmlReader<R> {
    pub(crate) fn new(feed: &'static str, reader: R, limits: &Limits) -> XmlReader<R> {
        let guard = Guard { inner: reader, limits: limits.clone(), total: 0, of_event: 0 };
        let mut inner = Reader::from_reader(BufReader::with_capacity(64 << 10, guard));
        inner.config_mut().expand_empty_elements = true;
        XmlReader { feed, inner, limits: limits.clone(), buffer: Vec::new(), depth: 0 }
    }

    /// Enters the root element, which must have this name.
    pub(crate) fn root(&mut self, name: &str) -> Result<Tag, AdvisoryError> {
        match self.step(None)? {
            Step::Open(tag) if tag.name == name => Ok(tag),
            Step::Open(tag) => Err(self.malformed(format!("the document is {:.64?}, not {name:?}", tag.name))),
            Step::Close | Step::End => Err(self.malformed("the document is empty")),
        }
    }

    /// The next element inside the one that was entered last; nothing when that one ends.
    pub(crate) fn child(&mut self) -> Result<Option<Tag>, AdvisoryError> {
        match self.step(None)? {
            Step::Open(tag) => Ok(Some(tag)),
            Step::Close => Ok(None),
            Step::End => Err(self.malformed("the document ends inside an element")),
        }
    }

    /// The text of the element that was entered last, that of elements inside it included; blanks around it are cut.
    pub(crate) fn text(&mut self) -> Result<String, AdvisoryError> {
        let mut text = String::new();
        self.leave(Some(&mut text))?;
        Ok(text.trim().to_owned())
    }

    /// Passes over the rest of the element that was entered last.
    pub(crate) fn skip(&mut self) -> Result<(), AdvisoryError> {
        self.leave(None)
    }

    /// Checks that nothing follows the root element.
    pub(crate) fn finish(&mut self) -> Result<(), AdvisoryError> {
        match self.step(None)? {
            Step::End => Ok(()),
            Step::Open(_) | Step::Close => Err(self.malformed("there is a second document behind the first")),
        }
    }

    fn leave(&mut self, mut text: Option<&mut String>) -> Result<(), AdvisoryError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Step::End = self.step(text.as_deref_mut())? {
                return Err(self.malformed("the document ends inside an element"));
            }
        }
        Ok(())
    }

    /// Goes to the next tag; appends the text on the way.
    fn step(&mut self, mut text: Option<&mut String>) -> Result<Step, AdvisoryError> {
        loop {
            self.buffer.clear();
            self.inner.get_mut().get_mut().of_event = 0;
            let (feed, position) = (self.feed, self.inner.buffer_position());
            let failed = |cause: Error| failure(feed, position, cause);
            match self.inner.read_event_into(&mut self.buffer).map_err(failed)? {
                Event::Start(start) => {
                    let tag = tag_of(&start, &self.limits).map_err(|refused| refused.at(feed, position))?;
                    self.depth += 1;
                    let limit = self.limits.depth;
                    if self.depth > limit {
                        return Err(over_limit(feed, "depth of nesting", u64::from(limit)));
                    }
                    return Ok(Step::Open(tag));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::Close);
                }
                Event::Eof if self.depth > 0 => return Err(self.malformed("the document ends inside an element")),
                Event::Eof => return Ok(Step::End),
                Event::Text(piece) => append(&mut text, &piece.xml10_content(), &self.limits, feed)?,
                Event::CData(piece) => append(&mut text, &piece.xml10_content(), &self.limits, feed)?,
                Event::GeneralRef(reference) => {
                    let content = reference.xml10_content();
                    let character = reference.resolve_char_ref().map_err(failed)?;
                    let resolved = match character {
                        Some(character) => character.to_string(),
                        None => resolve_predefined_entity(&content).map(str::to_owned).ok_or_else(|| {
                            Refused::Text(format!("the entity {content:.64?} is not defined")).at(feed, position)
                        })?,
                    };
                    append(&mut text, &resolved, &self.limits, feed)?;
                }
                Event::DocType(_) => {
                    return Err(Refused::Text("a document type declaration is refused".to_owned()).at(feed, position));
                }
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().transpose().ok().flatten().unwrap_or_default();
                    let is_read = ["", "utf-8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known));
                    if !is_read {
                        let detail = format!("the encoding {encoding:.32?} is not read, only UTF-8");
                        return Err(Refused::Text(detail).at(feed, position));
                    }
                }
                Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            }
        }
    }

    fn malformed(&self, detail: impl Into<String>) -> AdvisoryError {
        Refused::Text(detail.into()).at(self.feed, self.inner.buffer_position())
    }
}

/// Why a tag or a text is not taken; where it is, the caller knows.
enum Refused {
    OverLimit(&'static str, u64),
    Text(String),
}

impl Refused {
    fn at(self, feed: &'static str, position: u64) -> AdvisoryError {
        match self {
            Refused::OverLimit(what, limit) => over_limit(feed, what, limit),
            Refused::Text(detail) => AdvisoryError::Malformed { feed, place: format!("byte {position}"), detail },
        }
    }
}

fn over_limit(feed: &str, what: &'static str, limit: u64) -> AdvisoryError {
    AdvisoryError::OverLimit { feed: feed.to_owned(), what, limit }
}

fn failure(feed: &'static str, position: u64, cause: Error) -> AdvisoryError {
    match cause {
        Error::Io(cause) => match cause.get_ref().and_then(|inner| inner.downcast_ref::<OverLimit>()) {
            Some(over) => over_limit(feed, over.what, over.limit),
            None => read_error(feed, io::Error::new(cause.kind(), cause)),
        },
        other => Refused::Text(other.to_string()).at(feed, position),
    }
}

fn tag_of(start: &BytesStart<'_>, limits: &Limits) -> Result<Tag, Refused> {
    let mut tag = Tag { name: start.local_name().as_ref().to_owned(), attributes: Vec::new() };
    for attribute in start.attributes() {
        if tag.attributes.len() == MAX_ATTRIBUTES {
            return Err(Refused::OverLimit("number of attributes", MAX_ATTRIBUTES as u64));
        }
        let attribute = attribute.map_err(|cause| Refused::Text(cause.to_string()))?;
        let value =
            attribute.normalized_value(XmlVersion::default()).map_err(|cause| Refused::Text(cause.to_string()))?;
        if value.len() as u64 > limits.string_bytes {
            return Err(Refused::OverLimit("length of an attribute", limits.string_bytes));
        }
        tag.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(tag)
}

fn append(
    text: &mut Option<&mut String>,
    piece: &str,
    limits: &Limits,
    feed: &'static str,
) -> Result<(), AdvisoryError> {
    let Some(text) = text else { return Ok(()) };
    if (text.len() + piece.len()) as u64 > limits.string_bytes {
        return Err(over_limit(feed, "length of a text", limits.string_bytes));
    }
    text.push_str(piece);
    Ok(())
}

/// Counts the bytes that pass through it, all of them and those since the parser began with the current event: the parser
/// keeps an event whole, however long it is.
struct Guard<R> {
    inner: R,
    limits: Limits,
    total: u64,
    of_event: u64,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.of_event > self.limits.string_bytes {
            let limit = self.limits.string_bytes;
            return Err(OverLimit { what: "length of a tag or a text", limit }.into_error());
        }
        let count = self.inner.read(buffer)?;
        self.total += count as u64;
        self.of_event += count as u64;
        if self.total > self.limits.unpacked_bytes {
            return Err(OverLimit { what: "size in bytes", limit: self.limits.unpacked_bytes }.into_error());
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document in short: `name[key=value](children or text)`.
    fn outline(xml: &str, limits: &Limits) -> Result<String, String> {
        fn children<R: Read>(reader: &mut XmlReader<R>, out: &mut String) -> Result<(), AdvisoryError> {
            while let Some(tag) = reader.child()? {
                let attributes: Vec<String> =
                    tag.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
                out.push_str(&format!("{}[{}](", tag.name, attributes.join(",")));
                match tag.name.as_str() {
                    "text" => out.push_str(&reader.text()?),
                    "skip" => reader.skip()?,
                    _ => children(reader, out)?,
                }
                out.push(')');
            }
            Ok(())
        }
        let mut reader = XmlReader::new("feed", xml.as_bytes(), limits);
        let mut out = String::new();
        let read = reader.root("r").and_then(|_| children(&mut reader, &mut out)).and_then(|()| reader.finish());
        read.map(|()| out).map_err(|error| error.to_string())
    }

    #[test]
    fn documents_are_read() {
        let check = |xml: &str, expected: &str| {
            assert_eq!(outline(xml, &Limits::default()), Ok(expected.to_owned()), "{xml}");
        };
        check("<r/>", "");
        check(
            "<?xml version='1.0' encoding='UTF-8'?>\n<!-- x --><o:r xmlns:o='o'><o:a x:b=\"1\" c='&lt;2'/></o:r>\n",
            "a[b=1,c=<2]()",
        );
        check("<r><text> a &amp; <b>c</b>&#x41;<![CDATA[<d>]]> </text><a/></r>", "text[](a & cA<d>)a[]()");
        check("<r><skip>x<a><b/></a>&amp;</skip><a>text is passed over</a></r>", "skip[]()a[]()");
    }

    #[test]
    fn hostile_documents_are_refused() {
        let limits = Limits { depth: 4, string_bytes: 16, unpacked_bytes: 200_000, ..Limits::default() };
        let check = |xml: &str, expected: &str| {
            let found = outline(xml, &limits).unwrap_err();
            assert!(found.contains(expected), "{xml:.80}: {found}");
        };
        check("", "the document is empty");
        check("<s/>", "the document is \"s\", not \"r\"");
        check("<r><a>", "ends inside an element");
        check("<r><a></r>", "byte ");
        check("<r/><r/>", "second document");
        check("<!DOCTYPE r [<!ENTITY a 'aaaa'>]><r><text>&a;</text></r>", "document type declaration is refused");
        check("<r><text>&a;</text></r>", "the entity \"a\" is not defined");
        check("<r><text>&#xFFFFFFFF;</text></r>", "byte ");
        check("<r a='&b;'/>", "byte ");
        check("<r><a><a><a><a/></a></a></a></r>", "depth of nesting is over the limit of 4");
        check("<r><text>0123456789abcdefg</text></r>", "length of a text is over the limit of 16");
        check("<r a='0123456789abcdefg'/>", "length of an attribute is over the limit of 16");
        check(&format!("<r><a b='{}'/></r>", "x".repeat(150_000)), "length of a tag or a text is over the limit of 16");
        check(&format!("<r>{}</r>", "<a/>".repeat(60_000)), "size in bytes is over the limit of 200000");
        let many: String = (0..65).map(|at| format!(" a{at}='1'")).collect();
        check(&format!("<r><a{many}/></r>"), "number of attributes is over the limit of 64");
        check("<?xml version='1.0' encoding='UTF-16'?><r/>", "the encoding \"UTF-16\" is not read");
    }
}
