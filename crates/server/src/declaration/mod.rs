//! Declarations: what an account has in a region as one document, by names instead of ARNs. `assay apply` makes it so, `assay
//! apply --diff` says what that would change, `assay export` writes what is there.
//!
//! What a document does not name stays as it is: nothing is deleted because it is not mentioned.

mod apply;
mod current;
mod document;
mod plan;
mod read;
mod write;

pub use apply::{ApplyError, apply};
pub use current::{Current, current};
pub use document::{Declaration, DeclaredSchedule, DeclaredSubscription, DeclaredTarget, DeclaredTemplate};
pub use plan::{Change, Replacing, plan};
pub use read::{MAX_BYTES, ReadError, read};
pub use write::write;
