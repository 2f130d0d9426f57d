//! YAML 1.2 text to JSON, for policies: no anchors, aliases, tags or several documents, so nothing can expand.

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Value};

use super::error::PolicyError;

/// More values and deeper nesting are refused.
const VALUES: usize = 50_000;
const DEPTH: usize = 16;

pub(super) fn parse(text: &str) -> Result<Value, PolicyError> {
    let mut reader = Reader { events: Parser::new_from_str(text), values: 0 };
    let (event, span) = reader.next()?;
    let value = reader.value(event, span, 0)?;
    match reader.next()? {
        (Event::StreamEnd, _) => Ok(value),
        (_, span) => Err(syntax(span, "a policy is one document, and another begins here")),
    }
}

fn syntax(span: Span, message: impl Into<String>) -> PolicyError {
    PolicyError::Syntax { line: span.start.line(), message: message.into() }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    values: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), PolicyError> {
        loop {
            match self.events.next() {
                Some(Ok((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _))) => {}
                Some(Ok(event)) => return Ok(event),
                Some(Err(error)) => {
                    let at = Span::new(*error.marker(), *error.marker());
                    return Err(syntax(at, error.info().to_owned()));
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Value, PolicyError> {
        self.values += 1;
        if self.values > VALUES || depth > DEPTH {
            return Err(syntax(span, format!("a policy has at most {VALUES} values, {DEPTH} deep")));
        }
        match event {
            Event::Scalar(text, style, 0, None) => {
                Ok(if style == ScalarStyle::Plain { plain(&text) } else { text.into_owned().into() })
            }
            Event::SequenceStart(_, 0, None) => self.list(depth),
            Event::MappingStart(_, 0, None) => self.mapping(depth),
            Event::StreamEnd => Err(syntax(span, "the policy is empty")),
            _ => Err(syntax(span, "anchors, aliases and tags are not part of a policy")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, PolicyError> {
        let mut values = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(values));
            }
            values.push(self.value(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, PolicyError> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(members)),
                Event::Scalar(text, _, 0, None) => text.into_owned(),
                _ => return Err(syntax(span, "a key must be a text")),
            };
            if members.contains_key(&key) {
                return Err(syntax(span, format!("{key:?} stands here twice")));
            }
            let (event, value_span) = self.next()?;
            let value = self.value(event, value_span, depth + 1)?;
            members.insert(key, value);
        }
    }
}

/// A plain scalar: a number, a boolean, nothing, or a text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => true.into(),
        "false" => false.into(),
        _ => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
    }
}
