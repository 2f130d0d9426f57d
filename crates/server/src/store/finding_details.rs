//! Findings by their ARNs, each with what the API shows of its run and its host.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::arn::{FindingArn, RulesPackageArn, RunArn};
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::statement::Statement;

/// A finding, and what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingDetails {
    /// The finding.
    pub finding: Finding,
    /// The rules packages of its run, as the template names them.
    pub rules_package_arns: Vec<RulesPackageArn>,
    /// What was known of its host when the run started: JSON of a member, `{}` where nothing was.
    pub member: String,
}

impl Store {
    /// Those of these findings that are there, if their runs have ended.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn finding_details(
        &self,
        arns: &[FindingArn],
    ) -> Result<BTreeMap<FindingArn, FindingDetails>, StoreError> {
        let mut by_run: BTreeMap<RunArn, BTreeSet<&str>> = BTreeMap::new();
        for arn in arns {
            by_run.entry(arn.run()).or_default().insert(arn.id());
        }
        let failed = self.failed_to("read findings");
        let mut details = BTreeMap::new();
        for (run_arn, ids) in by_run {
            let mut statement = Statement::new("SELECT body FROM run");
            statement.condition("arn = ").bind(run_arn.as_str()).condition("active = 0");
            let Some(run) = self.fetch_body::<AssessmentRun>("a run", statement).await? else { continue };
            let mut statement = Statement::new(
                "SELECT f.body, COALESCE(a.member, '{}') FROM finding f \
                 LEFT JOIN run_agent a ON a.run_arn = f.run_arn AND a.agent_id = f.agent_id",
            );
            statement.condition("f.run_arn = ").bind(run_arn.as_str());
            statement.condition("f.id IN ").bind_list(ids.into_iter().map(Into::into));
            let mut connection = self.connection().await?;
            for row in statement.fetch(&mut connection).await.map_err(&failed)? {
                let body: String = row.try_get(0).map_err(&failed)?;
                let finding: Finding = self.decode("a finding", &body)?;
                let member = row.try_get(1).map_err(&failed)?;
                let rules_package_arns = run.rules_package_arns.clone();
                details.insert(finding.arn.clone(), FindingDetails { finding, rules_package_arns, member });
            }
        }
        Ok(details)
    }
}
