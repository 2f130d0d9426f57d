//! Terms: the parts of a filter by which few cells may be found among many.

use super::finding_cells::{ItemKind, item_number};
use super::finding_filter::{AttributeFilter, ListedFindingFilter};
use super::statement::{Statement, Value};
use super::system_attributes::INSTANCE_ID;

/// A part of a filter. A cell meets it by any of its values.
#[derive(Debug)]
pub(super) enum Term {
    /// Cells that hold one of these items.
    Items(Vec<i64>),
    /// Cells of one of these hosts.
    Agents(Vec<String>),
    /// Cells of hosts in one of these auto scaling groups.
    Groups(Vec<String>),
    /// Cells of one of these runs.
    Runs(Vec<String>),
}

/// The terms of a filter.
pub(super) fn terms(realm: &str, filter: &ListedFindingFilter) -> Vec<Term> {
    let mut terms = Vec::new();
    if !filter.runs.is_empty() {
        terms.push(Term::Runs(filter.runs.iter().map(ToString::to_string).collect()));
    }
    if !filter.agent_ids.is_empty() {
        terms.push(Term::Agents(filter.agent_ids.clone()));
    }
    if !filter.scaling_groups.is_empty() {
        terms.push(Term::Groups(filter.scaling_groups.clone()));
    }
    if !filter.rule_ids.is_empty() {
        let items = filter.rule_ids.iter().map(|rule| item_number(realm, ItemKind::Rule, rule, None));
        terms.push(Term::Items(items.collect()));
    }
    for (kind, pairs) in [(ItemKind::Attribute, &filter.attributes), (ItemKind::UserAttribute, &filter.user_attributes)]
    {
        for AttributeFilter { key, value } in pairs {
            match value {
                Some(value) if kind == ItemKind::Attribute && key == INSTANCE_ID => {
                    terms.push(Term::Agents(vec![value.clone()]));
                }
                None if kind == ItemKind::Attribute && key == INSTANCE_ID => {}
                _ => terms.push(Term::Items(vec![item_number(realm, kind, key, value.as_deref())])),
            }
        }
    }
    terms
}

impl Term {
    /// Whether it is about items.
    pub(super) fn is_items(&self) -> bool {
        matches!(self, Term::Items(_))
    }

    /// Adds the statement that gives the ids of its cells; where it is about items, only of those in which a finding may have
    /// one of each of the `others`, too.
    pub(super) fn push_cells(&self, statement: &mut Statement, realm: &str, others: &[&Term]) {
        match self {
            Term::Items(items) => {
                statement.push("SELECT d.cell FROM finding_item d WHERE d.item IN ").bind_list(numbers(items));
                push_together(statement, others);
                statement.push(" UNION ALL SELECT id FROM finding_cell WHERE is_indexed = 0 AND realm = ").bind(realm);
            }
            Term::Agents(agents) => {
                statement.push("SELECT id FROM finding_cell WHERE realm = ").bind(realm);
                statement.push(" AND agent_id IN ").bind_list(texts(agents));
            }
            Term::Groups(groups) => {
                statement.push("SELECT id FROM finding_cell WHERE realm = ").bind(realm);
                statement.push(" AND scaling_group IN ").bind_list(texts(groups));
            }
            Term::Runs(runs) => {
                statement.push("SELECT id FROM finding_cell WHERE run_arn IN ").bind_list(texts(runs));
            }
        }
    }

    /// Adds the condition that a cell `c`, found by other means, meets; the `others` as above.
    pub(super) fn push_condition(&self, statement: &mut Statement, others: &[&Term]) {
        match self {
            Term::Items(items) => {
                statement.condition("(c.is_indexed = 0 OR EXISTS (SELECT 1 FROM finding_item d WHERE d.cell = c.id");
                statement.push(" AND d.item IN ").bind_list(numbers(items));
                push_together(statement, others);
                statement.push("))");
            }
            Term::Agents(agents) => {
                statement.condition("c.agent_id || '' IN ").bind_list(texts(agents));
            }
            Term::Groups(groups) => {
                statement.condition("c.scaling_group || '' IN ").bind_list(texts(groups));
            }
            Term::Runs(runs) => {
                statement.condition("c.run_arn || '' IN ").bind_list(texts(runs));
            }
        }
    }
}

/// That a finding may have what `d` stands for together with one of each of other items: with three or more, two and two.
fn push_together(statement: &mut Statement, others: &[&Term]) {
    for other in others {
        if let Term::Items(items) = other {
            statement.push(" AND EXISTS (SELECT 1 FROM finding_item o WHERE o.cell = d.cell AND o.item IN ");
            statement.bind_list(numbers(items)).push(" AND (o.places & d.places) <> 0)");
        }
    }
}

fn numbers(items: &[i64]) -> impl Iterator<Item = Value> + '_ {
    items.iter().map(|item| Value::from(*item))
}

fn texts(texts: &[String]) -> impl Iterator<Item = Value> + '_ {
    texts.iter().map(|text| Value::from(text.as_str()))
}
