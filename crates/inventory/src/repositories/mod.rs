//! The repositories that the host's package manager is set to install from: which channels of updates reach it.
//!
//! Implements sources.list(5), the `.repo` files of dnf.conf(5) and zypper(8), apk-repositories(5) and opkg's `src`
//! lines. Surprising: addresses often hold a password or a token, so they are cleaned before anything keeps them.

mod address;
pub mod apk_list;
pub mod apt_source;
mod collector;
pub mod opkg_list;
pub mod repo_file;
pub mod ubuntu_pro;

#[cfg(test)]
mod tests;

pub use address::without_secrets;
pub use collector::collect;
