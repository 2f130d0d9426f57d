//! Lane: takes the jobs of one weight, as many at a time as there are places, and keeps their leases while they are done.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use tokio::sync::{Semaphore, watch};
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::Instant;

use super::handler::{Handler, JobError, Next};
use super::worker::WorkerOptions;
use crate::service::Service;
use crate::store::{Held, LeasedJob, StoreError};

/// The pause after the first failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What a handler's task came to.
type Outcome = Result<Result<Next, JobError>, JoinError>;

pub(super) struct Lane {
    pub(super) service: Arc<Service>,
    pub(super) handlers: BTreeMap<&'static str, Arc<dyn Handler>>,
    pub(super) owner: String,
    pub(super) places: usize,
    pub(super) options: WorkerOptions,
}

/// A task that ends with its owner.
struct Bound(AbortHandle);

impl Drop for Bound {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Lane {
    pub(super) async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let mut added = self.service.store.jobs_waiter();
        let places = Arc::new(Semaphore::new(self.places));
        let kinds: Vec<&str> = self.handlers.keys().copied().collect();
        let lane = Arc::new(self);
        let mut jobs = JoinSet::new();
        while !*shutdown.borrow() {
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place,
                () = over(&mut shutdown) => break,
            };
            while jobs.try_join_next().is_some() {}
            added.forget();
            let (now, until) = lane.lease_times();
            match lane.service.store.lease_job(&kinds, &lane.owner, now, until).await {
                Ok(Some(job)) => {
                    let (lane, shutdown) = (Arc::clone(&lane), shutdown.clone());
                    jobs.spawn(async move {
                        lane.work(job, shutdown).await;
                        drop(place);
                    });
                    continue;
                }
                Ok(None) => {}
                Err(error) => report(&error, "failed to look for jobs"),
            }
            tokio::select! {
                () = added.wait() => {}
                () = tokio::time::sleep(lane.options.poll) => {}
                () = over(&mut shutdown) => {}
            }
        }
        while jobs.join_next().await.is_some() {}
    }

    /// Has a job done, and keeps its lease meanwhile.
    async fn work(&self, job: LeasedJob, mut shutdown: watch::Receiver<bool>) {
        let Some(handler) = self.handlers.get(job.kind.as_str()).map(Arc::clone) else { return };
        if job.attempts > handler.most_attempts() {
            let error = job.error.clone();
            let error = error.unwrap_or_else(|| "the processes that began it ended before it was done".to_owned());
            return self.give_up(&*handler, &job, &error).await;
        }
        let own = job.clone();
        let worker = Arc::clone(&handler);
        let mut task = tokio::spawn(async move { worker.run(&own).await });
        let _bound = Bound(task.abort_handle());
        let third = self.options.lease / 3;
        let mut beat = tokio::time::interval_at(Instant::now() + third, third);
        let mut held_until = Instant::now() + self.options.lease;
        let mut end = None;
        loop {
            let at_end = async move {
                match end {
                    Some(end) => tokio::time::sleep_until(end).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                outcome = &mut task => return self.settle(&*handler, &job, outcome).await,
                _ = beat.tick() => {
                    let asked_at = Instant::now();
                    match self.service.store.prolong_job(&job, self.lease_times().1).await {
                        Ok(Held::Yes) => held_until = asked_at + self.options.lease,
                        Ok(Held::Lost) => {
                            tracing::warn!(kind = job.kind, subject = job.subject, "a job was taken by another process");
                            return;
                        }
                        Err(error) => report(&error, "failed to keep a job"),
                    }
                    if Instant::now() > held_until {
                        return;
                    }
                }
                () = over(&mut shutdown), if end.is_none() => {
                    end = Some(Instant::now() + self.options.grace);
                }
                () = at_end => {
                    task.abort();
                    // What was under way is over before the job is given back.
                    drop((&mut task).await);
                    note(self.service.store.release_job(&job).await);
                    return;
                }
            }
        }
    }

    async fn settle(&self, handler: &dyn Handler, job: &LeasedJob, outcome: Outcome) {
        let now = self.service.now();
        let store = &self.service.store;
        let error = match outcome {
            Ok(Ok(Next::Settled)) => return,
            Ok(Ok(Next::Done)) => return note(store.finish_job(job, now).await),
            Ok(Ok(Next::At(at))) => return note(store.postpone_job(job, at, now).await),
            Ok(Err(error)) => chain(&*error),
            Err(_) => "it panicked; the log says where".to_owned(),
        };
        tracing::warn!(kind = job.kind, subject = job.subject, attempt = job.attempts, error, "a job failed");
        if job.attempts < handler.most_attempts() {
            return note(store.retry_job(job, &error, later(now, job.attempts)).await);
        }
        self.give_up(handler, job, &error).await;
    }

    async fn give_up(&self, handler: &dyn Handler, job: &LeasedJob, error: &str) {
        let now = self.service.now();
        let given_up = handler.give_up(job, error).await;
        if let Err(cause) = given_up {
            tracing::error!(
                kind = job.kind,
                subject = job.subject,
                cause = chain(&*cause),
                "a job could not be given up"
            );
            return note(self.service.store.retry_job(job, error, later(now, job.attempts)).await);
        }
        tracing::error!(kind = job.kind, subject = job.subject, error, "a job was given up");
        note(self.service.store.bury_job(job, error, now).await);
    }

    /// Now, and when a lease that begins now is over.
    fn lease_times(&self) -> (Timestamp, Timestamp) {
        let now = self.service.now();
        (now, after(now, self.options.lease))
    }
}

/// A lost lease needs no action: whoever has it now does the rest.
fn note(result: Result<Held, StoreError>) {
    if let Err(error) = result {
        report(&error, "failed to give a job back");
    }
}

fn report(error: &StoreError, what: &'static str) {
    tracing::error!(cause = chain(error), "{what}");
}

/// An error with its causes.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Waits until the process is told to end.
async fn over(shutdown: &mut watch::Receiver<bool>) {
    drop(shutdown.wait_for(|is_over| *is_over).await);
}

fn later(now: Timestamp, attempts: u32) -> Timestamp {
    let pause = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
    after(now, pause.min(LONGEST_PAUSE))
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit() {
        let now = Timestamp::UNIX_EPOCH;
        for (attempts, seconds) in [(0, 1), (1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (40, 300), (u32::MAX, 300)] {
            assert_eq!(later(now, attempts).as_second(), seconds, "{attempts} attempts");
        }
    }
}
