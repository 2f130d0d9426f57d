//! Schedules: when recurring assessments start. Pure: the clock and the time zone are arguments.
//!
//! [`Schedule`] says which instants are meant, [`due`] what to do about those that passed while nobody was there, and
//! [`jitter`] spreads the starts of many. Names of time zones are resolved by the caller.

mod catch_up;
mod cron;
mod error;
mod field;
mod jitter;
mod recurrence;
#[cfg(test)]
mod tests;

pub use catch_up::{CatchUp, Due, due};
pub use cron::Cron;
pub use error::ScheduleError;
pub use jitter::jitter;
pub use recurrence::{Recurrence, Schedule};
