//! Entries: what a feed says about one vulnerability in one package, in the form that every feed's reader yields.
//!
//! A reader translates and decides nothing: which entry counts for a host, and what follows from it, is the matcher's.
//! What a feed leaves open stays open here (no range, no version), so that the verdict can say so.

use assay_model::finding::{Confidence, FixState};

use crate::AdvisoryError;
use crate::scope::Scope;
use crate::version::{ParseVersionError, VersionOrder};

/// What the name and the versions of an entry are those of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The source package: dpkg's `Source`, apk's `o:`, the name of rpm's `SOURCERPM`.
    Source,
    /// The package as it is installed; a library always is.
    Binary,
}

/// Where a range of affected versions ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeEnd {
    /// This version has the fix: the first that is not affected.
    Fixed(String),
    /// The last that is affected.
    LastAffected(String),
    /// It does not: there is no fix. Why is said by [`Statement::Affected::unfixed`].
    Open,
}

/// One range of affected versions, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffectedRange {
    /// The first affected version; absent for "from the beginning" (OSV's `0` among them).
    pub introduced: Option<String>,
    /// Its end.
    pub end: RangeEnd,
}

/// What is said about the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Versions in these ranges, and these versions, are affected. With no range and no version the publisher does not
    /// say which: the verdict is suspected.
    Affected {
        /// Ranges.
        ranges: Vec<AffectedRange>,
        /// Single versions, beside the ranges.
        versions: Vec<String>,
        /// Why there is no fix, where a range is open: one of the states other than `FixedIn`.
        unfixed: FixState,
    },
    /// It is not affected, whatever its version.
    NotAffected {
        /// The publisher's reason, for example `vulnerable_code_not_present`.
        reason: Option<String>,
    },
    /// The publisher does not know yet.
    UnderInvestigation,
    /// The publisher says something that this version of Assay does not understand; `status` has its word.
    NotUnderstood,
}

/// What a feed says about one vulnerability in one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The vulnerability: a CVE id where there is one, else the feed's own id (`GHSA-…`, `TEMP-…`, `RUSTSEC-…`).
    pub id: String,
    /// The same vulnerability's other ids, and the ids of the publisher's notices about it (`GHSA-…`, `RHSA-…`, `USN-…`).
    pub aliases: Vec<String>,
    /// Package name in the spelling of the evidence.
    pub package: String,
    /// Of what the name and versions are.
    pub level: Level,
    /// The module stream it is about: `NAME:STREAM`, or `*` where the feed says "some module" but not which.
    pub module: Option<String>,
    /// The channel of updates that its fix is in, where it is not the one that every host has: `esm-infra`, `esm-apps`,
    /// `eus`, `aus`, `e4s`, `tus`, `fips`, followed by `-RELEASE` where it is for a minor release (`eus-9.2`).
    pub channel: Option<String>,
    /// The architectures that it is about, in the package database's words; empty means all.
    pub architectures: Vec<String>,
    /// What is said.
    pub statement: Statement,
    /// How far the statement itself can be trusted; less than certain for what was derived (from a CPE, a bare name).
    pub confidence: Confidence,
    /// The publisher's own word for the state (`resolved`, `known_not_affected`, `needed`); empty where it has none.
    pub status: String,
    /// The publisher's own word for how bad it is (`important`, `unimportant`); empty where it has none.
    pub severity: String,
    /// CVSS vectors that the feed states, with prefix where their version has one.
    pub cvss: Vec<String>,
    /// The publisher's remark on this package, for example why there will be no fix.
    pub note: String,
    /// What the vulnerability is; empty where the feed has none.
    pub description: String,
    /// Address of the publisher's page about it, where it cannot be derived from the id.
    pub reference: String,
}

impl AffectedRange {
    /// Whether a version lies in the range.
    ///
    /// # Errors
    ///
    /// When the version, or a border of the range that it must be compared with, is no version of the order.
    pub fn contains(&self, version: &str, order: VersionOrder) -> Result<bool, ParseVersionError> {
        if let Some(introduced) = &self.introduced
            && order.compare(version, introduced)?.is_lt()
        {
            return Ok(false);
        }
        match &self.end {
            RangeEnd::Fixed(fixed) => Ok(order.compare(version, fixed)?.is_lt()),
            RangeEnd::LastAffected(last) => Ok(order.compare(version, last)?.is_le()),
            RangeEnd::Open => order.parse(version).map(|_| true),
        }
    }
}

impl Entry {
    /// An entry of which the rest is empty: no module, no channel, every architecture, certain.
    pub fn new(id: impl Into<String>, package: impl Into<String>, level: Level, statement: Statement) -> Entry {
        Entry {
            id: id.into(),
            aliases: Vec::new(),
            package: package.into(),
            level,
            module: None,
            channel: None,
            architectures: Vec::new(),
            statement,
            confidence: Confidence::Certain,
            status: String::new(),
            severity: String::new(),
            cvss: Vec::new(),
            note: String::new(),
            description: String::new(),
            reference: String::new(),
        }
    }
}

impl Statement {
    /// Affected before this version, which has the fix.
    pub fn fixed_in(version: impl Into<String>) -> Statement {
        let range = AffectedRange { introduced: None, end: RangeEnd::Fixed(version.into()) };
        Statement::Affected { ranges: vec![range], versions: Vec::new(), unfixed: FixState::NoFixYet }
    }

    /// Affected in every version, and why there is no fix.
    pub fn unfixed(state: FixState) -> Statement {
        let range = AffectedRange { introduced: None, end: RangeEnd::Open };
        Statement::Affected { ranges: vec![range], versions: Vec::new(), unfixed: state }
    }

    /// Affected, but the publisher does not say in which versions.
    pub fn range_unknown() -> Statement {
        Statement::Affected { ranges: Vec::new(), versions: Vec::new(), unfixed: FixState::NoFixYet }
    }
}

/// Takes the entries of a feed as a reader finds them.
pub trait EntrySink {
    /// Takes one entry of a scope.
    ///
    /// # Errors
    ///
    /// When the entry is over a limit; the reader then stops and passes the error on.
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError>;

    /// Takes note of a record that the reader could not use, and why. Counted: a feed of which a fifth is malformed is
    /// not trusted.
    fn malformed(&mut self, place: &str, detail: &str);

    /// Whether the entries of a scope are wanted; a reader may ask to save work.
    fn wants(&self, _scope: &Scope) -> bool {
        true
    }
}

impl EntrySink for Vec<(Scope, Entry)> {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        self.push((scope.clone(), entry));
        Ok(())
    }

    fn malformed(&mut self, _place: &str, _detail: &str) {}
}
