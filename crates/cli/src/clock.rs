//! The clock and ages: the only place that reads the time.

use std::time::Duration;

use anyhow::Context as _;
use assay_model::Timestamp;

use crate::exit::UsageError;

/// The time of this command: the clock, or what `--now` says, which then stands still.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// Stands still.
    Fixed(Timestamp),
}

impl Clock {
    /// From `--now`.
    ///
    /// # Errors
    ///
    /// When the text is no RFC 3339 time.
    pub fn new(now: Option<&str>) -> anyhow::Result<Clock> {
        let Some(text) = now else {
            return Ok(Clock::System);
        };
        let time = text
            .parse::<Timestamp>()
            .with_context(|| UsageError(format!("--now {text:?} is no RFC 3339 time such as 2026-11-24T10:00:00Z")))?;
        Ok(Clock::Fixed(time))
    }

    /// The time, to the millisecond, which is what the store keeps.
    pub fn now(self) -> Timestamp {
        match self {
            Clock::System => {
                let now = Timestamp::now();
                Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
            }
            Clock::Fixed(time) => time,
        }
    }
}

/// Reads an age such as `7d`, `12h`, `30m`, `1w` or a sum such as `1d12h`.
///
/// # Errors
///
/// When the text is no age.
pub fn parse_age(text: &str) -> Result<Duration, UsageError> {
    let wrong = || UsageError(format!("{text:?} is no age such as 7d, 12h or 1d12h"));
    let mut seconds = 0_u64;
    let mut digits = String::new();
    for character in text.chars() {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        let unit = match character {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(wrong()),
        };
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        digits.clear();
        seconds = number.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
    }
    if text.is_empty() || !digits.is_empty() {
        return Err(wrong());
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_parse() {
        for (text, seconds) in [
            ("7d", Some(604_800)),
            ("1d12h", Some(129_600)),
            ("90m", Some(5_400)),
            ("0s", Some(0)),
            ("", None),
            ("7", None),
            ("d", None),
            ("7y", None),
            ("-1d", None),
            ("99999999999999999999d", None),
        ] {
            assert_eq!(parse_age(text).ok().map(|age| age.as_secs()), seconds, "{text}");
        }
    }
}
