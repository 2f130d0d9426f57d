//! Sources of hosts against the file systems and tools of this machine.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod disk;
