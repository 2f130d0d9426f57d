//! Retention: lets go of evidence whose time is over. It is one job of the store, done every hour by whichever process comes first.

use std::sync::Arc;

use assay_model::Timestamp;
use jiff::SignedDuration;

use super::shared::Service;
use crate::jobs::{Handler, Next, Work};
use crate::store::{LeasedJob, NewJob, RETENTION_JOB, StoreError};

/// How often to look.
const PERIOD: SignedDuration = SignedDuration::from_hours(1);

/// How long evidence is kept after its run has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceRetention {
    /// Days; absent keeps it as long as its run.
    pub days: Option<u32>,
}

impl Default for EvidenceRetention {
    /// 30 days.
    fn default() -> EvidenceRetention {
        EvidenceRetention { days: Some(30) }
    }
}

impl EvidenceRetention {
    /// Evidence of runs that ended before this time is let go.
    fn ended_before(self, now: Timestamp) -> Timestamp {
        let Some(days) = self.days else { return Timestamp::MIN };
        now.checked_sub(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(Timestamp::MIN)
    }
}

/// What lets go of old evidence; a first look is due at once, and comes again every hour.
///
/// # Errors
///
/// When the store fails.
pub async fn retention_handler(
    service: &Arc<Service>,
    retention: EvidenceRetention,
) -> Result<Arc<dyn Handler>, StoreError> {
    let due_at = service.now();
    let job = NewJob { kind: RETENTION_JOB, subject: "evidence".to_owned(), payload: String::new(), due_at };
    service.store.enqueue_job(&job).await?;
    Ok(Arc::new(Retainer { service: Arc::clone(service), retention }))
}

struct Retainer {
    service: Arc<Service>,
    retention: EvidenceRetention,
}

impl Handler for Retainer {
    fn kind(&self) -> &'static str {
        RETENTION_JOB
    }

    /// It is never given up: a disk that was full has room again some day.
    fn most_attempts(&self) -> u32 {
        u32::MAX
    }

    fn run<'a>(&'a self, _: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            let now = self.service.now();
            // Begun again after a process died, it removes what is left.
            let removed = self.service.store.remove_old_evidence(self.retention.ended_before(now)).await?;
            if removed.evidence > 0 || removed.reports > 0 {
                tracing::info!(evidence = removed.evidence, reports = removed.reports, "let old evidence go");
            }
            Ok(Next::At(now.checked_add(PERIOD).unwrap_or(Timestamp::MAX)))
        })
    }

    fn give_up<'a>(&'a self, _: &'a LeasedJob, _: &'a str) -> Work<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_back() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (days, expected) in [
            (Some(30), "2026-10-25T12:00:00Z".parse().unwrap()),
            (Some(0), now),
            (None, Timestamp::MIN),
            (Some(u32::MAX), Timestamp::MIN),
        ] {
            assert_eq!(EvidenceRetention { days }.ended_before(now), expected, "{days:?}");
        }
        assert_eq!(EvidenceRetention::default().days, Some(30));
    }
}
