//! Findings and exclusions over HTTP: shapes, pages, errors, realms.

use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_server::service::Role;
use serde_json::{Value, json};

use super::corpus;
use crate::api::{Api, Client, serve};
use crate::home::{Home, homes};

/// The first runs of the corpus, served. The folder has to live as long as the service.
async fn served(runs: &[Assessment]) -> Vec<(Api, impl Sized)> {
    let mut served = Vec::new();
    for home in homes().await {
        corpus::fill(&home, runs).await;
        let Home { store, database, folder } = home;
        println!("{database}");
        served.push((serve(store, assay_model::Timestamp::now).await, folder));
    }
    served
}

fn arns(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_owned()).collect()
}

/// All findings of a list, page by page.
async fn list_all(client: &Client<'_>, mut request: Value) -> (Vec<String>, usize) {
    let (mut all, mut pages) = (Vec::new(), 0);
    loop {
        let answer = client.ask("ListFindings", request.clone()).await;
        all.extend(arns(&answer["findingArns"]));
        pages += 1;
        match answer.get("nextToken") {
            Some(token) => request["nextToken"] = token.clone(),
            None => return (all, pages),
        }
    }
}

fn error_code(answer: &crate::api::Answer) -> (&str, &str) {
    let text = |member: &str| answer.body[member].as_str().unwrap_or_default();
    (text("__type"), text("errorCode"))
}

#[tokio::test]
async fn lists_are_paged_and_filtered() {
    let runs = &corpus::runs()[..5];
    let run = runs[2].run.arn.as_str();
    for (api, _folder) in served(runs).await {
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let (all, pages) = list_all(&client, json!({"maxResults": 500})).await;
        assert_eq!((all.len(), pages), (300, 3));
        let (by_ten, pages) = list_all(&client, json!({})).await;
        assert_eq!((by_ten == all, pages), (true, 30));
        let filter = json!({"severities": ["High", "Low"], "agentIds": ["i-host2"], "rulesPackageArns": [
            "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-PmNV0Tcd",
            "arn:aws:inspector:us-east-1:000000000000:rulespackage/0-gEjTy7T7"]});
        let (some, _) = list_all(&client, json!({"assessmentRunArns": [run], "filter": filter})).await;
        assert_eq!(some.len(), 20);
        for (filter, count) in [
            (json!({"rulesPackageArns": ["arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-SPzU33xe"]}), 0),
            (json!({"rulesPackageArns": []}), 60),
            (json!({"userAttributes": [{"key": "team", "value": "web"}]}), 20),
            (json!({"userAttributes": [{"key": "ticket"}]}), 1),
            (json!({"attributes": [{"key": "INSTANCE_ID", "value": "i-host2"}]}), 60),
            (json!({"creationTimeRange": {"beginDate": 1_800_000_021.0}}), 40),
            (json!({"creationTimeRange": {"endDate": 1_800_000_020}}), 0),
        ] {
            let (found, _) = list_all(&client, json!({"assessmentRunArns": [run], "filter": filter})).await;
            assert_eq!(found.len(), count, "{filter}");
        }
        let other_run = run.replace("000000000000", "111122223333");
        let no_run = format!("{}/run/0-00000000", run.rsplit_once("/run/").unwrap().0);
        for (request, expected) in [
            (json!({"assessmentRunArns": [other_run]}), ("AccessDeniedException", "ACCESS_DENIED_TO_ASSESSMENT_RUN")),
            (json!({"assessmentRunArns": [no_run]}), ("NoSuchEntityException", "ASSESSMENT_RUN_DOES_NOT_EXIST")),
            (json!({"assessmentRunArns": ["x"]}), ("InvalidInputException", "INVALID_ASSESSMENT_RUN_ARN")),
            (json!({"nextToken": "1"}), ("InvalidInputException", "INVALID_PAGINATION_TOKEN")),
            (json!({"maxResults": 501}), ("InvalidInputException", "INVALID_MAX_RESULTS")),
            (json!({"filter": {"severities": ["Critical"]}}), ("InvalidInputException", "INVALID_SEVERITY")),
        ] {
            let answer = client.call("ListFindings", request.clone()).await;
            assert_eq!((answer.status, error_code(&answer)), (400, expected), "{request}");
        }
        let other = api.client(&Realm { account: "111122223333".to_owned(), ..Realm::local() }, Role::Operator).await;
        assert_eq!(list_all(&other, json!({})).await, (Vec::new(), 1));
        let answer = other.ask("DescribeFindings", json!({"findingArns": [all[0]]})).await;
        assert_eq!(answer["failedItems"][&all[0]]["failureCode"], "ACCESS_DENIED");
    }
}

