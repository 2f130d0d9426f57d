//! Schedules of recurring assessments, and the documents that declare them.

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

/// A declaration as `assay apply` reads it; what is written of it reads the same.
pub fn declaration(data: &[u8]) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let Ok(declaration) = assay_server::declaration::read("fuzz.yaml", data, now) else { return };
    let text = assay_server::declaration::write(&declaration);
    let again = assay_server::declaration::read("fuzz.yaml", text.as_bytes(), now).expect("what is written is read");
    assert_eq!(again, declaration, "{text}");
}
