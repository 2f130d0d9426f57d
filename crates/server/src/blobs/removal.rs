//! What a sweep removed.

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Objects that no row named.
    pub removed: usize,
    /// Whether it stopped before the end, because it had removed as many as it may.
    pub has_more: bool,
    /// Whether the place belongs to another store: then nothing is removed.
    pub is_foreign: bool,
}
