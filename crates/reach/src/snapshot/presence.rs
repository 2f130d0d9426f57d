//! Presence: how much of a kind of object is known.

/// How much of a kind is known in a scope, or in the whole snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// No file tells of it.
    Missing,
    /// Some of it could not be read, or pages are missing.
    Partial,
    /// All of it; a list of none is whole too.
    Whole,
}
