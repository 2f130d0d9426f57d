//! Fields: the strict reading of one mapping.
//!
//! Each key is taken once; what is left at the end is an unknown key. An absent key and a key with nothing after it
//! differ: the latter is a mistake of type, because `passes_when:` with its expression forgotten must not pass.

use std::collections::BTreeMap;

use crate::error::{Place, YamlError, nearest};
use crate::node::{Content, Key, Node, ScalarForm};

/// The entries of one mapping that were not taken yet.
#[derive(Debug)]
pub struct Fields {
    place: Place,
    entries: BTreeMap<String, (Key, Node)>,
    known: Vec<&'static str>,
}

impl Fields {
    /// Opens a mapping; `name` is the key that holds it, for messages.
    pub fn open(node: Node, name: &str) -> Result<Fields, YamlError> {
        let place = node.place.clone();
        let entries = entries_of(node, name)?;
        let entries = entries.into_iter().map(|(key, node)| (key.text.clone(), (key, node))).collect();
        Ok(Fields { place, entries, known: Vec::new() })
    }

    /// Where the mapping begins.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Takes a key that may be absent.
    pub fn optional(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.entries.remove(key).map(|(_, node)| node)
    }

    /// Takes a key that must be there. Where it is not, but one that is spelt almost so, that one is the mistake.
    pub fn required(&mut self, key: &'static str) -> Result<Node, YamlError> {
        if let Some(node) = self.optional(key) {
            return Ok(node);
        }
        let misspelt = self.entries.values().find(|(entry, _)| is_misspelt(&entry.text, key));
        Err(match misspelt {
            Some((entry, _)) => YamlError::UnknownKey {
                place: entry.place.clone(),
                key: entry.text.clone(),
                nearest: Some(key.to_owned()),
            },
            None => YamlError::MissingKey { place: self.place.clone(), key: key.to_owned() },
        })
    }

    /// Takes a text that must be there and not be empty.
    pub fn text(&mut self, key: &'static str) -> Result<String, YamlError> {
        let node = self.required(key)?;
        text_of(&node, key)
    }

    /// Takes a list that may be absent, which is an empty one.
    pub fn list(&mut self, key: &'static str) -> Result<Vec<Node>, YamlError> {
        self.optional(key).map_or_else(|| Ok(Vec::new()), |node| list_of(node, key))
    }

    /// Takes a list of texts that may be absent, which is an empty one.
    pub fn texts(&mut self, key: &'static str) -> Result<Vec<String>, YamlError> {
        self.list(key)?.iter().map(|node| text_of(node, key)).collect()
    }

    /// Takes a mapping with free keys that may be absent, which is an empty one.
    pub fn entries(&mut self, key: &'static str) -> Result<Vec<(Key, Node)>, YamlError> {
        self.optional(key).map_or_else(|| Ok(Vec::new()), |node| entries_of(node, key))
    }

    /// Ends the reading: what was not taken is unknown.
    pub fn finish(self) -> Result<(), YamlError> {
        let first = self.entries.into_values().map(|(key, _)| key).min_by(|left, right| left.place.cmp(&right.place));
        match first {
            None => Ok(()),
            Some(key) => {
                Err(YamlError::UnknownKey { nearest: nearest(&key.text, self.known), place: key.place, key: key.text })
            }
        }
    }
}

/// Whether a word is another one with a typing mistake in it: so close that no two keys of the format are.
fn is_misspelt(word: &str, key: &str) -> bool {
    word != key && strsim::damerau_levenshtein(word, key) <= 2
}

/// The text of a scalar, as it stands where it is quoted, else without the blanks around it; an empty one is refused.
pub fn text_of(node: &Node, key: &str) -> Result<String, YamlError> {
    match (&node.content, node.to_json()) {
        (Content::Scalar { form, .. }, serde_json::Value::String(text)) if !text.trim().is_empty() => {
            Ok(if *form == ScalarForm::Quoted { text } else { text.trim().to_owned() })
        }
        (Content::Scalar { .. }, serde_json::Value::String(_)) => Err(YamlError::BadValue {
            place: node.place.clone(),
            key: key.to_owned(),
            message: "must not be empty".to_owned(),
        }),
        _ => Err(wrong_type(node, key, "a text")),
    }
}

/// The items of a list.
pub fn list_of(node: Node, key: &str) -> Result<Vec<Node>, YamlError> {
    match node.content {
        Content::Sequence(nodes) => Ok(nodes),
        _ => Err(wrong_type(&node, key, "a list")),
    }
}

/// The entries of a mapping.
pub fn entries_of(node: Node, key: &str) -> Result<Vec<(Key, Node)>, YamlError> {
    match node.content {
        Content::Mapping(entries) => Ok(entries),
        _ => Err(wrong_type(&node, key, "a mapping")),
    }
}

/// The error for a node of another type than its key wants.
pub fn wrong_type(node: &Node, key: &str, expected: &'static str) -> YamlError {
    YamlError::WrongType { place: node.place.clone(), key: key.to_owned(), expected, found: node.kind() }
}

/// One of a set of words.
pub fn word_of<T>(
    node: &Node,
    key: &str,
    words: &[&'static str],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, YamlError> {
    let text = text_of(node, key)?;
    parse(&text).ok_or_else(|| YamlError::BadValue {
        place: node.place.clone(),
        key: key.to_owned(),
        message: match nearest(&text, words.iter().copied()) {
            Some(word) => format!("cannot be {text:?}, did you mean `{word}`?"),
            None => format!("cannot be {text:?}: use one of {}", words.join(", ")),
        },
    })
}
