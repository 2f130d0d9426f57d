//! Exposures: everything that is reachable from the edges of the networks of a snapshot.

mod analysis;
mod balanced;
pub(crate) mod balancer;
mod breaks;
mod classes;
mod edge;
mod far;
mod gates;
mod json;
mod origin;
mod remote;
mod row;
mod rows;
mod senders;
mod transit;

pub use analysis::{Exposures, exposures, exposures_of};
pub use gates::Gate;
pub use origin::{Mode, Origin};
pub use row::{Certainty, Exposure, Latent, Sources, Via};

pub(crate) use edge::not_public;
pub(crate) use far::is_running;
pub(crate) use gates::{Question, acl_gates, group_gates, rule_text, target_text};
pub(crate) use row::ports_text;
pub(crate) use transit::{keeps_groups, near_ports};
