//! Saving and deleting: each one transaction, so that a run is there as a whole or not at all.
//!
//! The first statement of each transaction writes: SQLite then waits for the lock, where a transaction that began by
//! reading would fail at once when another process wrote in between.

use std::collections::BTreeSet;

use assay_model::arn::RunArn;
use assay_model::assessment::Assessment;
use assay_model::evidence::Evidence;
use assay_model::finding::Finding;
use assay_model::severity::Band;
use sqlx::{AnyConnection, Connection, Row};

use super::error::StoreError;
use super::evidence;
use super::evidence::{deflate, delete_unused};
use super::open::{Store, encode};
use super::statement::{Statement, Value, enclosed_list, insert_rows};

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
        let rows = Rows::of(assessment)?;
        let deflated = deflate(evidence);
        let failed = self.failed_to("save an assessment");
        let mut connection = self.connection().await;
        let mut transaction = connection.begin().await.map_err(&failed)?;
        upsert_target(&mut transaction, assessment, rows.target).await.map_err(&failed)?;
        upsert_template(&mut transaction, assessment, rows.template).await.map_err(&failed)?;
        evidence::insert(&mut transaction, expected, evidence.len(), deflated).await.map_err(&failed)?;
        delete(&mut transaction, &assessment.run.arn).await.map_err(&failed)?;
        insert_rows(&mut transaction, INSERT_RUN, [rows.run].into_iter()).await.map_err(&failed)?;
        insert_rows(&mut transaction, INSERT_FINDING, rows.findings.into_iter()).await.map_err(&failed)?;
        insert_rows(&mut transaction, INSERT_EXCLUSION, rows.exclusions.into_iter()).await.map_err(&failed)?;
        insert_rows(&mut transaction, INSERT_RULE_RESULT, rows.rule_results.into_iter()).await.map_err(&failed)?;
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
        let mut connection = self.connection().await;
        let mut transaction = connection.begin().await.map_err(&failed)?;
        let digest = delete(&mut transaction, run).await.map_err(&failed)?;
        if let Some(digest) = &digest {
            delete_unused(&mut transaction, digest).await.map_err(&failed)?;
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(digest.is_some())
    }
}

const INSERT_RUN: &str = "INSERT INTO assessment_run (arn, template_arn, evidence_digest, id, name, state, agent_id, \
                          hostname, created_at, body, host, feeds, coverage) VALUES ";
const INSERT_FINDING: &str = "INSERT INTO finding (run_arn, ordinal, id, finding_key, rules_package, rule_id, severity, \
                              band, risk, cve, package_names, fix_states, search_text, body) VALUES ";
const INSERT_EXCLUSION: &str = "INSERT INTO exclusion (run_arn, ordinal, body) VALUES ";
const INSERT_RULE_RESULT: &str = "INSERT INTO rule_result (run_arn, ordinal, body) VALUES ";

/// All rows of an assessment, made before the transaction begins so that the lock is held only for writing.
struct Rows {
    target: String,
    template: String,
    run: Vec<Value>,
    findings: Vec<Vec<Value>>,
    exclusions: Vec<Vec<Value>>,
    rule_results: Vec<Vec<Value>>,
}

impl Rows {
    fn of(assessment: &Assessment) -> Result<Rows, StoreError> {
        let Assessment { target, template, run, host, feeds, findings, exclusions, coverage, rule_results } =
            assessment;
        let arn = run.arn.as_str();
        let run_row = vec![
            arn.into(),
            template.arn.as_str().into(),
            host.evidence_digest.as_str().into(),
            run.arn.id().into(),
            run.name.as_str().into(),
            run.state().as_str().into(),
            host.agent_id.as_str().into(),
            host.hostname.as_str().into(),
            run.created_at.as_millisecond().into(),
            encode("a run", run)?.into(),
            encode("a host", host)?.into(),
            encode("feeds", feeds)?.into(),
            encode("coverage", coverage)?.into(),
        ];
        Ok(Rows {
            target: encode("a target", target)?,
            template: encode("a template", template)?,
            run: run_row,
            findings: numbered(findings, |ordinal, finding| finding_row(arn, ordinal, finding))?,
            exclusions: numbered(exclusions, |ordinal, exclusion| {
                Ok(vec![arn.into(), ordinal.into(), encode("an exclusion", exclusion)?.into()])
            })?,
            rule_results: numbered(rule_results, |ordinal, result| {
                Ok(vec![arn.into(), ordinal.into(), encode("a rule result", result)?.into()])
            })?,
        })
    }
}

