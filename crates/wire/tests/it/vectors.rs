//! The vectors of the reference (§17; invented values, real shapes): they are read, and written with the same content.

use assay_wire::{
    AgentAlreadyRunningAssessment, ApiError, Attribute, DescribeAssessmentRunsResponse, DescribeExclusionsResponse,
    DescribeFindingsResponse, Finding, Operation, Request, Response, StartAssessmentRunRequest,
    StartAssessmentRunResponse, decode,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const RUN: &str = "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2/run/0-M4nT7xQ1";

fn reads_and_writes<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let typed: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), *value);
    typed
}

#[test]
fn a_run_is_started() {
    let body = br#"{"assessmentTemplateArn":"arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2","assessmentRunName":"nightly-42"}"#;
    let operation = Operation::from_target("InspectorService.StartAssessmentRun").unwrap();
    let Request::StartAssessmentRun(StartAssessmentRunRequest { assessment_template_arn, assessment_run_name }) =
        decode(operation, body).unwrap()
    else {
        panic!("another request")
    };
    assert!(assessment_template_arn.ends_with("/template/0-Zz81kQp2"));
    assert_eq!(assessment_run_name.as_deref(), Some("nightly-42"));
    let response = Response::from(StartAssessmentRunResponse { assessment_run_arn: RUN.to_owned() });
    assert_eq!(String::from_utf8(response.encode()).unwrap(), format!("{{\"assessmentRunArn\":\"{RUN}\"}}"));
}

#[test]
fn an_overlap_names_the_agents() {
    let agent = AgentAlreadyRunningAssessment {
        agent_id: "i-0aa11bb22cc33dd44".to_owned(),
        assessment_run_arn: RUN.to_owned(),
    };
    let error = ApiError::agents_already_running([agent], "1 instance is already being assessed");
    let expected = format!(
        r#"{{"__type":"AgentsAlreadyRunningAssessmentException","message":"1 instance is already being assessed","agents":[{{"agentId":"i-0aa11bb22cc33dd44","assessmentRunArn":"{RUN}"}}],"agentsTruncated":false,"canRetry":false}}"#
    );
    assert_eq!(String::from_utf8(error.encode()).unwrap(), expected);
}

#[test]
fn a_described_run_has_its_history() {
    let value = json!({"assessmentRuns":[{"arn":"…/run/0-M4nT7xQ1","name":"nightly-42","assessmentTemplateArn":"…/template/0-Zz81kQp2","state":"COMPLETED","durationInSeconds":900,
        "rulesPackageArns":["arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q"],"userAttributesForFindings":[{"key":"team","value":"core"}],
        "createdAt":1795478400.012,"startedAt":1795478400.101,"completedAt":1795479330.5,"stateChangedAt":1795479330.5,"dataCollected":true,
        "stateChanges":[{"stateChangedAt":1795478400.012,"state":"CREATED"},{"stateChangedAt":1795479310.0,"state":"DATA_COLLECTED"},{"stateChangedAt":1795479330.5,"state":"COMPLETED"}],
        "notifications":[{"date":1795478400.4,"event":"ASSESSMENT_RUN_STARTED","error":false,"snsTopicArn":"arn:aws:sns:us-east-1:111122223333:sec","snsPublishStatusCode":"SUCCESS"}],
        "findingCounts":{"High":1,"Medium":3,"Low":0,"Informational":0,"Undefined":0}}],"failedItems":{}});
    let response: DescribeAssessmentRunsResponse = reads_and_writes(&value);
    assert_eq!(response.assessment_runs[0].created_at.millis(), 1_795_478_400_012);
    assert_eq!(serde_json::from_slice::<Value>(&Response::from(response).encode()).unwrap(), value);
}

#[test]
fn a_finding_has_all_its_members() {
    let value = json!({"arn":"…/run/0-M4nT7xQ1/finding/0-Gk29sLwB","schemaVersion":1,"service":"Inspector",
        "serviceAttributes":{"schemaVersion":1,"assessmentRunArn":"…/run/0-M4nT7xQ1","rulesPackageArn":"arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q"},
        "assetType":"ec2-instance","assetAttributes":{"schemaVersion":1,"agentId":"i-0aa11bb22cc33dd44","amiId":"ami-0123456789abcdef0","hostname":"web1.example.internal","ipv4Addresses":[],
        "tags":[{"key":"Name","value":"web1"}],"networkInterfaces":[{"networkInterfaceId":"eni-01","subnetId":"subnet-01","vpcId":"vpc-01","privateDnsName":"ip-10-0-0-5.ec2.internal","privateIpAddress":"10.0.0.5",
        "privateIpAddresses":[{"privateDnsName":"ip-10-0-0-5.ec2.internal","privateIpAddress":"10.0.0.5"}],"ipv6Addresses":[],"securityGroups":[{"groupId":"sg-01","groupName":"web"}]}]},
        "id":"Disable root login over SSH","title":"Instance i-0aa11bb22cc33dd44 is configured to allow users to log in with root credentials over SSH.","description":"(our text + evidence)","recommendation":"(our text)",
        "severity":"Medium","numericSeverity":6.0,"confidence":10,"indicatorOfCompromise":false,"attributes":[{"key":"INSTANCE_ID","value":"i-0aa11bb22cc33dd44"}],
        "userAttributes":[{"key":"team","value":"core"}],"createdAt":1795479320.1,"updatedAt":1795479320.1});
    reads_and_writes::<Finding>(&value);
    reads_and_writes::<Vec<Attribute>>(&json!([{"key":"CVE_ID","value":"CVE-2024-0001"},
        {"key":"package_name","value":"openssl-1:3.0.7-1.el9, openssl-libs-1:3.0.7-1.el9"},{"key":"INSTANCE_ID"}]));
}

#[test]
fn exclusions_are_a_map() {
    reads_and_writes::<DescribeExclusionsResponse>(&json!({"exclusions":{"…/run/0-M4nT7xQ1/exclusion/0-JTUOm29Y":{
        "arn":"…/run/0-M4nT7xQ1/exclusion/0-JTUOm29Y","title":"Agent not found","description":"(ours)","recommendation":"(ours)",
        "scopes":[{"key":"INSTANCE_ID","value":"i-05d63b2c2cd80e506"}],"attributes":[{"key":"INSTANCE_ID","value":"i-05d63b2c2cd80e506"}]}},"failedItems":{}}));
}

#[test]
fn failed_items_are_keyed_by_what_was_sent() {
    reads_and_writes::<DescribeFindingsResponse>(&json!({"findings":[],"failedItems":{
        "arn:aws:inspector:us-east-1:111122223333:target/0-A/template/0-B/run/0-C/finding/0-D":{"failureCode":"ITEM_DOES_NOT_EXIST","retryable":false}}}));
}

#[test]
fn no_result_is_an_empty_body() {
    assert!(Response::DeleteAssessmentRun.encode().is_empty());
    let empty: Vec<Operation> =
        Operation::ALL.iter().copied().filter(|operation| operation.output().is_none()).collect();
    assert_eq!(empty.len(), 9);
}
