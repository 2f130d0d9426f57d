//! What reading an image may cost.

/// What reading an image may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskOptions {
    /// Bytes of the disk that are kept in memory: half for its blocks, half for its directories.
    pub cache_bytes: usize,
}

impl Default for DiskOptions {
    fn default() -> DiskOptions {
        DiskOptions { cache_bytes: 32 << 20 }
    }
}
