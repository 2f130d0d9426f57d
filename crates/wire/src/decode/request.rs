//! From a body to a request.

use serde_json::{Map, Value};

use super::relations;
use super::walk::Walk;
use crate::error::ApiError;
use crate::generated::{Operation, Request};
use crate::protocol_error::ProtocolErrorKind;

/// Largest body; the largest that makes sense is far below 64 KiB.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// How many findings one `DescribeFindings` may ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FindingBatch {
    /// 10, as the model says.
    Documented,
    /// 100, as clients do (reference §6.2.14).
    #[default]
    Observed,
}

/// Reads the body of an operation, with the limits that clients are used to.
///
/// # Errors
/// `RequestEntityTooLargeException`; `SerializationException` for what is no JSON object or has a member of the wrong type;
/// `InvalidInputException` with the code of the member for what is missing or outside of its limits, or `ValidationException`
/// where the model has no code for the member. The message names the member and the limit.
pub fn decode(operation: Operation, body: &[u8]) -> Result<Request, ApiError> {
    decode_with(operation, body, FindingBatch::default())
}

/// [`decode`] with a choice of how many findings one `DescribeFindings` may ask for.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(operation: Operation, body: &[u8], batch: FindingBatch) -> Result<Request, ApiError> {
    let members = read(body)?;
    if let Some(shape) = operation.input() {
        Walk::new(batch).check(shape, &members)?;
    }
    let request = Request::from_value(operation, Value::Object(members))
        .map_err(|cause| ApiError::protocol(ProtocolErrorKind::Serialization, cause.to_string()))?;
    relations::check(&request)?;
    Ok(request)
}

/// The members of the body. An empty body has none; serde_json refuses more than 128 levels.
fn read(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    if body.len() > MAX_BODY_BYTES {
        let message = format!("the body has {} bytes, the limit is {MAX_BODY_BYTES}", body.len());
        return Err(ApiError::protocol(ProtocolErrorKind::RequestEntityTooLarge, message));
    }
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let malformed = |message: String| ApiError::protocol(ProtocolErrorKind::Serialization, message);
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(malformed("the body is not a JSON object".to_owned())),
        Err(cause) => Err(malformed(format!("the body is not JSON: {cause}"))),
    }
}
