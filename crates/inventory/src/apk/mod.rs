//! apk: the packages of Alpine and its relatives, and which of them owns a path.
//!
//! Implements the installed database that apk-tools 2 and 3 write. Surprising: the database is also every package's
//! file list, so that both questions read the same file.

mod collector;
pub mod installed;
pub mod owners;
pub mod role;
pub mod world;

#[cfg(test)]
mod tests;

pub use collector::{DATABASES, collect};
