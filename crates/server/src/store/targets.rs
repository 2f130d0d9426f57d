//! Targets of the service: made, renamed, listed, deleted.

use assay_model::arn::{Realm, ResourceGroupArn, RunArn, TargetArn};
use assay_model::target::AssessmentTarget;
use sqlx::{AnyConnection, Row};

use super::creation::{Creation, CreationPosition, count, lock_account};
use super::deletion::{Deletion, delete_evidence, evidence_below};
use super::error::StoreError;
use super::open::{Store, encode};
use super::page::{Listing, Page};
use super::rows::{realm_text, target_row};
use super::statement::{Statement, insert_rows};

impl Store {
    /// Stores a target where its realm has less than `most`. `NoParent` is a resource group that is not there.
    ///
    /// # Errors
    ///
    /// When the ARN is taken, or the database fails.
    pub async fn create_target(&self, target: &AssessmentTarget, most: u64) -> Result<Creation, StoreError> {
        let failed = self.failed_to("make a target");
        let realm = target.arn.realm();
        let row = target_row(target, &realm_text(&realm))?;
        let mut transaction = self.begin("make a target").await?;
        lock_account(&mut transaction, &realm).await.map_err(&failed)?;
        if let Some(refusal) = conflict(&mut transaction, target).await.map_err(&failed)? {
            return Ok(refusal);
        }
        let mut others = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM target");
        others.condition("realm = ").bind(realm_text(&realm));
        if count(&mut transaction, others).await.map_err(&failed)? >= most {
            return Ok(Creation::TooMany);
        }
        let head = "INSERT INTO target (arn, realm, name, created_at, body) VALUES ";
        insert_rows(&mut transaction, head, [row].into_iter()).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Creation::Done)
    }

    /// Renames a target and points it to another resource group, or to all hosts; absent when there is no such target.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn update_target(&self, changed: &AssessmentTarget) -> Result<Option<Creation>, StoreError> {
        let failed = self.failed_to("change a target");
        let mut transaction = self.begin("change a target").await?;
        lock_account(&mut transaction, &changed.arn.realm()).await.map_err(&failed)?;
        let mut select = Statement::new("SELECT body FROM target");
        select.condition("arn = ").bind(changed.arn.as_str());
        let rows = select.fetch(&mut transaction).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let body: String = row.try_get(0).map_err(&failed)?;
        let before: AssessmentTarget = self.decode("a target", &body)?;
        if let Some(refusal) = conflict(&mut transaction, changed).await.map_err(&failed)? {
            return Ok(Some(refusal));
        }
        let after = AssessmentTarget { created_at: before.created_at, ..changed.clone() };
        let mut update = Statement::new("UPDATE target SET name = ");
        update.bind(after.name.as_str()).push(", body = ").bind(encode("a target", &after)?);
        update.condition("arn = ").bind(after.arn.as_str());
        update.execute(&mut transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Some(Creation::Done))
    }

    /// One target.
    ///
    /// # Errors
    ///
    /// When the database fails or the row is not understood.
    pub async fn target(&self, arn: &TargetArn) -> Result<Option<AssessmentTarget>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM target");
        statement.condition("arn = ").bind(arn.as_str());
        self.fetch_body("a target", statement).await
    }

    /// The targets of a realm, oldest first, whose names fit a pattern.
    ///
    /// # Errors
    ///
    /// As [`Store::target`].
    pub async fn target_arns(
        &self,
        realm: &Realm,
        name_pattern: Option<&str>,
        page: &Page<CreationPosition>,
    ) -> Result<Listing<String, CreationPosition>, StoreError> {
        let mut statement = Statement::new("SELECT created_at, arn FROM target");
        if let Some(pattern) = name_pattern {
            self.push_pattern(&mut statement, "name", pattern);
        }
        self.list_arns(statement, realm, page).await
    }

    /// Deletes a target and everything below it, unless a run below it is active.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is deleted.
    pub async fn delete_target(&self, arn: &TargetArn) -> Result<Deletion, StoreError> {
        let failed = self.failed_to("delete a target");
        let mut transaction = self.begin("delete a target").await?;
        // Who starts a run raises this number, so that nobody does meanwhile.
        let mut lock = Statement::new("UPDATE template SET started_runs = started_runs");
        lock.condition("target_arn = ").bind(arn.as_str());
        lock.execute(&mut transaction).await.map_err(&failed)?;
        let mut active = Statement::new("SELECT run.arn FROM run JOIN template ON template.arn = run.template_arn");
        active.condition("run.active = 1");
        active.condition("template.target_arn = ").bind(arn.as_str());
        let active = run_arns(self, &mut transaction, active).await?;
        if !active.is_empty() {
            return Ok(Deletion::RunsInProgress(active));
        }
        let mut below = Statement::new(evidence_below());
        below.condition("template.target_arn = ").bind(arn.as_str());
        let digests = below.fetch(&mut transaction).await.map_err(&failed)?;
        let mut delete = Statement::new("DELETE FROM target");
        delete.condition("arn = ").bind(arn.as_str());
        if delete.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Deletion::NotThere);
        }
        delete_evidence(&mut transaction, &digests).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Deletion::Done)
    }
}

/// Why a target cannot be stored as it is.
async fn conflict(connection: &mut AnyConnection, target: &AssessmentTarget) -> Result<Option<Creation>, sqlx::Error> {
    let mut same_name = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM target");
    same_name.condition("realm = ").bind(realm_text(&target.arn.realm()));
    same_name.condition("name = ").bind(target.name.as_str());
    same_name.condition("arn <> ").bind(target.arn.as_str());
    if count(connection, same_name).await? > 0 {
        return Ok(Some(Creation::NameTaken));
    }
    match &target.resource_group_arn {
        Some(group) if !has_group(connection, group).await? => Ok(Some(Creation::NoParent)),
        _ => Ok(None),
    }
}

async fn has_group(connection: &mut AnyConnection, group: &ResourceGroupArn) -> Result<bool, sqlx::Error> {
    let mut statement = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM resource_group");
    statement.condition("arn = ").bind(group.as_str());
    Ok(count(connection, statement).await? > 0)
}

/// The ARNs of runs that a statement selects, at most 11: one more than an answer names.
pub(super) async fn run_arns(
    store: &Store,
    connection: &mut AnyConnection,
    mut statement: Statement,
) -> Result<Vec<RunArn>, StoreError> {
    let failed = store.failed_to("look for active runs");
    statement.push(" ORDER BY run.created_at, run.arn LIMIT 11");
    let mut arns = Vec::new();
    for row in statement.fetch(connection).await.map_err(&failed)? {
        let arn: String = row.try_get(0).map_err(&failed)?;
        arns.push(arn.parse().map_err(|cause| StoreError::DecodeArn { path: store.path().to_owned(), cause })?);
    }
    Ok(arns)
}
