//! Why a text is no version of an ecosystem; one type for all orders.

/// The longest version that is read, in bytes; the longest in any feed at hand has fewer than 200.
pub(super) const MAX_LENGTH: usize = 1024;

/// Why a text is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseVersionError {
    /// Nothing, or only blanks.
    #[error("the version is empty")]
    Empty,
    /// More bytes than any version has.
    #[error("the version has {length} bytes, over the limit of {limit}")]
    TooLong {
        /// Its length.
        length: usize,
        /// The longest that is read.
        limit: usize,
    },
    /// The part before the first colon is no epoch of this ecosystem.
    #[error("{epoch:?} is no epoch")]
    Epoch {
        /// That part, shortened.
        epoch: String,
    },
    /// Nothing between the epoch and the revision.
    #[error("the upstream version is empty")]
    EmptyUpstream,
    /// Nothing behind the last hyphen.
    #[error("the revision is empty")]
    EmptyRevision,
    /// A character that no version holds.
    #[error("{character:?} is not allowed in a version")]
    Character {
        /// The first such character.
        character: char,
    },
    /// The text does not have the form of the ecosystem's versions.
    #[error("{text:?} is no {order} version")]
    Malformed {
        /// The ecosystem's order, as [`super::VersionOrder::as_str`] names it.
        order: &'static str,
        /// The text, shortened.
        text: String,
    },
}

impl ParseVersionError {
    pub(super) fn malformed(order: &'static str, text: &str) -> ParseVersionError {
        ParseVersionError::Malformed { order, text: shorten(text) }
    }
}

/// The beginning of a text, for an error.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(32).collect()
}

/// The text without blanks around it, neither empty nor too long.
pub(super) fn trim(text: &str) -> Result<&str, ParseVersionError> {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c');
    let text = text.trim_matches(is_blank);
    match text.len() {
        0 => Err(ParseVersionError::Empty),
        length if length > MAX_LENGTH => Err(ParseVersionError::TooLong { length, limit: MAX_LENGTH }),
        _ => Ok(text),
    }
}
