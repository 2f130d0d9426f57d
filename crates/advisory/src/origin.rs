//! Where a feed came from, as it is kept in what was compiled from it.

use assay_model::Timestamp;
use serde::{Deserialize, Serialize};

/// Where and when a feed was fetched; kept in every database compiled from it and shown in traces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedOrigin {
    /// The feed's name: its folder in a mirror, for example `debian-tracker`.
    pub feed: String,
    /// The address or file it was read from.
    pub source: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// SHA-256 of the bytes as fetched (before unpacking), hexadecimal.
    pub digest: String,
}
