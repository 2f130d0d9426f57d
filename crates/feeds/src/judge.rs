//! Judging a feed that has come: is it to be trusted, or to be put aside?
//!
//! A feed that lost a fifth of its records is more likely broken than right, and using it would turn vulnerable hosts
//! into clean ones without a word. The same goes for one whose entries are largely malformed.

use std::fmt;

/// What to do with a feed that has shrunk, or that fails a canary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shrunk {
    /// Put it aside; the old one stays in use.
    #[default]
    Quarantine,
    /// Put it into use: someone has looked at it.
    Accept,
}

/// Why a feed is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuarantineReason {
    /// It is not what its format says.
    DoesNotParse {
        /// The reader's words.
        detail: String,
    },
    /// A fifth or more of it is malformed.
    Malformed {
        /// Entries that cannot be used.
        malformed: u64,
        /// All entries.
        entries: u64,
        /// The first thing that is wrong, where the reader says.
        detail: Option<String>,
    },
    /// It has no records at all.
    NoRecords,
    /// It lost a fifth of its records or more.
    Shrunk {
        /// The release that did; absent where the feed has none.
        release: Option<String>,
        /// Records before.
        from: u64,
        /// Records now.
        to: u64,
    },
    /// It does not say what is known to be true.
    Canary {
        /// Scope, package and vulnerability.
        canary: String,
        /// What it says instead.
        found: String,
    },
}

impl fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QuarantineReason::DoesNotParse { detail } => write!(f, "it does not parse: {detail}"),
            QuarantineReason::Malformed { malformed, entries, detail } => {
                write!(f, "{malformed} of its {entries} entries are malformed")?;
                detail.iter().try_for_each(|detail| write!(f, ", for example: {detail}"))
            }
            QuarantineReason::NoRecords => f.write_str("it has no records"),
            QuarantineReason::Shrunk { release, from, to } => {
                write!(f, "it shrank from {from} to {to} records")?;
                release.iter().try_for_each(|release| write!(f, " for {release}"))
            }
            QuarantineReason::Canary { canary, found } => write!(f, "it fails the canary {canary}: {found}"),
        }
    }
}

/// What was counted in a feed, or in one release of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// The release counted, where the feed has several.
    pub(crate) release: Option<String>,
    /// Records.
    pub(crate) records: u64,
    /// Entries, of which the malformed ones are a part.
    pub(crate) entries: u64,
    /// Entries that cannot be used.
    pub(crate) malformed: u64,
    /// The first thing that is wrong.
    pub(crate) detail: Option<String>,
    /// Records of the one in use, where there is one.
    pub(crate) before: Option<u64>,
}

/// Judges one count.
pub(crate) fn judge(count: &Count, shrunk: Shrunk) -> Result<(), QuarantineReason> {
    if count.records == 0 {
        return Err(QuarantineReason::NoRecords);
    }
    if count.malformed > 0 && count.malformed.saturating_mul(5) >= count.entries {
        let detail = count.detail.clone();
        return Err(QuarantineReason::Malformed { malformed: count.malformed, entries: count.entries, detail });
    }
    match count.before {
        Some(from) if shrunk == Shrunk::Quarantine && has_shrunk(from, count.records) => {
            Err(QuarantineReason::Shrunk { release: count.release.clone(), from, to: count.records })
        }
        _ => Ok(()),
    }
}

/// Whether a fifth or more is gone.
fn has_shrunk(from: u64, to: u64) -> bool {
    u128::from(to) * 5 <= u128::from(from) * 4 && to < from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: Option<u64>, records: u64, malformed: u64, shrunk: Shrunk, expected: Option<&str>) {
        let count = Count { records, entries: records + malformed, malformed, before, ..Count::default() };
        let reason = judge(&count, shrunk).err().map(|reason| reason.to_string());
        assert_eq!(reason.as_deref(), expected, "{count:?}");
    }

    #[test]
    fn a_fifth_less_is_too_much() {
        let put_aside = Some("it shrank from 1000 to 800 records");
        check(Some(1000), 801, 0, Shrunk::Quarantine, None);
        check(Some(1000), 800, 0, Shrunk::Quarantine, put_aside);
        check(Some(1000), 800, 0, Shrunk::Accept, None);
        check(Some(1), 1, 0, Shrunk::Quarantine, None);
        check(Some(0), 1, 0, Shrunk::Quarantine, None);
        check(Some(u64::MAX), u64::MAX, 0, Shrunk::Quarantine, None);
        check(None, 1, 0, Shrunk::Quarantine, None);
    }

    #[test]
    fn nothing_and_nonsense_are_never_accepted() {
        check(None, 0, 0, Shrunk::Accept, Some("it has no records"));
        check(Some(10), 0, 0, Shrunk::Accept, Some("it has no records"));
        check(None, 80, 20, Shrunk::Accept, Some("20 of its 100 entries are malformed"));
        check(None, 81, 19, Shrunk::Quarantine, None);
    }
}
