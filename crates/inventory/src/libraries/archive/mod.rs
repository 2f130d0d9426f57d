//! Java archives: zip files that say which libraries they are, and hold others.

pub mod identity;
pub mod jar;
pub mod manifest;
pub mod pom_properties;
mod slice;
pub mod zip;
