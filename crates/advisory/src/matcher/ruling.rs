//! Ruling: an advisory, prepared to judge many packages.

use std::cmp::Ordering;

use assay_model::finding::FixState;

use super::verdict::{Status, SuspectedReason, UnknownReason};
use crate::AdvisoryError;
use crate::database::{Advisory, End, Range, StatementKind};
use crate::version::{Version, VersionOrder};

/// An advisory with its versions parsed.
#[derive(Debug)]
pub(crate) struct Ruling<'a> {
    pub(crate) advisory: Advisory<'a>,
    pub(crate) ranges: Vec<Range<'a>>,
    judges_by: JudgesBy<'a>,
}

#[derive(Debug)]
enum JudgesBy<'a> {
    /// Nothing has to be compared.
    Status(Status),
    Ranges(Vec<ParsedRange<'a>>),
}

#[derive(Clone, Copy, Debug)]
struct ParsedRange<'a> {
    introduced: Option<Version<'a>>,
    end: ParsedEnd<'a>,
}

#[derive(Clone, Copy, Debug)]
enum ParsedEnd<'a> {
    Fixed(Version<'a>),
    LastAffected(Version<'a>),
    Open,
    Exactly(Version<'a>),
    /// One of its versions cannot be read.
    Unreadable,
}

/// How a version stands to an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing<'a> {
    pub(crate) status: Status,
    /// The version it was compared with.
    pub(crate) bound: Option<&'a str>,
    /// How it compares with that.
    pub(crate) order: Option<Ordering>,
}

impl<'a> Ruling<'a> {
    pub(crate) fn new(advisory: Advisory<'a>, order: VersionOrder) -> Result<Ruling<'a>, AdvisoryError> {
        let ranges = advisory.ranges()?;
        let judges_by = match advisory.statement {
            StatementKind::NotAffected => JudgesBy::Status(Status::NotAffected),
            StatementKind::UnderInvestigation => JudgesBy::Status(Status::Unknown(UnknownReason::Undetermined)),
            StatementKind::NotUnderstood => JudgesBy::Status(Status::Unknown(UnknownReason::UnrecognisedStatus)),
            StatementKind::Affected if ranges.is_empty() => {
                JudgesBy::Status(Status::Suspected(SuspectedReason::RangeUnknown))
            }
            StatementKind::Affected => {
                JudgesBy::Ranges(ranges.iter().map(|range| ParsedRange::new(range, order)).collect())
            }
        };
        Ok(Ruling { advisory, ranges, judges_by })
    }

    /// How an installed version stands to it; absent for one that cannot be read.
    pub(crate) fn judge(&self, version: Option<&Version<'_>>) -> Standing<'a> {
        match &self.judges_by {
            JudgesBy::Status(status) => Standing { status: *status, bound: None, order: None },
            JudgesBy::Ranges(ranges) => self.judge_ranges(ranges, version),
        }
    }

    fn judge_ranges(&self, ranges: &[ParsedRange<'a>], version: Option<&Version<'_>>) -> Standing<'a> {
        let unfixed = Standing { status: Status::Affected(self.advisory.unfixed), bound: None, order: None };
        let unknown = |reason| Standing { status: Status::Unknown(reason), bound: None, order: None };
        let Some(version) = version else {
            // All versions are affected, whichever this one is.
            let is_all = |range: &ParsedRange<'_>| range.introduced.is_none() && matches!(range.end, ParsedEnd::Open);
            return if ranges.iter().any(is_all) { unfixed } else { unknown(UnknownReason::InstalledVersion) };
        };
        // Outside of every range, unless one says otherwise: fixed when it is past a fix, else never affected.
        let mut best = Standing { status: Status::NotAffected, bound: None, order: None };
        let mut is_undecidable = false;
        for range in ranges {
            if range.introduced.is_some_and(|introduced| compare(version, &introduced) == Ordering::Less) {
                continue;
            }
            match range.end {
                ParsedEnd::Open => return unfixed,
                ParsedEnd::Unreadable => is_undecidable = true,
                ParsedEnd::Fixed(fixed) => {
                    let order = compare(version, &fixed);
                    let bound = Some(fixed.text());
                    if order == Ordering::Less {
                        let status = Status::Affected(FixState::FixedIn);
                        return Standing { status, bound, order: Some(order) };
                    }
                    best = Standing { status: Status::Fixed, bound, order: Some(order) };
                }
                ParsedEnd::LastAffected(last) => {
                    let order = compare(version, &last);
                    if order != Ordering::Greater {
                        return Standing { bound: Some(last.text()), order: Some(order), ..unfixed };
                    }
                    best = Standing { status: Status::Fixed, bound: Some(last.text()), order: Some(order) };
                }
                ParsedEnd::Exactly(exact) => {
                    let order = compare(version, &exact);
                    if order == Ordering::Equal {
                        return Standing { bound: Some(exact.text()), order: Some(order), ..unfixed };
                    }
                }
            }
        }
        match is_undecidable {
            true if self.ranges.iter().any(|range| range.end == End::Fixed("")) => {
                unknown(UnknownReason::NoFixedVersion)
            }
            true => unknown(UnknownReason::FixedVersion),
            false => best,
        }
    }
}

/// Versions of one order always compare.
fn compare(left: &Version<'_>, right: &Version<'_>) -> Ordering {
    left.compare(right).unwrap_or(Ordering::Equal)
}

impl<'a> ParsedRange<'a> {
    fn new(range: &Range<'a>, order: VersionOrder) -> ParsedRange<'a> {
        let parse = |text: &'a str| order.parse(text).ok();
        let end = match range.end {
            End::Fixed(text) => parse(text).map(ParsedEnd::Fixed),
            End::LastAffected(text) => parse(text).map(ParsedEnd::LastAffected),
            End::Exactly(text) => parse(text).map(ParsedEnd::Exactly),
            End::Open => Some(ParsedEnd::Open),
        };
        match (range.introduced, end) {
            (None, Some(end)) => ParsedRange { introduced: None, end },
            (Some(introduced), Some(end)) => match parse(introduced) {
                Some(introduced) => ParsedRange { introduced: Some(introduced), end },
                None => ParsedRange { introduced: None, end: ParsedEnd::Unreadable },
            },
            (_, None) => ParsedRange { introduced: None, end: ParsedEnd::Unreadable },
        }
    }
}
