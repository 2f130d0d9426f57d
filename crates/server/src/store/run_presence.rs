//! Presence: whether a run is there, and whether it has ended. What it found is shown only then.

use std::collections::BTreeMap;

use assay_model::arn::RunArn;
use assay_model::run::RunState;
use sqlx::Row;

use super::error::StoreError;
use super::open::{Store, encode};
use super::statement::Statement;

impl Store {
    /// The states of those of these runs that are there.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn run_states(&self, runs: &[RunArn]) -> Result<BTreeMap<RunArn, RunState>, StoreError> {
        let failed = self.failed_to("read the states of runs");
        let mut states = BTreeMap::new();
        if runs.is_empty() {
            return Ok(states);
        }
        let mut statement = Statement::new("SELECT arn, state FROM run");
        statement.condition("arn IN ").bind_list(runs.iter().map(|run| run.as_str().into()));
        let mut connection = self.connection().await?;
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let arn: String = row.try_get(0).map_err(&failed)?;
            let arn = arn.parse().map_err(|cause| StoreError::DecodeArn { path: self.path().to_owned(), cause })?;
            let state: String = row.try_get(1).map_err(&failed)?;
            states.insert(arn, self.decode("the state of a run", &encode("a state", &state)?)?);
        }
        Ok(states)
    }
}
