//! Refusals: calls that were too many, counted, so that a flood costs the store one record a minute for each who causes it.
//!
//! The record is that of the first call of the minute, with a number. A process that is killed loses the numbers of its last
//! minute; one that is told to end does not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use assay_model::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::auditor;
use super::shared::Service;
use crate::store::AuditEntry;

/// How often they are recorded.
const PERIOD: Duration = Duration::from_secs(60);

/// Callers that are told apart in a period; the calls of more are counted together.
const MOST_CALLERS: usize = 1000;

/// Under this key those are counted for whom there was no place.
const OTHERS: &str = "";

/// A call that was refused because it was one of too many.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Who made it: an access key, or an address.
    pub(crate) by: String,
    /// When.
    pub(crate) at: Timestamp,
    /// Region and account; empty where nobody proved who he is.
    pub(crate) realm: String,
    /// The record of this one call.
    pub(crate) record: Value,
}

/// What was refused since the last time.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<String, Counted>>);

#[derive(Debug)]
struct Counted {
    first: Refused,
    last_at: Timestamp,
    calls: u64,
}

impl Refusals {
    /// Counts a call.
    pub(crate) fn count(&self, refused: Refused) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = counted.contains_key(&refused.by);
        let key = if is_known || counted.len() < MOST_CALLERS { refused.by.clone() } else { OTHERS.to_owned() };
        let at = refused.at;
        let counted = counted.entry(key).or_insert(Counted { first: refused, last_at: at, calls: 0 });
        counted.last_at = at;
        counted.calls += 1;
    }

    fn take(&self) -> Vec<AuditEntry> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let entry = |(key, Counted { first, last_at, calls }): (String, Counted)| {
            let Refused { at, realm, mut record, .. } = first;
            if let Some(members) = record.as_object_mut() {
                let others = key == OTHERS;
                let about = json!({"refusedCalls": calls, "until": format!("{last_at:.0}"), "ofManyCallers": others});
                members.insert("additionalEventData".to_owned(), about);
            }
            AuditEntry { at, realm, body: record.to_string() }
        };
        counted.into_iter().map(entry).collect()
    }
}

impl Service {
    /// Writes down all that is to be recorded of calls until now, and waits for that: before the process ends.
    pub async fn flush_records(self: &Arc<Service>) {
        for entry in self.refusals.take() {
            // Whether it is stored is seen to below, for all of them.
            drop(auditor::queue(self, entry));
        }
        auditor::write(Arc::clone(self)).await;
    }
}

/// Records every minute what was refused, until `shutdown` says so.
pub async fn record_refusals(service: Arc<Service>, mut shutdown: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            _ = shutdown.wait_for(|is_over| *is_over) => return,
        }
        service.flush_records().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(by: &str, second: i64) -> Refused {
        let at = Timestamp::from_second(second).unwrap();
        Refused { by: by.to_owned(), at, realm: String::new(), record: json!({"by": by}) }
    }

    #[test]
    fn there_is_one_record_for_each_caller_and_a_bounded_number_of_callers() {
        let refusals = Refusals::default();
        for second in 0..5 {
            refusals.count(refused("a", second));
        }
        refusals.count(refused("b", 9));
        let entries = refusals.take();
        let bodies: Vec<&str> = entries.iter().map(|entry| entry.body.as_str()).collect();
        assert_eq!(
            bodies,
            [
                r#"{"additionalEventData":{"ofManyCallers":false,"refusedCalls":5,"until":"1970-01-01T00:00:04Z"},"by":"a"}"#,
                r#"{"additionalEventData":{"ofManyCallers":false,"refusedCalls":1,"until":"1970-01-01T00:00:09Z"},"by":"b"}"#,
            ]
        );
        assert_eq!(entries[0].at, Timestamp::UNIX_EPOCH);
        assert_eq!(refusals.take(), []);
        for number in 0..3 * MOST_CALLERS {
            refusals.count(refused(&format!("key {number}"), 0));
        }
        let entries = refusals.take();
        assert_eq!(entries.len(), MOST_CALLERS + 1);
        assert!(entries[0].body.contains(r#""ofManyCallers":true,"refusedCalls":2000"#), "{}", entries[0].body);
    }
}
