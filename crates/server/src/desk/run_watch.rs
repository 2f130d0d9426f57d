//! Run watch: notices what other processes changed in the store, for all agents of this process at once.
//!
//! Each waiting agent comes by every other second; the first of them looks, the others go on waiting. So 2,000 of them cost
//! one small question, and are woken only when a run began, changed its state or ended.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::service::Service;
use crate::store::StoreError;

/// How old what was seen may become.
pub(super) const INTERVAL: Duration = Duration::from_secs(2);

/// Looks for changes of runs.
#[derive(Debug)]
pub(super) struct RunWatch {
    last: Mutex<Look>,
}

#[derive(Debug)]
struct Look {
    at: Option<Instant>,
    active_runs: Vec<(String, String)>,
}

impl Default for RunWatch {
    fn default() -> RunWatch {
        RunWatch { last: Mutex::new(Look { at: None, active_runs: Vec::new() }) }
    }
}

impl RunWatch {
    /// Looks, unless somebody does or just did; notifies those who wait when something has changed.
    pub(super) async fn look(&self, service: &Service) -> Result<(), StoreError> {
        let Ok(mut last) = self.last.try_lock() else { return Ok(()) };
        let is_fresh = last.at.is_some_and(|at| at.elapsed() < INTERVAL * 9 / 10);
        if is_fresh {
            return Ok(());
        }
        let active_runs = service.store.active_runs().await?;
        last.at = Some(Instant::now());
        if last.active_runs != active_runs {
            last.active_runs = active_runs;
            service.store.delete_chunks_of_ended_runs().await?;
            service.run_changed.notify();
        }
        Ok(())
    }
}
