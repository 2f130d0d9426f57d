//! The packages of the host, whichever package manager it has.
//!
//! Chooses the host's own database among those that exist, and asks it. Surprising: a host may have several databases,
//! because `rpm` and `dpkg` are also tools to unpack and build the packages of other distributions.

mod collector;
mod format;
mod owners;

#[cfg(test)]
mod tests;

pub use collector::collect;
pub use format::{Databases, Format};
pub use owners::{assign, owners};
