//! Bundles: the feeds in use as one signed file, for machines without network.
//!
//! ```text
//! gzip of a tar archive:
//!   assay-feeds.json      what it holds, with SHA-256 of each file
//!   assay-feeds.sig       Ed25519 signature of the bytes before, 64 bytes
//!   SOURCE-FOLDER/FILE    the files as they came, laid out as on a mirror, in the order of the list
//! ```
//!
//! Nothing but the list is read before its signature is known to be right; the list then says what every further byte
//! must be, so that there is nothing to guess, to follow or to run out of memory on.

mod archive;
mod contents;
mod create;
mod error;
mod import;
mod key;
mod open;

pub use contents::{BundleContents, BundleFile};
pub use error::BundleError;
pub use import::BundleImport;
pub use key::{KeyOrigin, PublicKey, SigningKey};
pub use open::{verify_bundle, verify_bundle_bytes};
