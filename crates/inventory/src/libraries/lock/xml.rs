//! A walk over an XML document: elements by their path, with their text and attributes.
//!
//! Surprising: a document type may declare entities that expand each other without end ("billion laughs"). Only the five
//! of XML itself and character references are read (XML 1.0 §4.1, §4.6); any other stays as it is written.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::syntax;
use crate::libraries::found::{ParseError, shorten};

/// Deepest nesting of elements.
const MAX_DEPTH: usize = 64;

/// Longest text of one element that is kept, in bytes.
const MAX_TEXT: usize = 4096;

/// What is told of an element.
pub(super) enum Step<'e> {
    /// It begins, with its attributes.
    Start(&'e [(String, String)]),
    /// It ends, with its own text.
    End(&'e str),
}

/// Calls `visit` at the beginning and the end of each element with the local names from the root down to it.
pub(super) fn walk(bytes: &[u8], mut visit: impl FnMut(&[String], Step<'_>)) -> Result<(), ParseError> {
    let text = decoded(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut path: Vec<String> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut has_root = false;
    loop {
        let event = reader.read_event();
        let place = reader.buffer_position();
        let problem = |detail: &str| ParseError::Syntax {
            line: syntax::line_at(text.as_bytes(), usize::try_from(place).unwrap_or(usize::MAX)),
            syntax: "XML of this format",
            detail: shorten(detail),
        };
        match event.map_err(|error| problem(&error.to_string()))? {
            Event::Start(element) => {
                if path.len() >= MAX_DEPTH {
                    return Err(problem("nested deeper than the limit"));
                }
                has_root = true;
                path.push(local_name(&element));
                texts.push(String::new());
                visit(&path, Step::Start(&attributes(&element)));
            }
            Event::Empty(element) => {
                has_root = true;
                path.push(local_name(&element));
                visit(&path, Step::Start(&attributes(&element)));
                visit(&path, Step::End(""));
                path.pop();
            }
            Event::End(_) => {
                let own = texts.pop().unwrap_or_default();
                visit(&path, Step::End(own.trim()));
                path.pop();
            }
            Event::Text(part) => push(&mut texts, &part),
            Event::CData(part) => push(&mut texts, &part),
            Event::GeneralRef(name) => push(&mut texts, &reference(&name)),
            Event::Eof if !path.is_empty() => return Err(problem("an element that does not end")),
            Event::Eof if !has_root => return Err(problem("no element")),
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Old encodings of one byte a letter agree with UTF-8 where names and versions are concerned.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, ParseError> {
    let head = bytes.get(..bytes.len().min(100)).unwrap_or_default();
    match syntax::decoded(bytes) {
        Err(_) if String::from_utf8_lossy(head).to_ascii_lowercase().contains("encoding=") => {
            Ok(String::from_utf8_lossy(bytes))
        }
        decoded => decoded,
    }
}

fn push(texts: &mut [String], part: &str) {
    if let Some(text) = texts.last_mut().filter(|text| text.len() + part.len() <= MAX_TEXT) {
        text.push_str(part);
    }
}

fn reference(name: &str) -> String {
    let character = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
        }),
    };
    character.map_or_else(|| format!("&{name};"), String::from)
}

fn local_name(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// Attributes that can be read; a value keeps its references, which names and versions do not have.
fn attributes(element: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut attributes = element.attributes();
    // Comparing each name with all before it would take quadratic time.
    let attributes = attributes.with_checks(false).filter_map(Result::ok).take(64);
    attributes.map(|attribute| (attribute.key.local_name().as_ref().to_owned(), attribute.value.into_owned())).collect()
}
