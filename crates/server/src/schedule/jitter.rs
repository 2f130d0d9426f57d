//! Jitter: the starts of many schedules that mean the same instant are spread, each always by the same.

use jiff::SignedDuration;

/// How long to wait after the instant meant: from nothing to less than `most`, the same for the same seed on any machine.
pub fn jitter(seed: &[u8], most: SignedDuration) -> SignedDuration {
    let Ok(most) = u64::try_from(most.as_millis()) else { return SignedDuration::ZERO };
    // FNV-1a, then the finalizer of SplitMix64: seeds are names, and nobody gains by choosing one.
    let hash = seed
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let mixed = mixed ^ (mixed >> 31);
    let share = (u128::from(mixed) * u128::from(most)) >> 64;
    SignedDuration::from_millis(i64::try_from(share).unwrap_or_default())
}
