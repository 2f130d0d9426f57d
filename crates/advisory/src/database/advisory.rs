//! One advisory: what a feed says about one vulnerability in one package, as a database holds it.
//!
//! The mapped form of [`Entry`](crate::Entry). What decides is read at once; texts that are only shown are read when
//! they are asked for, so that a match touches no page of them.

use assay_model::finding::{Confidence, FixState};
use assay_model::trace::AdvisoryRecord;

use super::container::Record;
use super::file::{Database, View};
use crate::AdvisoryError;
use crate::entry::Level;

/// What is said about the package; the mapped form of [`Statement`](crate::Statement).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementKind {
    /// Versions in [`Advisory::ranges`] are affected.
    Affected,
    /// Not affected, whatever the version.
    NotAffected,
    /// The publisher does not know yet.
    UnderInvestigation,
    /// The publisher's word is not known to this version.
    NotUnderstood,
}

impl StatementKind {
    const ALL: [StatementKind; 4] = [
        StatementKind::Affected,
        StatementKind::NotAffected,
        StatementKind::UnderInvestigation,
        StatementKind::NotUnderstood,
    ];

    fn from_code(code: u8) -> Option<StatementKind> {
        StatementKind::ALL.get(usize::from(code)).copied()
    }
}

/// Every fix state, by its code.
const FIX_STATES: [FixState; 7] = [
    FixState::FixedIn,
    FixState::NoFixYet,
    FixState::NoDsa,
    FixState::Ignored,
    FixState::EndOfLife,
    FixState::OtherChannel,
    FixState::RestartNeeded,
];

const CONFIDENCES: [Confidence; 3] = [Confidence::Suspected, Confidence::Likely, Confidence::Certain];

/// The four codes of a record: statement, fix state, level and confidence, origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    pub(crate) statement: StatementKind,
    pub(crate) unfixed: FixState,
    pub(crate) level: Level,
    pub(crate) confidence: Confidence,
    pub(crate) origin: u8,
}

impl Codes {
    pub(crate) fn to_bytes(self) -> [u8; 4] {
        let level = match self.level {
            Level::Source => 0,
            Level::Binary => 1,
        };
        [self.statement as u8, self.unfixed as u8, level | (self.confidence as u8) << 1, self.origin]
    }

    pub(crate) fn from_bytes(bytes: [u8; 4]) -> Option<Codes> {
        let [statement, unfixed, level, origin] = bytes;
        Some(Codes {
            statement: StatementKind::from_code(statement)?,
            unfixed: FIX_STATES.get(usize::from(unfixed)).copied()?,
            level: if level & 1 == 0 { Level::Source } else { Level::Binary },
            confidence: CONFIDENCES.get(usize::from(level >> 1)).copied()?,
            origin,
        })
    }
}

/// Where a range of affected versions ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// The first version that is not affected.
    Fixed(&'a str),
    /// The last version that is affected.
    LastAffected(&'a str),
    /// There is no fix.
    Open,
    /// Only this version is affected; it has no `introduced`.
    Exactly(&'a str),
}

/// One range of affected versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<'a> {
    /// The first affected version; absent for "from the beginning".
    pub introduced: Option<&'a str>,
    /// Its end.
    pub end: End<'a>,
}

/// The places of a record's texts that are only shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) aliases: u32,
    pub(crate) status: u32,
    pub(crate) severity: u32,
    pub(crate) cvss: u32,
    pub(crate) note: u32,
    pub(crate) description: u32,
    pub(crate) reference: u32,
}

/// One record of a database.
#[derive(Clone, Copy, Debug)]
pub struct Advisory<'a> {
    pub(crate) database: &'a Database,
    pub(crate) shown: Shown,
    pub(crate) ranges: (u32, u32),
    pub(crate) origin: u8,
    /// The vulnerability: a CVE id where it has one.
    pub id: &'a str,
    /// Package, at [`Advisory::level`].
    pub package: &'a str,
    /// Whether the package is a source package.
    pub level: Level,
    /// `NAME:STREAM` of the module stream, or `*`; absent for packages outside of modules.
    pub module: Option<&'a str>,
    /// The channel that the fix is in, where it is not everybody's.
    pub channel: Option<&'a str>,
    /// The architectures, separated by blanks; absent for all.
    pub architectures: Option<&'a str>,
    /// What is said.
    pub statement: StatementKind,
    /// Why there is no fix, where a range is open.
    pub unfixed: FixState,
    /// How far the statement can be trusted.
    pub confidence: Confidence,
}

