//! Replays: a signature that was recorded and is sent again later.
//!
//! A signature has the second it was made in, so a client that asks the same twice within a second sends the same signature
//! twice (boto3 does, measured). Equal signatures are therefore accepted for some seconds after the first; what comes later was
//! not made later, it was kept.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use assay_model::Timestamp;

use super::claim::Verified;
use crate::error::ApiError;
use crate::protocol_error::ProtocolErrorKind;

/// How long equal signatures are accepted after the first.
const REPEAT_SECONDS: i64 = 5;

/// Remembers the signatures that were seen; 100,000 take about 10 MiB.
///
/// When it is full, the oldest is forgotten, and could be sent again until it expires: only whoever holds a key can fill it.
/// Each process has its own.
pub struct ReplayGuard {
    capacity: usize,
    keep_seconds: i64,
    first_seen: HashMap<[u8; 32], i64>,
    order: VecDeque<(i64, [u8; 32])>,
}

impl ReplayGuard {
    /// A guard for that many signatures, with the policy's skew: a signature is valid from one skew before to one after it.
    pub fn new(capacity: usize, skew_seconds: i64) -> ReplayGuard {
        ReplayGuard {
            capacity: capacity.max(1),
            keep_seconds: skew_seconds.saturating_mul(2),
            first_seen: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// Whether the request may be acted on. Signed addresses always may: they are made to be used again.
    ///
    /// # Errors
    /// `InvalidSignatureException` for a replay.
    pub fn admit(&mut self, verified: &Verified, now: Timestamp) -> Result<(), ApiError> {
        if verified.is_address {
            return Ok(());
        }
        let now = now.as_second();
        while let Some((_, oldest)) = self.order.pop_front_if(|(seen, _)| now.saturating_sub(*seen) > self.keep_seconds)
        {
            self.first_seen.remove(&oldest);
        }
        match self.first_seen.get(&verified.signature) {
            Some(seen) if now.saturating_sub(*seen) > REPEAT_SECONDS => {
                let message = "the signature was used before; sign each request anew";
                Err(ApiError::protocol(ProtocolErrorKind::InvalidSignature, message))
            }
            Some(_) => Ok(()),
            None => {
                self.remember(verified.signature, now);
                Ok(())
            }
        }
    }

    fn remember(&mut self, signature: [u8; 32], now: i64) {
        if self.order.len() >= self.capacity
            && let Some((_, oldest)) = self.order.pop_front()
        {
            self.first_seen.remove(&oldest);
        }
        self.first_seen.insert(signature, now);
        self.order.push_back((now, signature));
    }
}

impl fmt::Debug for ReplayGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplayGuard").field("remembered", &self.order.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(number: u8) -> Verified {
        Verified {
            access_key_id: "AKIAEXAMPLE".to_owned(),
            region: "us-east-1".to_owned(),
            session_token: None,
            signed_at: Timestamp::UNIX_EPOCH,
            signature: [number; 32],
            is_address: false,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_signature_is_not_accepted_later() {
        let mut guard = ReplayGuard::new(10, 300);
        for (second, number, is_admitted) in [
            (1000, 1, true),
            // The same call twice within a second.
            (1000, 1, true),
            (1005, 1, true),
            (1006, 1, false),
            (1300, 1, false),
            (1300, 2, true),
            // The clock of this server was set back.
            (1299, 2, true),
        ] {
            assert_eq!(guard.admit(&signed(number), at(second)).is_ok(), is_admitted, "{number} at {second}");
        }
        let address = Verified { is_address: true, ..signed(1) };
        assert!(guard.admit(&address, at(1300)).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let mut guard = ReplayGuard::new(2, 300);
        for number in 0..100 {
            guard.admit(&signed(number), at(1000)).unwrap();
        }
        assert_eq!((guard.order.len(), guard.first_seen.len()), (2, 2));
        assert!(guard.admit(&signed(99), at(1010)).is_err());
        // All are too old to be valid.
        guard.admit(&signed(100), at(1601)).unwrap();
        assert_eq!((guard.order.len(), guard.first_seen.len()), (1, 1));
    }
}