fn numbered<T>(
    items: &[T],
    row: impl Fn(i64, &T) -> Result<Vec<Value>, StoreError>,
) -> Result<Vec<Vec<Value>>, StoreError> {
    (0..).zip(items).map(|(ordinal, item)| row(ordinal, item)).collect()
}

fn finding_row(run: &str, ordinal: i64, finding: &Finding) -> Result<Vec<Value>, StoreError> {
    let names: BTreeSet<&str> =
        finding.packages.iter().flat_map(|package| [package.name.as_str(), package.source_name.as_str()]).collect();
    let states: BTreeSet<&str> = finding.packages.iter().map(|package| package.state.as_str()).collect();
    let package_names = enclosed_list(names).to_lowercase();
    let search_text =
        format!("{}\n{}\n{}{package_names}", finding.title, finding.rule_id, finding.description).to_lowercase();
    Ok(vec![
        run.into(),
        ordinal.into(),
        finding.arn.id().into(),
        finding.key.as_str().into(),
        finding.rules_package.slug().into(),
        finding.rule_id.as_str().into(),
        finding.severity.as_str().into(),
        band_rank(finding.band).into(),
        Value::Real(finding.risk),
        Value::OptionalText(finding.vulnerability.as_ref().map(|vulnerability| vulnerability.cve.clone())),
        package_names.into(),
        enclosed_list(states).into(),
        search_text.into(),
        encode("a finding", finding)?.into(),
    ])
}

/// The number by which bands are compared in the database; stored, so never to be renumbered.
pub(super) fn band_rank(band: Band) -> i64 {
    match band {
        Band::Informational => 0,
        Band::Low => 1,
        Band::Medium => 2,
        Band::High => 3,
        Band::Critical => 4,
    }
}

async fn upsert_target(
    connection: &mut AnyConnection,
    assessment: &Assessment,
    body: String,
) -> Result<u64, sqlx::Error> {
    let target = &assessment.target;
    let mut statement = Statement::new("INSERT INTO assessment_target (arn, name, body) VALUES ");
    statement.bind_list([target.arn.as_str().into(), target.name.as_str().into(), body.into()]);
    statement.push(" ON CONFLICT (arn) DO UPDATE SET name = excluded.name, body = excluded.body");
    statement.execute(connection).await
}

async fn upsert_template(
    connection: &mut AnyConnection,
    assessment: &Assessment,
    body: String,
) -> Result<u64, sqlx::Error> {
    let template = &assessment.template;
    let mut statement = Statement::new("INSERT INTO assessment_template (arn, target_arn, name, body) VALUES ");
    statement.bind_list([
        template.arn.as_str().into(),
        assessment.target.arn.as_str().into(),
        template.name.as_str().into(),
        body.into(),
    ]);
    statement.push(" ON CONFLICT (arn) DO UPDATE SET name = excluded.name, body = excluded.body");
    statement.execute(connection).await
}

/// Deletes a run and gives the digest of its evidence; the rows that refer to the run go with it.
async fn delete(connection: &mut AnyConnection, run: &RunArn) -> Result<Option<String>, sqlx::Error> {
    let mut statement = Statement::new("DELETE FROM assessment_run WHERE arn = ");
    statement.bind(run.as_str()).push(" RETURNING evidence_digest");
    statement.fetch(connection).await?.first().map(|row| row.try_get(0)).transpose()
}
