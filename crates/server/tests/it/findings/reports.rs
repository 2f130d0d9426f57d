//! Reports: asked for until they are there, downloaded by signed addresses, read back by other programs.

use std::process::Command;

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::run::RunState;
use assay_server::service::Role;
use assay_server::store::Store;
use camino::Utf8Path;
use serde_json::{Value, json};

use crate::api::{Api, Client, serve};
use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment};

/// Two hours ago.
fn earlier() -> Timestamp {
    Timestamp::now() - jiff::SignedDuration::from_hours(2)
}

/// Another process on the same database.
async fn open_again(home: &Home) -> Store {
    match home.database {
        "SQLite" => Store::open(Utf8Path::from_path(home.folder.path()).unwrap()).await.unwrap(),
        _ => Store::connect(home.store.path().as_str()).await.unwrap(),
    }
}

fn request(run: &str, format: &str, kind: &str) -> Value {
    json!({"assessmentRunArn": run, "reportFileFormat": format, "reportType": kind})
}

/// Asks until the report is there: the path and query of its address.
async fn finished(api: &Api, client: &Client<'_>, request: Value) -> String {
    let first = client.ask("GetAssessmentReport", request.clone()).await;
    assert_eq!(first, json!({"status": "WORK_IN_PROGRESS"}));
    loop {
        let answer = client.ask("GetAssessmentReport", request.clone()).await;
        match answer["status"].as_str().unwrap() {
            "WORK_IN_PROGRESS" => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            "COMPLETED" => {
                let url = answer["url"].as_str().unwrap();
                assert!(url.len() <= 2048);
                return url.strip_prefix(&format!("http://{}", api.address)).unwrap().to_owned();
            }
            status => panic!("{status}"),
        }
    }
}

fn text_of_pdf(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new("pdftotext").arg(&path).arg("-").output().expect("pdftotext of poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn reports_are_made_once_and_downloaded() {
    for home in homes().await {
        println!("{}", home.database);
        let saved = assessment("web", 1, 25);
        home.store.save(&saved, EVIDENCE).await.unwrap();
        let api = serve(open_again(&home).await, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let run = saved.run.arn.as_str();
        for kind in ["FINDING", "FULL"] {
            for format in ["HTML", "PDF"] {
                let address = finished(&api, &client, request(run, format, kind)).await;
                let (status, content_type, bytes) = api.get(&address).await;
                assert_eq!(status, 200);
                let text = if format == "PDF" {
                    assert_eq!(content_type, "application/pdf");
                    text_of_pdf(&bytes)
                } else {
                    assert_eq!(content_type, "text/html; charset=utf-8");
                    String::from_utf8(bytes.clone()).unwrap()
                };
                for finding in &saved.findings {
                    assert!(text.contains(&finding.rule_id), "{kind} {format}: {}", finding.rule_id);
                }
                assert!(text.contains("web.example.org") && text.contains("Security Best Practices"));
                assert_eq!(text.contains("Enable ASLR"), kind == "FULL", "{format}");
                // Another process gives the same bytes, also by an address that this one has signed.
                let other = serve(open_again(&home).await, Timestamp::now).await;
                assert!(other.get(&address).await.2 == bytes);
            }
        }
        let address = finished_again(&client, request(run, "PDF", "FULL")).await;
        assert!(home.store.delete_run(&saved.run.arn).await.unwrap());
        assert_eq!(api.get(&address).await.0, 404);
        let answer = client.call("GetAssessmentReport", request(run, "PDF", "FULL")).await;
        assert_eq!(answer.body["errorCode"], "ASSESSMENT_RUN_DOES_NOT_EXIST");
        // The bytes went with the run.
        let removed = home.store.remove_old_evidence(Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!((removed.evidence, removed.reports), (0, 0));
    }
}

/// The address of a report that was made before.
async fn finished_again(client: &Client<'_>, request: Value) -> String {
    let answer = client.ask("GetAssessmentReport", request).await;
    let url = answer["url"].as_str().unwrap();
    format!("/{}", url.splitn(4, '/').nth(3).unwrap())
}

#[tokio::test]
async fn addresses_expire_and_cannot_be_changed() {
    for home in homes().await {
        println!("{}", home.database);
        let saved = assessment("web", 1, 3);
        home.store.save(&saved, EVIDENCE).await.unwrap();
        let old = serve(open_again(&home).await, earlier).await;
        let client = old.client(&Realm::local(), Role::Operator).await;
        let run = saved.run.arn.as_str();
        let address = finished(&old, &client, request(run, "HTML", "FINDING")).await;
        assert_eq!(old.get(&address).await.0, 200);
        let api = serve(open_again(&home).await, Timestamp::now).await;
        let (status, content_type, bytes) = api.get(&address).await;
        assert_eq!((status, content_type.as_str()), (403, "text/plain; charset=utf-8"));
        assert!(String::from_utf8(bytes).unwrap().contains("expired"));

        let client = api.client(&Realm::local(), Role::Operator).await;
        let address = finished_again(&client, request(run, "HTML", "FINDING")).await;
        assert_eq!(api.get(&address).await.0, 200);
        let (path, query) = address.split_once('?').unwrap();
        for changed in [
            path.to_owned(),
            format!("{}?{query}", path.replace("FINDING.html", "FULL.html")),
            format!("{}?{query}", path.replace("run/0-", "run/0-0")),
            format!("{path}?{}", query.replace("expires=1", "expires=2")),
            format!("{path}?{query}0"),
            "/reports/x".to_owned(),
        ] {
            let (status, _, bytes) = api.get(&changed).await;
            assert_eq!(status, 403, "{changed}");
            assert!(!String::from_utf8(bytes).unwrap().contains("CVE-"));
        }
    }
}

#[tokio::test]
async fn only_runs_that_were_evaluated_have_reports() {
    for home in homes().await {
        println!("{}", home.database);
        let mut canceled = assessment("web", 1, 0);
        canceled.run.enter(RunState::Canceled, canceled.run.created_at);
        let mut active = assessment("db", 1, 0);
        active.run.state_changes.truncate(2);
        for saved in [&canceled, &active] {
            home.store.save(saved, EVIDENCE).await.unwrap();
        }
        let api = serve(open_again(&home).await, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::Operator).await;
        let foreign = active.run.arn.as_str().replace("000000000000", "111122223333");
        for (run, name) in [
            (canceled.run.arn.as_str(), "UnsupportedFeatureException"),
            (active.run.arn.as_str(), "AssessmentRunInProgressException"),
            (&foreign, "AccessDeniedException"),
            ("x", "InvalidInputException"),
        ] {
            let answer = client.call("GetAssessmentReport", request(run, "PDF", "FULL")).await;
            assert_eq!((answer.status, answer.body["__type"].as_str()), (400, Some(name)), "{}", answer.body);
        }
        let answer = client.call("GetAssessmentReport", request(active.run.arn.as_str(), "DOC", "FULL")).await;
        assert_eq!(answer.body["__type"], "ValidationException");
    }
}
