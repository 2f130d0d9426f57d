//! Failure: what a caller is told when the service itself fails. The cause is logged here, and only here.

use assay_wire::{ApiError, ProtocolErrorKind};

use crate::store::StoreError;

/// The store failed: SDKs retry both answers.
pub(crate) fn internal(error: &StoreError) -> ApiError {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    if let StoreError::Busy { .. } = error {
        tracing::warn!(cause, "{error}");
        return ApiError::protocol(ProtocolErrorKind::ServiceUnavailable, "the store is busy: come again");
    }
    tracing::error!(cause, "{error}");
    ApiError::internal("the service failed; its log says why")
}

/// The system has no random numbers.
pub(crate) fn no_random() -> ApiError {
    tracing::error!("the system has no random numbers");
    ApiError::internal("the service failed; its log says why")
}
