//! Polling: one heartbeat after the other, what the server answers, and the state that `status` reads.
//!
//! One thread. Surprising: where a run ends the server's clock counts, so that a host whose clock is wrong does not end it
//! too early.

use std::time::{Duration, Instant};

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode, Answer, Instruction, Poll, RefusalCode, route};
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use tokio::sync::watch;

use super::options::{DaemonOptions, Patience};
use crate::backoff::{Backoff, draw};
use crate::client::{ANSWER_TIMEOUT, Client, LinkFailure};
use crate::enroll::identified;
use crate::enrolment::Enrolment;
use crate::error::AgentError;
use crate::facts::{self, Told, shorten};
use crate::folder::Lock;
use crate::issued::later;
use crate::spool::{Job, Spool};
use crate::state::State;
use crate::worker::{Means, Outcome, Worker, in_full};

/// How long facts about the host are taken as still true.
const FACTS_AGE: Duration = Duration::from_secs(600);

/// How long the last message of a daemon that ends may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// What the server may be late with before it counts as out of reach, in seconds.
const GRACE_SECONDS: u64 = 90;

/// The daemon of an enrolled host.
pub struct Daemon {
    pub(super) options: DaemonOptions,
    pub(super) enrolment: Enrolment,
    pub(super) told: Told,
    facts: (AgentFacts, Instant),
    pub(super) client: watch::Sender<Client>,
    pub(super) state: State,
    worker: Option<Worker>,
    /// The run that was done last: not done again.
    finished: Option<RunArn>,
    pub(super) backoff: Backoff,
    is_throttled: bool,
    pub(super) renew_after: Timestamp,
    _lock: Lock,
}

