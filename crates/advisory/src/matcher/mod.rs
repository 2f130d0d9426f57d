//! The matcher: evidence × database → verdicts.
//!
//! Two phases: the database's table of packages narrows, the version order decides. It is a pure function: the same
//! evidence and database give the same verdicts in the same order.

pub mod applicability;
pub mod coverage;
pub mod explain;
pub mod fleet;
pub mod installed;
pub mod inventory;
pub mod judge;
pub mod kernel_place;
pub mod libraries;
pub mod verdict;

mod channel;
mod host;
mod judged_package;
mod opinion;
mod ruling;
mod subject;

pub use applicability::Inapplicable;
pub use coverage::{NotCovered, NotCoveredReason};
pub use explain::{WhyNot, explain, explain_library};
pub use fleet::{Fleet, FleetAnswer};
pub use host::processes_of_old_code;
pub use installed::Installed;
pub use inventory::Inventory;
pub use judge::{Judgement, for_each_verdict, judge};
pub use kernel_place::KernelPlace;
pub use libraries::{OwnedLibrary, judge_libraries};
pub use verdict::{Compared, Operand, Remedy, Status, SuspectedReason, UnknownReason, Verdict};
