//! Templates of the service: made, tagged, listed, deleted.

use assay_model::arn::{Realm, RulesPackageArn, TargetArn, TemplateArn};
use assay_model::attribute::Attribute;
use assay_model::template::AssessmentTemplate;
use sqlx::Row;

use super::creation::{Creation, CreationPosition, count, lock_account};
use super::deletion::{Deletion, delete_evidence, evidence_below};
use super::error::StoreError;
use super::open::{Store, encode};
use super::page::{Listing, Page};
use super::rows::{realm_text, template_row};
use super::statement::{Statement, Value, insert_rows};
use super::targets::run_arns;

/// Which templates to list; what is absent or empty takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateFilter {
    /// Of one of these targets.
    pub targets: Vec<TargetArn>,
    /// Whose names fit, `*` being any run of characters.
    pub name_pattern: Option<String>,
    /// Of at least so many seconds.
    pub min_seconds: Option<i64>,
    /// Of at most so many seconds.
    pub max_seconds: Option<i64>,
    /// With all of these rules packages.
    pub rules_packages: Vec<RulesPackageArn>,
}

/// A template, and what its runs say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateSummary {
    /// The template.
    pub template: AssessmentTemplate,
    /// The ARN of the run that was started last.
    pub last_run: Option<String>,
    /// Number of runs.
    pub runs: u64,
}

impl Store {
    /// Stores a template where its realm has less than `most`. `NoParent` is a target that is not there.
    ///
    /// # Errors
    ///
    /// When the ARN is taken, or the database fails.
    pub async fn create_template(&self, template: &AssessmentTemplate, most: u64) -> Result<Creation, StoreError> {
        let failed = self.failed_to("make a template");
        let realm = template.arn.realm();
        let row = template_row(template, &realm_text(&realm))?;
        let target = template.target_arn.as_str();
        let mut transaction = self.begin("make a template").await?;
        lock_account(&mut transaction, &realm).await.map_err(&failed)?;
        let counted = |table: &'static str| Statement::new(table);
        let mut parent = counted("SELECT CAST(count(*) AS BIGINT) FROM target");
        parent.condition("arn = ").bind(target);
        if count(&mut transaction, parent).await.map_err(&failed)? == 0 {
            return Ok(Creation::NoParent);
        }
        let mut same_name = counted("SELECT CAST(count(*) AS BIGINT) FROM template");
        same_name.condition("target_arn = ").bind(target);
        same_name.condition("name = ").bind(template.name.as_str());
        if count(&mut transaction, same_name).await.map_err(&failed)? > 0 {
            return Ok(Creation::NameTaken);
        }
        let mut others = counted("SELECT CAST(count(*) AS BIGINT) FROM template");
        others.condition("realm = ").bind(realm_text(&realm));
        if count(&mut transaction, others).await.map_err(&failed)? >= most {
            return Ok(Creation::TooMany);
        }
        let head = "INSERT INTO template (arn, target_arn, realm, name, duration, rules_packages, created_at, started_runs, \
                    tags, body) VALUES ";
        insert_rows(&mut transaction, head, [row].into_iter()).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Creation::Done)
    }

    /// One template, and what its runs say of it.
    ///
    /// # Errors
    ///
    /// When the database fails or the row is not understood.
    pub async fn template(&self, arn: &TemplateArn) -> Result<Option<TemplateSummary>, StoreError> {
        let failed = self.failed_to("read a template");
        let mut statement = Statement::new(
            "SELECT body, (SELECT CAST(count(*) AS BIGINT) FROM run WHERE run.template_arn = template.arn), \
             (SELECT run.arn FROM run WHERE run.template_arn = template.arn \
              ORDER BY run.created_at DESC, run.arn DESC LIMIT 1) FROM template",
        );
        statement.condition("arn = ").bind(arn.as_str());
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let body: String = row.try_get(0).map_err(&failed)?;
        let runs: i64 = row.try_get(1).map_err(&failed)?;
        Ok(Some(TemplateSummary {
            template: self.decode("a template", &body)?,
            last_run: row.try_get(2).map_err(&failed)?,
            runs: u64::try_from(runs).unwrap_or_default(),
        }))
    }

    /// The templates of a realm that a filter takes, oldest first.
    ///
    /// # Errors
    ///
    /// As [`Store::template`].
    pub async fn template_arns(
        &self,
        realm: &Realm,
        filter: &TemplateFilter,
        page: &Page<CreationPosition>,
    ) -> Result<Listing<String, CreationPosition>, StoreError> {
        let mut statement = Statement::new("SELECT created_at, arn FROM template");
        if !filter.targets.is_empty() {
            let targets = filter.targets.iter().map(|target| Value::from(target.as_str()));
            statement.condition("target_arn IN ").bind_list(targets);
        }
        if let Some(pattern) = &filter.name_pattern {
            self.push_pattern(&mut statement, "name", pattern);
        }
        if let Some(seconds) = filter.min_seconds {
            statement.condition("duration >= ").bind(seconds);
        }
        if let Some(seconds) = filter.max_seconds {
            statement.condition("duration <= ").bind(seconds);
        }
        for package in &filter.rules_packages {
            // Ids are letters, digits and a hyphen: nothing in them has a meaning to `LIKE`, but letter case, which
            // ids of one region do not differ by alone.
            statement.condition("rules_packages LIKE ").bind(format!("%\n{}\n%", package.id()));
        }
        self.list_arns(statement, realm, page).await
    }

    /// The tags of a template; absent when there is no such template.
    ///
    /// # Errors
    ///
    /// As [`Store::template`].
    pub async fn template_tags(&self, arn: &TemplateArn) -> Result<Option<Vec<Attribute>>, StoreError> {
        let mut statement = Statement::new("SELECT tags FROM template");
        statement.condition("arn = ").bind(arn.as_str());
        self.fetch_body("tags", statement).await
    }

    /// Replaces the tags of a template; tells whether there is such a template.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn set_template_tags(&self, arn: &TemplateArn, tags: &[Attribute]) -> Result<bool, StoreError> {
        let mut statement = Statement::new("UPDATE template SET tags = ");
        statement.bind(encode("tags", &tags)?);
        statement.condition("arn = ").bind(arn.as_str());
        let mut connection = self.connection().await?;
        let changed = statement.execute(&mut connection).await.map_err(self.failed_to("tag a template"))?;
        Ok(changed > 0)
    }

    /// Deletes a template with its runs, unless one of them is active.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing is deleted.
    pub async fn delete_template(&self, arn: &TemplateArn) -> Result<Deletion, StoreError> {
        let failed = self.failed_to("delete a template");
        let mut transaction = self.begin("delete a template").await?;
        let mut lock = Statement::new("UPDATE template SET started_runs = started_runs");
        lock.condition("arn = ").bind(arn.as_str());
        if lock.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Deletion::NotThere);
        }
        let mut active = Statement::new("SELECT run.arn FROM run");
        active.condition("run.active = 1");
        active.condition("run.template_arn = ").bind(arn.as_str());
        let active = run_arns(self, &mut transaction, active).await?;
        if !active.is_empty() {
            return Ok(Deletion::RunsInProgress(active));
        }
        let mut below = Statement::new(evidence_below());
        below.condition("template.arn = ").bind(arn.as_str());
        let digests = below.fetch(&mut transaction).await.map_err(&failed)?;
        let mut delete = Statement::new("DELETE FROM template");
        delete.condition("arn = ").bind(arn.as_str());
        delete.execute(&mut transaction).await.map_err(&failed)?;
        delete_evidence(&mut transaction, &digests).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Deletion::Done)
    }
}
