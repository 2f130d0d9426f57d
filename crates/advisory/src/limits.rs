//! How much a feed may hold before it is refused.

/// Limits for readers of feeds; [`Limits::default`] is several times what the largest real feed holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one feed after unpacking.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for each packed byte, judged after the first 16 MiB.
    pub ratio: u64,
    /// Memory that unpacking may take, in bytes (an xz header can ask for 4 GiB).
    pub unpack_memory: u64,
    /// Bytes of one JSON string, and of one line of a line-based feed.
    pub string_bytes: u64,
    /// Depth of JSON arrays and objects.
    pub depth: u32,
    /// Source packages of a feed.
    pub sources: u64,
    /// Records of a feed, all releases together.
    pub records: u64,
    /// Releases of a feed.
    pub releases: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            unpacked_bytes: 2 << 30,
            ratio: 250,
            unpack_memory: 128 << 20,
            string_bytes: 1 << 20,
            depth: 64,
            sources: 200_000,
            records: 4_000_000,
            releases: 32,
        }
    }
}
