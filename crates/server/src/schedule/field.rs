//! One field of a cron expression: values, ranges, steps, lists and names, as a set of bits.

use super::error::ScheduleError;

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) name: &'static str,
    pub(crate) first: u8,
    pub(crate) last: u8,
    /// The names of values, from `first` on.
    pub(crate) words: &'static [&'static str],
}

pub(crate) const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
pub(crate) const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The values of a field; bit `n` is the value `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    bits: u64,
    /// It begins with `*` (or is `?`), which decides how the two fields of days are joined.
    pub(crate) is_any: bool,
}

impl Values {
    pub(crate) fn has(self, value: i8) -> bool {
        u32::try_from(value).is_ok_and(|value| self.bits.checked_shr(value).is_some_and(|bits| bits & 1 == 1))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = i8> {
        (0_i8..64).filter(move |value| self.has(*value))
    }

    /// Every value under another number.
    pub(crate) fn map(self, number: impl Fn(i8) -> u8) -> Values {
        let bits = self.iter().map(number).fold(0, |bits, value| bits | bit(value));
        Values { bits, is_any: self.is_any }
    }

    pub(crate) fn read(text: &str, range: Range) -> Result<Values, ScheduleError> {
        let mut bits = 0;
        for part in text.split(',') {
            bits |= read_part(part, range)?;
        }
        Ok(Values { bits, is_any: text.starts_with(['*', '?']) })
    }
}

fn bit(value: u8) -> u64 {
    1_u64.checked_shl(u32::from(value)).unwrap_or_default()
}

fn read_part(part: &str, range: Range) -> Result<u64, ScheduleError> {
    let fail = |reason: String| ScheduleError::Field { field: range.name, text: part.to_owned(), reason };
    let (values, step) = match part.split_once('/') {
        Some((values, step)) => {
            let step = step.parse::<u8>().ok().filter(|step| *step > 0);
            (values, Some(step.ok_or_else(|| fail("the step is no number from 1".to_owned()))?))
        }
        None => (part, None),
    };
    let (first, last) = match values {
        "*" | "?" => (range.first, range.last),
        _ => match values.split_once('-') {
            Some((first, last)) => (value(first, range).map_err(&fail)?, value(last, range).map_err(&fail)?),
            None => {
                let first = value(values, range).map_err(&fail)?;
                // `5/15` goes on to the end, as in EventBridge and in Vixie's successors.
                (first, if step.is_some() { range.last } else { first })
            }
        },
    };
    if first > last {
        return Err(fail(format!("the range ends ({last}) before it begins ({first})")));
    }
    Ok((first..=last).step_by(usize::from(step.unwrap_or(1))).fold(0, |bits, value| bits | bit(value)))
}

fn value(text: &str, range: Range) -> Result<u8, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(position) = range.words.iter().position(|word| *word == lower) {
        return Ok(range.first + u8::try_from(position).unwrap_or_default());
    }
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u8>().ok().filter(|number| is_number && (range.first..=range.last).contains(number));
    number.ok_or_else(|| format!("{text:?} is not from {} to {}", range.first, range.last))
}
