//! Cells: findings of one host in one run that share rules package, severity and time; and the items they hold.
//!
//! A filter is applied to cells before any finding is read. One million findings are some ten thousand cells, so even a filter
//! that nothing matches costs a walk over few narrow rows. What an item stands for cannot be read back from it: what a cell
//! may hold is found by items, what a finding does have is then read from the finding. Which findings of a cell have an item is
//! roughly known, so that two items that no finding has together are mostly seen without reading any.

use std::collections::BTreeMap;
use std::ops::Range;

use assay_model::attribute::Attribute;
use assay_model::finding::Finding;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::statement::{Statement, Value, insert_rows};

/// Where the ordinals are in the row of a cell.
pub(super) const CELL_ORDINALS: Range<usize> = 8..10;

/// What an item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// The id of a rule.
    Rule,
    /// A pair among the system attributes, or only its key.
    Attribute,
    /// A pair among the user's attributes, or only its key.
    UserAttribute,
}

/// The number that stands for an item in a realm; two items share one in 2^64 cases, and then cost time, not truth.
pub(super) fn item_number(realm: &str, kind: ItemKind, key: &str, value: Option<&str>) -> i64 {
    let kind = match kind {
        ItemKind::Rule => "rule",
        ItemKind::Attribute => "attribute",
        ItemKind::UserAttribute => "user attribute",
    };
    let has_value = if value.is_some() { "=" } else { "" };
    number_of(&[realm, kind, key, has_value, value.unwrap_or_default()])
}

fn number_of(parts: &[&str]) -> i64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let number = hash.finalize().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    i64::from_ne_bytes(number.to_ne_bytes())
}

/// The bit of a finding among those of its cell. Findings may share one, which costs time, not truth.
pub(super) fn place_of(ordinal: i64) -> i64 {
    1 << ordinal.rem_euclid(63)
}

/// What the findings of a cell share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shared {
    agent_id: String,
    scaling_group: String,
    rules_package: &'static str,
    severity: &'static str,
    created_at: i64,
}

#[derive(Debug)]
struct Cell {
    id: i64,
    first: i64,
    last: i64,
    findings: i64,
    /// The findings that have an item, as [`place_of`] says.
    items: BTreeMap<i64, i64>,
}

/// Sorts the findings of a run into cells.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    realm: &'a str,
    run: &'a str,
    cells: BTreeMap<Shared, Cell>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(realm: &'a str, run: &'a str) -> Cells<'a> {
        Cells { realm, run, cells: BTreeMap::new() }
    }

    /// Adds a finding, whose ordinals rise, and gives the id of its cell.
    pub(super) fn add(
        &mut self,
        ordinal: i64,
        finding: &Finding,
        attributes: &[Attribute],
        scaling_group: &str,
    ) -> i64 {
        let shared = Shared {
            agent_id: finding.asset.agent_id.clone(),
            scaling_group: scaling_group.to_owned(),
            rules_package: finding.rules_package.slug(),
            severity: finding.severity.as_str(),
            created_at: finding.created_at.as_millisecond(),
        };
        let Cells { realm, run, cells } = self;
        let cell = cells.entry(shared).or_insert_with_key(|shared| {
            let time = shared.created_at.to_string();
            let Shared { agent_id, scaling_group, rules_package, severity, .. } = shared;
            let id = number_of(&[run, agent_id, scaling_group, rules_package, severity, &time]);
            Cell { id, first: ordinal, last: ordinal, findings: 0, items: BTreeMap::new() }
        });
        cell.last = ordinal;
        cell.findings += 1;
        let mut add = |item| *cell.items.entry(item).or_default() |= place_of(ordinal);
        add(item_number(realm, ItemKind::Rule, &finding.rule_id, None));
        let pairs = attributes.iter().map(|pair| (ItemKind::Attribute, pair));
        for (kind, pair) in pairs.chain(finding.user_attributes.iter().map(|pair| (ItemKind::UserAttribute, pair))) {
            numbers_of_pair(realm, kind, pair).into_iter().for_each(&mut add);
        }
        cell.id
    }

    /// The rows of `finding_cell` and of `finding_item`.
    pub(super) fn into_rows(self) -> (Vec<Vec<Value>>, Vec<Vec<Value>>) {
        let Cells { realm, run, cells } = self;
        let mut cell_rows = Vec::with_capacity(cells.len());
        let mut item_rows = Vec::new();
        for (shared, cell) in cells {
            cell_rows.push(vec![
                cell.id.into(),
                realm.into(),
                run.into(),
                shared.agent_id.into(),
                shared.scaling_group.into(),
                shared.rules_package.into(),
                shared.severity.into(),
                shared.created_at.into(),
                cell.first.into(),
                cell.last.into(),
                cell.findings.into(),
                1.into(),
            ]);
            let items = cell.items.into_iter();
            item_rows.extend(items.map(|(item, places)| vec![item.into(), cell.id.into(), places.into()]));
        }
        (cell_rows, item_rows)
    }
}

/// A pair is found by key and value, and by its key alone.
fn numbers_of_pair(realm: &str, kind: ItemKind, Attribute { key, value }: &Attribute) -> [i64; 2] {
    [item_number(realm, kind, key, Some(value)), item_number(realm, kind, key, None)]
}

/// Inserts the rows of cells and items.
pub(super) async fn insert_cells(
    connection: &mut AnyConnection,
    cells: Vec<Vec<Value>>,
    items: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    const INSERT_CELL: &str = "INSERT INTO finding_cell (id, realm, run_arn, agent_id, scaling_group, rules_package, severity, \
                               created_at, first_ordinal, last_ordinal, findings, is_indexed) VALUES ";
    const INSERT_ITEM: &str = "INSERT INTO finding_item (item, cell, places) VALUES ";
    insert_rows(connection, INSERT_CELL, cells.into_iter()).await?;
    insert_rows(connection, INSERT_ITEM, items.into_iter()).await
}

/// Says that a finding of a cell has a pair of user attributes; that it once did is never taken back, and costs little.
pub(super) async fn add_user_attribute(
    connection: &mut AnyConnection,
    realm: &str,
    cell: i64,
    ordinal: i64,
    pair: &Attribute,
) -> Result<(), sqlx::Error> {
    let place = place_of(ordinal);
    for item in numbers_of_pair(realm, ItemKind::UserAttribute, pair) {
        let mut update = Statement::new("UPDATE finding_item SET places = places | CAST(");
        update.bind(place).push(" AS BIGINT)");
        update.condition("item = ").bind(item).condition("cell = ").bind(cell);
        if update.execute(connection).await? == 0 {
            insert_cells(connection, Vec::new(), vec![vec![item.into(), cell.into(), place.into()]]).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn items_are_told_apart() {
        let number = |kind, key, value| item_number("us-east-1/000000000000", kind, key, value);
        let all = [
            number(ItemKind::Rule, "PORT", None),
            number(ItemKind::Attribute, "PORT", None),
            number(ItemKind::Attribute, "PORT", Some("")),
            number(ItemKind::Attribute, "PORT", Some("22")),
            number(ItemKind::Attribute, "PORT2", Some("2")),
            number(ItemKind::UserAttribute, "PORT", Some("22")),
            item_number("us-east-2/000000000000", ItemKind::Attribute, "PORT", Some("22")),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(all[3], number(ItemKind::Attribute, "PORT", Some("22")));
    }
}
