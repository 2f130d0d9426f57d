//! Limits: how much of a snapshot is read.

/// What is read at most; what is over a limit is a problem, and the rest is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files of a snapshot.
    pub files: usize,
    /// How deep folders may lie in each other.
    pub folder_depth: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of one object of a list, for example one security group.
    pub object_bytes: usize,
    /// Objects of all files.
    pub objects: usize,
    /// How deep the JSON of one object may be nested.
    pub depth: usize,
    /// Bytes of all distinct ids, names and tag values; at most 4 GiB.
    pub name_bytes: usize,
    /// Problems that are kept; more are counted.
    pub problems: usize,
}

impl Default for Limits {
    /// Room for some millions of interfaces.
    fn default() -> Limits {
        Limits {
            files: 200_000,
            folder_depth: 8,
            file_bytes: 16 << 30,
            object_bytes: 64 << 20,
            objects: 20_000_000,
            depth: 64,
            name_bytes: 2 << 30,
            problems: 10_000,
        }
    }
}
