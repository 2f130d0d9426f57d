//! Refusal: the body of every answer whose status is no success.

use serde::{Deserialize, Serialize};

use crate::limit;
use crate::message::{LinkError, Message};

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// The message cannot be used.
    Malformed,
    /// The token is wrong, spent or expired; which of them is not said.
    Token,
    /// Another host is enrolled under this id.
    Taken,
    /// A client certificate is needed.
    NoCertificate,
    /// The certificate is revoked.
    Revoked,
    /// The chunk differs from the one that is stored under its number.
    Conflict,
    /// The run takes no evidence of this agent (any more).
    Closed,
    /// The server has too much to do: come again later.
    Busy,
    /// A defect of the server or of what it needs.
    Failed,
    /// A newer server's reason.
    #[serde(other)]
    Unknown,
}

impl RefusalCode {
    /// Whether the same request may succeed later.
    pub fn is_temporary(self) -> bool {
        matches!(self, RefusalCode::Busy | RefusalCode::Failed | RefusalCode::Unknown)
    }
}

/// The body of every answer whose status is no success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// One sentence for people.
    pub reason: String,
}

impl Message for Refusal {
    const NAME: &'static str = "refusal";
    const LIMIT: usize = 8 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::text::<Refusal>("reason", &self.reason, 1000)
    }
}
