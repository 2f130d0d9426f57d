//! Worker: the part of a process that takes jobs and has them done.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::handler::{Handler, Weight};
use super::lane::Lane;
use crate::service::Service;

/// How a worker behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerOptions {
    /// How long a job is held; as long as its process lives, that is prolonged.
    pub lease: Duration,
    /// How often to look for jobs that were added by other processes, or whose time has come.
    pub poll: Duration,
    /// Light jobs at a time.
    pub light_places: usize,
    /// Heavy jobs at a time.
    pub heavy_places: usize,
    /// How long jobs may go on once the process is told to end.
    pub grace: Duration,
}

impl Default for WorkerOptions {
    /// Leases of 30 seconds, a look every half second, one heavy job for each processor.
    fn default() -> WorkerOptions {
        WorkerOptions {
            lease: Duration::from_secs(30),
            poll: Duration::from_millis(500),
            light_places: 4,
            heavy_places: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            grace: Duration::from_secs(5),
        }
    }
}

/// The part of a process that takes jobs and has them done.
pub struct Worker {
    service: Arc<Service>,
    handlers: Vec<Arc<dyn Handler>>,
    options: WorkerOptions,
}

impl Worker {
    /// A worker that does the jobs of these handlers; jobs of other kinds it leaves alone.
    pub fn new(service: Arc<Service>, handlers: Vec<Arc<dyn Handler>>, options: WorkerOptions) -> Worker {
        Worker { service, handlers, options }
    }

    /// Does jobs until `shutdown` says so. Then what is being done may go on for a moment; what is not done by then is given
    /// back, for another process or for the next start.
    pub async fn run(self, shutdown: watch::Receiver<bool>) {
        let owner = Uuid::now_v7().to_string();
        let mut lanes = JoinSet::new();
        for (weight, places) in [(Weight::Light, self.options.light_places), (Weight::Heavy, self.options.heavy_places)]
        {
            let handlers = self.handlers.iter().filter(|handler| handler.weight() == weight);
            let lane = Lane {
                service: Arc::clone(&self.service),
                handlers: handlers.map(|handler| (handler.kind(), Arc::clone(handler))).collect(),
                owner: owner.clone(),
                places,
                options: self.options,
            };
            lanes.spawn(lane.run(shutdown.clone()));
        }
        lanes.join_all().await;
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<&str> = self.handlers.iter().map(|handler| handler.kind()).collect();
        f.debug_struct("Worker").field("kinds", &kinds).field("options", &self.options).finish_non_exhaustive()
    }
}
