//! A snapshot: the configuration of networks, read from the JSON that `aws … describe-*` prints.
//!
//! [`Snapshot::read`] reads a folder, [`Loader`] reads single files from anywhere. Both never fail as a whole: what could
//! not be read, is not known, is missing or leads nowhere is a problem with a name, and [`Snapshot::presence`] tells whether
//! a kind of object is known wholly, partly or not at all. An absent object is evidence of nothing unless its kind is whole.

mod balancer;
mod cidr;
mod classic_balancer;
mod direct_connect;
mod directory;
mod endpoint;
mod file_name;
mod gateway;
mod instance;
mod interface;
mod joining;
mod kind;
mod limits;
mod loader;
mod missing;
mod names;
mod network_acl;
mod peering;
mod prefix_list;
mod presence;
mod problems;
mod public_access;
mod reading;
mod record;
mod references;
mod route_table;
mod scope;
mod security_group;
mod selection;
mod split;
mod subnet;
mod table;
mod tag;
#[cfg(test)]
mod tests;
mod transit;
mod whole;
mod word;

pub use balancer::*;
pub use cidr::Cidr;
pub use classic_balancer::*;
pub use direct_connect::*;
pub use endpoint::*;
pub use gateway::*;
pub use instance::*;
pub use interface::*;
pub use kind::Kind;
pub use limits::Limits;
pub use loader::Loader;
pub use names::{Name, Names};
pub use network_acl::*;
pub use peering::*;
pub use prefix_list::*;
pub use presence::Presence;
pub use public_access::*;
pub use route_table::*;
pub use scope::{Scope, ScopeId};
pub use security_group::*;
pub use selection::TagSelector;
pub use subnet::*;
pub use table::Table;
pub use tag::Tag;
pub use transit::*;
pub use whole::Snapshot;
pub use word::Word;
