//! Key/value pairs on findings and exclusions (Inspector `Attribute`).

use serde::{Deserialize, Serialize};

/// One pair. Inspector limits: key 1 to 128 characters, value 1 to 256, 50 pairs per finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The key, for example `CVE_ID`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The longest value that Inspector accepts, in characters.
pub const MAX_VALUE_CHARS: usize = 256;

impl Attribute {
    /// Makes a pair; a value over [`MAX_VALUE_CHARS`] is cut and ends in an ellipsis.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Attribute {
        let value: String = value.into();
        let value = if value.chars().count() > MAX_VALUE_CHARS {
            value.chars().take(MAX_VALUE_CHARS - 1).chain(['…']).collect()
        } else {
            value
        };
        Attribute { key: key.into(), value }
    }
}
