//! The sweep: removes objects that no row names. It is one job of the store, done every hour by whichever process comes first.
//!
//! Rows go in transactions, objects do not: one whose row is gone, or whose row never came because a process died in between,
//! stays behind until it is old.

use std::sync::Arc;

use assay_model::Timestamp;
use jiff::SignedDuration;

use super::removal::Removal;
use crate::jobs::{Handler, Next, Work};
use crate::service::Service;
use crate::store::{LeasedJob, NewJob, SWEEP_JOB, StoreError};

/// How often to look.
const PERIOD: SignedDuration = SignedDuration::from_hours(1);
/// How old an object is at least: its row comes within seconds.
const AGE: SignedDuration = SignedDuration::from_hours(24);
/// So many are removed in one go; where there are more, it goes on after other jobs that are due.
const MOST: usize = 1000;

/// What removes objects that no row names; a first look is due at once, and comes again every hour. There is none where the store
/// keeps its evidence in the database.
///
/// # Errors
///
/// When the store fails.
pub async fn sweep_handler(service: &Arc<Service>) -> Result<Option<Arc<dyn Handler>>, StoreError> {
    if service.store.blobs().is_none() {
        return Ok(None);
    }
    let (subject, payload) = ("evidence".to_owned(), String::new());
    service.store.enqueue_job(&NewJob { kind: SWEEP_JOB, subject, payload, due_at: service.now() }).await?;
    Ok(Some(Arc::new(Sweeper { service: Arc::clone(service) })))
}

struct Sweeper {
    service: Arc<Service>,
}

impl Handler for Sweeper {
    fn kind(&self) -> &'static str {
        SWEEP_JOB
    }

    /// It is never given up: a bucket that did not answer does so some day.
    fn most_attempts(&self) -> u32 {
        u32::MAX
    }

    fn run<'a>(&'a self, _: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            let now = self.service.now();
            let before = now.checked_sub(AGE).unwrap_or(Timestamp::MIN);
            let Removal { removed, has_more, is_foreign } = self.service.store.sweep_evidence(before, MOST).await?;
            if is_foreign {
                let place = self.service.store.blobs().map(|blobs| blobs.place().to_string());
                tracing::warn!(place, "the place of evidence belongs to another store: nothing is removed there");
            }
            if removed > 0 {
                tracing::info!(removed, "removed evidence that nothing refers to");
            }
            Ok(Next::At(if has_more { now } else { now.checked_add(PERIOD).unwrap_or(Timestamp::MAX) }))
        })
    }

    fn give_up<'a>(&'a self, _: &'a LeasedJob, _: &'a str) -> Work<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
