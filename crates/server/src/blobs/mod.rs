//! Blobs: evidence kept beside the database, in a folder or in an S3-compatible bucket, each object named by the digest of what it
//! is evidence of.
//!
//! The place knows nothing of rows: what an object holds is the store's business ([`crate::store`]), and so is which may go.

#[cfg(feature = "s3")]
mod bucket;
mod error;
mod folder;
mod name;
mod place;
mod removal;
mod sweep;

pub use error::BlobError;
pub use name::BlobName;
pub use place::{BlobPlace, Blobs, ParsePlaceError};
pub use removal::Removal;
pub use sweep::sweep_handler;
