//! Assay's own operations, beside Inspector's: `X-Amz-Target: Assay.NAME`, with the same signatures, roles and errors, and
//! JSON of their own (docs/api.md).

mod body;
mod call;
mod dispatch;
mod live_findings;
mod operation;
mod schedules;
mod token;

pub(crate) use call::OwnCall;
pub(crate) use dispatch::dispatch;
pub(crate) use operation::OwnOperation;
pub use token::OwnTokenKey;
