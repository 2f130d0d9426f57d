//! YAML 1.2 text to a tree in which every node knows its line and column.
//!
//! Rule files use a plain part of YAML: anchors, aliases, tags and several documents are refused, so there is nothing
//! that could expand ("alias bomb"). A plain `no` is the string `no`: the booleans of YAML 1.2 are `true` and `false`.

use granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::error::{Place, RulesError};
use crate::limits::{MAX_YAML_DEPTH, MAX_YAML_NODES};

/// One node of a YAML document, with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where it begins.
    pub(crate) place: Place,
    /// What it is.
    pub(crate) content: Content,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// A scalar; only a plain one can be anything but a string.
    Scalar { text: String, is_plain: bool },
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping in file order.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Node {
    /// The words for what this is, for messages.
    pub(crate) fn kind(&self) -> String {
        match &self.content {
            Content::Sequence(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
            Content::Scalar { .. } => match self.to_json() {
                serde_json::Value::Null => "nothing".to_owned(),
                serde_json::Value::Bool(value) => format!("the boolean {value}"),
                serde_json::Value::Number(value) => format!("the number {value}"),
                _ => "a text".to_owned(),
            },
        }
    }

    /// The node as JSON, plain scalars by YAML's core schema (YAML 1.2.2 §10.3.2).
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.content {
            Content::Scalar { text, is_plain: false } => text.clone().into(),
            Content::Scalar { text, is_plain: true } => plain_to_json(text),
            Content::Sequence(nodes) => nodes.iter().map(Node::to_json).collect(),
            Content::Mapping(entries) => {
                let members = entries.iter().map(|(key, node)| (key.text.clone(), node.to_json()));
                serde_json::Value::Object(members.collect())
            }
        }
    }
}

fn plain_to_json(text: &str) -> serde_json::Value {
    match text {
        "" | "~" | "null" => return serde_json::Value::Null,
        "true" => return true.into(),
        "false" => return false.into(),
        _ => {}
    }
    let octal = text.strip_prefix("0o").and_then(|digits| i64::from_str_radix(digits, 8).ok());
    let hexadecimal = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    if let Some(number) = octal.or(hexadecimal).or_else(|| text.parse().ok()) {
        return number.into();
    }
    let looks_numeric = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'))
        && text.contains(['.', 'e', 'E']);
    match text.parse::<f64>() {
        Ok(number) if looks_numeric && number.is_finite() => number.into(),
        _ => text.into(),
    }
}

/// Reads the one document of a file.
///
/// # Errors
///
/// [`RulesError::Syntax`] and [`RulesError::DuplicateKey`].
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, RulesError> {
    let mut reader = Reader { file, events: Parser::new_from_str(text), nodes: 0 };
    let (event, span) = reader.next()?;
    let node = reader.node(event, span, 0)?;
    match reader.next()? {
        (Event::StreamEnd, _) => Ok(node),
        (_, span) => Err(reader.syntax(span, "a rule file holds one document, and another begins here")),
    }
}

struct Reader<'a> {
    file: &'a str,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn place(&self, span: Span) -> Place {
        let number = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        Place::new(self.file, number(span.start.line()), number(span.start.col()).saturating_add(1))
    }

    fn syntax(&self, span: Span, message: impl Into<String>) -> RulesError {
        RulesError::Syntax { place: self.place(span), message: message.into() }
    }

    /// The next event that carries content or ends some.
    fn next(&mut self) -> Result<(Event<'a>, Span), RulesError> {
        loop {
            match self.events.next() {
                Some(Ok((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _))) => {}
                Some(Ok(event)) => return Ok(event),
                Some(Err(error)) => {
                    let at = Span::new(*error.marker(), *error.marker());
                    return Err(self.syntax(at, error.info().to_owned()));
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, RulesError> {
        self.nodes += 1;
        if self.nodes > MAX_YAML_NODES {
            return Err(self.syntax(span, format!("more than {MAX_YAML_NODES} values")));
        }
        if depth > MAX_YAML_DEPTH {
            return Err(self.syntax(span, format!("nested deeper than {MAX_YAML_DEPTH} levels")));
        }
        let content = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                Content::Scalar { text: text.into_owned(), is_plain: style == ScalarStyle::Plain }
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                self.sequence(depth)?
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                self.mapping(depth)?
            }
            Event::Alias(_) => return Err(self.syntax(span, "aliases are not part of the rule format")),
            Event::StreamEnd => return Err(self.syntax(span, "the file is empty")),
            _ => return Err(self.syntax(span, "this part of YAML is not part of the rule format")),
        };
        Ok(Node { place: self.place(span), content })
    }

    fn sequence(&mut self, depth: usize) -> Result<Content, RulesError> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Content::Sequence(nodes));
            }
            nodes.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Content, RulesError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Content::Mapping(entries));
            }
            let key = self.node(event, span, depth + 1)?;
            let Content::Scalar { text, .. } = key.content else {
                return Err(self.syntax(span, "a key must be a text"));
            };
            if let Some((first, _)) = entries.iter().find(|(known, _)| known.text == text) {
                return Err(RulesError::DuplicateKey { place: key.place, key: text, first: first.place.line });
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((Key { text, place: key.place }, value));
        }
    }

    fn refuse_properties(&self, span: Span, anchor: usize, is_tagged: bool) -> Result<(), RulesError> {
        if anchor != 0 {
            return Err(self.syntax(span, "anchors are not part of the rule format"));
        }
        if is_tagged {
            return Err(self.syntax(span, "tags are not part of the rule format"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: serde_json::Value) {
        assert_eq!(parse("t.yaml", text).unwrap().to_json(), expected, "{text}");
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (text, expected) in [
            ("no", serde_json::json!("no")),
            ("yes", serde_json::json!("yes")),
            ("on", serde_json::json!("on")),
            ("true", serde_json::json!(true)),
            ("True", serde_json::json!("True")),
            ("0o755", serde_json::json!(493)),
            ("0x1f", serde_json::json!(31)),
            ("0755", serde_json::json!(755)),
            ("-1", serde_json::json!(-1)),
            ("1.5", serde_json::json!(1.5)),
            ("9.2p1", serde_json::json!("9.2p1")),
            (".inf", serde_json::json!(".inf")),
            ("1e400", serde_json::json!("1e400")),
            ("~", serde_json::Value::Null),
            ("'22'", serde_json::json!("22")),
            ("\"true\"", serde_json::json!("true")),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn nodes_know_their_places() {
        let node = parse("t.yaml", "a: 1\nb:\n  - x\n  - é: y\n").unwrap();
        let Content::Mapping(entries) = node.content else { panic!("no mapping") };
        let Content::Sequence(items) = &entries[1].1.content else { panic!("no sequence") };
        let Content::Mapping(inner) = &items[1].content else { panic!("no mapping") };
        assert_eq!(inner[0].1.place, Place::new("t.yaml", 4, 8));
    }
}