impl std::fmt::Debug for Daemon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Daemon").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Daemon {
    /// Takes the folder and reads who this host is. Call it where a tokio runtime runs.
    ///
    /// # Errors
    ///
    /// When the host is not enrolled, is a copy of one that is, or another daemon has the folder.
    pub async fn open(options: DaemonOptions) -> Result<Daemon, AgentError> {
        let folder = &options.folder;
        let enrolment = Enrolment::load(folder)?.ok_or(AgentError::NotEnrolled)?;
        let lock = folder.lock()?;
        let client = identified(&enrolment, &options.proxy)?;
        let certificate_ends = enrolment.certificate.as_ref().ok_or(AgentError::NotEnrolled)?.not_after;
        let instance = options.metadata.ask().await;
        let is = match (&instance, &enrolment.cloud) {
            (Some(instance), _) => instance.cloud.instance.clone(),
            // The service may be late at boot.
            (None, Some(_)) => enrolment.agent.clone(),
            (None, None) => facts::own_id()?,
        };
        if is != enrolment.agent {
            return Err(AgentError::Copied { enrolled: enrolment.agent, is });
        }
        let (cloud, tags) = instance.map(|instance| (instance.cloud, instance.tags)).unzip();
        let mut told = Told { cloud: cloud.or_else(|| enrolment.cloud.clone()), tags: tags.unwrap_or_default() };
        told.tags.extend(enrolment.tags.clone());
        let now = (options.clock)();
        let state = State {
            agent: enrolment.agent.clone(),
            server: enrolment.server.clone(),
            process: std::process::id(),
            started_at: now,
            certificate_ends,
            last_contact: None,
            heard_until: now,
            problem: None,
            run: None,
            activity: None,
            revoked: false,
        };
        let facts = (facts::collect(&enrolment.agent, &told)?, Instant::now());
        let Patience { first_pause, longest_pause, .. } = options.patience;
        let mut daemon = Daemon {
            enrolment,
            told,
            facts,
            client: watch::Sender::new(client),
            state,
            worker: None,
            finished: None,
            backoff: Backoff::new(first_pause, longest_pause),
            is_throttled: false,
            renew_after: now,
            _lock: lock,
            options,
        };
        if let Some(job) = daemon.spool().job()? {
            tracing::info!(run = %job.collect.run, "goes on with a run");
            daemon.work(job);
        }
        daemon.save();
        Ok(daemon)
    }

    /// Works until `shutdown` is there or the server revokes the agent. A run in progress stays in the spool.
    ///
    /// # Errors
    ///
    /// When the server revokes the agent, or does not let it in again after its certificate ended.
    pub async fn run(mut self, shutdown: impl Future<Output = ()>) -> Result<(), AgentError> {
        let mut shutdown = std::pin::pin!(shutdown);
        let _beat = self.options.notifier.ready();
        tracing::info!(agent = %self.state.agent, server = %self.state.server, "the agent runs");
        loop {
            let step = async {
                let pause = self.step().await?;
                tokio::time::sleep(pause).await;
                Ok(())
            };
            let ended = tokio::select! {
                () = &mut shutdown => None,
                step = step => Some(step),
            };
            match ended {
                Some(step) => step?,
                None => break,
            }
        }
        self.options.notifier.stopping();
        self.worker = None;
        let farewell =
            Poll { health: AgentHealth::Unhealthy, code: AgentHealthCode::Shutdown, wait_seconds: 0, ..self.message() };
        let client = self.client.borrow().clone();
        if let Err(failure) = client.send::<_, Answer>(route::POLL, &farewell, FAREWELL).await {
            tracing::warn!(reason = failure.in_full(), "the server could not be told of the end");
        }
        tracing::info!("the agent ends");
        Ok(())
    }

    /// One poll and what follows from it; how long to wait before the next.
    async fn step(&mut self) -> Result<Duration, AgentError> {
        self.settle().await?;
        if let Some(pause) = self.keep_certificate().await? {
            return Ok(pause);
        }
        let message = self.message();
        let client = self.client.borrow().clone();
        let asked = Instant::now();
        let timeout = Duration::from_secs(message.wait_seconds.into()) + ANSWER_TIMEOUT;
        let mut sending = std::pin::pin!(client.send::<_, Answer>(route::POLL, &message, timeout));
        let mut activity = self.worker.as_ref().map(|worker| worker.activity.clone());
        let answer = loop {
            tokio::select! {
                answer = &mut sending => break answer,
                () = next_activity(&mut activity) => self.save(),
            }
        };
        match answer {
            Ok(answer) => {
                self.settle().await?;
                self.follow(answer, asked.elapsed())
            }
            Err(failure) if failure.code() == Some(RefusalCode::Revoked) => Err(self.revoked()),
            Err(failure) => Ok(self.out_of_reach(&failure)),
        }
    }

    fn message(&mut self) -> Poll {
        if self.facts.1.elapsed() > FACTS_AGE
            && let Ok(facts) = facts::collect(&self.enrolment.agent, &self.told)
        {
            self.facts = (facts, Instant::now());
        }
        let running = self.worker.as_ref().map(|worker| worker.run.clone());
        let code = match &running {
            _ if self.is_throttled => AgentHealthCode::Throttled,
            Some(_) => AgentHealthCode::Running,
            None => AgentHealthCode::Idle,
        };
        Poll {
            facts: self.facts.0.clone(),
            health: AgentHealth::Healthy,
            code,
            detail: None,
            running,
            wait_seconds: self.wait_seconds(),
        }
    }

    /// How long the server may hold a poll back: no longer than until the certificate is to be renewed, and not at all
    /// while it is not known whether the server is there.
    fn wait_seconds(&self) -> u32 {
        let wait = self.options.patience.wait_seconds;
        if self.state.last_contact.is_none() || self.state.problem.is_some() {
            return 0;
        }
        let Some(certificate) = &self.enrolment.certificate else { return wait };
        let left = certificate.renew_at.as_second() - (self.options.clock)().as_second();
        u32::try_from(left.max(0)).map_or(wait, |left| if left == 0 { wait } else { left.min(wait) })
    }

    fn follow(&mut self, answer: Answer, took: Duration) -> Result<Duration, AgentError> {
        let now = (self.options.clock)();
        if self.state.problem.take().is_some() {
            tracing::info!("the server answers again");
        }
        self.backoff.reset();
        self.is_throttled = answer.slow_down_seconds.is_some();
        let slow_down = answer.slow_down_seconds.unwrap_or_default();
        let silence = u64::from(slow_down) + u64::from(self.options.patience.wait_seconds) + GRACE_SECONDS;
        self.state.heard_until = later(now, silence);
        let is_first = self.state.last_contact.replace(now).is_none();
        let is_news = match answer.instruction {
            Instruction::Idle | Instruction::Unknown => false,
            Instruction::Revoked => return Err(self.revoked()),
            Instruction::Stop { run } => match &self.worker {
                Some(worker) if worker.run == run => {
                    // It is said again until everything was sent, which must not make the polls follow each other.
                    let is_news = worker.stop();
                    if is_news {
                        tracing::info!(%run, "the server stops the run");
                    }
                    is_news
                }
                _ => false,
            },
            // One run at a time; the server says it again when this one is done.
            Instruction::Collect(_) if self.worker.is_some() => false,
            Instruction::Collect(collect) if Some(&collect.run) == self.finished.as_ref() => false,
            Instruction::Collect(collect) => {
                let seconds = collect.until.as_second().saturating_sub(answer.now.as_second());
                let ends_at = later(now, u64::try_from(seconds).unwrap_or_default());
                tracing::info!(run = %collect.run, seconds, "takes part in a run");
                let job = Job { agent: self.enrolment.agent.clone(), collect, ends_at };
                // A spool that cannot be written is told to the server by the worker.
                if let Err(error) = self.spool().begin(&job) {
                    tracing::error!(reason = in_full(&error), "the spool cannot be written");
                }
                self.work(job);
                true
            }
        };
        self.save();
        if slow_down > 0 {
            return Ok(Duration::from_secs(slow_down.into()));
        }
        let is_at_once = took < Duration::from_secs(1) && !is_news && !is_first;
        Ok(if is_at_once { self.options.patience.pause.mul_f64(0.5 + draw() / 2.0) } else { Duration::ZERO })
    }

    fn out_of_reach(&mut self, failure: &LinkFailure) -> Duration {
        let pause = self.backoff.next(draw());
        let reason = failure.in_full();
        if self.state.problem.is_none() {
            tracing::warn!(reason, "the server cannot be reached");
        }
        self.state.problem = Some(shorten(&reason, 500));
        self.is_throttled = failure.code() == Some(RefusalCode::Busy);
        self.save();
        pause
    }

    /// Forgets the run that is done.
    async fn settle(&mut self) -> Result<(), AgentError> {
        if !self.worker.as_ref().is_some_and(|worker| worker.task.is_finished()) {
            return Ok(());
        }
        let Some(mut worker) = self.worker.take() else { return Ok(()) };
        let outcome = (&mut worker.task).await;
        match outcome {
            Ok(Outcome::Revoked) => return Err(self.revoked()),
            Ok(Outcome::Done) => tracing::info!(run = %worker.run, "the run is done"),
            Err(error) => {
                tracing::error!(%error, "a defect ended a run");
                self.spool().discard()?;
            }
        }
        self.finished = Some(worker.run.clone());
        self.save();
        Ok(())
    }

    fn work(&mut self, job: Job) {
        let Patience { first_pause, longest_pause, .. } = self.options.patience;
        let means = Means {
            spool: self.spool(),
            launcher: self.options.launcher.clone(),
            client: self.client.subscribe(),
            backoff: Backoff::new(first_pause, longest_pause),
            clock: self.options.clock,
        };
        self.worker = Some(Worker::start(job, means));
    }

    fn spool(&self) -> Spool {
        Spool::new(self.options.folder.below("spool"))
    }

    /// Discards everything that belongs to the enrolment.
    pub(super) fn revoked(&mut self) -> AgentError {
        self.worker = None;
        self.state.revoked = true;
        self.save();
        let folder = &self.options.folder;
        for discarded in [Enrolment::discard(folder), self.spool().discard()] {
            if let Err(error) = discarded {
                tracing::error!(reason = in_full(&error), "something of the enrolment could not be removed");
            }
        }
        AgentError::Revoked
    }

    /// Writes the state; a disk that is full does not stop the agent.
    pub(super) fn save(&mut self) {
        let worker = self.worker.as_ref().filter(|worker| !worker.task.is_finished());
        self.state.run = worker.map(|worker| worker.run.clone());
        self.state.activity = worker.map(|worker| *worker.activity.borrow());
        if let Err(error) = self.state.save(&self.options.folder) {
            tracing::error!(reason = in_full(&error), "the state could not be written");
        }
    }
}

/// Waits for the worker to turn to something else; for ever where there is none.
async fn next_activity(activity: &mut Option<watch::Receiver<crate::state::Activity>>) {
    let Some(receiver) = activity else { return std::future::pending().await };
    if receiver.changed().await.is_err() {
        *activity = None;
    }
}
