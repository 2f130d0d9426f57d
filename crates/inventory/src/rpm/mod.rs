//! rpm: packages with their source, module, vendor, key, role and origin, and which package owns a path.
//!
//! Implements rpm's three databases (SQLite, NDB, Berkeley DB hash) and the header blob that each of them keeps, read
//! only and without any database library. Surprising: the databases differ in all but this blob, and rpm itself reads
//! nothing else of them for `rpm -qa`; every other table is an index that can be made again from the headers.

mod bdb;
mod bytes;
mod collector;
mod database;
mod defects;
pub mod files;
pub mod header;
mod manifest;
mod ndb;
mod origin;
pub mod owners;
mod package;
mod records;
pub mod role;
pub mod signature;
mod snapshot;
mod sqlite;
mod wal;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;

pub use collector::collect;
pub use database::places;
