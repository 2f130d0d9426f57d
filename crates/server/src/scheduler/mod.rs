//! The scheduler: recurring assessments are declared ([`put`]), and started when their time has come ([`start_due`]).
//!
//! Any number of processes may look for what is due: whose transaction is the first has taken the turn of a schedule, with the
//! run that it starts or not at all ([`crate::store::ScheduleTurn`]).

mod declare;
mod plan;
mod run;

pub(crate) use declare::check;
pub use declare::{DeclareError, Declared, put};
pub use plan::next_starts;
pub use run::{start_due, start_what_is_due};
