//! Wake-ups: what was committed that somebody waits for, told within the process and, by PostgreSQL's `NOTIFY`, to the others.
//!
//! They say nothing but where to look, and may get lost: whoever waits for one looks from time to time anyway. SQLite has none
//! between processes.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::watch;

use super::connections::Backend;
use super::open::Store;
use crate::service::{Signal, Waiter};

/// The channel of `NOTIFY`.
const CHANNEL: &str = "assay";

/// How long to wait after the connection was lost.
const PAUSE: Duration = Duration::from_secs(1);

/// What somebody may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// There are jobs.
    Jobs,
    /// The state of a run has changed.
    Runs,
    /// There are messages to deliver.
    Messages,
}

impl Wake {
    pub(super) const ALL: [Wake; 3] = [Wake::Jobs, Wake::Runs, Wake::Messages];

    fn bit(self) -> u8 {
        1 << self as u8
    }

    fn name(self) -> &'static str {
        match self {
            Wake::Jobs => "jobs",
            Wake::Runs => "runs",
            Wake::Messages => "messages",
        }
    }
}

/// Several of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wakes(u8);

impl Wakes {
    pub(super) fn add(&mut self, wake: Wake) {
        self.0 |= wake.bit();
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn each(self) -> impl Iterator<Item = Wake> {
        Wake::ALL.into_iter().filter(move |wake| self.0 & wake.bit() != 0)
    }

    /// The statement that tells other processes, once the transaction that it is in is committed.
    pub(super) fn statement(self) -> String {
        let names: Vec<&str> = self.each().map(Wake::name).collect();
        format!("NOTIFY {CHANNEL}, '{}'", names.join(" "))
    }

    fn of_payload(payload: &str) -> Wakes {
        let mut wakes = Wakes::default();
        Wake::ALL.into_iter().filter(|wake| payload.split(' ').any(|name| name == wake.name())).for_each(|wake| {
            wakes.add(wake);
        });
        wakes
    }
}

/// Rung in this process.
#[derive(Debug, Default)]
pub(super) struct Bells {
    jobs: Signal,
    runs: Signal,
    messages: Signal,
}

impl Bells {
    pub(super) fn ring(&self, wakes: Wakes) {
        wakes.each().for_each(|wake| self.of(wake).notify());
    }

    fn of(&self, wake: Wake) -> &Signal {
        match wake {
            Wake::Jobs => &self.jobs,
            Wake::Runs => &self.runs,
            Wake::Messages => &self.messages,
        }
    }
}

impl Store {
    /// Woken when there are jobs.
    pub fn jobs_waiter(&self) -> Waiter {
        self.bells().of(Wake::Jobs).waiter()
    }

    /// Woken when the state of a run has changed.
    pub fn runs_waiter(&self) -> Waiter {
        self.bells().of(Wake::Runs).waiter()
    }

    /// Woken when there are messages to deliver.
    pub fn messages_waiter(&self) -> Waiter {
        self.bells().of(Wake::Messages).waiter()
    }

    /// Hears, until `shutdown` says so, what other processes that share a PostgreSQL database have committed, and wakes those
    /// of this process who wait for it. On SQLite there is nothing to hear.
    pub async fn hear_others(&self, mut shutdown: watch::Receiver<bool>) {
        if self.backend() == Backend::Sqlite {
            return;
        }
        loop {
            tokio::select! {
                error = self.hear() => {
                    tracing::warn!(%error, "what other processes do is seen late: the database does not tell");
                }
                _ = shutdown.wait_for(|is_over| *is_over) => return,
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = shutdown.wait_for(|is_over| *is_over) => return,
            }
        }
    }

    /// Ends when the connection does.
    async fn hear(&self) -> sqlx::Error {
        let listening = async {
            let mut listener = PgListener::connect(self.url()).await?;
            // It would connect anew by itself, and nobody would know what was missed.
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        let mut listener = match listening.await {
            Ok(listener) => listener,
            Err(error) => return error,
        };
        let mut all = Wakes::default();
        Wake::ALL.into_iter().for_each(|wake| all.add(wake));
        // What was said before anybody listened.
        self.bells().ring(all);
        loop {
            match listener.try_recv().await {
                Ok(Some(told)) => self.bells().ring(Wakes::of_payload(told.payload())),
                Ok(None) => return sqlx::Error::PoolClosed,
                Err(error) => return error,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        for wakes in (0..8).map(Wakes) {
            let statement = wakes.statement();
            let payload = statement.strip_prefix("NOTIFY assay, '").and_then(|rest| rest.strip_suffix('\'')).unwrap();
            assert_eq!(Wakes::of_payload(payload), wakes, "{statement}");
        }
        assert_eq!(Wakes::of_payload("runs of later versions"), Wakes(0b010));
    }
}
