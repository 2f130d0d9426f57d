//! A store that an earlier version has written is read by this one.

use assay_model::evidence::Evidence;
use assay_server::store::{FILE_NAME, FindingFilter, Page, Store};
use camino::Utf8Path;
use serde::Serialize;
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection};

use crate::sample::{EVIDENCE, assessment};

/// Lays out the schema of the first version alone.
async fn first_version(folder: &Utf8Path) -> AnyConnection {
    let migrations = tempfile::tempdir().unwrap();
    let name = "0001_assessments.sql";
    let source = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(name);
    std::fs::copy(source, migrations.path().join(name)).unwrap();
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=rwc", folder.join(FILE_NAME));
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    Migrator::new(migrations.path()).await.unwrap().run(&mut connection).await.unwrap();
    connection
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[tokio::test]
async fn runs_of_the_first_version_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let saved = assessment("web", 1, 12);
    let mut connection = first_version(path).await;
    let (target, template, run) = (saved.target.arn.as_str(), saved.template.arn.as_str(), saved.run.arn.as_str());
    let digest = Evidence::digest(EVIDENCE);
    for (sql, values) in [
        ("INSERT INTO assessment_target VALUES ($1, $2, $3)", vec![target, &saved.target.name, &json(&saved.target)]),
        (
            "INSERT INTO assessment_template VALUES ($1, $2, $3, $4)",
            vec![template, target, &saved.template.name, &json(&saved.template)],
        ),
        ("INSERT INTO evidence VALUES ($1, 0, x'')", vec![&digest]),
        (
            "INSERT INTO assessment_run VALUES ($1, $2, $3, $4, $5, 'COMPLETED', $6, 'web', 1, $7, $8, $9, $10)",
            vec![
                run,
                template,
                &digest,
                saved.run.arn.id(),
                &saved.run.name,
                &saved.host.agent_id,
                &json(&saved.run),
                &json(&saved.host),
                &json(&saved.feeds),
                &json(&saved.coverage),
            ],
        ),
    ] {
        let query = values.into_iter().fold(sqlx::query(sql), |query, value| query.bind(value.to_owned()));
        query.execute(&mut connection).await.unwrap();
    }
    for (ordinal, finding) in (0_i64..).zip(&saved.findings) {
        let sql = "INSERT INTO finding VALUES ($1, $2, $3, $4, 'cve', $5, 'High', 3, $6, NULL, '', '', '', $7)";
        let query = sqlx::query(sql).bind(run).bind(ordinal).bind(finding.arn.id()).bind(finding.key.as_str());
        let query = query.bind(finding.rule_id.as_str()).bind(finding.risk).bind(json(finding));
        query.execute(&mut connection).await.unwrap();
    }
    for (sql, bodies) in [
        ("INSERT INTO exclusion VALUES ($1, $2, $3)", saved.exclusions.iter().map(json).collect::<Vec<_>>()),
        ("INSERT INTO rule_result VALUES ($1, $2, $3)", saved.rule_results.iter().map(json).collect()),
    ] {
        for (ordinal, body) in (0_i64..).zip(bodies) {
            sqlx::query(sql).bind(run).bind(ordinal).bind(body).execute(&mut connection).await.unwrap();
        }
    }
    connection.close().await.unwrap();

    let store = Store::open(path).await.unwrap();
    assert_eq!(store.assessment(&saved.run.arn).await.unwrap().as_ref(), Some(&saved));
    assert_eq!(store.findings(&FindingFilter::default(), &Page::all()).await.unwrap().items, saved.findings);
    assert_eq!(store.target_named("web").await.unwrap().as_ref(), Some(&saved.target));
    store.save(&assessment("web", 2, 3), EVIDENCE).await.unwrap();
}
