//! Worker: takes a run from where the spool has it to the server's receipt.
//!
//! The spool decides what comes next, and each step ends with a file in it; so a worker that was killed is followed by
//! one that goes on. Surprising: a failure of the spool itself (a full disk) is told to the server without it.

use std::collections::VecDeque;
use std::time::Duration;

use assay_link::{Completion, Failure, Noted, RefusalCode, route};
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::backoff::{Backoff, draw};
use crate::client::{ANSWER_TIMEOUT, Client, LinkFailure};
use crate::cut::digest;
use crate::error::AgentError;
use crate::facts::shorten;
use crate::launcher::Launcher;
use crate::part::{Step, WATCHED};
use crate::spool::{Job, PARCEL, Parcel, Spool, Stage};
use crate::state::Activity;

/// How often the chunks are made anew or sent anew before the run is given up.
const MAX_REPETITIONS: u32 = 3;

/// How a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server has what there is to have of the run.
    Done,
    /// The agent is no longer welcome.
    Revoked,
}

/// What a worker works with.
pub(crate) struct Means {
    pub(crate) spool: Spool,
    pub(crate) launcher: Launcher,
    pub(crate) client: watch::Receiver<Client>,
    pub(crate) backoff: Backoff,
    pub(crate) clock: fn() -> Timestamp,
}

/// A run in progress; dropping it ends the work, not the run.
pub(crate) struct Worker {
    pub(crate) run: RunArn,
    pub(crate) activity: watch::Receiver<Activity>,
    pub(crate) task: JoinHandle<Outcome>,
    stop: watch::Sender<bool>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Worker {
    /// Takes a job on, which is in the spool.
    pub(crate) fn start(job: Job, means: Means) -> Worker {
        let (stop, is_stopped) = watch::channel(false);
        let (tell, activity) = watch::channel(Activity::Collecting);
        let run = job.collect.run.clone();
        let work = Work { job, means, is_stopped, tell, repetitions: 0 };
        Worker { run, activity, stop, task: tokio::spawn(work.run()) }
    }

    /// Ends the watching now; what was seen is still sent. Tells whether it was not told before.
    pub(crate) fn stop(&self) -> bool {
        !self.stop.send_replace(true)
    }
}

struct Work {
    job: Job,
    means: Means,
    is_stopped: watch::Receiver<bool>,
    tell: watch::Sender<Activity>,
    repetitions: u32,
}

impl Work {
    async fn run(mut self) -> Outcome {
        let outcome = match self.go_on().await {
            Ok(outcome) => outcome,
            Err(error) => {
                let reason = in_full(&error);
                tracing::error!(run = %self.job.collect.run, reason, "the run is given up");
                self.report(&reason).await
            }
        };
        if let Err(error) = self.means.spool.discard() {
            tracing::error!(reason = in_full(&error), "the spool could not be emptied");
        }
        outcome
    }

    async fn go_on(&mut self) -> Result<Outcome, AgentError> {
        loop {
            match self.means.spool.stage()? {
                Stage::New => {
                    self.tell.send_replace(Activity::Collecting);
                    self.take_step(Step::Collect).await?;
                }
                Stage::Collected => {
                    self.tell.send_replace(Activity::Watching);
                    self.watch().await?;
                    self.take_step(Step::Pack).await?;
                }
                Stage::Packed(parcel) => {
                    self.tell.send_replace(Activity::Sending);
                    if let Some(outcome) = self.send(&parcel).await? {
                        return Ok(outcome);
                    }
                }
                Stage::Failed(reason) => {
                    self.tell.send_replace(Activity::Failing);
                    return Ok(self.report(&reason).await);
                }
            }
        }
    }

    async fn take_step(&self, step: Step) -> Result<(), AgentError> {
        match self.means.launcher.run(step, self.means.spool.folder()).await? {
            Ok(()) => Ok(()),
            Err(reason) => {
                tracing::error!(run = %self.job.collect.run, reason, "the collection failed");
                self.means.spool.fail(&reason)
            }
        }
    }

    /// Looks at processes and sockets until the run's duration ends or somebody stops it.
    async fn watch(&mut self) -> Result<(), AgentError> {
        let request = &self.job.collect.request;
        if !WATCHED.iter().any(|section| request.sections.contains(section)) {
            return Ok(());
        }
        let interval = Duration::from_secs(self.job.collect.sample_interval_seconds.into());
        loop {
            let left = self.job.ends_at.as_millisecond() - (self.means.clock)().as_millisecond();
            let Some(left) = u64::try_from(left).ok().filter(|left| *left > 0) else { return Ok(()) };
            let pause = interval.min(Duration::from_millis(left));
            if tokio::time::timeout(pause, self.is_stopped.wait_for(|is_stopped| *is_stopped)).await.is_ok() {
                return Ok(());
            }
            if let Err(reason) = self.means.launcher.run(Step::Look, self.means.spool.folder()).await? {
                tracing::warn!(run = %self.job.collect.run, reason, "a look at processes and sockets failed");
                self.means.spool.miss()?;
            }
        }
    }

