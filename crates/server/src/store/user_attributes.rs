//! User attributes: the pairs that users put on findings (reference §6.2.1, §6.2.31, §8.9).

use std::collections::{BTreeMap, BTreeSet};

use assay_model::Timestamp;
use assay_model::arn::FindingArn;
use assay_model::attribute::Attribute;
use assay_model::finding::Finding;
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::finding_cells::add_user_attribute;
use super::open::{Store, encode};
use super::rows::{attribute_list, realm_text};
use super::statement::Statement;

/// Most user attributes of one finding.
pub const MAX_USER_ATTRIBUTES: usize = 10;

/// What to do with the user attributes of a finding.
#[derive(Clone, Copy, Debug)]
pub enum AttributeChange<'a> {
    /// Sets these pairs; those with other keys stay.
    Add(&'a [Attribute]),
    /// Takes away the pairs with these keys.
    Remove(&'a [String]),
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeOutcome {
    /// It has what was wanted.
    Changed,
    /// There is none, or its run has not ended.
    Missing,
    /// It would have more than [`MAX_USER_ATTRIBUTES`].
    TooMany,
}

impl Store {
    /// Changes the user attributes of findings, in one transaction; those that cannot be changed keep what they have.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood; then nothing is changed.
    pub async fn change_user_attributes(
        &self,
        findings: &[FindingArn],
        change: AttributeChange<'_>,
        now: Timestamp,
    ) -> Result<BTreeMap<FindingArn, AttributeOutcome>, StoreError> {
        let failed = self.failed_to("change user attributes");
        let mut transaction = self.begin("change user attributes").await?;
        let mut outcomes = BTreeMap::new();
        // In their order: two transactions that lock rows in different orders would wait for each other.
        for arn in findings.iter().collect::<BTreeSet<_>>() {
            let outcome = match lock(&mut transaction, arn).await.map_err(&failed)? {
                None => AttributeOutcome::Missing,
                Some((body, cell, ordinal)) => {
                    let mut finding: Finding = self.decode("a finding", &body)?;
                    match apply(&mut finding, change, now) {
                        Applied::TooMany => AttributeOutcome::TooMany,
                        Applied::Nothing => AttributeOutcome::Changed,
                        Applied::Yes => {
                            let body = encode("a finding", &finding)?;
                            write(&mut transaction, &finding, body).await.map_err(&failed)?;
                            if let AttributeChange::Add(pairs) = change {
                                let realm = realm_text(&arn.realm());
                                for pair in pairs {
                                    let added = add_user_attribute(&mut transaction, &realm, cell, ordinal, pair);
                                    added.await.map_err(&failed)?;
                                }
                            }
                            AttributeOutcome::Changed
                        }
                    }
                }
            };
            outcomes.insert(arn.clone(), outcome);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(outcomes)
    }
}

/// Reads a finding of a run that has ended; nobody else changes it until the transaction ends.
async fn lock(connection: &mut AnyConnection, arn: &FindingArn) -> Result<Option<(String, i64, i64)>, sqlx::Error> {
    let run = arn.run();
    // It changes nothing, and holds the row in both databases.
    let mut statement = Statement::new("UPDATE finding SET id = id");
    statement.condition("run_arn = ").bind(run.as_str()).condition("id = ").bind(arn.id());
    statement.condition("EXISTS (SELECT 1 FROM run WHERE arn = ").bind(run.as_str()).push(" AND active = 0)");
    statement.push(" RETURNING body, cell, ordinal");
    let rows = statement.fetch(connection).await?;
    rows.first().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()
}

async fn write(connection: &mut AnyConnection, finding: &Finding, body: String) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("UPDATE finding SET user_attributes = ");
    statement.bind(attribute_list(&finding.user_attributes)).push(", body = ").bind(body);
    statement.condition("run_arn = ").bind(finding.arn.run().as_str()).condition("id = ").bind(finding.arn.id());
    statement.execute(connection).await.map(|_| ())
}

#[derive(Debug, PartialEq, Eq)]
enum Applied {
    Yes,
    Nothing,
    TooMany,
}

fn apply(finding: &mut Finding, change: AttributeChange<'_>, now: Timestamp) -> Applied {
    let mut attributes = finding.user_attributes.clone();
    match change {
        AttributeChange::Add([]) => return Applied::Nothing,
        AttributeChange::Add(pairs) => {
            for pair in pairs {
                match attributes.iter_mut().find(|known| known.key == pair.key) {
                    Some(known) => known.value.clone_from(&pair.value),
                    None => attributes.push(pair.clone()),
                }
            }
            if attributes.len() > MAX_USER_ATTRIBUTES {
                return Applied::TooMany;
            }
        }
        AttributeChange::Remove(keys) => {
            attributes.retain(|pair| !keys.contains(&pair.key));
            if attributes.len() == finding.user_attributes.len() {
                return Applied::Nothing;
            }
        }
    }
    finding.user_attributes = attributes;
    finding.updated_at = now;
    Applied::Yes
}
