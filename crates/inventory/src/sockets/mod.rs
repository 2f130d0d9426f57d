//! Listening sockets: which address and port, held by which process, whose executable is of which package.
//!
//! Implements `/proc/net` and `/proc/PID/fd` of proc(5); only a live host has sockets. Surprising: the kernel's tables
//! know a socket's owner but not its process; that is found by looking through every process's descriptors.

mod collector;
pub mod table;

pub use collector::{FoundSockets, collect};
