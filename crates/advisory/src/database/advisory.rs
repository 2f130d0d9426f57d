//! One advisory: what a feed says about one vulnerability in one source package of one release.
//!
//! The words are the Debian security tracker's. A word that is none of them is kept as `Unrecognised` and makes the
//! verdict unknown, never "not affected".

use assay_model::trace::AdvisoryRecord;

use super::advisories::Database;
use crate::AdvisoryError;

/// The tracker's `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrackerStatus {
    /// Fixed in a version, or (version `0`) never affected.
    Resolved,
    /// Affected, with no fix in this release.
    Open,
    /// The tracker does not know whether it is affected.
    Undetermined,
    /// Some other word; the note has it.
    Unrecognised,
}

impl TrackerStatus {
    const ALL: [TrackerStatus; 4] =
        [TrackerStatus::Resolved, TrackerStatus::Open, TrackerStatus::Undetermined, TrackerStatus::Unrecognised];

    /// The tracker's word.
    pub fn as_str(self) -> &'static str {
        match self {
            TrackerStatus::Resolved => "resolved",
            TrackerStatus::Open => "open",
            TrackerStatus::Undetermined => "undetermined",
            TrackerStatus::Unrecognised => "unrecognised",
        }
    }

    pub(crate) fn from_word(word: &str) -> TrackerStatus {
        TrackerStatus::ALL.into_iter().find(|status| status.as_str() == word).unwrap_or(TrackerStatus::Unrecognised)
    }

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<TrackerStatus> {
        TrackerStatus::ALL.get(usize::from(code)).copied()
    }
}

/// The tracker's `urgency`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Nobody looked yet.
    NotYetAssigned,
    /// The release or the package gets no support any more.
    EndOfLife,
    /// A bug, but no security problem as Debian builds or uses it.
    Unimportant,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Some other word.
    Unrecognised,
}

impl Urgency {
    const ALL: [Urgency; 7] = [
        Urgency::NotYetAssigned,
        Urgency::EndOfLife,
        Urgency::Unimportant,
        Urgency::Low,
        Urgency::Medium,
        Urgency::High,
        Urgency::Unrecognised,
    ];

    /// The tracker's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Urgency::NotYetAssigned => "not yet assigned",
            Urgency::EndOfLife => "end-of-life",
            Urgency::Unimportant => "unimportant",
            Urgency::Low => "low",
            Urgency::Medium => "medium",
            Urgency::High => "high",
            Urgency::Unrecognised => "unrecognised",
        }
    }

    /// Reads the tracker's words; `low**` is how it once marked an urgency that was taken over from NVD.
    pub(crate) fn from_words(words: &str) -> Urgency {
        let words = words.trim_end_matches('*');
        Urgency::ALL.into_iter().find(|urgency| urgency.as_str() == words).unwrap_or(Urgency::Unrecognised)
    }

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Urgency> {
        Urgency::ALL.get(usize::from(code)).copied()
    }
}

/// Why there is no security advisory (`nodsa_reason`), where the tracker says that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoDsaReason {
    /// No reason given: too minor for an advisory, may be fixed by a point release.
    Unstated,
    /// Will be fixed along with something else.
    Postponed,
    /// Will not be fixed in this release.
    Ignored,
}

impl NoDsaReason {
    /// The tracker's word; `no-dsa` where it gives no reason.
    pub fn as_str(self) -> &'static str {
        match self {
            NoDsaReason::Unstated => "no-dsa",
            NoDsaReason::Postponed => "postponed",
            NoDsaReason::Ignored => "ignored",
        }
    }

    /// A word that is not known counts as no reason: the package is affected all the same.
    pub(crate) fn from_word(word: &str) -> NoDsaReason {
        match word {
            "postponed" => NoDsaReason::Postponed,
            "ignored" => NoDsaReason::Ignored,
            _ => NoDsaReason::Unstated,
        }
    }

    /// 0 stands for no remark at all.
    pub(crate) fn code(reason: Option<NoDsaReason>) -> u8 {
        match reason {
            None => 0,
            Some(NoDsaReason::Unstated) => 1,
            Some(NoDsaReason::Postponed) => 2,
            Some(NoDsaReason::Ignored) => 3,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Option<NoDsaReason>> {
        match code {
            0 => Some(None),
            1 => Some(Some(NoDsaReason::Unstated)),
            2 => Some(Some(NoDsaReason::Postponed)),
            3 => Some(Some(NoDsaReason::Ignored)),
            _ => None,
        }
    }
}

/// One record of a database.
#[derive(Clone, Copy, Debug)]
pub struct Advisory<'a> {
    pub(crate) database: &'a Database,
    pub(crate) description: u32,
    /// The vulnerability: a CVE id, or the tracker's own `TEMP-…`.
    pub id: &'a str,
    /// Source package.
    pub source: &'a str,
    /// Status.
    pub status: TrackerStatus,
    /// Urgency.
    pub urgency: Urgency,
    /// Whether, and why, there is no security advisory.
    pub no_dsa: Option<NoDsaReason>,
    /// The source version that has the fix; `0` says never affected.
    pub fixed_version: Option<&'a str>,
    /// The tracker's remark (`nodsa`), or the word that was not recognised.
    pub note: Option<&'a str>,
    /// Number of Debian's bug report.
    pub debian_bug: Option<u32>,
}

impl<'a> Advisory<'a> {
    /// The description; empty where the feed has none (always for `TEMP-…`).
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn description(&self) -> Result<&'a str, AdvisoryError> {
        self.database.description_text(self.description)
    }

    /// The record as traces show it.
    pub fn to_record(&self) -> AdvisoryRecord {
        let header = self.database.header();
        let note = match (self.no_dsa, self.note) {
            (Some(reason), Some(note)) => Some(format!("{}: {note}", reason.as_str())),
            (Some(reason), None) => Some(reason.as_str().to_owned()),
            (None, note) => note.map(str::to_owned),
        };
        AdvisoryRecord {
            feed: header.origin.feed.clone(),
            fetched_at: Some(header.origin.fetched_at.to_string()),
            feed_digest: Some(header.origin.digest.clone()),
            release: header.release.clone(),
            source_package: self.source.to_owned(),
            status: self.status.as_str().to_owned(),
            urgency: Some(self.urgency.as_str().to_owned()),
            note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_round_trip() {
        for status in TrackerStatus::ALL {
            assert_eq!(TrackerStatus::from_code(status.code()), Some(status));
            assert_eq!(TrackerStatus::from_word(status.as_str()), status);
        }
        for urgency in Urgency::ALL {
            assert_eq!(Urgency::from_code(urgency.code()), Some(urgency));
            assert_eq!(Urgency::from_words(urgency.as_str()), urgency);
        }
        for reason in [None, Some(NoDsaReason::Unstated), Some(NoDsaReason::Postponed), Some(NoDsaReason::Ignored)] {
            assert_eq!(NoDsaReason::from_code(NoDsaReason::code(reason)), Some(reason));
        }
        assert_eq!(TrackerStatus::from_word("Open"), TrackerStatus::Unrecognised);
        assert_eq!(Urgency::from_words("medium**"), Urgency::Medium);
        assert_eq!((TrackerStatus::from_code(9), Urgency::from_code(9), NoDsaReason::from_code(9)), (None, None, None));
    }
}
