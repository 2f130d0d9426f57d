//! What a report of a run is made of, read in pieces: a run may have a million findings.

use assay_model::arn::RunArn;
use assay_model::assessment::{HostSummary, RuleResult};
use assay_model::attribute::Attribute;
use assay_model::exclusion::Exclusion;
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use serde::de::DeserializeOwned;
use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::statement::Statement;

/// The frame of a report: everything but what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportFrame {
    /// The run.
    pub run: AssessmentRun,
    /// Its template.
    pub template: AssessmentTemplate,
    /// Its target.
    pub target: AssessmentTarget,
    /// The tags that select the hosts of the target; absent where all are.
    pub tags: Option<Vec<Attribute>>,
    /// The hosts of the run, by agent id.
    pub hosts: Vec<ReportHost>,
}

/// A host of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportHost {
    /// The agent id.
    pub agent_id: String,
    /// The host's name, as far as it is known.
    pub hostname: String,
    /// What it told of itself, if it was evaluated.
    pub summary: Option<HostSummary>,
}

impl Store {
    /// The frame of a report; absent when there is no such run.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn report_frame(&self, run: &RunArn) -> Result<Option<ReportFrame>, StoreError> {
        let failed = self.failed_to("read a run for a report");
        let mut statement = Statement::new(
            "SELECT run.body, template.body, target.body FROM run \
             JOIN template ON template.arn = run.template_arn JOIN target ON target.arn = template.target_arn",
        );
        statement.condition("run.arn = ").bind(run.as_str());
        let mut agents = Statement::new("SELECT agent_id, hostname, host FROM run_agent");
        agents.condition("run_arn = ").bind(run.as_str()).push(" ORDER BY agent_id");
        let (frame, agents) = {
            let mut connection = self.connection().await?;
            let frame = statement.fetch(&mut connection).await.map_err(&failed)?;
            (frame, agents.fetch(&mut connection).await.map_err(&failed)?)
        };
        let Some(row) = frame.first() else { return Ok(None) };
        let body = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        let target: AssessmentTarget = self.decode("a target", &body(2)?)?;
        let tags = match &target.resource_group_arn {
            // The tags of a group that is gone are not known.
            Some(group) => Some(self.resource_group(group).await?.map(|group| group.tags).unwrap_or_default()),
            None => None,
        };
        let host = |row: &sqlx::any::AnyRow| {
            let summary: Option<String> = row.try_get(2).map_err(&failed)?;
            Ok(ReportHost {
                agent_id: row.try_get(0).map_err(&failed)?,
                hostname: row.try_get(1).map_err(&failed)?,
                summary: summary.map(|summary| self.decode("a host", &summary)).transpose()?,
            })
        };
        Ok(Some(ReportFrame {
            run: self.decode("a run", &body(0)?)?,
            template: self.decode("a template", &body(1)?)?,
            target,
            tags,
            hosts: agents.iter().map(host).collect::<Result<_, StoreError>>()?,
        }))
    }

    /// The findings of a run behind a place, and the place of the last; in the order of the run.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn findings_of_run(
        &self,
        run: &RunArn,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, Finding)>, StoreError> {
        let statement = Statement::new("SELECT ordinal, body FROM finding");
        self.fetch_part("a finding", statement, run, after, most).await
    }

    /// The outcomes of rules of a run behind a place, each with its agent id.
    ///
    /// # Errors
    ///
    /// As [`Store::findings_of_run`].
    pub async fn results_of_run(
        &self,
        run: &RunArn,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, String, RuleResult)>, StoreError> {
        let failed = self.failed_to("read outcomes of rules");
        let mut statement = Statement::new("SELECT ordinal, agent_id, body FROM rule_result");
        push_part(&mut statement, run, after, most);
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let result = |row: &sqlx::any::AnyRow| {
            let body: String = row.try_get(2).map_err(&failed)?;
            let result = self.decode("a rule result", &body)?;
            Ok((row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?, result))
        };
        rows.iter().map(result).collect()
    }

    /// The exclusions of a run behind a place.
    ///
    /// # Errors
    ///
    /// As [`Store::findings_of_run`].
    pub async fn exclusions_of_run(
        &self,
        run: &RunArn,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, Exclusion)>, StoreError> {
        let statement = Statement::new("SELECT ordinal, body FROM exclusion");
        self.fetch_part("an exclusion", statement, run, after, most).await
    }

    async fn fetch_part<T: DeserializeOwned>(
        &self,
        what: &'static str,
        mut statement: Statement,
        run: &RunArn,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, T)>, StoreError> {
        let failed = self.failed_to("read a part of a run");
        push_part(&mut statement, run, after, most);
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let part = |row: &sqlx::any::AnyRow| {
            let body: String = row.try_get(1).map_err(&failed)?;
            Ok((row.try_get(0).map_err(&failed)?, self.decode(what, &body)?))
        };
        rows.iter().map(part).collect()
    }
}

fn push_part(statement: &mut Statement, run: &RunArn, after: i64, most: i64) {
    statement.condition("run_arn = ").bind(run.as_str()).condition("ordinal > ").bind(after);
    statement.push(" ORDER BY ordinal LIMIT ").bind(most);
}
