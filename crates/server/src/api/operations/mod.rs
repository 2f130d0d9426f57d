//! The operations, one file each noun: wire shapes in, the store asked, wire shapes out.

pub(crate) mod agents;
mod asset;
mod attributes;
pub(crate) mod cross_account_role;
mod deletion;
pub(crate) mod exclusion_previews;
pub(crate) mod exclusions;
mod failed_items;
pub(crate) mod findings;
pub(crate) mod reports;
pub(crate) mod resource_groups;
pub(crate) mod rules_packages;
pub(crate) mod run_agents;
pub(crate) mod runs;
pub(crate) mod subscriptions;
pub(crate) mod tags;
pub(crate) mod targets;
pub(crate) mod templates;
mod wire_finding;
