//! Limits and rates that are configured, what is recorded of calls, and metrics, over HTTP and on each database.

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_server::service::{Limits, Role};
use serde_json::{Value, json};

use crate::api::{Answer, Client, serve, serve_within};
use crate::home::homes;
use crate::runs::scene;

const PACKAGE: &str = "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q";

/// Calls until one is answered that there are too many; gives what came before.
async fn until_throttled(client: &Client<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    // With a new call allowed each second or minute, this many at once are too many on any machine.
    while answers.len() < 200 {
        let answer = client.call("ListFindings", json!({})).await;
        if answer.body["__type"] == "ThrottlingException" {
            assert_eq!(answer.status, 400, "{}", answer.body);
            return answers;
        }
        answers.push(answer);
    }
    panic!("200 calls were answered");
}

/// The last records, oldest first.
async fn records(api: &crate::api::Api) -> Vec<Value> {
    api.service.flush_records().await;
    let records = api.service.store.audit_records(1000).await.unwrap();
    records.iter().rev().map(|record| serde_json::from_str(&record.entry.body).unwrap()).collect()
}

async fn make(client: &Client<'_>, operation: &str, body: Value, member: &str) -> String {
    client.ask(operation, body).await[member].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_one_more_than_configured_is_refused_with_its_code() {
    let limits =
        Limits { targets: 2, templates: 3, runs: 1, resource_groups: 1, subscriptions: 2, ..Limits::default() };
    for home in homes().await {
        let api = serve_within(home.store, limits, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::Operator).await;
        let target = |name: &str| json!({"assessmentTargetName": name});
        let first = make(&client, "CreateAssessmentTarget", target("a"), "assessmentTargetArn").await;
        make(&client, "CreateAssessmentTarget", target("b"), "assessmentTargetArn").await;
        let template = |name: &str| {
            json!({"assessmentTargetArn": first, "assessmentTemplateName": name, "durationInSeconds": 3600,
                   "rulesPackageArns": [PACKAGE]})
        };
        let mut arn = String::new();
        for name in ["a", "b", "c"] {
            arn = make(&client, "CreateAssessmentTemplate", template(name), "assessmentTemplateArn").await;
        }
        let group = json!({"resourceGroupTags": [{"key": "Name", "value": "web"}]});
        client.ask("CreateResourceGroup", group.clone()).await;
        let subscription = |topic: &str| {
            json!({"resourceArn": arn, "event": "ASSESSMENT_RUN_STARTED",
                   "topicArn": format!("arn:aws:sns:us-east-1:000000000000:{topic}")})
        };
        client.ask("SubscribeToEvent", subscription("a")).await;
        client.ask("SubscribeToEvent", subscription("b")).await;
        let run = |name: &str| json!({"assessmentTemplateArn": arn, "assessmentRunName": name});
        client.ask("StartAssessmentRun", run("a")).await;
        for (operation, body, code) in [
            ("CreateAssessmentTarget", target("c"), "ASSESSMENT_TARGET_LIMIT_EXCEEDED"),
            ("CreateAssessmentTemplate", template("d"), "ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED"),
            ("CreateResourceGroup", group, "RESOURCE_GROUP_LIMIT_EXCEEDED"),
            ("SubscribeToEvent", subscription("c"), "EVENT_SUBSCRIPTION_LIMIT_EXCEEDED"),
            ("StartAssessmentRun", run("b"), "ASSESSMENT_RUN_LIMIT_EXCEEDED"),
        ] {
            let answer = client.call(operation, body).await;
            let told = (answer.status, &answer.body["__type"], &answer.body["errorCode"]);
            assert_eq!(told, (400, &json!("LimitExceededException"), &json!(code)), "{} {operation}", home.database);
        }
        // Another account has room of its own.
        let other = api.client(&Realm { account: "111122223333".into(), ..Realm::local() }, Role::Operator).await;
        other.ask("CreateAssessmentTarget", target("c")).await;
    }
}

#[tokio::test]
async fn a_key_that_calls_too_often_is_slowed_down_and_recorded_once() {
    for home in homes().await {
        let limits = Limits { calls_per_second: 1, ..Limits::default() };
        let api = serve_within(home.store, limits, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let answered = until_throttled(&client).await;
        assert!(answered.len() >= 2 && answered.iter().all(|answer| answer.status == 200), "{}", home.database);
        let mut refused = 1;
        for _ in 0..20 {
            refused += u32::from(client.call("ListFindings", json!({})).await.status == 400);
        }
        // Nobody else is.
        api.client(&Realm::local(), Role::ReadOnly).await.ask("ListFindings", json!({})).await;
        let records = records(&api).await;
        let throttled: Vec<&Value> = records.iter().filter(|it| it["errorCode"] == "ThrottlingException").collect();
        assert_eq!(throttled.len(), 1, "{records:?}");
        assert_eq!(throttled[0]["additionalEventData"]["refusedCalls"], refused);
        assert_eq!(throttled[0]["userIdentity"]["accessKeyId"], client.key_id());
        assert_eq!(throttled[0]["eventName"], "ListFindings");
        assert_eq!(records.len() as u32 + refused - 1, answered.len() as u32 + 1 + 20 + 1);
        assert!(matches!(
            api.service.store.verify_audit().await.unwrap(),
            assay_server::store::AuditVerdict::Whole { .. }
        ));
    }
}

#[tokio::test]
async fn who_cannot_prove_who_he_is_too_often_is_slowed_down_and_recorded_once() {
    for home in homes().await {
        let limits = Limits { failures_per_minute: 3, ..Limits::default() };
        let api = serve_within(home.store, limits, Timestamp::now).await;
        let forger = api.client(&Realm::local(), Role::Administrator).await.forger();
        let answered = until_throttled(&forger).await;
        assert!(answered.len() >= 3, "{}", home.database);
        for answer in &answered {
            assert_eq!(answer.body["__type"], "InvalidSignatureException", "{}", answer.body);
        }
        // Whoever proves it is answered, from the same address.
        api.client(&Realm::local(), Role::ReadOnly).await.ask("ListFindings", json!({})).await;
        let records = records(&api).await;
        assert_eq!(records.len(), answered.len() + 2);
        let throttled: Vec<&Value> = records.iter().filter(|it| it["errorCode"] == "ThrottlingException").collect();
        assert_eq!(throttled.len(), 1);
        let expected = [&throttled[0]["userIdentity"], &throttled[0]["requestParameters"]];
        assert_eq!(expected, [&Value::Null, &Value::Null]);
        assert_eq!(throttled[0]["sourceIPAddress"], "127.0.0.1");
    }
}

#[tokio::test]
async fn every_call_is_recorded_before_the_end() {
    for home in homes().await {
        let api = serve(home.store, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::Operator).await;
        let reader = api.client(&Realm::local(), Role::ReadOnly).await;
        let body = json!({"assessmentTargetName": "all"});
        let target = make(&client, "CreateAssessmentTarget", body.clone(), "assessmentTargetArn").await;
        for _ in 0..30 {
            reader.ask("ListAssessmentTargets", json!({})).await;
        }
        assert_eq!(reader.call("CreateAssessmentTarget", body.clone()).await.status, 400);
        assert_eq!(client.call("NoSuchOperation", json!({"a": "x".repeat(10_000)})).await.status, 400);
        let records = records(&api).await;
        assert_eq!(records.len(), 33, "{}", home.database);
        let first = &records[0];
        assert_eq!(first["eventName"], "CreateAssessmentTarget");
        assert_eq!(first["requestParameters"], body);
        assert_eq!(first["responseElements"], json!({"assessmentTargetArn": target}));
        assert_eq!(first["readOnly"], false);
        assert_eq!(first["userIdentity"]["accountId"], Realm::local().account);
        let names = ["eventSource", "eventType", "apiVersion", "awsRegion", "recipientAccountId", "sourceIPAddress"];
        assert_eq!(
            names.map(|name| first[name].as_str().unwrap_or_default()),
            ["inspector.amazonaws.com", "AwsApiCall", "v20160216", "us-east-1", "000000000000", "127.0.0.1"]
        );
        assert_eq!((&records[1]["readOnly"], &records[1]["responseElements"]), (&json!(true), &Value::Null));
        assert_eq!(records[31]["errorCode"], "AccessDeniedException");
        assert_eq!(records[32]["requestParameters"], json!({"omittedBytes": 10_008}));
    }
}

#[tokio::test]
async fn metrics_are_served_by_target_and_template() {
    for home in homes().await {
        let run = crate::events::stored_run(&home.store, "web").await;
        // As if it had been assessed by its agent.
        scene::execute(&home.store, "UPDATE run_agent SET health = 'HEALTHY'".to_owned()).await;
        let api = serve(home.store, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        client.ask("ListFindings", json!({})).await;
        client.call("ListFindings", json!({"maxResults": 0})).await;
        let (status, content_type, text) = api.get("/metrics").await;
        assert_eq!((status, content_type.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
        let text = String::from_utf8(text).unwrap();
        let (target, template) = (run.template().target(), run.template());
        let of = [format!("assessment_target_arn=\"{target}\""), format!("assessment_template_arn=\"{template}\"")];
        for (name, value) in [
            ("inspector_total_matching_agents", 1),
            ("inspector_total_healthy_agents", 1),
            ("inspector_total_assessment_runs", 1),
            ("inspector_total_assessment_run_findings", 3),
        ] {
            for label in &of {
                let line = format!("{name}{{{label}}} {value}");
                assert!(text.lines().any(|it| it == line), "{} {line} is not in {text}", home.database);
            }
        }
        for line in [
            "inspector_account_total_assessment_runs{account=\"000000000000\",region=\"us-east-1\"} 1",
            "assay_requests_total{operation=\"ListFindings\",outcome=\"success\"} 1",
            "assay_requests_total{operation=\"ListFindings\",outcome=\"InvalidInputException\"} 1",
            "assay_request_duration_seconds_count{operation=\"ListFindings\"} 2",
        ] {
            assert!(text.lines().any(|it| it == line), "{} {line} is not in {text}", home.database);
        }
    }
}
