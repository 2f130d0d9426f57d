//! The operations, one file each noun: wire shapes in, the store asked, wire shapes out.

mod failed_items;
pub(crate) mod resource_groups;
pub(crate) mod rules_packages;
