//! What Inspector Classic makes of exposures: recognised ports, with or without a listener, and network exposure as a whole.
//!
//! A pure function over exposures of [`crate::exposure::Mode::Edge`] and what agents say of listeners (reference §2.2–§2.5).

mod classify;
mod finding;
mod listener;
mod service;

pub use classify::{Classified, classify};
pub use finding::{FindingRule, NetworkFinding, RouteExclusion};
pub use listener::{Agents, Listener};
pub use service::{Service, service_of};
