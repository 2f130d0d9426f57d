//! Agent id: the instance id by which runs, findings and certificates name a host.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest id that the API shows, in bytes (reference §7, `AgentPreview`).
const MAX_BYTES: usize = 128;

/// `i-` and hexadecimal digits where the host is an EC2 instance or named itself; in any case 1 to 128 letters, digits,
/// `-`, `_` and `.`, so that it may stand in a certificate's subject and in a log line as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgentId(String);

impl AgentId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no agent id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an agent id: 1 to {MAX_BYTES} letters, digits, '-', '_' and '.' make one")]
pub struct ParseAgentIdError;

impl TryFrom<String> for AgentId {
    type Error = ParseAgentIdError;

    fn try_from(text: String) -> Result<AgentId, ParseAgentIdError> {
        let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_id = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(may_stand);
        if is_id { Ok(AgentId(text)) } else { Err(ParseAgentIdError) }
    }
}

impl FromStr for AgentId {
    type Err = ParseAgentIdError;

    fn from_str(text: &str) -> Result<AgentId, ParseAgentIdError> {
        AgentId::try_from(text.to_owned())
    }
}

impl From<AgentId> for String {
    fn from(id: AgentId) -> String {
        id.0
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words() {
        for text in ["i-0123456789abcdef0", "i-12345678", "web.example_1"] {
            assert_eq!(text.parse::<AgentId>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a\n", "i-1,O=other", "../x", "é", &"a".repeat(129)] {
            assert!(text.parse::<AgentId>().is_err(), "{text:?}");
        }
    }
}
