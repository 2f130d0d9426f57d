//! Retention: evidence is kept for a while after its run has ended; findings stay.

use assay_model::Timestamp;
use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::reports::delete_unused_reports;
use super::statement::Statement;

/// Hosts whose evidence is let go in one transaction: others want to write, too.
const BATCH: i64 = 500;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Pieces of evidence.
    pub evidence: u64,
    /// Reports of runs that were deleted.
    pub reports: u64,
}

impl Store {
    /// Removes evidence of runs that ended before a time, evidence that no run refers to, and the bytes of reports that are no
    /// more. Evidence that a younger or an active run has, too, stays.
    ///
    /// # Errors
    ///
    /// When the database fails; what was removed until then stays removed.
    pub async fn remove_old_evidence(&self, ended_before: Timestamp) -> Result<Removed, StoreError> {
        let failed = self.failed_to("remove old evidence");
        let mut removed = Removed::default();
        loop {
            let mut transaction = self.begin("remove old evidence").await?;
            let mut old = Statement::new(
                "SELECT agent.run_arn, agent.agent_id FROM run_agent agent JOIN run ON run.arn = agent.run_arn",
            );
            old.condition("run.active = 0").condition("agent.evidence_digest IS NOT NULL");
            old.condition("COALESCE(run.completed_at, run.state_changed_at) < ").bind(ended_before.as_millisecond());
            old.push(" LIMIT ").bind(BATCH);
            let rows = old.fetch(&mut transaction).await.map_err(&failed)?;
            for row in &rows {
                let (run, agent): (String, String) =
                    (row.try_get(0).map_err(&failed)?, row.try_get(1).map_err(&failed)?);
                let mut release = Statement::new("UPDATE run_agent SET evidence_digest = NULL");
                release.condition("run_arn = ").bind(run).condition("agent_id = ").bind(agent);
                release.execute(&mut transaction).await.map_err(&failed)?;
            }
            let mut delete = Statement::new("DELETE FROM evidence");
            delete.condition("NOT EXISTS (SELECT 1 FROM run_agent WHERE run_agent.evidence_digest = evidence.digest)");
            removed.evidence += delete.execute(&mut transaction).await.map_err(&failed)?;
            removed.reports += delete_unused_reports(&mut transaction).await.map_err(&failed)?;
            transaction.commit().await.map_err(&failed)?;
            if rows.is_empty() {
                return Ok(removed);
            }
        }
    }
}