#[tokio::test]
async fn findings_are_described_as_inspector_did() {
    let runs = &corpus::runs()[..2];
    for (api, _folder) in served(runs).await {
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let (all, _) = list_all(&client, json!({"maxResults": 100})).await;
        let asked: Vec<&String> = all.iter().rev().take(100).collect();
        let answer = client.ask("DescribeFindings", json!({"findingArns": asked, "locale": "EN_US"})).await;
        assert_eq!(answer["failedItems"], json!({}));
        let described: Vec<&str> =
            answer["findings"].as_array().unwrap().iter().map(|it| it["arn"].as_str().unwrap()).collect();
        assert_eq!(described, asked, "the order of the request is kept");

        let saved = runs[0].findings.iter().find(|finding| finding.rule_id.starts_with("1.7.1")).unwrap();
        let answer = client.ask("DescribeFindings", json!({"findingArns": [saved.arn.as_str()]})).await;
        let finding = &answer["findings"][0];
        let id = &saved.rule_id;
        assert_eq!(
            *finding,
            json!({
                "arn": saved.arn, "schemaVersion": 1, "service": "Inspector",
                "serviceAttributes": {"schemaVersion": 1, "assessmentRunArn": runs[0].run.arn,
                    "rulesPackageArn": "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-rExsr2X8"},
                "assetType": "ec2-instance",
                "assetAttributes": {"schemaVersion": 1, "agentId": "i-host0", "hostname": "host0.example.org",
                    "ipv4Addresses": ["192.0.2.10"], "tags": [], "networkInterfaces": []},
                "id": id, "title": saved.title, "description": saved.description,
                "recommendation": "1. Upgrade.\n   apt-get install pkg\n2. Restart what uses it.",
                "severity": saved.severity.as_str(), "numericSeverity": saved.severity.numeric(), "confidence": 10,
                "indicatorOfCompromise": false,
                "attributes": [{"key": "INSTANCE_ID", "value": "i-host0"}, {"key": "PORT", "value": finding["attributes"][1]["value"]},
                    {"key": "PROTOCOL", "value": finding["attributes"][2]["value"]}, {"key": "a=b", "value": "c"},
                    {"key": "BENCHMARK_ID", "value": "CIS Operating System Security Configuration Benchmarks 1.1"},
                    {"key": "BENCHMARK_RULE_ID", "value": id}],
                "userAttributes": [{"key": "team", "value": "web"}],
                "createdAt": finding["createdAt"], "updatedAt": 1_800_000_002.123,
            })
        );
        let absent = format!("{}/finding/0-00000000", runs[0].run.arn);
        let answer = client.ask("DescribeFindings", json!({"findingArns": [absent, "x", all[0], all[0]]})).await;
        assert_eq!(answer["findings"].as_array().unwrap().len(), 1);
        let code = |arn: &str| answer["failedItems"][arn]["failureCode"].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            [code(&absent), code("x"), code(&all[0])],
            ["ITEM_DOES_NOT_EXIST", "INVALID_ARN", "DUPLICATE_ARN"].map(str::to_owned)
        );
        let too_many: Vec<&str> = std::iter::repeat_n(all[0].as_str(), 101).collect();
        let answer = client.call("DescribeFindings", json!({"findingArns": too_many})).await;
        assert_eq!(error_code(&answer).1, "INVALID_NUMBER_OF_FINDING_ARNS");
    }
}

