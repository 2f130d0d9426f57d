//! Retention: lets go, once an hour, of evidence whose time is over. Several processes may do it at the same time.

use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::shared::Service;

/// How often to look.
const PERIOD: Duration = Duration::from_secs(3600);

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

/// Lets go of old evidence at once and then every hour, until `shutdown` says so.
pub async fn retain_evidence(service: Arc<Service>, retention: EvidenceRetention, mut shutdown: watch::Receiver<bool>) {
    loop {
        match service.store.remove_old_evidence(retention.ended_before(service.now())).await {
            Ok(removed) if removed.evidence > 0 || removed.reports > 0 => {
                tracing::info!(evidence = removed.evidence, reports = removed.reports, "let old evidence go");
            }
            Ok(_) => {}
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(cause, "{error}");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            _ = shutdown.wait_for(|is_over| *is_over) => return,
        }
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
