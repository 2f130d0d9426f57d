//! Pages: keyset positions instead of offsets, so that a page costs the same wherever it is.
//!
//! A position is a row's place in the order, not a row number: rows that come or go between two pages shift nothing.

use assay_model::arn::{Id, ParseArnError, Realm, RunArn, TargetArn, TemplateArn};
use serde::{Deserialize, Serialize};

/// How much of a listing is wanted, and from where.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<P> {
    /// At most so many items; zero gives none.
    pub limit: u32,
    /// Only what comes after this position; absent starts at the beginning.
    pub after: Option<P>,
}

impl<P> Page<P> {
    /// The first items.
    pub fn first(limit: u32) -> Page<P> {
        Page { limit, after: None }
    }

    /// All items.
    pub fn all() -> Page<P> {
        Page::first(u32::MAX)
    }

    /// The items that follow a position.
    pub fn after(position: P, limit: u32) -> Page<P> {
        Page { limit, after: Some(position) }
    }
}

/// Some items in order, and where the next ones begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T, P> {
    /// The items.
    pub items: Vec<T>,
    /// The position of the last item; absent when nothing follows.
    pub next: Option<P>,
}

impl<T, P> Listing<T, P> {
    /// Makes a listing of rows that were asked for with one more than the limit: the one too many tells that more follow.
    pub(crate) fn of_rows(mut rows: Vec<(P, T)>, limit: u32) -> Listing<T, P> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more_follow = rows.len() > limit;
        rows.truncate(limit);
        let (mut positions, items): (Vec<P>, Vec<T>) = rows.into_iter().unzip();
        Listing { items, next: if more_follow { positions.pop() } else { None } }
    }
}

/// A run's place in the order *newest first*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunPosition {
    pub(super) created_at: i64,
    pub(super) arn: RunArn,
    pub(super) agent_id: String,
}

/// A finding's place in the order *worst first*: by risk, then by run, then by its place in the run.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingPosition {
    pub(super) risk: f64,
    pub(super) run: RunArn,
    pub(super) ordinal: i64,
}

/// A finding's place in the order in which findings were made: by time, then by run, then by its place in the run. It says no
/// more of the run than its ids, so that it is short enough for a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPlace {
    #[serde(rename = "t")]
    pub(super) created_at: i64,
    #[serde(rename = "r")]
    ids: [Id; 3],
    #[serde(rename = "o")]
    pub(super) ordinal: i64,
}

impl FindingPlace {
    pub(super) fn of(created_at: i64, run: &RunArn, ordinal: i64) -> Result<FindingPlace, ParseArnError> {
        let template = run.template();
        let ids = [template.target().id().parse()?, template.id().parse()?, run.id().parse()?];
        Ok(FindingPlace { created_at, ids, ordinal })
    }

    /// The run, which is of this realm.
    pub(super) fn run(&self, realm: &Realm) -> RunArn {
        let [target, template, run] = &self.ids;
        RunArn::new(&TemplateArn::new(&TargetArn::new(realm, target), template), run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_too_many_tells_that_more_follow() {
        let rows = |count: u32| (0..count).map(|number| (number, number * 10)).collect::<Vec<_>>();
        for (count, limit, items, next) in
            [(0, 2, vec![], None), (2, 2, vec![0, 10], None), (3, 2, vec![0, 10], Some(1)), (1, 0, vec![], None)]
        {
            assert_eq!(Listing::of_rows(rows(count), limit), Listing { items, next }, "{count} rows, limit {limit}");
        }
    }
}
