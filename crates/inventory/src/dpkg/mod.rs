//! dpkg: packages with their state, source, role and origin, and which package owns a path.
//!
//! Implements the parts of dpkg(1), deb822(5) and sources.list(5) that a verdict needs. Surprising: nothing in dpkg's
//! own database says which repository a package came from; only apt's lists, joined by name and version, can tell.

mod collector;
mod database;
pub mod log;
pub mod origin;
pub mod owners;
pub mod package_list;
pub mod release_file;
pub mod role;
pub mod status;

#[cfg(test)]
mod tests;

pub use collector::{collect, collect_opkg};
pub use database::{DIRECTORIES, OPKG_STATUS};
