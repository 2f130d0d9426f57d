//! Saving and deleting: each one transaction, so that a run is there as a whole or not at all.

use assay_model::arn::RunArn;
use assay_model::assessment::Assessment;
use assay_model::evidence::Evidence;
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::evidence::{deflate, delete_unused};
use super::open::Store;
use super::reports::delete_unused_reports;
use super::rows::{AssessmentRows, realm_text, run_row, target_row, template_row};
use super::settle::settle;
use super::statement::{Statement, Value, insert_rows};

impl Store {
    /// Stores an assessment and the evidence it judged, in one transaction. Saving a run again replaces it.
    ///
    /// # Errors
    ///
    /// When the evidence is not what the assessment names, no space is left, or the database fails; then nothing of the
    /// run is stored.
    pub async fn save(&self, assessment: &Assessment, evidence: &[u8]) -> Result<(), StoreError> {
        let expected = &assessment.host.evidence_digest;
        let found = Evidence::digest(evidence);
        if found != *expected {
            return Err(StoreError::WrongEvidence { expected: expected.clone(), found });
        }
        let run = &assessment.run;
        let realm = realm_text(&run.arn.realm());
        let target = target_row(&assessment.target, &realm)?;
        let template = template_row(&assessment.template, &realm)?;
        let row = run_row(run, &realm)?;
        let mut rows = AssessmentRows::of(assessment, &realm, 0, "")?;
        let content = self.put_evidence(expected, deflate(evidence).into()).await?;
        let failed = self.failed_to("save an assessment");
        let mut transaction = self.begin("save an assessment").await?;
        upsert(&mut transaction, UPSERT_TARGET, target).await.map_err(&failed)?;
        upsert(&mut transaction, UPSERT_TEMPLATE, template).await.map_err(&failed)?;
        self.insert_evidence(&mut transaction, expected, evidence.len(), content).await?;
        delete(&mut transaction, &run.arn).await.map_err(&failed)?;
        insert_rows(&mut transaction, INSERT_RUN, [row].into_iter()).await.map_err(&failed)?;
        let agent = std::mem::take(&mut rows.agent);
        insert_rows(&mut transaction, INSERT_RUN_AGENT, [agent].into_iter()).await.map_err(&failed)?;
        rows.insert(&mut transaction).await.map_err(&failed)?;
        if run.state().is_terminal() {
            settle(&mut transaction, run).await.map_err(&failed)?;
        }
        transaction.commit().await.map_err(&failed)
    }

    /// Deletes a run with all that belongs to it, and its evidence when no other run refers to it; tells whether it was
    /// there. Target and template stay.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is deleted.
    pub async fn delete_run(&self, run: &RunArn) -> Result<bool, StoreError> {
        let failed = self.failed_to("delete a run");
        let mut transaction = self.begin("delete a run").await?;
        let deleted = delete(&mut transaction, run).await.map_err(&failed)?;
        for digest in deleted.iter().flatten() {
            delete_unused(&mut transaction, digest).await.map_err(&failed)?;
        }
        delete_unused_reports(&mut transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(deleted.is_some())
    }
}

const UPSERT_TARGET: [&str; 2] = [
    "INSERT INTO target (arn, realm, name, created_at, body) VALUES ",
    " ON CONFLICT (arn) DO UPDATE SET name = excluded.name, created_at = excluded.created_at, body = excluded.body",
];
const UPSERT_TEMPLATE: [&str; 2] = [
    "INSERT INTO template (arn, target_arn, realm, name, duration, rules_packages, created_at, started_runs, tags, body) VALUES ",
    " ON CONFLICT (arn) DO UPDATE SET name = excluded.name, created_at = excluded.created_at, body = excluded.body",
];
pub(super) const INSERT_RUN: &str = "INSERT INTO run (arn, template_arn, realm, id, name, state, active, duration, rules_packages, \
                                     created_at, started_at, completed_at, state_changed_at, body) VALUES ";
pub(super) const INSERT_RUN_AGENT: &str = "INSERT INTO run_agent (run_arn, agent_id, hostname, stage, evidence_digest, host, \
                                           feeds, coverage, member) VALUES ";
pub(super) const INSERT_FINDING: &str = "INSERT INTO finding (run_arn, ordinal, realm, id, finding_key, agent_id, scaling_group, \
                                         rules_package, rule_id, severity, band, risk, cve, created_at, package_names, fix_states, \
                                         attributes, user_attributes, search_text, body, cell) VALUES ";
pub(super) const INSERT_EXCLUSION: &str = "INSERT INTO exclusion (run_arn, ordinal, id, body) VALUES ";
pub(super) const INSERT_RULE_RESULT: &str = "INSERT INTO rule_result (run_arn, ordinal, agent_id, body) VALUES ";

async fn upsert(
    connection: &mut AnyConnection,
    [head, tail]: [&'static str; 2],
    row: Vec<Value>,
) -> Result<u64, sqlx::Error> {
    let mut statement = Statement::new(head);
    statement.bind_list(row).push(tail);
    statement.execute(connection).await
}

/// Deletes a run and gives the digests of its hosts' evidence, or nothing when there is no such run; the rows that refer to
/// the run go with it.
pub(super) async fn delete(connection: &mut AnyConnection, run: &RunArn) -> Result<Option<Vec<String>>, sqlx::Error> {
    let mut statement =
        Statement::new("SELECT evidence_digest FROM run_agent WHERE evidence_digest IS NOT NULL AND run_arn = ");
    statement.bind(run.as_str());
    let digests = statement.fetch(connection).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let mut statement = Statement::new("DELETE FROM run WHERE arn = ");
    statement.bind(run.as_str());
    Ok((statement.execute(connection).await? > 0).then_some(digests))
}
