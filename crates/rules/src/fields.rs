//! Fields: the strict reading of one mapping.
//!
//! Each key is taken once; what is left at the end is an unknown key. An absent key and a key with nothing after it
//! differ: the latter is a mistake of type, because `passes_when:` with its expression forgotten must not pass.

use std::collections::BTreeMap;

use crate::error::{Place, RulesError, nearest};
use crate::yaml::{Content, Key, Node};

/// The entries of one mapping that were not taken yet.
#[derive(Debug)]
pub(crate) struct Fields {
    place: Place,
    entries: BTreeMap<String, (Key, Node)>,
    known: Vec<&'static str>,
}

impl Fields {
    /// Opens a mapping; `name` is the key that holds it, for messages.
    pub(crate) fn open(node: Node, name: &str) -> Result<Fields, RulesError> {
        let place = node.place.clone();
        let entries = entries_of(node, name)?;
        let entries = entries.into_iter().map(|(key, node)| (key.text.clone(), (key, node))).collect();
        Ok(Fields { place, entries, known: Vec::new() })
    }

    /// Where the mapping begins.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes a key that may be absent.
    pub(crate) fn optional(&mut self, key: &'static str) -> Option<Node> {
        self.known.push(key);
        self.entries.remove(key).map(|(_, node)| node)
    }

    /// Takes a key that must be there. Where it is not, but one that is spelt almost so, that one is the mistake.
    pub(crate) fn required(&mut self, key: &'static str) -> Result<Node, RulesError> {
        if let Some(node) = self.optional(key) {
            return Ok(node);
        }
        let misspelt = self.entries.values().find(|(entry, _)| is_misspelt(&entry.text, key));
        Err(match misspelt {
            Some((entry, _)) => RulesError::UnknownKey {
                place: entry.place.clone(),
                key: entry.text.clone(),
                nearest: Some(key.to_owned()),
            },
            None => RulesError::MissingKey { place: self.place.clone(), key: key.to_owned() },
        })
    }

    /// Takes a text that must be there and not be empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Result<String, RulesError> {
        let node = self.required(key)?;
        text_of(&node, key)
    }

    /// Takes a list that may be absent, which is an empty one.
    pub(crate) fn list(&mut self, key: &'static str) -> Result<Vec<Node>, RulesError> {
        self.optional(key).map_or_else(|| Ok(Vec::new()), |node| list_of(node, key))
    }

    /// Takes a list of texts that may be absent, which is an empty one.
    pub(crate) fn texts(&mut self, key: &'static str) -> Result<Vec<String>, RulesError> {
        self.list(key)?.iter().map(|node| text_of(node, key)).collect()
    }

    /// Takes a mapping with free keys that may be absent, which is an empty one.
    pub(crate) fn entries(&mut self, key: &'static str) -> Result<Vec<(Key, Node)>, RulesError> {
        self.optional(key).map_or_else(|| Ok(Vec::new()), |node| entries_of(node, key))
    }

    /// Ends the reading: what was not taken is unknown.
    pub(crate) fn finish(self) -> Result<(), RulesError> {
        let first = self.entries.into_values().map(|(key, _)| key).min_by(|left, right| left.place.cmp(&right.place));
        match first {
            None => Ok(()),
            Some(key) => {
                Err(RulesError::UnknownKey { nearest: nearest(&key.text, self.known), place: key.place, key: key.text })
            }
        }
    }
}

/// Whether a word is another one with a typing mistake in it: so close that no two keys of the format are.
fn is_misspelt(word: &str, key: &str) -> bool {
    word != key && strsim::damerau_levenshtein(word, key) <= 2
}

/// The text of a scalar; an empty one is refused.
pub(crate) fn text_of(node: &Node, key: &str) -> Result<String, RulesError> {
    match (&node.content, node.to_json()) {
        (Content::Scalar { .. }, serde_json::Value::String(text)) if !text.trim().is_empty() => {
            Ok(text.trim().to_owned())
        }
        (Content::Scalar { .. }, serde_json::Value::String(_)) => Err(RulesError::BadValue {
            place: node.place.clone(),
            key: key.to_owned(),
            message: "must not be empty".to_owned(),
        }),
        _ => Err(wrong_type(node, key, "a text")),
    }
}

/// The items of a list.
pub(crate) fn list_of(node: Node, key: &str) -> Result<Vec<Node>, RulesError> {
    match node.content {
        Content::Sequence(nodes) => Ok(nodes),
        _ => Err(wrong_type(&node, key, "a list")),
    }
}

/// The entries of a mapping.
pub(crate) fn entries_of(node: Node, key: &str) -> Result<Vec<(Key, Node)>, RulesError> {
    match node.content {
        Content::Mapping(entries) => Ok(entries),
        _ => Err(wrong_type(&node, key, "a mapping")),
    }
}

/// The error for a node of another type than its key wants.
pub(crate) fn wrong_type(node: &Node, key: &str, expected: &'static str) -> RulesError {
    RulesError::WrongType { place: node.place.clone(), key: key.to_owned(), expected, found: node.kind() }
}

/// One of a set of words.
pub(crate) fn word_of<T>(
    node: &Node,
    key: &str,
    words: &[&'static str],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, RulesError> {
    let text = text_of(node, key)?;
    parse(&text).ok_or_else(|| RulesError::BadValue {
        place: node.place.clone(),
        key: key.to_owned(),
        message: match nearest(&text, words.iter().copied()) {
            Some(word) => format!("cannot be {text:?}, did you mean `{word}`?"),
            None => format!("cannot be {text:?}: use one of {}", words.join(", ")),
        },
    })
}
