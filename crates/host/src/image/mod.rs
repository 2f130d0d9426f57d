//! Container images: archives of `docker save`, and OCI layouts as directories and as archives.

mod content;
mod digest;
mod docker;
mod documents;
mod error;
mod extent;
mod host;
mod layer;
mod member;
mod name;
mod oci;
mod options;
mod platform;
mod selection;
mod store;
mod tar;
mod unpack;
mod zstd;

#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;

pub use error::ImageError;
pub use host::{ImageDescription, ImageHost};
pub use options::{ImageLimits, ImageOptions};
pub use platform::{NoPlatform, Platform};
