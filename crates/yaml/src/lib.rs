//! Strict YAML: a document to a tree in which every node knows its place ([`parse`]), and the reading of its mappings, in which
//! nothing unknown is passed over ([`Fields`]). Rules, declarations and policies of networks are read by it.

#![forbid(unsafe_code)]

mod error;
mod fields;
mod node;

pub use error::{Place, YamlError, nearest};
pub use fields::{Fields, entries_of, list_of, text_of, word_of, wrong_type};
pub use node::{Content, Key, Limits, Node, ScalarForm, parse};
