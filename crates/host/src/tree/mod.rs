//! File trees that no kernel has mounted: paths resolved as below a root, and a compact tree built of archive entries.

mod error;
mod insert;
mod lookup;
mod virtual_tree;

#[cfg(test)]
mod tests;

pub(crate) use error::TreeError;
pub(crate) use lookup::{FollowLast, Lookup, resolve_path};
pub(crate) use virtual_tree::{Attributes, NodeKind, TreeLimits, VirtualTree};
