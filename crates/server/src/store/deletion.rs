//! Deletion: what became of an object that should go, and evidence that nobody refers to any more.

use assay_model::arn::RunArn;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::evidence::delete_unused;
use super::reports::delete_unused_reports;

/// What became of an object that should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone, with all that belongs to it.
    Done,
    /// There is no such object.
    NotThere,
    /// These runs are active, at most eleven of them: nothing is deleted.
    RunsInProgress(Vec<RunArn>),
}

/// Selects the digests of the evidence of runs; conditions on `run`, `template` and `agent` follow.
pub(super) fn evidence_below() -> &'static str {
    "SELECT DISTINCT agent.evidence_digest FROM run_agent agent JOIN run ON run.arn = agent.run_arn \
     JOIN template ON template.arn = run.template_arn"
}

/// Deletes the evidence that the first column names, and the bytes of reports, as far as nobody refers to them any more.
pub(super) async fn delete_evidence(connection: &mut AnyConnection, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
    for row in rows {
        if let Some(digest) = row.try_get::<Option<String>, _>(0)? {
            delete_unused(connection, &digest).await?;
        }
    }
    delete_unused_reports(connection).await.map(|_| ())
}