#[tokio::test]
async fn attributes_are_changed_by_operators() {
    let runs = &corpus::runs()[..1];
    let arns: Vec<&str> = runs[0].findings.iter().take(10).map(|it| it.arn.as_str()).collect();
    for (api, _folder) in served(runs).await {
        let client = api.client(&Realm::local(), Role::Operator).await;
        let absent = format!("{}/finding/0-00000000", runs[0].run.arn);
        let pairs = json!([{"key": "owner", "value": "me"}, {"key": "seen"}]);
        let request = json!({"findingArns": [arns[0], absent, "x"], "attributes": pairs});
        let answer = client.ask("AddAttributesToFindings", request).await;
        assert_eq!(
            answer,
            json!({"failedItems": {(absent): {"failureCode": "ITEM_DOES_NOT_EXIST", "retryable": false},
                "x": {"failureCode": "INVALID_ARN", "retryable": false}}})
        );
        let described = client.ask("DescribeFindings", json!({"findingArns": [arns[0]]})).await;
        let finding = &described["findings"][0];
        assert_eq!(finding["userAttributes"].as_array().unwrap().len(), 3);
        assert_eq!(finding["userAttributes"][2], json!({"key": "seen"}));
        assert!(finding["updatedAt"].as_f64() != finding["createdAt"].as_f64());
        let request = json!({"findingArns": arns, "attributeKeys": ["team", "owner", "nothing"]});
        assert_eq!(client.ask("RemoveAttributesFromFindings", request).await, json!({"failedItems": {}}));
        let described = client.ask("DescribeFindings", json!({"findingArns": [arns[0]]})).await;
        assert_eq!(described["findings"][0]["userAttributes"], json!([{"key": "seen"}]));

        let many: Vec<Value> = (0..10).map(|number| json!({"key": format!("k{number}"), "value": "v"})).collect();
        let answer = client.ask("AddAttributesToFindings", json!({"findingArns": arns, "attributes": many})).await;
        assert_eq!(answer["failedItems"].as_object().unwrap().len(), 1);
        assert_eq!(answer["failedItems"][arns[0]]["failureCode"], "LIMIT_EXCEEDED");

        let reader = api.client(&Realm::local(), Role::ReadOnly).await;
        let answer = reader.call("AddAttributesToFindings", json!({"findingArns": arns, "attributes": []})).await;
        assert_eq!(error_code(&answer).0, "AccessDeniedException");
    }
}

#[tokio::test]
async fn exclusions_are_a_map() {
    let runs = &corpus::runs()[..2];
    let run = runs[0].run.arn.as_str();
    for (api, _folder) in served(runs).await {
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let list = client.ask("ListExclusions", json!({"assessmentRunArn": run})).await;
        let arn = runs[0].exclusions[0].arn.as_str();
        assert_eq!(list, json!({"exclusionArns": [arn]}));
        let absent = format!("{run}/exclusion/0-00000000");
        let foreign = arn.replace("us-east-1", "us-east-2");
        let request = json!({"exclusionArns": [arn, arn, absent, foreign, "x"]});
        let answer = client.ask("DescribeExclusions", request).await;
        assert_eq!(
            answer["exclusions"],
            json!({(arn): {"arn": arn, "title": "Not permitted to read a file",
                "description": "/etc/shadow could not be read: no permission",
                "recommendation": "Run the assessment as root.",
                "scopes": [{"key": "INSTANCE_ID", "value": "i-host0"}, {"key": "RULES_PACKAGE_ARN",
                    "value": "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q"}],
                "attributes": [{"key": "path", "value": "/etc/shadow"}]}})
        );
        let code = |arn: &str| answer["failedItems"][arn]["failureCode"].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            [code(&absent), code(&foreign), code("x")],
            ["ITEM_DOES_NOT_EXIST", "ACCESS_DENIED", "INVALID_ARN"].map(str::to_owned)
        );
        let no_run = format!("{}/run/0-00000000", run.rsplit_once("/run/").unwrap().0);
        let answer = client.call("ListExclusions", json!({"assessmentRunArn": no_run})).await;
        assert_eq!(error_code(&answer), ("NoSuchEntityException", "ASSESSMENT_RUN_DOES_NOT_EXIST"));
    }
}