impl<'a> Advisory<'a> {
    pub(crate) fn read(view: &View<'a>, record: Record<'a>) -> Result<Advisory<'a>, AdvisoryError> {
        let database = view.database();
        let codes = [record.u8(56)?, record.u8(57)?, record.u8(58)?, record.u8(59)?];
        let codes = Codes::from_bytes(codes).ok_or_else(|| database.corrupt("a record has an unknown code"))?;
        Ok(Advisory {
            database,
            id: view.id(record.u32(0)?)?,
            package: view.package(record.u32(4)?)?,
            ranges: (record.u32(8)?, record.u32(12)?),
            module: view.optional_text(record.u32(16)?)?,
            channel: view.optional_text(record.u32(20)?)?,
            architectures: view.optional_text(record.u32(24)?)?,
            shown: Shown {
                aliases: record.u32(28)?,
                status: record.u32(32)?,
                severity: record.u32(36)?,
                cvss: record.u32(40)?,
                note: record.u32(44)?,
                description: record.u32(48)?,
                reference: record.u32(52)?,
            },
            level: codes.level,
            statement: codes.statement,
            unfixed: codes.unfixed,
            confidence: codes.confidence,
            origin: codes.origin,
        })
    }

    /// The affected ranges and versions, in the publisher's order.
    ///
    /// # Errors
    ///
    /// When the database is damaged; so for every other text.
    pub fn ranges(&self) -> Result<Vec<Range<'a>>, AdvisoryError> {
        self.database.view()?.ranges(self.ranges)
    }

    /// The other ids of the vulnerability and its notices.
    pub fn aliases(&self) -> Result<impl Iterator<Item = &'a str>, AdvisoryError> {
        Ok(self.database.text(self.shown.aliases)?.split_ascii_whitespace())
    }

    /// The publisher's word for the state; empty where it has none.
    pub fn status(&self) -> Result<&'a str, AdvisoryError> {
        self.database.text(self.shown.status)
    }

    /// The publisher's word for how bad it is; empty where it has none.
    pub fn severity(&self) -> Result<&'a str, AdvisoryError> {
        self.database.text(self.shown.severity)
    }

    /// The CVSS vectors that the publisher states.
    pub fn cvss(&self) -> Result<impl Iterator<Item = &'a str>, AdvisoryError> {
        Ok(self.database.text(self.shown.cvss)?.split_ascii_whitespace())
    }

    /// The publisher's remark; empty where there is none.
    pub fn note(&self) -> Result<&'a str, AdvisoryError> {
        self.database.text(self.shown.note)
    }

    /// The description; empty where the feed has none.
    pub fn description(&self) -> Result<&'a str, AdvisoryError> {
        self.database.description_text(self.shown.description)
    }

    /// Address of the publisher's page; empty where the feed states none.
    pub fn reference(&self) -> Result<&'a str, AdvisoryError> {
        self.database.text(self.shown.reference)
    }

    /// The feed that says it.
    ///
    /// # Errors
    ///
    /// When the database is damaged.
    pub fn origin(&self) -> Result<&'a crate::FeedOrigin, AdvisoryError> {
        let origin = self.database.header().origins.get(usize::from(self.origin));
        origin.ok_or_else(|| self.database.corrupt("a record comes from no feed"))
    }

    /// Whose packages it is about.
    pub fn platform(&self) -> crate::Platform {
        self.database.header().scope.platform()
    }

    /// The record as traces show it; what is damaged is left out.
    pub fn to_record(&self) -> AdvisoryRecord {
        let header = self.database.header();
        let origin = self.origin().ok();
        let some = |text: Result<&str, AdvisoryError>| text.ok().filter(|text| !text.is_empty()).map(str::to_owned);
        AdvisoryRecord {
            feed: origin.map(|origin| origin.feed.clone()).unwrap_or_default(),
            fetched_at: origin.map(|origin| origin.fetched_at.to_string()),
            feed_digest: origin.map(|origin| origin.digest.clone()),
            release: match header.scope.release() {
                "" => header.scope.to_string(),
                release => release.to_owned(),
            },
            source_package: self.package.to_owned(),
            status: some(self.status()).unwrap_or_default(),
            urgency: some(self.severity()),
            note: some(self.note()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for statement in StatementKind::ALL {
            for unfixed in FIX_STATES {
                for confidence in CONFIDENCES {
                    for level in [Level::Source, Level::Binary] {
                        let codes = Codes { statement, unfixed, level, confidence, origin: 7 };
                        let again = Codes::from_bytes(codes.to_bytes()).unwrap();
                        let found = (again.statement, again.unfixed, again.level, again.confidence, again.origin);
                        assert_eq!(found, (statement, unfixed, level, confidence, 7));
                    }
                }
            }
        }
        for damaged in [[4, 0, 0, 0], [0, 7, 0, 0], [0, 0, 6, 0]] {
            assert!(Codes::from_bytes(damaged).is_none(), "{damaged:?}");
        }
    }
}