    /// Sends what the server does not have; nothing where the chunks have to be made anew.
    async fn send(&mut self, parcel: &Parcel) -> Result<Option<Outcome>, AgentError> {
        let mut to_send: VecDeque<u32> = (self.means.spool.sent()?..parcel.complete.chunks).collect();
        loop {
            while let Some(number) = to_send.pop_front() {
                let bytes = self.means.spool.chunk(number)?;
                let Some(head) = parcel.head(number).filter(|head| digest(&bytes).is_ok_and(|it| it == head.digest))
                else {
                    return self.pack_again("a chunk in the spool is damaged");
                };
                match self.client().send_chunk(&head, bytes).await {
                    // Where another chunk has its place, the server will find that the whole is corrupt.
                    Ok(_) => self.means.spool.note_sent(number + 1)?,
                    Err(failure) if failure.code() == Some(RefusalCode::Conflict) => {}
                    Err(failure) => match self.judge(&failure) {
                        Some(outcome) => return Ok(Some(outcome)),
                        None => {
                            to_send.push_front(number);
                            self.pause(&failure).await;
                        }
                    },
                }
                if to_send.is_empty() {
                    self.means.backoff.reset();
                }
            }
            let completion = self.client().send(route::COMPLETE, &parcel.complete, ANSWER_TIMEOUT).await;
            match completion {
                Ok(Completion::Accepted | Completion::Closed) => return Ok(Some(Outcome::Done)),
                Ok(Completion::Missing { numbers }) if self.repeat() => {
                    to_send.extend(numbers.into_iter().filter(|number| *number < parcel.complete.chunks));
                }
                Ok(Completion::Corrupt) if self.repeat() => to_send.extend(0..parcel.complete.chunks),
                Ok(Completion::Missing { .. } | Completion::Corrupt) => {
                    self.means.spool.fail("the server could not put the evidence together")?;
                    return Ok(None);
                }
                Err(failure) => match self.judge(&failure) {
                    Some(outcome) => return Ok(Some(outcome)),
                    None => self.pause(&failure).await,
                },
            }
        }
    }

    fn repeat(&mut self) -> bool {
        self.repetitions += 1;
        self.repetitions <= MAX_REPETITIONS
    }

    fn pack_again(&mut self, reason: &str) -> Result<Option<Outcome>, AgentError> {
        tracing::warn!(run = %self.job.collect.run, reason, "the evidence is packed again");
        if !self.repeat() {
            self.means.spool.fail(reason)?;
            return Ok(None);
        }
        self.means.spool.note_sent(0)?;
        self.means.spool.folder().remove(PARCEL)?;
        Ok(None)
    }

    /// Tells the server that there will be no evidence.
    async fn report(&mut self, reason: &str) -> Outcome {
        let failure = Failure { run: self.job.collect.run.clone(), reason: shorten(reason, 1000) };
        loop {
            let told: Result<Noted, LinkFailure> = self.client().send(route::FAILURE, &failure, ANSWER_TIMEOUT).await;
            match told {
                Ok(Noted {}) => return Outcome::Done,
                Err(failure) => match self.judge(&failure) {
                    Some(outcome) => return outcome,
                    None => self.pause(&failure).await,
                },
            }
        }
    }

    /// How the work ends with this failure; nothing where it is to be tried again.
    fn judge(&self, failure: &LinkFailure) -> Option<Outcome> {
        match failure.code() {
            Some(RefusalCode::Revoked) => Some(Outcome::Revoked),
            Some(RefusalCode::Closed) => {
                tracing::info!(run = %self.job.collect.run, "the server takes no more of this run");
                Some(Outcome::Done)
            }
            // The server will say the same again.
            Some(RefusalCode::Malformed) => {
                tracing::error!(run = %self.job.collect.run, reason = failure.in_full(), "the run is given up");
                Some(Outcome::Done)
            }
            _ => None,
        }
    }

    async fn pause(&mut self, failure: &LinkFailure) {
        let pause = self.means.backoff.next(draw());
        let (reason, milliseconds) = (failure.in_full(), pause.as_millis());
        tracing::warn!(reason, milliseconds, "the server did not take what was sent; it will be sent again");
        tokio::time::sleep(pause).await;
    }

    fn client(&self) -> Client {
        self.means.client.borrow().clone()
    }
}

/// An error with its causes.
pub(crate) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
