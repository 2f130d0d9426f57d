//! Auditor: writes the records of calls, those that come at the same time together.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::shared::Service;
use crate::store::AuditEntry;

/// Records that wait at most; with more, the store does not keep up, and calls have to be told.
const MOST_WAITING: usize = 2000;
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);

/// What waits to be recorded.
#[derive(Debug, Default)]
pub(crate) struct Auditor {
    waiting: Mutex<Vec<Waiting>>,
    /// Whoever holds it writes.
    writer: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    entry: AuditEntry,
    done: oneshot::Sender<()>,
}

/// Records a call in a task of its own, which does not end with the caller's connection. What is given back ends well once
/// the record is stored, and with an error where it could not be.
pub(crate) fn record(service: &Arc<Service>, entry: AuditEntry) -> oneshot::Receiver<()> {
    let recorded = queue(service, entry);
    tokio::spawn(write(Arc::clone(service)));
    recorded
}

/// As [`record`], for [`write`] to write.
pub(super) fn queue(service: &Service, entry: AuditEntry) -> oneshot::Receiver<()> {
    let (done, recorded) = oneshot::channel();
    let mut waiting = service.auditor.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    if waiting.len() < MOST_WAITING {
        waiting.push(Waiting { entry, done });
    } else {
        tracing::error!(waiting = waiting.len(), "a call is not recorded: the store does not keep up");
    }
    recorded
}

/// Writes all that wait, after what others write already. There may be none.
pub(super) async fn write(service: Arc<Service>) {
    let _writer = service.auditor.writer.lock().await;
    let waiting = std::mem::take(&mut *service.auditor.waiting.lock().unwrap_or_else(PoisonError::into_inner));
    if waiting.is_empty() {
        return;
    }
    let (entries, dones): (Vec<AuditEntry>, Vec<oneshot::Sender<()>>) =
        waiting.into_iter().map(|Waiting { entry, done }| (entry, done)).unzip();
    for attempt in 1..=ATTEMPTS {
        match service.store.append_audit(&entries).await {
            Ok(()) => {
                for done in dones {
                    // Nobody waits for the record of a call that changed nothing.
                    let _ = done.send(());
                }
                return;
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(attempt, records = entries.len(), cause, "{error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
