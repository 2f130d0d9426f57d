//! Programs that say which libraries they were built from.
//!
//! The reader of ELF is our own: two tables are needed of the format, and they are read from any place of a file whose
//! other hundred megabytes stay unread. The `object` crate wants the whole file in memory or mapped, and files of a
//! target are never mapped.

pub mod cargo_auditable;
pub mod elf;
pub mod go_build_info;
