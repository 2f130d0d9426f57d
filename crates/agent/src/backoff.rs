//! Back-off: how long to wait after the nth failure in a row.
//!
//! Half of the pause is fixed and half is drawn, so that 2,000 agents whose server comes back do not come at once.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

/// The pauses after failures in a row.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Backoff {
        Backoff { first, longest, failures: 0 }
    }

    /// Notes a success.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Notes a failure and gives the pause after it; `draw` is between 0 and 1.
    pub(crate) fn next(&mut self, draw: f64) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1).min(31);
        let pause = doubled.min(self.longest);
        pause / 2 + (pause / 2).mul_f64(draw.clamp(0.0, 1.0))
    }
}

/// A number between 0 and 1, other for every call. Not for secrets.
pub(crate) fn draw() -> f64 {
    // The standard library seeds the state of its hash maps from the system's random numbers.
    let hash = RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(hash >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut backoff = Backoff::new(Duration::from_secs(2), Duration::from_secs(300));
        let pauses: Vec<u64> = (0..10).map(|_| backoff.next(1.0).as_secs()).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        for _ in 0..100 {
            assert_eq!(backoff.next(0.0), Duration::from_secs(150));
        }
        backoff.reset();
        assert_eq!(backoff.next(0.5), Duration::from_millis(1500));
    }

    #[test]
    fn draws_differ_and_stay_between_0_and_1() {
        let draws: Vec<f64> = (0..1000).map(|_| draw()).collect();
        assert!(draws.iter().all(|draw| (0.0..=1.0).contains(draw)));
        assert!(draws.iter().any(|draw| *draw < 0.25) && draws.iter().any(|draw| *draw > 0.75));
    }
}
