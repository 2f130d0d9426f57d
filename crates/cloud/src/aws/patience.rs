//! Patience: how long is waited, and how often a call is made again.

use std::time::Duration;

/// How patient the calls are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For one answer.
    pub answer: Duration,
    /// How often a call is made when the service is busy or out of reach.
    pub attempts: u32,
    /// The pause before the second attempt; each later pause is twice as long, and a part of it is left to chance.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for Patience {
    /// 10 s to connect, 2 min for an answer, 8 attempts with pauses of 0.5 s to 20 s.
    fn default() -> Patience {
        Patience {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(120),
            attempts: 8,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(20),
        }
    }
}

impl Patience {
    /// The pause after a number of attempts; `chance` is below 1000, and takes off up to a half.
    pub(crate) fn pause(&self, attempts: u32, chance: u32) -> Duration {
        let doubled = self.first_pause.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let pause = doubled.min(self.longest_pause);
        pause.saturating_sub(pause / 2 * (chance % 1000) / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit() {
        let patience = Patience::default();
        for (attempts, chance, expected) in
            [(1, 0, 500), (1, 500, 375), (2, 0, 1000), (6, 0, 16_000), (7, 0, 20_000), (u32::MAX, 0, 20_000)]
        {
            assert_eq!(patience.pause(attempts, chance), Duration::from_millis(expected), "{attempts} {chance}");
        }
    }
}
