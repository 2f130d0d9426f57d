//! Previews of exclusions: asked for, computed by a job, read page by page.

use assay_model::Timestamp;
use assay_model::arn::TemplateArn;
use assay_model::attribute::Attribute;
use assay_model::exclusion::Scope;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::error::StoreError;
use super::jobs::{self, Held, LeasedJob, NewJob};
use super::open::{Store, encode};
use super::page::{Listing, Page};
use super::statement::{Statement, insert_rows};

/// How long a preview is kept.
const KEPT_MILLISECONDS: i64 = 24 * 3600 * 1000;

/// What an exclusion says, without an ARN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExclusionText {
    /// The type, one line.
    pub title: String,
    /// What is not checked, and why.
    pub description: String,
    /// How to have it checked next time.
    pub recommendation: String,
    /// At least one.
    pub scopes: Vec<Scope>,
    /// Further facts.
    pub attributes: Vec<Attribute>,
}

/// What became of a wish for a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewBegun {
    /// It will be computed.
    Yes,
    /// One is being computed already.
    InProgress,
    /// There is no such template.
    NoTemplate,
}

/// An exclusion's place in a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewPosition(i64);

/// A preview, as far as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// It is being computed.
    InProgress,
    /// A page of it.
    Page(Listing<ExclusionText, PreviewPosition>),
}

impl Store {
    /// Begins a preview under a token; removes those of the template that are older than a day.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing has begun.
    pub async fn begin_preview(
        &self,
        template: &TemplateArn,
        token: &str,
        now: Timestamp,
    ) -> Result<PreviewBegun, StoreError> {
        let failed = self.failed_to("begin a preview");
        let mut transaction = self.begin("begin a preview").await?;
        let mut lock = Statement::new("UPDATE template SET started_runs = started_runs");
        lock.condition("arn = ").bind(template.as_str());
        if lock.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(PreviewBegun::NoTemplate);
        }
        let mut in_progress = Statement::new("SELECT token FROM exclusion_preview");
        in_progress.condition("template_arn = ").bind(template.as_str()).condition("completed_at IS NULL");
        if !in_progress.fetch(&mut transaction).await.map_err(&failed)?.is_empty() {
            return Ok(PreviewBegun::InProgress);
        }
        let mut forget = Statement::new("DELETE FROM exclusion_preview");
        forget.condition("template_arn = ").bind(template.as_str());
        forget.condition("created_at < ").bind(now.as_millisecond().saturating_sub(KEPT_MILLISECONDS));
        forget.execute(&mut transaction).await.map_err(&failed)?;
        let mut insert = Statement::new("INSERT INTO exclusion_preview (token, template_arn, created_at) VALUES ");
        insert.bind_list([token.into(), template.as_str().into(), now.as_millisecond().into()]);
        insert.execute(&mut transaction).await.map_err(&failed)?;
        let job = NewJob {
            kind: jobs::EXCLUSIONS_PREVIEW_JOB,
            subject: token.to_owned(),
            payload: template.as_str().to_owned(),
            due_at: now,
        };
        jobs::enqueue(&mut transaction, &job).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(PreviewBegun::Yes)
    }

    /// Stores what a preview has found, and ends its job. A preview that is gone, with its template, stays so.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing of it is stored.
    pub async fn complete_preview(
        &self,
        job: &LeasedJob,
        exclusions: &[ExclusionText],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("store a preview");
        let token = job.subject.as_str();
        let mut rows = Vec::new();
        for (ordinal, exclusion) in (0_i64..).zip(exclusions) {
            rows.push(vec![token.into(), ordinal.into(), encode("an exclusion", exclusion)?.into()]);
        }
        let mut transaction = self.begin("store a preview").await?;
        let mut complete = Statement::new("UPDATE exclusion_preview SET completed_at = ");
        complete.bind(now.as_millisecond());
        complete.condition("token = ").bind(token).condition("completed_at IS NULL");
        if complete.execute(&mut transaction).await.map_err(&failed)? > 0 {
            let head = "INSERT INTO previewed_exclusion (token, ordinal, body) VALUES ";
            insert_rows(&mut transaction, head, rows.into_iter()).await.map_err(&failed)?;
        }
        if jobs::finish(&mut transaction, job, now).await.map_err(&failed)? == Held::Lost {
            return Ok(());
        }
        transaction.commit().await.map_err(&failed)
    }

    /// Removes a preview that cannot be computed.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn drop_preview(&self, token: &str) -> Result<(), StoreError> {
        let mut statement = Statement::new("DELETE FROM exclusion_preview");
        statement.condition("token = ").bind(token);
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map(drop).map_err(self.failed_to("remove a preview"))
    }

    /// A page of a preview of a template; absent when the template has none of this token.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn preview(
        &self,
        template: &TemplateArn,
        token: &str,
        page: &Page<PreviewPosition>,
    ) -> Result<Option<Preview>, StoreError> {
        let failed = self.failed_to("read a preview");
        let mut statement = Statement::new("SELECT completed_at FROM exclusion_preview");
        statement.condition("token = ").bind(token).condition("template_arn = ").bind(template.as_str());
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.try_get::<Option<i64>, _>(0).map_err(&failed)?.is_none() {
            return Ok(Some(Preview::InProgress));
        }
        let mut statement = Statement::new("SELECT ordinal, body FROM previewed_exclusion");
        statement.condition("token = ").bind(token);
        if let Some(PreviewPosition(last)) = page.after {
            statement.condition("ordinal > ").bind(last);
        }
        statement.push(" ORDER BY ordinal LIMIT ").bind(i64::from(page.limit) + 1);
        let mut rows = Vec::new();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let ordinal = row.try_get(0).map_err(&failed)?;
            let body: String = row.try_get(1).map_err(&failed)?;
            rows.push((PreviewPosition(ordinal), self.decode("an exclusion", &body)?));
        }
        Ok(Some(Preview::Page(Listing::of_rows(rows, page.limit))))
    }
}
