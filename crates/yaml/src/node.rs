//! YAML 1.2 text to a tree in which every node knows its line and column.
//!
//! Only a plain part of YAML is read: anchors, aliases, tags and several documents are refused, so there is nothing that
//! could expand ("alias bomb"). A plain `no` is the string `no`: the booleans of YAML 1.2 are `true` and `false`.

use granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::error::{Place, YamlError};

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most values.
    pub nodes: usize,
    /// Deepest nesting.
    pub depth: usize,
}

/// One node of a YAML document, with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scalar; only a plain one can be anything but a string.
    Scalar {
        /// Its text, unquoted.
        text: String,
        /// How it stood there.
        form: ScalarForm,
    },
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping in file order.
    Mapping(Vec<(Key, Node)>),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarForm {
    /// Without quotes: it may be a number or another thing that is no text.
    Plain,
    /// In quotes: exactly this text.
    Quoted,
    /// As a block of lines, the last of which has a line end.
    Block,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it begins.
    pub place: Place,
}

impl Node {
    /// The words for what this is, for messages.
    pub fn kind(&self) -> String {
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
    pub fn to_json(&self) -> serde_json::Value {
        match &self.content {
            Content::Scalar { text, form: ScalarForm::Plain } => plain_to_json(text),
            Content::Scalar { text, .. } => text.clone().into(),
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
/// [`YamlError::Syntax`] and [`YamlError::DuplicateKey`].
pub fn parse(file: &str, text: &str, limits: Limits) -> Result<Node, YamlError> {
    let mut reader = Reader { file, events: Parser::new_from_str(text), nodes: 0, limits };
    let (event, span) = reader.next()?;
    let node = reader.node(event, span, 0)?;
    match reader.next()? {
        (Event::StreamEnd, _) => Ok(node),
        (_, span) => Err(reader.syntax(span, "a file holds one document, and another begins here")),
    }
}

struct Reader<'a> {
    file: &'a str,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    nodes: usize,
    limits: Limits,
}

impl<'a> Reader<'a> {
    fn place(&self, span: Span) -> Place {
        let number = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        Place::new(self.file, number(span.start.line()), number(span.start.col()).saturating_add(1))
    }

    fn syntax(&self, span: Span, message: impl Into<String>) -> YamlError {
        YamlError::Syntax { place: self.place(span), message: message.into() }
    }

    /// The next event that carries content or ends some.
    fn next(&mut self) -> Result<(Event<'a>, Span), YamlError> {
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

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, YamlError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.syntax(span, format!("more than {} values", self.limits.nodes)));
        }
        if depth > self.limits.depth {
            return Err(self.syntax(span, format!("nested deeper than {} levels", self.limits.depth)));
        }
        let content = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                let form = match style {
                    ScalarStyle::Plain => ScalarForm::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => ScalarForm::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => ScalarForm::Block,
                };
                Content::Scalar { text: text.into_owned(), form }
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                self.sequence(depth)?
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_properties(span, anchor, tag.is_some())?;
                self.mapping(depth)?
            }
            Event::Alias(_) => return Err(self.syntax(span, "aliases are not read here")),
            Event::StreamEnd => return Err(self.syntax(span, "the file is empty")),
            _ => return Err(self.syntax(span, "this part of YAML is not read here")),
        };
        Ok(Node { place: self.place(span), content })
    }

    fn sequence(&mut self, depth: usize) -> Result<Content, YamlError> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Content::Sequence(nodes));
            }
            nodes.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Content, YamlError> {
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
                return Err(YamlError::DuplicateKey { place: key.place, key: text, first: first.place.line });
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((Key { text, place: key.place }, value));
        }
    }

    fn refuse_properties(&self, span: Span, anchor: usize, is_tagged: bool) -> Result<(), YamlError> {
        if anchor != 0 {
            return Err(self.syntax(span, "anchors are not read here"));
        }
        if is_tagged {
            return Err(self.syntax(span, "tags are not read here"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { nodes: 100, depth: 5 };

    fn check(text: &str, expected: serde_json::Value) {
        assert_eq!(parse("t.yaml", text, LIMITS).unwrap().to_json(), expected, "{text}");
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
        let node = parse("t.yaml", "a: 1\nb:\n  - x\n  - é: y\n", LIMITS).unwrap();
        let Content::Mapping(entries) = node.content else { panic!("no mapping") };
        let Content::Sequence(items) = &entries[1].1.content else { panic!("no sequence") };
        let Content::Mapping(inner) = &items[1].content else { panic!("no mapping") };
        assert_eq!(inner[0].1.place, Place::new("t.yaml", 4, 8));
    }
}
