//! Tags: a key and a value.

use serde::Deserialize;

use super::names::Name;

/// One tag of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// Its key.
    pub key: Name,
    /// Its value; may be the empty text.
    pub value: Name,
}
