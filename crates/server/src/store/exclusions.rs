//! Exclusions of runs that have ended, in the order in which they were made.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::arn::{ExclusionArn, RunArn};
use assay_model::exclusion::Exclusion;
use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::page::{Listing, Page};
use super::statement::Statement;

impl Store {
    /// The exclusions of a run; a position is a place in the run.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn list_exclusions(&self, run: &RunArn, page: &Page<i64>) -> Result<Listing<Exclusion, i64>, StoreError> {
        let failed = self.failed_to("list exclusions");
        let mut statement = Statement::new("SELECT ordinal, body FROM exclusion");
        push_ended_run(&mut statement, run);
        if let Some(after) = &page.after {
            statement.condition("ordinal > ").bind(*after);
        }
        statement.push(" ORDER BY ordinal LIMIT ").bind(i64::from(page.limit) + 1);
        let mut connection = self.connection().await?;
        let mut rows = Vec::new();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let body: String = row.try_get(1).map_err(&failed)?;
            rows.push((row.try_get(0).map_err(&failed)?, self.decode("an exclusion", &body)?));
        }
        Ok(Listing::of_rows(rows, page.limit))
    }

    /// Those of these exclusions that are there, if their runs have ended.
    ///
    /// # Errors
    ///
    /// As [`Store::list_exclusions`].
    pub async fn exclusions(&self, arns: &[ExclusionArn]) -> Result<Vec<Exclusion>, StoreError> {
        let mut by_run: BTreeMap<RunArn, BTreeSet<&str>> = BTreeMap::new();
        for arn in arns {
            by_run.entry(arn.run()).or_default().insert(arn.id());
        }
        let mut exclusions: Vec<Exclusion> = Vec::new();
        for (run, mut ids) in by_run {
            let mut statement = Statement::new("SELECT body FROM exclusion");
            push_ended_run(&mut statement, &run);
            // What the first version stored has no id but in its body.
            ids.insert("");
            statement.condition("id IN ").bind_list(ids.into_iter().map(Into::into));
            exclusions.extend(self.fetch_bodies::<Exclusion>("an exclusion", statement).await?);
        }
        exclusions.retain(|exclusion| arns.contains(&exclusion.arn));
        Ok(exclusions)
    }
}

fn push_ended_run(statement: &mut Statement, run: &RunArn) {
    statement.condition("run_arn = ").bind(run.as_str());
    statement.condition("EXISTS (SELECT 1 FROM run WHERE arn = ").bind(run.as_str()).push(" AND active = 0)");
}
