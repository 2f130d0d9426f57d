//! What is reachable of the hosts of a run, written in the transaction that ends it.

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::assessment::RuleResult;
use assay_model::coverage::{Coverage, PackageCoverage};
use assay_model::exclusion::Exclusion;
use assay_model::finding::Finding;
use sqlx::Row;

use super::connections::WriteTransaction;
use super::error::StoreError;
use super::open::{Store, encode};
use super::rows::{AssessmentRows, realm_text};
use super::run_announce::announce_findings;
use super::run_progress::next_ordinal;
use super::statement::{Statement, Value};

/// What is stored when a run ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunEnd {
    /// What was not checked.
    pub exclusions: Vec<Exclusion>,
    /// What is reachable of its hosts, with or without evidence of them.
    pub hosts: Vec<NetworkOfHost>,
    /// Whether something failed that concerns the run as a whole.
    pub has_errors: bool,
}

/// What is reachable of a host.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkOfHost {
    /// The host.
    pub agent_id: String,
    /// The auto scaling group that it is in, or nothing.
    pub scaling_group: String,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The outcome of every rule.
    pub rule_results: Vec<RuleResult>,
    /// How many rules had which outcome: it takes the place of what is said of its rules package.
    pub coverage: PackageCoverage,
}

impl Store {
    pub(super) async fn save_networks(
        &self,
        transaction: &mut WriteTransaction<'_>,
        run: &RunArn,
        hosts: Vec<NetworkOfHost>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if hosts.is_empty() {
            return Ok(());
        }
        let failed = self.failed_to("save what is reachable");
        let realm = realm_text(&run.realm());
        let mut first = next_ordinal(transaction, run).await.map_err(&failed)?;
        let mut arns = Vec::new();
        for mut host in hosts {
            self.rename_taken(transaction, run, &mut host.findings).await?;
            arns.extend(host.findings.iter().map(|finding| finding.arn.clone()));
            let rows = AssessmentRows::of_network(run, &realm, first, &host)?;
            rows.insert(transaction).await.map_err(&failed)?;
            first += i64::try_from(host.findings.len().max(host.rule_results.len())).unwrap_or_default();
            self.replace_coverage(transaction, run, &host.agent_id, host.coverage).await?;
        }
        announce_findings(transaction, run, &arns, now).await.map_err(&failed)
    }

    async fn replace_coverage(
        &self,
        transaction: &mut WriteTransaction<'_>,
        run: &RunArn,
        agent_id: &str,
        package: PackageCoverage,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("save the coverage of a host");
        let mut statement = Statement::new("SELECT coverage FROM run_agent");
        statement.condition("run_arn = ").bind(run.as_str()).condition("agent_id = ").bind(agent_id);
        let rows = statement.fetch(transaction).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(()) };
        let body: Option<String> = row.try_get(0).map_err(&failed)?;
        let coverage: Option<Coverage> = body.map(|body| self.decode("coverage", &body)).transpose()?;
        let mut coverage = coverage.unwrap_or_default();
        coverage.packages.retain(|one| one.rules_package != package.rules_package);
        coverage.packages.push(package);
        let mut update = Statement::new("UPDATE run_agent SET coverage = ");
        update.bind(Value::OptionalText(Some(encode("coverage", &coverage)?)));
        update.condition("run_arn = ").bind(run.as_str()).condition("agent_id = ").bind(agent_id);
        update.execute(transaction).await.map_err(&failed)?;
        Ok(())
    }
}
