//! Background work: jobs of the store ([`crate::store::NewJob`]), done by the processes that share it.
//!
//! A [`Handler`] does the jobs of one kind, a [`Worker`] is the loop of a process that takes jobs and gives them to their
//! handlers. Several processes share the work, and any of them may die: what it held is taken by another once the lease is over.

mod handler;
mod lane;
mod worker;

pub use handler::{Handler, JobError, Next, Weight, Work};
pub use worker::{Worker, WorkerOptions};
