//! The JSON formats have exactly the members of Inspector's shapes, in Inspector's types, and Assay's under `assay`.
//!
//! The expected lists are those of the reference §7, which is made from the service model that the SDKs use.

use assay_report::{Context, Format, Options};
use serde_json::Value;

use crate::fixture;

/// Required and optional members of a shape.
struct Shape {
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const FINDING: Shape = Shape {
    required: &["arn", "attributes", "userAttributes", "createdAt", "updatedAt"],
    optional: &[
        "schemaVersion",
        "service",
        "serviceAttributes",
        "assetType",
        "assetAttributes",
        "id",
        "title",
        "description",
        "recommendation",
        "severity",
        "numericSeverity",
        "confidence",
        "indicatorOfCompromise",
    ],
};
const SERVICE_ATTRIBUTES: Shape =
    Shape { required: &["schemaVersion"], optional: &["assessmentRunArn", "rulesPackageArn"] };
const ASSET_ATTRIBUTES: Shape = Shape {
    required: &["schemaVersion"],
    optional: &["agentId", "autoScalingGroup", "amiId", "hostname", "ipv4Addresses", "tags", "networkInterfaces"],
};
const RUN: Shape = Shape {
    required: &[
        "arn",
        "name",
        "assessmentTemplateArn",
        "state",
        "durationInSeconds",
        "rulesPackageArns",
        "userAttributesForFindings",
        "createdAt",
        "stateChangedAt",
        "dataCollected",
        "stateChanges",
        "notifications",
        "findingCounts",
    ],
    optional: &["startedAt", "completedAt"],
};
const STATE_CHANGE: Shape = Shape { required: &["stateChangedAt", "state"], optional: &[] };
const EXCLUSION: Shape =
    Shape { required: &["arn", "title", "description", "recommendation", "scopes"], optional: &["attributes"] };
const PAIR: Shape = Shape { required: &["key"], optional: &["value"] };

fn check(value: &Value, shape: &Shape) {
    let members = value.as_object().unwrap();
    for name in shape.required {
        assert!(members.contains_key(*name), "{name} is missing in {value}");
    }
    for (name, member) in members {
        let known = shape.required.contains(&name.as_str()) || shape.optional.contains(&name.as_str());
        assert!(known || name == "assay", "{name} is no member of the shape");
        assert!(!member.is_null(), "{name} is null: an unset member is left out");
    }
}

fn document(assessment: &assay_model::assessment::Assessment) -> Value {
    serde_json::from_slice(&Format::Json.render(assessment, &Options::default()).unwrap()).unwrap()
}

fn list<'a>(value: &'a Value, member: &str) -> &'a Vec<Value> {
    value[member].as_array().unwrap_or_else(|| panic!("{member} is no list"))
}

#[test]
fn every_object_has_inspectors_members() {
    for assessment in [fixture::assessment(), fixture::hostile(), fixture::undecided()] {
        let document = document(&assessment);
        let names: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(names.len(), 5, "{names:?}");
        check(&document["run"], &RUN);
        assert!(document["run"].get("assay").is_none());
        for change in list(&document["run"], "stateChanges") {
            check(change, &STATE_CHANGE);
        }
        for finding in list(&document, "findings") {
            check(finding, &FINDING);
            check(&finding["serviceAttributes"], &SERVICE_ATTRIBUTES);
            check(&finding["assetAttributes"], &ASSET_ATTRIBUTES);
            for pair in list(finding, "attributes").iter().chain(list(finding, "userAttributes")) {
                check(pair, &PAIR);
            }
        }
        for exclusion in list(&document, "exclusions") {
            check(exclusion, &EXCLUSION);
            assert!(!list(exclusion, "scopes").is_empty());
        }
    }
}

#[test]
fn the_four_lists_come_first() {
    let text = String::from_utf8(Format::Json.render(&fixture::assessment(), &Options::default()).unwrap()).unwrap();
    let positions: Vec<usize> = ["run", "findings", "exclusions", "coverage", "assay"]
        .map(|name| text.find(&format!("\n  \"{name}\":")).unwrap())
        .into();
    assert!(positions.is_sorted(), "{positions:?}");
}

