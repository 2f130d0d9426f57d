//! The words of the Debian security tracker. A word that is none of them makes the verdict unknown, never "not affected".

use assay_model::finding::FixState;

use crate::entry::Statement;

/// The tracker's `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TrackerStatus {
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
    pub(super) fn from_word(word: &str) -> TrackerStatus {
        match word {
            "resolved" => TrackerStatus::Resolved,
            "open" => TrackerStatus::Open,
            "undetermined" => TrackerStatus::Undetermined,
            _ => TrackerStatus::Unrecognised,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            TrackerStatus::Resolved => "resolved",
            TrackerStatus::Open => "open",
            TrackerStatus::Undetermined => "undetermined",
            TrackerStatus::Unrecognised => "unrecognised",
        }
    }
}

/// Why there is no security advisory (`nodsa_reason`), where the tracker says that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDsaReason {
    /// No reason given: too minor for an advisory, may be fixed by a point release.
    Unstated,
    /// Will be fixed along with something else.
    Postponed,
    /// Will not be fixed in this release.
    Ignored,
}

impl NoDsaReason {
    /// A word that is not known counts as no reason: the package is affected all the same.
    pub(super) fn from_word(word: &str) -> NoDsaReason {
        match word {
            "postponed" => NoDsaReason::Postponed,
            "ignored" => NoDsaReason::Ignored,
            _ => NoDsaReason::Unstated,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            NoDsaReason::Unstated => "no-dsa",
            NoDsaReason::Postponed => "postponed",
            NoDsaReason::Ignored => "ignored",
        }
    }
}

/// `low**` is how the tracker once marked an urgency that was taken over from NVD.
pub(super) fn urgency(words: &str) -> &str {
    words.trim_end_matches('*')
}

/// What a record of the tracker says.
pub(super) fn statement(
    status: TrackerStatus,
    fixed_version: &str,
    urgency: &str,
    no_dsa: Option<NoDsaReason>,
) -> Statement {
    match status {
        TrackerStatus::Resolved if fixed_version == "0" => Statement::NotAffected { reason: None },
        TrackerStatus::Resolved => Statement::fixed_in(fixed_version),
        TrackerStatus::Open => Statement::unfixed(match (urgency, no_dsa) {
            ("end-of-life", _) => FixState::EndOfLife,
            (_, Some(NoDsaReason::Ignored)) => FixState::Ignored,
            (_, Some(NoDsaReason::Postponed | NoDsaReason::Unstated)) => FixState::NoDsa,
            (_, None) => FixState::NoFixYet,
        }),
        TrackerStatus::Undetermined => Statement::UnderInvestigation,
        TrackerStatus::Unrecognised => Statement::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for word in ["resolved", "open", "undetermined"] {
            assert_eq!(TrackerStatus::from_word(word).as_str(), word);
        }
        assert_eq!(TrackerStatus::from_word("Open"), TrackerStatus::Unrecognised);
        assert_eq!(NoDsaReason::from_word("later"), NoDsaReason::Unstated);
        assert_eq!(urgency("medium**"), "medium");
    }
}
