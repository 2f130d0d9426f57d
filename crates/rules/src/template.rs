//! Templates: texts in which `{label}` stands for a value of the evidence.
//!
//! `{label}` is the first value with that label, `{label:source}` its file and line, `{host}` the host's name; `{{` and
//! `}}` are braces. A label is checked when the rule is read, so that no finding shows an unfilled blank.

use assay_model::trace::EvidenceItem;

/// What a value is called that is not there.
pub(crate) const NOT_SET: &str = "not set";

/// What the source of a value is called that has none.
const NO_SOURCE: &str = "no file sets it";

/// A text with blanks.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Host,
    Value(String),
    Source(String),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            match character {
                '{' if rest.peek() == Some(&'{') => {
                    rest.next();
                    literal.push('{');
                }
                '}' if rest.peek() == Some(&'}') => {
                    rest.next();
                    literal.push('}');
                }
                '}' => return Err("has a `}` without a `{`; a brace itself is written `}}`".to_owned()),
                '{' => {
                    let mut blank = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(character) => blank.push(character),
                            None => return Err("has a `{` without a `}`; a brace itself is written `{{`".to_owned()),
                        }
                    }
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                    pieces.push(match blank.strip_suffix(":source") {
                        _ if blank == "host" => Piece::Host,
                        Some(label) => Piece::Source(label.to_owned()),
                        None => Piece::Value(blank),
                    });
                }
                _ => literal.push(character),
            }
        }
        pieces.push(Piece::Text(literal));
        Ok(Template { pieces })
    }

    /// The labels that it asks for.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(label) | Piece::Source(label) => Some(label.as_str()),
            Piece::Text(_) | Piece::Host => None,
        })
    }

    /// The text with its blanks filled.
    pub(crate) fn render(&self, host: &str, evidence: &[EvidenceItem]) -> String {
        let find = |label: &str| evidence.iter().find(|item| item.label == label);
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Host => text.push_str(host),
                Piece::Value(label) => text.push_str(find(label).map_or(NOT_SET, |item| item.value.as_str())),
                Piece::Source(label) => text.push_str(&find(label).and_then(source_of).unwrap_or(NO_SOURCE.to_owned())),
            }
        }
        text
    }
}

/// File and line of an evidence item as text: `/etc/ssh/sshd_config, line 32`.
pub(crate) fn source_of(item: &EvidenceItem) -> Option<String> {
    let source = item.source.as_ref()?;
    Some(item.line.map_or_else(|| source.clone(), |line| format!("{source}, line {line}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: &str) {
        let evidence = [EvidenceItem {
            label: "PermitRootLogin".into(),
            value: "yes".into(),
            source: Some("/etc/ssh/sshd_config".into()),
            line: Some(32),
        }];
        assert_eq!(Template::parse(template).unwrap().render("web-1", &evidence), expected);
    }

    #[test]
    fn blanks_are_filled() {
        for (template, expected) in [
            ("{host}: {PermitRootLogin}", "web-1: yes"),
            ("in {PermitRootLogin:source}", "in /etc/ssh/sshd_config, line 32"),
            ("{Other} ({Other:source})", "not set (no file sets it)"),
            ("{{host}} }}", "{host} }"),
        ] {
            check(template, expected);
        }
    }

    #[test]
    fn unbalanced_braces_are_refused() {
        for text in ["{host", "host}", "{"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
