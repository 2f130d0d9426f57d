//! Notes: which calls had no answer, and why. They lie beside the answers as `_collection.json`, which is no part of a snapshot.

use serde::Serialize;

use super::error::AskError;
use crate::calls::Call;

/// A call that had no answer, or not a whole one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// As one writes it after `aws`.
    pub call: String,
    /// The object that it was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The permission that it needs, where that is what is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Why.
    pub reason: String,
}

impl Note {
    pub(crate) fn new(call: &Call, id: Option<&str>, error: &AskError) -> Note {
        let is_refused = matches!(error, AskError::Service(failure) if failure.is_refused());
        Note { permission: is_refused.then(|| call.permission()), ..Note::saying(call, id, error.in_full()) }
    }

    pub(crate) fn saying(call: &Call, id: Option<&str>, reason: String) -> Note {
        let name = format!("{} {}", call.service.command(), call.name);
        Note { call: name, id: id.map(str::to_owned), permission: None, reason }
    }
}
