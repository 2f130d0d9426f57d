//! Bodies of own operations: JSON objects, read strictly, so that a misspelt member is not taken for an absent one.

use assay_wire::{ApiError, ProtocolErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a body; an empty one is an empty object.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.trim_ascii().is_empty() { b"{}".as_slice() } else { body };
    serde_json::from_slice(body)
        .map_err(|cause| ApiError::protocol(ProtocolErrorKind::Serialization, cause.to_string()))
}

/// Writes an answer.
pub(crate) fn write<T: Serialize>(answer: &T) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(answer).map_err(|_| ApiError::internal("the answer has no JSON form"))
}

/// A member whose value is outside of its limits.
pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::protocol(ProtocolErrorKind::Validation, message)
}
