//! What Inspector Classic makes of exposures: recognised ports, with or without a listener, and network exposure as a whole.
//!
//! [`Reachable`] is what exposures of [`crate::exposure::Mode::Edge`] mean for each instance, whoever listens there; it is
//! made once and kept. Findings are made of it and of what agents say of listeners (reference §2.2–§2.5).

mod classify;
mod excluded;
mod finding;
mod gaps;
mod judgement;
mod listener;
mod reachable;
mod service;
mod way;

pub use excluded::{ExcludedRoute, Gap, Undecided};
pub use finding::{FindingRule, NetworkFinding, Route, rule_id, worst_severity};
pub use judgement::{HostJudgement, KnownNetwork, NetworkExclusion, NetworkHost, NetworkJudgement};
pub use listener::Listener;
pub use reachable::{InstanceReach, Reachable};
pub use service::{Service, service_of};
