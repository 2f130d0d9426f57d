//! The audit record, metrics and rates, on each database.

use assay_server::store::{AuditEntry, AuditVerdict, Store};

use super::subscriptions::at;
use crate::home::homes;
use crate::runs::scene::{self, service};

fn entry(number: i64) -> AuditEntry {
    AuditEntry { at: at(number), realm: "us-east-1/111122223333".into(), body: format!("{{\"number\":{number}}}") }
}

async fn filled(store: &Store) {
    for first in [0, 600] {
        let entries: Vec<AuditEntry> = (first..first + 600).map(entry).collect();
        store.append_audit(&entries).await.unwrap();
    }
}

#[tokio::test]
async fn an_untouched_record_is_whole() {
    for home in homes().await {
        let whole = |verdict| matches!(verdict, AuditVerdict::Whole { .. });
        assert!(whole(home.store.verify_audit().await.unwrap()), "{}", home.database);
        filled(&home.store).await;
        let verdict = home.store.verify_audit().await.unwrap();
        assert!(matches!(verdict, AuditVerdict::Whole { records: 1200, .. }), "{verdict:?}");
        let last = home.store.audit_records(2).await.unwrap();
        assert_eq!(last.iter().map(|record| record.sequence).collect::<Vec<_>>(), [1200, 1199]);
        assert_eq!(last[0].entry, entry(1199));
    }
}

#[tokio::test]
async fn whatever_is_changed_is_found() {
    for (tampering, broken) in [
        ("UPDATE audit SET body = '{}' WHERE sequence = 700", 700),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 1", 1),
        ("UPDATE audit SET realm = '' WHERE sequence = 1200", 1200),
        ("DELETE FROM audit WHERE sequence = 600", 600),
        ("DELETE FROM audit WHERE sequence > 1000", 1001),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET digest = previous WHERE sequence = 3", 3),
    ] {
        for home in homes().await {
            filled(&home.store).await;
            scene::execute(&home.store, tampering.to_owned()).await;
            let verdict = home.store.verify_audit().await.unwrap();
            assert!(
                matches!(verdict, AuditVerdict::Broken { sequence, .. } if sequence == broken),
                "{} {tampering}: {verdict:?}",
                home.database
            );
        }
    }
}

#[tokio::test]
async fn metrics_are_lines_that_prometheus_reads() {
    for home in homes().await {
        let service = service(home.store).await;
        super::subscriptions::stored_run(&service.store, "web").await;
        let text = service.metrics().await.unwrap();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(name.starts_with(|first: char| first.is_ascii_lowercase()), "{line}");
            assert!(!name.contains('{') || name.ends_with('}'), "{line}");
        }
        let value = |start: &str| {
            let line = text.lines().find(|line| line.starts_with(start));
            line.and_then(|line| line.rsplit_once(' ')).map(|(_, value)| value.parse::<f64>().unwrap())
        };
        assert_eq!(value("inspector_total_assessment_runs{assessment_template_arn"), Some(1.0), "{}", home.database);
        assert_eq!(value("inspector_total_assessment_runs{assessment_target_arn"), Some(1.0));
        assert_eq!(value("inspector_total_assessment_run_findings{assessment_target_arn"), Some(3.0));
        assert_eq!(value("inspector_total_matching_agents{assessment_target_arn"), Some(1.0));
        assert!(value("assay_store_bytes").unwrap() > 1000.0);
    }
}
