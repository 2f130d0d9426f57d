//! Errors that the service model does not know: they come from what stands before the service (reference §4, common errors).
//!
//! SDKs know them by name. `InvalidSignatureException` is what services of this protocol say where others say
//! `SignatureDoesNotMatch`; both make an SDK look at its clock.

use serde::Serialize;

/// An error that the service model does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProtocolError {
    /// Which.
    #[serde(skip)]
    pub kind: ProtocolErrorKind,
    /// What went wrong, in words for the caller.
    pub message: String,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $status:literal,)+) => {
        /// Which error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProtocolErrorKind {
            $($(#[$doc])* $variant,)+
        }

        impl ProtocolErrorKind {
            /// All of them.
            pub const ALL: &'static [ProtocolErrorKind] = &[$(ProtocolErrorKind::$variant),+];

            /// The name in `__type` and in the header `x-amzn-ErrorType`.
            pub fn name(self) -> &'static str {
                match self {
                    $(ProtocolErrorKind::$variant => $name,)+
                }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self {
                    $(ProtocolErrorKind::$variant => $status,)+
                }
            }
        }
    };
}

kinds! {
    /// The caller's role does not allow the operation at all.
    AccessDenied = "AccessDeniedException" 400,
    /// The `Authorization` header or the query lacks a part, or has one that cannot be read.
    IncompleteSignature = "IncompleteSignature" 400,
    /// The signature is not the one we compute, or the clocks differ too much.
    InvalidSignature = "InvalidSignatureException" 403,
    /// No signature at all.
    MissingAuthenticationToken = "MissingAuthenticationToken" 403,
    /// The body is larger than [`crate::MAX_BODY_BYTES`].
    RequestEntityTooLarge = "RequestEntityTooLargeException" 413,
    /// A signed address is past its end.
    RequestExpired = "RequestExpired" 400,
    /// The body is no JSON, or a member has the wrong type.
    Serialization = "SerializationException" 400,
    /// The server is going down or overloaded. SDKs retry it.
    ServiceUnavailable = "ServiceUnavailable" 503,
    /// Too many requests. SDKs retry it, slower.
    Throttling = "ThrottlingException" 400,
    /// `X-Amz-Target` names no operation.
    UnknownOperation = "UnknownOperationException" 400,
    /// There is no such access key.
    UnrecognizedClient = "UnrecognizedClientException" 403,
    /// A limit for which the model has no error code.
    Validation = "ValidationException" 400,
}
