//! What is announced of a run, in the transaction that changes it.

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, RulesPackageArn, RunArn};
use assay_model::run::{AssessmentRun, RunState};
use sqlx::{AnyConnection, Row};

use super::announce::{Announcement, RunEvent, announce};
use super::statement::Statement;

/// Announces that a run was started.
pub(super) async fn announce_start(connection: &mut AnyConnection, run: &AssessmentRun) -> Result<(), sqlx::Error> {
    announce(connection, &Announcement { run: &run.arn, at: run.created_at, what: RunEvent::Started }).await.map(drop)
}

/// Announces the states that a run has entered; for one that has ended, also how many findings each package has.
pub(super) async fn announce_states(
    connection: &mut AnyConnection,
    run: &AssessmentRun,
    states: &[RunState],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    for state in states {
        announce(connection, &Announcement { run: &run.arn, at, what: RunEvent::StateChanged(*state) }).await?;
    }
    if run.state().is_terminal() {
        let counts = counts(connection, run).await?;
        announce(connection, &Announcement { run: &run.arn, at, what: RunEvent::Completed(&counts) }).await?;
    }
    Ok(())
}

/// Announces findings.
pub(super) async fn announce_findings(
    connection: &mut AnyConnection,
    run: &RunArn,
    findings: &[FindingArn],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    announce(connection, &Announcement { run, at, what: RunEvent::FindingsReported(findings) }).await.map(drop)
}

/// The number of findings of each rules package of a run.
async fn counts(
    connection: &mut AnyConnection,
    run: &AssessmentRun,
) -> Result<Vec<(RulesPackageArn, u64)>, sqlx::Error> {
    let mut statement = Statement::new("SELECT rules_package, CAST(count(*) AS BIGINT) FROM finding");
    statement.condition("run_arn = ").bind(run.arn.as_str()).push(" GROUP BY rules_package");
    let mut of_slug = std::collections::BTreeMap::new();
    for row in statement.fetch(connection).await? {
        let slug: String = row.try_get(0)?;
        of_slug.insert(slug, u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or_default());
    }
    let count = |package: &RulesPackageArn| {
        let slug = package.resolve().map(|kind| kind.slug());
        slug.and_then(|slug| of_slug.get(slug)).copied().unwrap_or_default()
    };
    Ok(run.rules_package_arns.iter().map(|package| (package.clone(), count(package))).collect())
}
