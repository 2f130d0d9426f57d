//! The API of Inspector Classic, version 2016-02-16, as data and pure functions: no I/O, no store, no clock, no async.
//!
//! The contract is the reference (`inspector-classic.md`) §2 to §7. A server reads the `X-Amz-Target` header, verifies the
//! signature, decodes, acts and encodes:
//!
//! ```text
//! sigv4::Claim::read(&request, &policy, now)? -> claim.access_key_id(), then claim.verify(&request, &secret, &policy)?
//! ReplayGuard::admit(&verified, now)?
//! Operation::from_target(header)?            -> Operation          UnknownOperationException
//! decode(operation, body)?                   -> Request            SerializationException, InvalidInputException
//! TokenKey::open(&realm, &request)?          -> the place the page begins after; request.page_size() results follow
//! call(&caller, request)?                    -> Response           the server's own; any ApiError
//! response.encode()                          -> Vec<u8>            empty where the operation has no output
//! error.status(), error.name(), error.encode()                     for `x-amzn-ErrorType` and the body
//! ```
//!
//! [`Request`] and [`Response`] have one variant an operation, each with the struct of the service model; `Response`
//! is made by `From` out of that struct. A decoded request keeps the limits of the model, and its ARNs are well formed and
//! of the right kind, except in lists of Describe calls, whose bad items are the caller's `failedItems`.
//!
//! One surprising fact: a page is limited three times, by the caller's `maxResults`, by 500, and by the list's own limit.

#![forbid(unsafe_code)]

pub mod arn;
mod decode;
mod enumeration;
mod error;
mod generated;
mod operation;
mod protocol_error;
mod response;
pub mod shape;
pub mod sigv4;
mod timestamp;
pub mod token;

pub use decode::{FindingBatch, MAX_BODY_BYTES, decode, decode_with};
pub use error::ApiError;
pub use generated::*;
pub use operation::{MAX_RESULTS, PageLimits};
pub use protocol_error::{ProtocolError, ProtocolErrorKind};
pub use response::CONTENT_TYPE;
pub use timestamp::Timestamp;
