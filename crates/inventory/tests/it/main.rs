//! Collectors against the real programs that they stand in for, and against hostile files.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops where it is wrong")]

mod hostile;
mod lock;
mod sshd;
