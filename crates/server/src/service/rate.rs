//! Rates: how often something may happen, by a bucket of tokens for each key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::limits::Limits;

/// Keys that are remembered; with more, those whose buckets are full are forgotten.
const MOST_KEYS: usize = 20_000;

/// What is limited.
#[derive(Debug)]
pub(crate) struct Rates {
    /// Calls, by access key.
    pub(crate) of_keys: TokenBuckets,
    /// Calls that could not be verified, by address.
    pub(crate) of_failures: TokenBuckets,
    /// Polls, by agent.
    pub(crate) of_polls: TokenBuckets,
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Rates {
        let calls = f64::from(limits.calls_per_second);
        let failures = f64::from(limits.failures_per_minute);
        let polls = f64::from(limits.polls_per_minute);
        Rates {
            of_keys: TokenBuckets::new(calls, 2.0 * calls),
            of_failures: TokenBuckets::new(failures / 60.0, failures),
            of_polls: TokenBuckets::new(polls / 60.0, polls),
        }
    }
}

/// A bucket for each key: it holds so many tokens, and gets some each second.
#[derive(Debug)]
pub(crate) struct TokenBuckets {
    per_second: f64,
    most: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl TokenBuckets {
    pub(crate) fn new(per_second: f64, most: f64) -> TokenBuckets {
        TokenBuckets { per_second, most, buckets: Mutex::default() }
    }

    /// Takes a token; tells whether there was one.
    pub(crate) fn take(&self, key: &str, now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_KEYS && !buckets.contains_key(key) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.most);
            if buckets.len() >= MOST_KEYS {
                // So many at once are no caller who can be slowed down by his key.
                buckets.clear();
            }
        }
        let full = Bucket { tokens: self.most, at: now };
        let bucket = buckets.entry(key.to_owned()).or_insert(full);
        let tokens = self.filled(*bucket, now);
        let has_one = tokens >= 1.0;
        *bucket = Bucket { tokens: if has_one { tokens - 1.0 } else { tokens }, at: now };
        has_one
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.tokens + passed * self.per_second).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_key_has_its_own_tokens_and_gets_new_ones() {
        let buckets = TokenBuckets::new(2.0, 3.0);
        let start = Instant::now();
        for (key, milliseconds, expected) in [
            ("a", 0, true),
            ("a", 0, true),
            ("a", 0, true),
            ("a", 0, false),
            ("b", 0, true),
            ("a", 499, false),
            ("a", 500, true),
            ("a", 500, false),
            ("a", 60_000, true),
            ("a", 60_000, true),
            ("a", 60_000, true),
            ("a", 60_000, false),
        ] {
            let now = start + Duration::from_millis(milliseconds);
            assert_eq!(buckets.take(key, now), expected, "{key} after {milliseconds} ms");
        }
    }

    #[test]
    fn keys_are_not_remembered_without_end() {
        let buckets = TokenBuckets::new(1.0, 2.0);
        let now = Instant::now();
        for number in 0..3 * MOST_KEYS {
            assert!(buckets.take(&number.to_string(), now));
        }
        assert!(buckets.buckets.lock().unwrap().len() <= MOST_KEYS);
    }
}
