//! Handler: what does the jobs of one kind.

use std::error::Error;
use std::pin::Pin;

use assay_model::Timestamp;

use crate::store::LeasedJob;

/// Why a job failed: it is tried again later.
pub type JobError = Box<dyn Error + Send + Sync>;

/// What a handler does, to be waited for. It may be dropped at any point where it waits: when the lease is lost, and when the
/// process ends.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, JobError>> + Send + 'a>>;

/// How a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// It goes on then, or as soon as somebody asks for it.
    At(Timestamp),
    /// The handler has ended it itself, or it is another process's now.
    Settled,
}

/// How much of the machine a job takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It waits for the store, mostly.
    Light,
    /// It keeps a processor busy.
    Heavy,
}

/// What does the jobs of one kind. A job may be done twice, and by two processes at a time where one was taken for dead: what
/// it changes, it changes in transactions that hold its lease, or in such a way that once more changes nothing.
pub trait Handler: Send + Sync + 'static {
    /// The kind of its jobs.
    fn kind(&self) -> &'static str;

    /// How much of the machine one takes.
    fn weight(&self) -> Weight {
        Weight::Light
    }

    /// How often a job is begun without any progress; a process that dies counts, too.
    fn most_attempts(&self) -> u32 {
        12
    }

    /// Does a job, or a part of it.
    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next>;

    /// The last attempt has failed, with this error: says so where people look. Afterwards the job is dead.
    fn give_up<'a>(&'a self, job: &'a LeasedJob, error: &'a str) -> Work<'a, ()>;
}
