//! Processes: who runs what, and which of the files whose code they run were replaced on disk since.
//!
//! Implements the parts of proc(5) that a verdict on running code needs; only a live host has processes. Surprising:
//! an upgraded library does nothing for a process that mapped the old one: its code runs until the process ends.

mod collector;
pub mod control_group;
pub mod maps;
pub(crate) mod proc_directory;
pub mod status;

pub use collector::collect;
