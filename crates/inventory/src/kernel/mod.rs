//! Kernels: the running one, those installed, the one that boots next, and what restrains it.
//!
//! Implements proc(5) `/proc/sys/kernel`, GRUB's configuration, the Boot Loader Specification, and sysfs's live
//! patches. Surprising: the running kernel need not be installed at all (virtual machines and containers are given
//! one from outside), and then no package of the host says anything about it.

pub mod boot_entry;
mod collector;
pub mod command_line;
pub mod grub;
mod image;
mod next_boot;
pub mod release;

pub use collector::collect;
