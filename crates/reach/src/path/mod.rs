//! One flow: by what hops it goes, or everything that stops it.

mod balanced;
mod ends;
mod internet;
mod private;
mod query;
mod remedies;
mod steps;

pub use ends::EndError;
pub use query::{Answer, Blocker, Hop, Leg, PathQuery, Verdict, path};
