//! Policies: what may be reached, what may not, and what has to be, as a YAML file; and whether a network keeps to it.

mod clause;
mod error;
mod read;
mod selector;
mod verdict;

pub use clause::{Clause, Policy, Requirement};
pub use error::PolicyError;
pub use selector::Selector;
pub use verdict::{Breach, BreachKind, Checked, check};