#[test]
fn values_are_inspectors() {
    let document = document(&fixture::assessment());
    let run = &document["run"];
    let counts: Vec<&String> = run["findingCounts"].as_object().unwrap().keys().collect();
    assert_eq!(counts, ["High", "Informational", "Low", "Medium", "Undefined"]);
    assert_eq!(run["notifications"], Value::Array(Vec::new()));
    assert_eq!(run["startedAt"], 1_795_485_600.101);
    let finding = &document["findings"][0];
    for (member, expected) in [
        ("service", Value::from("Inspector")),
        ("assetType", Value::from("ec2-instance")),
        ("schemaVersion", Value::from(1)),
        ("severity", Value::from("High")),
        ("numericSeverity", Value::from(9.0)),
        ("confidence", Value::from(10)),
        ("indicatorOfCompromise", Value::from(false)),
        ("createdAt", Value::from(1_795_486_500.9)),
    ] {
        assert_eq!(finding[member], expected, "{member}");
    }
    assert_eq!(finding["assay"]["band"], "Critical");
    assert_eq!(finding["assay"]["run"]["startedAt"], "2026-11-24T02:00:00.101Z");
    assert!(
        finding["recommendation"]
            .as_str()
            .unwrap()
            .starts_with("1. Refresh the package lists.\n   sudo apt-get update\n2. ")
    );
}

#[test]
fn texts_keep_inspectors_limits() {
    let mut assessment = fixture::assessment();
    let finding = &mut assessment.findings[0];
    finding.rule_id = "ü".repeat(200);
    finding.title = "t".repeat(30_000);
    finding.asset.hostname = "h".repeat(300);
    finding.remediation[0].text = "r".repeat(30_000);
    finding.attributes = vec![assay_model::attribute::Attribute { key: "k".repeat(200), value: "v".repeat(500) }; 60];
    finding.asset.ipv4_addresses.push("not an IPv4 address".to_owned());
    let document = document(&assessment);
    let finding = &document["findings"][0];
    let chars = |value: &Value| value.as_str().unwrap().chars().count();
    assert_eq!(chars(&finding["id"]), 128);
    assert_eq!(chars(&finding["assay"]["rule"]), 200, "Assay's own member has the whole rule");
    assert_eq!(chars(&finding["title"]), 20_000);
    assert_eq!(chars(&finding["recommendation"]), 20_000);
    assert_eq!(chars(&finding["assetAttributes"]["hostname"]), 256);
    assert_eq!(list(finding, "attributes").len(), 50);
    assert_eq!((chars(&finding["attributes"][0]["key"]), chars(&finding["attributes"][0]["value"])), (128, 256));
    assert_eq!(list(&finding["assetAttributes"], "ipv4Addresses").len(), 1);
}

#[test]
fn lines_hold_the_same_objects() {
    let assessment = fixture::assessment();
    let document = document(&assessment);
    let text = String::from_utf8(Format::Jsonl.render(&assessment, &Options::default()).unwrap()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["type"], "run");
    assert_eq!(lines[0]["run"], document["run"]);
    assert_eq!(lines[0]["assay"], document["assay"]);
    assert_eq!(lines.last().unwrap()["type"], "coverage");
    assert_eq!(lines.last().unwrap()["coverage"], document["coverage"]);
    let findings: Vec<&Value> = lines.iter().filter(|line| line.get("type").is_none()).collect();
    assert_eq!(findings, list(&document, "findings").iter().collect::<Vec<_>>());
    let exclusions = lines.iter().filter(|line| line["type"] == "exclusion").count();
    assert_eq!(exclusions, list(&document, "exclusions").len());
}

#[test]
fn one_finding_is_the_same_object() {
    let assessment = fixture::assessment();
    let context = Context::from(&assessment);
    let document = document(&assessment);
    let one: Value = serde_json::from_str(&assay_report::finding_json(&context, &assessment.findings[0])).unwrap();
    assert_eq!(one, document["findings"][0]);
    let lines = assay_report::findings_jsonl(assessment.findings.iter().map(|finding| (context, finding)));
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last, *list(&document, "findings").last().unwrap());
}

#[test]
fn runs_as_lines_are_the_same_objects() {
    let assessment = fixture::assessment();
    let lines = assay_report::runs_jsonl([&assessment.run, &fixture::undecided().run]);
    assert_eq!(lines.lines().count(), 2);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first, document(&assessment)["run"]);
}
