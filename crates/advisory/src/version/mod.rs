//! Version orders, one file per ecosystem. A version is parsed once and compared by its ecosystem's rules, never as text.

pub mod debian;
pub mod rpm;

mod apk;
mod composer;
mod digits;
mod error;
#[cfg(test)]
mod examples;
mod go;
mod maven;
mod npm;
mod nuget;
mod order;
mod parsed;
mod pep440;
mod rubygems;
mod semver;

pub use error::ParseVersionError;
pub use order::VersionOrder;
pub use parsed::Version;
