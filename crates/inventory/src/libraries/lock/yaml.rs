//! A walk over a YAML document, in which only what is asked for is kept.
//!
//! Lock files use no anchors, aliases or tags (YAML 1.2.2 §3.2.2), so that they are refused and nothing can expand ("billion
//! laughs"). Depth is bounded here, since the parser itself keeps its state on the heap. Surprising: pnpm 11 writes two
//! documents into one file, so they are visited one after the other.

use std::borrow::Cow;

use granit_parser::{Event, Parser, Span, StrInput};

use crate::libraries::found::{ParseError, shorten};

/// Deepest nesting of a lock file; pnpm's have five levels.
const MAX_DEPTH: usize = 32;

/// Most parts of a file; pnpm's have one in fifteen bytes.
const MAX_EVENTS: usize = 3_000_000;

/// The documents of a file.
pub(super) struct Yaml<'a> {
    events: Parser<'a, StrInput<'a>>,
    depth: usize,
    count: usize,
}

/// A value whose end is not read yet.
pub(super) enum Value<'a> {
    /// A scalar, of any style.
    Scalar(Cow<'a, str>),
    /// Its members come next.
    Mapping,
    /// Its elements come next.
    Sequence,
}

impl<'a> Yaml<'a> {
    pub(super) fn new(text: &'a str) -> Yaml<'a> {
        Yaml { events: Parser::new_from_str(text), depth: 0, count: 0 }
    }

    /// The next document, if there is one.
    pub(super) fn document(&mut self) -> Result<Option<Value<'a>>, ParseError> {
        loop {
            match self.next()? {
                None | Some((Event::StreamEnd, _)) => return Ok(None),
                Some((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _)) => {}
                Some((event, span)) => return self.value(event, span).map(Some),
            }
        }
    }

    /// Calls `visit` with each key of a mapping and its value, which `visit` must read to its end or skip.
    pub(super) fn members(
        &mut self,
        mut visit: impl FnMut(&mut Yaml<'a>, Cow<'a, str>, Value<'a>) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.enter()?;
        loop {
            let (event, span) = self.expect()?;
            if event == Event::MappingEnd {
                break;
            }
            let Value::Scalar(key) = self.value(event, span)? else {
                return Err(problem(span, "a key that is no text"));
            };
            let (event, span) = self.expect()?;
            let value = self.value(event, span)?;
            visit(self, key, value)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Reads a value to its end and forgets it.
    pub(super) fn skip(&mut self, value: &Value<'a>) -> Result<(), ParseError> {
        match value {
            Value::Scalar(_) => Ok(()),
            Value::Mapping => self.members(|yaml, _, value| yaml.skip(&value)),
            Value::Sequence => {
                self.enter()?;
                loop {
                    let (event, span) = self.expect()?;
                    if event == Event::SequenceEnd {
                        break;
                    }
                    let value = self.value(event, span)?;
                    self.skip(&value)?;
                }
                self.depth -= 1;
                Ok(())
            }
        }
    }

    /// The text of a scalar; anything else is skipped.
    pub(super) fn text(&mut self, value: Value<'a>) -> Result<Option<Cow<'a, str>>, ParseError> {
        self.skip(&value)?;
        match value {
            Value::Scalar(text) => Ok(Some(text)),
            Value::Mapping | Value::Sequence => Ok(None),
        }
    }

    fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(problem(Span::default(), "nested deeper than the limit"));
        }
        Ok(())
    }

    fn value(&self, event: Event<'a>, span: Span) -> Result<Value<'a>, ParseError> {
        match event {
            Event::Scalar(text, _, 0, None) => Ok(Value::Scalar(text)),
            Event::MappingStart(_, 0, None) => Ok(Value::Mapping),
            Event::SequenceStart(_, 0, None) => Ok(Value::Sequence),
            _ => Err(problem(span, "an anchor, an alias or a tag, which lock files do not have")),
        }
    }

    fn expect(&mut self) -> Result<(Event<'a>, Span), ParseError> {
        self.next()?.ok_or_else(|| problem(Span::default(), "an end where a value is expected"))
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, ParseError> {
        self.count += 1;
        match self.events.next() {
            Some(Ok((_, span))) if self.count > MAX_EVENTS => Err(problem(span, "too many values for a lock file")),
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let at = Span::new(*error.marker(), *error.marker());
                Err(problem(at, &error.info()))
            }
        }
    }
}

fn problem(span: Span, detail: &str) -> ParseError {
    ParseError::Syntax { line: span.start.line() as u64, syntax: "YAML of this format", detail: shorten(detail) }
}
