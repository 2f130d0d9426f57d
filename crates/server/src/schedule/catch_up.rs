//! Catching up: what to do about starts that passed while no server ran.

use jiff::{SignedDuration, Timestamp};

use super::recurrence::Schedule;

/// What to do about missed starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// However many were missed, start once, if the last of them is not older than the window.
    Once {
        /// How long a start is worth making up for.
        window: SignedDuration,
    },
    /// Wait for the next.
    Skip,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The start to make now, by the instant that it was meant for.
    pub start: Option<Timestamp>,
    /// The next one after now.
    pub next: Option<Timestamp>,
}

/// How late a start still counts as on time: a server looks at its schedules every few seconds.
const ON_TIME: SignedDuration = SignedDuration::from_secs(60);
/// How many missed starts are passed over one by one; beyond, the time in between is skipped.
const MAX_STEPS: usize = 10_000;

/// What is due at `now`, when `last` was the last instant whose starts were dealt with.
pub fn due(schedule: &Schedule, policy: CatchUp, last: Timestamp, now: Timestamp) -> Due {
    let window = match policy {
        CatchUp::Once { window } => window.max(ON_TIME),
        CatchUp::Skip => ON_TIME,
    };
    // What is older than the window does not start, so it need not be counted.
    let oldest = now.checked_sub(window).unwrap_or(Timestamp::MIN);
    let just_before = oldest.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN);
    let mut start = None;
    let mut next = schedule.next_after(last.max(just_before));
    for _ in 0..MAX_STEPS {
        let Some(passed) = next.filter(|next| *next <= now) else { return Due { start, next } };
        start = Some(passed);
        next = schedule.next_after(passed);
    }
    Due { start, next: schedule.next_after(now) }
}
