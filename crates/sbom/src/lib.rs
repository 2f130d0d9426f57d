//! Software bills of materials: evidence → CycloneDX and SPDX, and both → evidence; and lists of packages → evidence.
//!
//! What a bill says of a package is its package URL; everything here goes through [`Purl`]. A component that cannot be
//! used is a problem of the evidence, never left out in silence. Nothing is read from disk or clock.

#![forbid(unsafe_code)]

pub mod cyclonedx;
pub mod package_list;
pub mod purl;
pub mod spdx;

mod error;
mod identity;
mod kernel_role;
mod packages;
mod read;

pub use error::SbomError;
pub use package_list::read_package_list;
pub use packages::{purl_of_library, purl_of_package};
pub use purl::{ParsePurlError, Purl};
pub use read::{MAX_BYTES, read};
