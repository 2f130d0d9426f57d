//! Cron expressions: five fields as in `crontab(5)`, `@daily` and the like, and `cron(…)` with six as in EventBridge.
//!
//! Where both the day of the month and the day of the week are restricted, five fields mean either, as in `crontab(5)`;
//! EventBridge wants one of them to be `?` and so never asks. Its days of the week are numbered from Sunday = 1, not 0.

use jiff::civil::{Date, Time};

use super::error::ScheduleError;
use super::field::{DAYS, MONTHS, Range, Values};

const FIVE: &str = "minute, hour, day of the month, month, day of the week";
const SIX: &str = "minutes, hours, day of the month, month, day of the week, year";

const MINUTE: Range = Range { name: "minute", first: 0, last: 59, words: &[] };
const HOUR: Range = Range { name: "hour", first: 0, last: 23, words: &[] };
const DAY: Range = Range { name: "day of the month", first: 1, last: 31, words: &[] };
const MONTH: Range = Range { name: "month", first: 1, last: 12, words: MONTHS };
/// From Sunday = 0 to Sunday = 7.
const WEEKDAY: Range = Range { name: "day of the week", first: 0, last: 7, words: DAYS };
const EVENT_WEEKDAY: Range = Range { name: "day of the week", first: 1, last: 7, words: DAYS };

/// A cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Values,
    hours: Values,
    days: Values,
    months: Values,
    /// From Sunday = 0 to Saturday = 6.
    weekdays: Values,
    /// From the first to the last, each with a step; empty is every year.
    years: Vec<(i16, i16, i16)>,
}

impl Cron {
    /// Reads five fields, or a nickname.
    pub(crate) fn read(text: &str) -> Result<Cron, ScheduleError> {
        let text = match text {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            _ if text.starts_with('@') => return Err(ScheduleError::Nickname { text: text.to_owned() }),
            _ => text,
        };
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(count(text, fields.len(), 5, FIVE));
        };
        let weekdays = Values::read(weekday, WEEKDAY)?.map(|day| day.unsigned_abs() % 7);
        Cron::of([minute, hour, day, month], weekdays, Vec::new(), text)
    }

    /// Reads the six fields in `cron(…)`.
    pub(crate) fn read_event(text: &str) -> Result<Cron, ScheduleError> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday, year] = fields.as_slice() else {
            return Err(count(text, fields.len(), 6, SIX));
        };
        if (*day == "?") == (*weekday == "?") {
            let reason = "exactly one of day of the month and day of the week has to be ?".to_owned();
            return Err(ScheduleError::Field { field: "day of the week", text: (*weekday).to_owned(), reason });
        }
        let weekdays = Values::read(weekday, EVENT_WEEKDAY)?.map(|day| day.unsigned_abs().saturating_sub(1));
        let years =
            if *year == "*" { Vec::new() } else { year.split(',').map(read_years).collect::<Result<_, _>>()? };
        Cron::of([minute, hour, day, month], weekdays, years, text)
    }

    fn of(
        fields: [&&str; 4],
        weekdays: Values,
        years: Vec<(i16, i16, i16)>,
        text: &str,
    ) -> Result<Cron, ScheduleError> {
        let [minute, hour, day, month] = fields;
        let cron = Cron {
            minutes: Values::read(minute, MINUTE)?,
            hours: Values::read(hour, HOUR)?,
            days: Values::read(day, DAY)?,
            months: Values::read(month, MONTH)?,
            weekdays,
            years,
        };
        // By the day of the week alone there is a day in every month; else the shortest day asked for has to fit one.
        let is_by_weekday = !cron.weekdays.is_any && !cron.days.is_any;
        let first_day = cron.days.iter().next().unwrap_or(1);
        let fits = cron.months.iter().any(|month| first_day <= longest(month));
        if !is_by_weekday && !fits {
            return Err(ScheduleError::Never { text: text.to_owned() });
        }
        Ok(cron)
    }

    /// Whether a day is meant.
    pub(crate) fn has_date(&self, date: Date) -> bool {
        let by_day = self.days.has(date.day());
        let by_weekday = self.weekdays.has(date.weekday().to_sunday_zero_offset());
        let is_day = if self.days.is_any || self.weekdays.is_any { by_day && by_weekday } else { by_day || by_weekday };
        is_day && self.months.has(date.month()) && self.has_year(date.year())
    }

    /// The times of each such day, ascending.
    pub(crate) fn times(&self) -> impl Iterator<Item = Time> {
        let at = |hour: i8| self.minutes.iter().filter_map(move |minute| Time::new(hour, minute, 0, 0).ok());
        self.hours.iter().flat_map(at)
    }

    fn has_year(&self, year: i16) -> bool {
        let is_in = |(first, last, step): &(i16, i16, i16)| {
            (*first..=*last).contains(&year) && (year - first).checked_rem(*step) == Some(0)
        };
        self.years.is_empty() || self.years.iter().any(is_in)
    }
}

fn count(text: &str, found: usize, expected: usize, names: &'static str) -> ScheduleError {
    ScheduleError::Fields { text: text.to_owned(), found, expected, names }
}

fn longest(month: i8) -> i8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn read_years(part: &str) -> Result<(i16, i16, i16), ScheduleError> {
    let fail = |reason: &str| ScheduleError::Field { field: "year", text: part.to_owned(), reason: reason.to_owned() };
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| (1970..=2199).contains(year));
    let (years, step) = part.split_once('/').map_or((part, None), |(years, step)| (years, Some(step)));
    let every = match step {
        Some(step) => {
            step.parse::<i16>().ok().filter(|step| *step > 0).ok_or_else(|| fail("the step is no number from 1"))?
        }
        None => 1,
    };
    let (first, last) = match years.split_once('-') {
        _ if years == "*" => (Some(1970), Some(2199)),
        Some((first, last)) => (year(first), year(last)),
        None if step.is_some() => (year(years), Some(2199)),
        None => (year(years), year(years)),
    };
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Ok((first, last, every)),
        (Some(_), Some(_)) => Err(fail("the range ends before it begins")),
        _ => Err(fail("a year is from 1970 to 2199")),
    }
}
