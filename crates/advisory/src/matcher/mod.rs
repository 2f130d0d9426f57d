//! The matcher: evidence × database → verdicts.
//!
//! Two phases: the database's table of source packages narrows, the version order decides. It is a pure function: the
//! same evidence and database give the same verdicts in the same order.

pub mod coverage;
pub mod explain;
pub mod judge;
pub mod kernel_place;
pub mod verdict;

mod subject;

pub use coverage::{NotCovered, NotCoveredReason};
pub use explain::{WhyNot, explain};
pub use judge::{Judgement, for_each_verdict, judge};
pub use kernel_place::KernelPlace;
pub use verdict::{Compared, Operand, Remedy, Status, UnknownReason, Verdict};
