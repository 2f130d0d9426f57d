//! Schedules of recurring assessments.

use assay_server::schedule::{Recurrence, Schedule};

/// A schedule; the starts of what is understood ascend.
pub fn schedule(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(recurrence) = Recurrence::read(text) else { return };
    let zone = jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("the rule is of the standard");
    let anchor = jiff::Timestamp::UNIX_EPOCH;
    let schedule = Schedule { recurrence, zone, anchor };
    let mut after = anchor;
    for _ in 0..3 {
        let Some(next) = schedule.next_after(after) else { return };
        assert!(next > after, "a start comes after the one before");
        after = next;
    }
}
