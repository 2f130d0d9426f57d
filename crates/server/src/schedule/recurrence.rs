//! Recurrences: a cron expression, or every so many days or hours from an anchor; and when the next one is.
//!
//! Cron expressions and days are of the wall clock of a time zone. Decided for its jumps:
//! - a time that the clock skips is taken at the instant to which the clock jumps by the gap (02:30 becomes 03:30), so that
//!   a daily start is never lost; two that fall together so are one start;
//! - a time that comes twice is taken the first time only.
//!
//! `rate(n hours)` and `rate(n minutes)` count elapsed time and know no clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::cron::Cron;
use super::error::ScheduleError;

/// Longest text of a schedule, in bytes.
const MAX_BYTES: usize = 1000;
/// How far ahead a start is looked for: leap days come every 8 years at worst, on one weekday every 40.
const MAX_DAYS: usize = 366 * 41;

/// When something recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// By the wall clock.
    Cron(Cron),
    /// Every so many days, at the anchor's time of day.
    Days(u16),
    /// Every so much elapsed time since the anchor.
    Elapsed(SignedDuration),
}

/// A recurrence in a time zone, with an anchor that days and elapsed time are counted from.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// When.
    pub recurrence: Recurrence,
    /// Whose wall clock.
    pub zone: TimeZone,
    /// The first start of `every N days` and `rate(…)`; cron expressions do not look at it.
    pub anchor: Timestamp,
}

impl Recurrence {
    /// Reads `0 3 * * 1-5`, `@daily`, `cron(0 3 ? * MON-FRI *)`, `rate(12 hours)` or `every 7 days`.
    pub fn read(text: &str) -> Result<Recurrence, ScheduleError> {
        if text.len() > MAX_BYTES {
            return Err(ScheduleError::TooLong { bytes: text.len(), limit: MAX_BYTES });
        }
        let text = text.trim();
        let inner = |call: &str| text.strip_prefix(call)?.trim_start().strip_prefix('(')?.strip_suffix(')');
        if let Some(fields) = inner("cron") {
            return Cron::read_event(fields).map(Recurrence::Cron);
        }
        if let Some(rate) = inner("rate").or_else(|| text.strip_prefix("every ")) {
            return read_rate(rate).ok_or_else(|| ScheduleError::Rate { text: text.to_owned() });
        }
        Cron::read(text).map(Recurrence::Cron)
    }
}

impl Schedule {
    /// The first start after an instant; `None` when there is none within 41 years, as when its last year is over.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        match &self.recurrence {
            Recurrence::Cron(cron) => self.next_of_cron(cron, after),
            Recurrence::Days(days) => self.next_of_days(*days, after),
            Recurrence::Elapsed(every) => {
                if after < self.anchor {
                    return Some(self.anchor);
                }
                let passed = after.duration_since(self.anchor).as_secs().checked_div(every.as_secs())?;
                let seconds = passed.checked_add(1)?.checked_mul(every.as_secs())?;
                self.anchor.checked_add(SignedDuration::from_secs(seconds)).ok()
            }
        }
    }

    fn next_of_cron(&self, cron: &Cron, after: Timestamp) -> Option<Timestamp> {
        // A skipped time may move over midnight, so the day before is looked at too.
        let today = self.zone.to_datetime(after).date();
        let mut date = today.yesterday().unwrap_or(today);
        for _ in 0..MAX_DAYS {
            if cron.has_date(date) {
                // Times of one day keep their order but for those that a gap moves, hence the least of them.
                let starts = cron.times().filter_map(|time| self.instant(date, time)).filter(|start| *start > after);
                if let Some(first) = starts.min() {
                    return Some(first);
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    fn next_of_days(&self, days: u16, after: Timestamp) -> Option<Timestamp> {
        let anchor = self.zone.to_datetime(self.anchor);
        if after < self.anchor {
            return Some(self.anchor);
        }
        let days = i64::from(days.max(1));
        let passed = after.duration_since(self.anchor).as_secs() / 86_400;
        // A day may be an hour longer or shorter, so the search begins one period before.
        let mut count = (passed / days - 1).max(0);
        loop {
            let date = anchor.date().checked_add(Span::new().try_days(count * days).ok()?).ok()?;
            let start = if count == 0 { Some(self.anchor) } else { self.instant(date, anchor.time()) };
            if let Some(start) = start.filter(|start| *start > after) {
                return Some(start);
            }
            count += 1;
        }
    }

    /// The instant of a time of the wall clock; see the module for those that come never or twice.
    fn instant(&self, date: Date, time: jiff::civil::Time) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()
    }
}

fn read_rate(text: &str) -> Option<Recurrence> {
    let (count, unit) = text.trim().split_once(' ')?;
    let count = count.parse::<u16>().ok().filter(|count| *count > 0)?;
    let minutes = |minutes: i64| Recurrence::Elapsed(SignedDuration::from_secs(i64::from(count) * minutes * 60));
    match unit.trim() {
        "minute" | "minutes" => Some(minutes(1)),
        "hour" | "hours" => Some(minutes(60)),
        "day" | "days" => Some(Recurrence::Days(count)),
        _ => None,
    }
}
