//! Signatures of requests: AWS Signature Version 4, verified, in the `Authorization` header or in the query (reference §2, §15).
//!
//! Two steps, because the secret key lies elsewhere: [`Claim::read`] is all that needs no secret, [`Claim::verify`] the rest.
//! [`ReplayGuard`] then refuses what was recorded and is sent again.

mod canonical;
mod claim;
mod credential;
mod query;
mod replay;
mod request;
mod time;

pub use claim::{Claim, PayloadPolicy, Policy, Verified};
pub use replay::ReplayGuard;
pub use request::SignedRequest;
