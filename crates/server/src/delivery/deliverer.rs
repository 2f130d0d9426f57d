//! The deliverer: a task of each process that takes messages and sends them.
//!
//! Messages of one topic are sent one after the other, those of several topics at a time, so that a receiver that hangs holds
//! up nobody else. After a failure the whole topic rests, longer each time. Whoever dies in between leaves messages whose
//! lease ends; another sends them again, with the same id.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::sink::{SendError, Sinks};
use crate::schedule::jitter;
use crate::service::Service;
use crate::store::{OutboxMessage, Settlement, StoreError};

/// How messages are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryOptions {
    /// How long a receiver may take for one message.
    pub timeout: Duration,
    /// How long this process holds messages; if it dies, they are due again then. More than four time-outs.
    pub lease: Duration,
    /// How long to wait where nothing is due.
    pub pause: Duration,
    /// How long a topic rests after the first failure; twice as long after each further one.
    pub first_rest: Duration,
    /// How long it rests at most.
    pub longest_rest: Duration,
    /// For how long a message is tried.
    pub give_up_after: Duration,
    /// For how long messages that arrived are kept.
    pub keep_settled: Duration,
    /// For how long messages that were given up are kept.
    pub keep_dead: Duration,
}

impl Default for DeliveryOptions {
    fn default() -> DeliveryOptions {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        DeliveryOptions {
            timeout: Duration::from_secs(10),
            lease: Duration::from_secs(60),
            pause: Duration::from_secs(1),
            first_rest: Duration::from_secs(2),
            longest_rest: Duration::from_secs(900),
            give_up_after: hours(24),
            keep_settled: hours(24),
            keep_dead: hours(24 * 30),
        }
    }
}

/// Messages that are taken at a time.
const BATCH: u32 = 100;
/// Topics that are served at a time.
const MAX_TOPICS: usize = 16;
/// How often old messages are deleted.
const PURGE_PAUSE: Duration = Duration::from_secs(600);

/// Takes messages and sends them.
#[derive(Debug)]
pub struct Deliverer {
    service: Arc<Service>,
    sinks: Sinks,
    options: DeliveryOptions,
}

impl Deliverer {
    /// Not running yet.
    pub fn new(service: Arc<Service>, sinks: Sinks, options: DeliveryOptions) -> Deliverer {
        Deliverer { service, sinks, options }
    }

    /// Delivers until `shutdown` says so; what is being sent then is finished.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let deliverer = Arc::new(self);
        let mut topics = JoinSet::new();
        let mut busy = BTreeMap::<Id, String>::new();
        let mut purged: Option<Instant> = None;
        let mut added = deliverer.service.store.messages_waiter();
        while !*shutdown.borrow() {
            while let Some(ended) = topics.try_join_next_with_id() {
                busy.remove(&id_of(ended));
            }
            if purged.is_none_or(|at| at.elapsed() > PURGE_PAUSE) {
                purged = Some(Instant::now());
                log(deliverer.purge().await);
            }
            added.forget();
            let taken = if busy.len() < MAX_TOPICS { deliverer.take(&busy).await } else { Ok(BTreeMap::new()) };
            let taken = taken.unwrap_or_else(|error| {
                log(Err(error));
                BTreeMap::new()
            });
            if taken.is_empty() {
                tokio::select! {
                    () = tokio::time::sleep(deliverer.options.pause) => {}
                    () = added.wait() => {}
                    Some(ended) = topics.join_next_with_id() => {
                        busy.remove(&id_of(ended));
                    }
                    _ = shutdown.wait_for(|is_over| *is_over) => {}
                }
                continue;
            }
            for (topic, messages) in taken {
                let deliverer = Arc::clone(&deliverer);
                let name = topic.clone();
                let task = topics.spawn(async move { log(deliverer.serve(&topic, messages).await) });
                busy.insert(task.id(), name);
            }
        }
        while topics.join_next().await.is_some() {}
    }

    async fn take(&self, busy: &BTreeMap<Id, String>) -> Result<BTreeMap<String, Vec<OutboxMessage>>, StoreError> {
        let now = self.service.now();
        let busy: Vec<String> = busy.values().cloned().collect();
        let taken = self.service.store.take_messages(BATCH, &busy, now, later(now, self.options.lease)).await?;
        let mut topics = BTreeMap::<String, Vec<OutboxMessage>>::new();
        for message in taken {
            topics.entry(message.topic.clone()).or_default().push(message);
        }
        Ok(topics)
    }

    /// Sends the messages of one topic, and writes down what became of them.
    async fn serve(&self, topic: &str, messages: Vec<OutboxMessage>) -> Result<(), StoreError> {
        let started = Instant::now();
        // What is sent after that could not be written down before the lease ends.
        let most = self.options.lease / 2;
        let mut rests_until = None;
        let mut settled = Vec::new();
        for message in messages {
            let now = self.service.now();
            let settlement = match rests_until {
                Some(until) => Settlement::Release(until),
                None if started.elapsed() > most => Settlement::Release(now),
                None => self.send(&message, now).await,
            };
            if let Settlement::Retry(error, until) = &settlement {
                tracing::warn!(
                    topic,
                    id = message.id,
                    attempts = message.attempts + 1,
                    error,
                    "a message did not arrive"
                );
                rests_until = Some(*until);
            }
            if let Settlement::Dead(_, error) = &settlement {
                tracing::error!(topic, id = message.id, error, "a message is given up");
            }
            settled.push((message, settlement));
        }
        let now = self.service.now();
        self.service.store.settle_messages(&settled, now).await?;
        match rests_until {
            Some(until) => self.service.store.put_off_topic(topic, now, until).await,
            None => Ok(()),
        }
    }

    async fn send(&self, message: &OutboxMessage, now: Timestamp) -> Settlement {
        match self.sinks.send(message, now).await {
            Ok(()) => Settlement::Delivered,
            Err(SendError::NoSink) => Settlement::Nowhere,
            Err(SendError::Refused(status, error)) => Settlement::Dead(status, error),
            Err(SendError::Failed(status, error)) => {
                let now = self.service.now();
                if now >= later(message.since, self.options.give_up_after) {
                    return Settlement::Dead(status, error);
                }
                Settlement::Retry(error, later(now, self.rest(message)))
            }
        }
    }

    /// How long a topic rests after a message failed once more.
    fn rest(&self, message: &OutboxMessage) -> Duration {
        let factor = 2_u32.saturating_pow(message.attempts.min(20));
        let rest = self.options.first_rest.saturating_mul(factor).min(self.options.longest_rest);
        let most = SignedDuration::try_from(rest / 2).unwrap_or_default();
        let seed = format!("{} {}", message.id, message.attempts);
        rest.saturating_add(jitter(seed.as_bytes(), most).unsigned_abs())
    }

    async fn purge(&self) -> Result<(), StoreError> {
        let now = self.service.now();
        let before = |kept: Duration| now.checked_sub(kept).unwrap_or(Timestamp::MIN);
        let (settled, dead) = (before(self.options.keep_settled), before(self.options.keep_dead));
        self.service.store.purge_messages(settled, dead).await.map(drop)
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn id_of(ended: Result<(Id, ()), tokio::task::JoinError>) -> Id {
    match ended {
        Ok((id, ())) => id,
        Err(error) => error.id(),
    }
}

/// Nothing is lost when the store fails: what was taken is due again when its lease ends.
fn log(result: Result<(), StoreError>) {
    if let Err(error) = result {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(cause, "{error}");
    }
}
