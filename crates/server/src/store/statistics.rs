//! Statistics: numbers for monitoring, each read with one statement.

use assay_model::arn::TemplateArn;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::connections::Backend;
use super::error::StoreError;
use super::open::Store;
use super::statement::Statement;

/// The numbers of one template; those of its target are their sums, but for the agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStatistics {
    /// The template.
    pub template: TemplateArn,
    /// When its last run was started, in milliseconds; absent where it has none.
    pub last_run_at: Option<i64>,
    /// Hosts of its last run.
    pub matching_agents: i64,
    /// Those of them whose agent was healthy.
    pub healthy_agents: i64,
    /// Its runs.
    pub runs: i64,
    /// The findings of all its runs.
    pub findings: i64,
}

/// How many there are of something.
pub type NamedCount = (String, i64);

/// Jobs of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// Those that are to be done.
    pub waiting: i64,
    /// Those that were given up.
    pub dead: i64,
}

const TEMPLATES: &str = "\
    SELECT template.arn, last.at, \
    CAST(coalesce(hosts.matching, 0) AS BIGINT), CAST(coalesce(hosts.healthy, 0) AS BIGINT), \
    CAST(coalesce(last.runs, 0) AS BIGINT), CAST(coalesce(found.findings, 0) AS BIGINT) \
    FROM template \
    LEFT JOIN (SELECT template_arn, CAST(max(created_at) AS BIGINT) AS at, count(*) AS runs FROM run GROUP BY template_arn) \
    last ON last.template_arn = template.arn \
    LEFT JOIN (SELECT run.template_arn, run.created_at, count(*) AS matching, \
    sum(CASE WHEN run_agent.health = 'HEALTHY' THEN 1 ELSE 0 END) AS healthy \
    FROM run JOIN run_agent ON run_agent.run_arn = run.arn GROUP BY run.template_arn, run.created_at) \
    hosts ON hosts.template_arn = template.arn AND hosts.created_at = last.at \
    LEFT JOIN (SELECT run.template_arn, sum(counted.findings) AS findings FROM \
    (SELECT run_arn, count(*) AS findings FROM finding GROUP BY run_arn) counted \
    JOIN run ON run.arn = counted.run_arn GROUP BY run.template_arn) \
    found ON found.template_arn = template.arn \
    ORDER BY template.arn";

impl Store {
    /// The numbers of all templates of all accounts.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn template_statistics(&self) -> Result<Vec<TemplateStatistics>, StoreError> {
        let failed = self.failed_to("count runs and findings");
        let mut connection = self.connection().await?;
        let rows = Statement::new(TEMPLATES).fetch(&mut connection).await.map_err(&failed)?;
        let statistics = |row: &AnyRow| {
            let arn: String = row.try_get(0)?;
            Ok(TemplateStatistics {
                template: arn.parse().map_err(|cause| sqlx::Error::Decode(Box::new(cause)))?,
                last_run_at: row.try_get(1)?,
                matching_agents: row.try_get(2)?,
                healthy_agents: row.try_get(3)?,
                runs: row.try_get(4)?,
                findings: row.try_get(5)?,
            })
        };
        rows.iter().map(statistics).collect::<Result<_, _>>().map_err(failed)
    }

    /// Agents by health.
    ///
    /// # Errors
    ///
    /// As [`Store::template_statistics`].
    pub async fn agent_counts(&self) -> Result<Vec<NamedCount>, StoreError> {
        let failed = self.failed_to("count agents");
        let select = "SELECT health, CAST(count(*) AS BIGINT) FROM agent WHERE revoked_at IS NULL GROUP BY health ORDER BY health";
        let mut connection = self.connection().await?;
        let rows = Statement::new(select).fetch(&mut connection).await.map_err(&failed)?;
        let count = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
        rows.iter().map(count).collect::<Result<_, _>>().map_err(failed)
    }

    /// Jobs by kind.
    ///
    /// # Errors
    ///
    /// As [`Store::template_statistics`].
    pub async fn job_counts(&self) -> Result<Vec<JobCount>, StoreError> {
        let failed = self.failed_to("count jobs");
        let select = "SELECT kind, CAST(sum(CASE WHEN dead_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), \
                      CAST(sum(CASE WHEN dead_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) FROM job GROUP BY kind ORDER BY kind";
        let mut connection = self.connection().await?;
        let rows = Statement::new(select).fetch(&mut connection).await.map_err(&failed)?;
        let count =
            |row: &AnyRow| Ok(JobCount { kind: row.try_get(0)?, waiting: row.try_get(1)?, dead: row.try_get(2)? });
        rows.iter().map(count).collect::<Result<_, _>>().map_err(failed)
    }

    /// The size of the database, in bytes.
    ///
    /// # Errors
    ///
    /// As [`Store::template_statistics`].
    pub async fn size(&self) -> Result<i64, StoreError> {
        let failed = self.failed_to("ask for the size of the database");
        let select = match self.backend() {
            Backend::Sqlite => {
                "SELECT CAST(page_count * page_size AS BIGINT) FROM pragma_page_count(), pragma_page_size()"
            }
            Backend::Postgres => "SELECT CAST(pg_database_size(current_database()) AS BIGINT)",
        };
        let mut connection = self.connection().await?;
        let rows = Statement::new(select).fetch(&mut connection).await.map_err(&failed)?;
        rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(failed)
    }
}
