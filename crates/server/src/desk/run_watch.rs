//! Run watch: which agents have something to do, for all agents of this process at once.
//!
//! One task asks the store, when a run has changed and every other second: what another process changes is told only by
//! PostgreSQL. Waiting agents look at its last answer; only whose own entry has changed asks the store. So 2,000 of them cost
//! one question, not 2,000.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::shutdown::is_over;
use crate::agents::AgentKey;
use crate::service::Service;
use crate::store::{AssignedAgent, StoreError};

/// How old the answer may become.
const INTERVAL: Duration = Duration::from_secs(2);

/// Runs change several at a time: one look serves what comes within so long.
const SETTLING: Duration = Duration::from_millis(50);

/// The agents that have something to do; what is compared is the run and whether it is to be stopped.
type Busy = HashMap<AgentKey, AssignedAgent>;

/// What was seen last.
#[derive(Clone, Debug)]
pub(super) struct RunWatch {
    busy: watch::Receiver<Arc<Busy>>,
}

impl RunWatch {
    /// Begins to look, until `shutdown` says so.
    pub(super) fn begin(service: Arc<Service>, shutdown: watch::Receiver<bool>) -> RunWatch {
        let (sender, busy) = watch::channel(Arc::default());
        tokio::spawn(keep_looking(service, sender, shutdown));
        RunWatch { busy }
    }

    /// What an agent has to do, as seen last; [`RunWatch::changed`] tells of what comes from now on.
    pub(super) fn of(&mut self, agent: &AgentKey) -> Option<AssignedAgent> {
        self.busy.borrow_and_update().get(agent).cloned()
    }

    /// Waits until something has changed for any agent.
    pub(super) async fn changed(&mut self) {
        if self.busy.changed().await.is_err() {
            // Nobody looks any more: the service ends.
            std::future::pending::<()>().await;
        }
    }
}

async fn keep_looking(service: Arc<Service>, sender: watch::Sender<Arc<Busy>>, mut shutdown: watch::Receiver<bool>) {
    let mut changes = service.store.runs_waiter();
    loop {
        if let Err(error) = look(&service, &sender).await {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(cause, "{error}");
        }
        tokio::select! {
            () = changes.wait() => tokio::time::sleep(SETTLING).await,
            () = tokio::time::sleep(INTERVAL) => {}
            () = is_over(&mut shutdown) => return,
        }
    }
}

async fn look(service: &Service, sender: &watch::Sender<Arc<Busy>>) -> Result<(), StoreError> {
    let busy: Busy = service.store.assigned_agents().await?.into_iter().collect();
    if **sender.borrow() == busy {
        return Ok(());
    }
    service.store.delete_chunks_of_ended_runs().await?;
    sender.send_replace(Arc::new(busy));
    Ok(())
}
