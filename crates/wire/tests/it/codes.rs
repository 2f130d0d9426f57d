//! What is wrong with a request, and the code it gets (reference §4.1): every code that the decoder can give is given here.

use std::collections::BTreeSet;

use assay_wire::{
    ApiError, FindingBatch, InvalidInputErrorCode, MAX_BODY_BYTES, Operation, ProtocolErrorKind, decode, decode_with,
};
use serde_json::{Value, json};

use crate::samples::{RUN, TARGET, TEMPLATE, TOPIC, with};

fn refusal(operation: Operation, body: &Value) -> ApiError {
    match decode(operation, body.to_string().as_bytes()) {
        Err(error) => error,
        Ok(request) => panic!("{body} was accepted as {request:?}"),
    }
}

fn many(count: usize, item: &str) -> Value {
    (0..count).map(|_| item).collect()
}

fn long(length: usize) -> String {
    "ä".repeat(length)
}

/// Operation, a valid request's member that is replaced, its bad value, the code, and words of the message.
fn cases() -> Vec<(Operation, &'static str, Value, &'static str, &'static str)> {
    use Operation as O;
    let pair = |key: Value, value: Value| json!([{ "key": key, "value": value }]);
    vec![
        (O::DeleteAssessmentTarget, "assessmentTargetArn", json!("x"), "INVALID_ASSESSMENT_TARGET_ARN", "well-formed"),
        (O::DeleteAssessmentTarget, "assessmentTargetArn", json!(RUN), "INVALID_ASSESSMENT_TARGET_ARN", "kind"),
        (O::DeleteAssessmentTarget, "assessmentTargetArn", json!(""), "INVALID_ASSESSMENT_TARGET_ARN", "least is 1"),
        (O::DeleteAssessmentTarget, "assessmentTargetArn", json!(null), "INVALID_ASSESSMENT_TARGET_ARN", "required"),
        (O::PreviewAgents, "previewAgentsArn", json!(RUN), "INVALID_ASSESSMENT_TARGET_ARN", "previewAgentsArn"),
        (O::StartAssessmentRun, "assessmentTemplateArn", json!(RUN), "INVALID_ASSESSMENT_TEMPLATE_ARN", "kind"),
        (O::DeleteAssessmentRun, "assessmentRunArn", json!(TARGET), "INVALID_ASSESSMENT_RUN_ARN", "kind"),
        (O::ListFindings, "assessmentRunArns", json!([RUN, TARGET]), "INVALID_ASSESSMENT_RUN_ARN", "Arns[1]"),
        (O::DescribeFindings, "findingArns", json!([""]), "INVALID_FINDING_ARN", "findingArns[0]"),
        (O::CreateAssessmentTarget, "resourceGroupArn", json!(RUN), "INVALID_RESOURCE_GROUP_ARN", "kind"),
        (O::CreateAssessmentTemplate, "rulesPackageArns", json!([RUN]), "INVALID_RULES_PACKAGE_ARN", "kind"),
        (O::ListTagsForResource, "resourceArn", json!(RUN), "INVALID_RESOURCE_ARN", "kind"),
        (O::SubscribeToEvent, "topicArn", json!(RUN), "INVALID_SNS_TOPIC_ARN", "kind"),
        (O::RegisterCrossAccountAccessRole, "roleArn", json!(TOPIC), "INVALID_IAM_ROLE_ARN", "kind"),
        (O::CreateAssessmentTarget, "assessmentTargetName", json!(""), "INVALID_ASSESSMENT_TARGET_NAME", "least is 1"),
        (O::CreateAssessmentTarget, "assessmentTargetName", json!(long(141)), "INVALID_ASSESSMENT_TARGET_NAME", "140"),
        (O::CreateAssessmentTarget, "assessmentTargetName", json!("a\nb"), "INVALID_ASSESSMENT_TARGET_NAME", "control"),
        (O::UpdateAssessmentTarget, "assessmentTargetName", json!(null), "INVALID_ASSESSMENT_TARGET_NAME", "required"),
        (
            O::ListAssessmentTargets,
            "filter",
            json!({ "assessmentTargetNamePattern": "" }),
            "INVALID_ASSESSMENT_TARGET_NAME_PATTERN",
            "filter.assessmentTargetNamePattern",
        ),
        (
            O::CreateAssessmentTemplate,
            "assessmentTemplateName",
            json!(long(141)),
            "INVALID_ASSESSMENT_TEMPLATE_NAME",
            "141 characters",
        ),
        (
            O::StartAssessmentRun,
            "assessmentRunName",
            json!(""),
            "INVALID_ASSESSMENT_TEMPLATE_NAME",
            "assessmentRunName",
        ),
        (
            O::ListAssessmentTemplates,
            "filter",
            json!({ "namePattern": long(141) }),
            "INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN",
            "140",
        ),
        (O::CreateAssessmentTemplate, "durationInSeconds", json!(179), "INVALID_ASSESSMENT_TEMPLATE_DURATION", "180"),
        (
            O::CreateAssessmentTemplate,
            "durationInSeconds",
            json!(86_401),
            "INVALID_ASSESSMENT_TEMPLATE_DURATION",
            "864",
        ),
        (
            O::CreateAssessmentTemplate,
            "durationInSeconds",
            json!(u64::MAX),
            "INVALID_ASSESSMENT_TEMPLATE_DURATION",
            "1",
        ),
        (
            O::ListAssessmentTemplates,
            "filter",
            json!({ "durationRange": { "minSeconds": 179 } }),
            "INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE",
            "filter.durationRange.minSeconds",
        ),
        (
            O::ListAssessmentTemplates,
            "filter",
            json!({ "durationRange": { "minSeconds": 900, "maxSeconds": 180 } }),
            "INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE",
            "after its end",
        ),
        (
            O::ListAssessmentRuns,
            "filter",
            json!({ "durationRange": { "maxSeconds": 604_801 } }),
            "INVALID_ASSESSMENT_RUN_DURATION_RANGE",
            "604800",
        ),
        (
            O::ListAssessmentRuns,
            "filter",
            json!({ "startTimeRange": { "beginDate": 2, "endDate": 1.5 } }),
            "INVALID_ASSESSMENT_RUN_START_TIME_RANGE",
            "startTimeRange",
        ),
        (
            O::ListAssessmentRuns,
            "filter",
            json!({ "completionTimeRange": { "beginDate": 2, "endDate": 1 } }),
            "INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE",
            "completionTimeRange",
        ),
        (
            O::ListAssessmentRuns,
            "filter",
            json!({ "stateChangeTimeRange": { "beginDate": 2, "endDate": 1 } }),
            "INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE",
            "stateChangeTimeRange",
        ),
        (O::ListAssessmentRuns, "filter", json!({ "states": ["created"] }), "INVALID_ASSESSMENT_RUN_STATE", "CREATED"),
        (O::SetTagsForResource, "tags", json!([{ "value": "v" }]), "INVALID_TAG", "tags[0].key is required"),
        (O::SetTagsForResource, "tags", pair(json!(""), json!("v")), "INVALID_TAG_KEY", "tags[0].key"),
        (O::SetTagsForResource, "tags", json!([{ "key": "k" }, { "key": "k" }]), "INVALID_TAG_KEY", "twice"),
        (O::SetTagsForResource, "tags", pair(json!("k"), json!("")), "INVALID_TAG_VALUE", "tags[0].value"),
        (
            O::CreateResourceGroup,
            "resourceGroupTags",
            pair(json!(long(129)), json!("v")),
            "INVALID_RESOURCE_GROUP_TAG_KEY",
            "128",
        ),
        (
            O::CreateResourceGroup,
            "resourceGroupTags",
            pair(json!("k"), json!(long(257))),
            "INVALID_RESOURCE_GROUP_TAG_VALUE",
            "256",
        ),
        (O::ListFindings, "filter", json!({ "attributes": pair(json!(""), json!("v")) }), "INVALID_ATTRIBUTE", "key"),
        (O::ListFindings, "filter", json!({ "userAttributes": [{}] }), "INVALID_USER_ATTRIBUTE", "required"),
        (O::AddAttributesToFindings, "attributes", pair(json!(""), json!("v")), "INVALID_USER_ATTRIBUTE_KEY", "key"),
        (
            O::CreateAssessmentTemplate,
            "userAttributesForFindings",
            json!([{ "key": "k" }, { "key": "k" }]),
            "INVALID_USER_ATTRIBUTE_KEY",
            "twice",
        ),
        (
            O::AddAttributesToFindings,
            "attributes",
            pair(json!("k"), json!("")),
            "INVALID_USER_ATTRIBUTE_VALUE",
            "value",
        ),
        (O::ListFindings, "nextToken", json!(""), "INVALID_PAGINATION_TOKEN", "nextToken"),
        (O::ListFindings, "nextToken", json!(long(301)), "INVALID_PAGINATION_TOKEN", "300"),
        (O::ListFindings, "maxResults", json!(0), "INVALID_MAX_RESULTS", "between 1 and 500"),
        (O::PreviewAgents, "maxResults", json!(501), "INVALID_MAX_RESULTS", "between 1 and 500"),
        (O::ListFindings, "filter", json!({ "agentIds": [""] }), "INVALID_AGENT_ID", "filter.agentIds[0]"),
        (O::ListFindings, "filter", json!({ "autoScalingGroups": [""] }), "INVALID_AUTO_SCALING_GROUP", "Groups[0]"),
        (O::ListFindings, "filter", json!({ "ruleNames": [long(1001)] }), "INVALID_RULE_NAME", "1000"),
        (O::ListFindings, "filter", json!({ "severities": ["high"] }), "INVALID_SEVERITY", "High"),
        (O::DescribeFindings, "locale", json!("DE_DE"), "INVALID_LOCALE", "EN_US"),
        (O::SubscribeToEvent, "event", json!("NOTHING"), "INVALID_EVENT", "FINDING_REPORTED"),
        (
            O::DescribeAssessmentTargets,
            "assessmentTargetArns",
            json!([]),
            "INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS",
            "1",
        ),
        (
            O::DescribeAssessmentTargets,
            "assessmentTargetArns",
            json!(null),
            "INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS",
            "required",
        ),
        (
            O::ListAssessmentRuns,
            "assessmentTemplateArns",
            many(51, TEMPLATE),
            "INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS",
            "50",
        ),
        (O::DescribeAssessmentRuns, "assessmentRunArns", many(11, RUN), "INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS", "10"),
        (O::DescribeFindings, "findingArns", many(101, "x"), "INVALID_NUMBER_OF_FINDING_ARNS", "100"),
        (O::DescribeResourceGroups, "resourceGroupArns", json!([]), "INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS", "1"),
        (O::CreateAssessmentTemplate, "rulesPackageArns", json!([]), "INVALID_NUMBER_OF_RULES_PACKAGE_ARNS", "1"),
        (
            O::ListAssessmentRuns,
            "filter",
            json!({ "states": many(51, "CREATED") }),
            "INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES",
            "50",
        ),
        (O::SetTagsForResource, "tags", json!(vec![json!({ "key": "k" }); 11]), "INVALID_NUMBER_OF_TAGS", "10"),
        (O::CreateResourceGroup, "resourceGroupTags", json!([]), "INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS", "1"),
        (
            O::ListFindings,
            "filter",
            json!({ "attributes": vec![json!({ "key": "k" }); 51] }),
            "INVALID_NUMBER_OF_ATTRIBUTES",
            "50",
        ),
        (O::RemoveAttributesFromFindings, "attributeKeys", many(11, "k"), "INVALID_NUMBER_OF_USER_ATTRIBUTES", "10"),
        (O::ListFindings, "filter", json!({ "agentIds": many(100, "i-0") }), "INVALID_NUMBER_OF_AGENT_IDS", "99"),
        (
            O::ListFindings,
            "filter",
            json!({ "autoScalingGroups": many(21, "g") }),
            "INVALID_NUMBER_OF_AUTO_SCALING_GROUPS",
            "20",
        ),
        (O::ListFindings, "filter", json!({ "ruleNames": many(51, "r") }), "INVALID_NUMBER_OF_RULE_NAMES", "50"),
        (O::ListFindings, "filter", json!({ "severities": many(51, "Low") }), "INVALID_NUMBER_OF_SEVERITIES", "50"),
    ]
}

#[test]
fn every_bad_member_gets_its_code() {
    let mut given = BTreeSet::new();
    for (operation, member, value, code, words) in cases() {
        let error = refusal(operation, &with(operation, member, value));
        let ApiError::InvalidInput(exception) = &error else { panic!("{operation} {member}: {error}") };
        assert_eq!(exception.error_code.as_str(), code, "{operation} {member}: {error}");
        assert!(error.message().contains(words), "{operation} {member}: {error} lacks {words:?}");
        given.insert(exception.error_code);
    }
    let rest: Vec<&str> =
        InvalidInputErrorCode::ALL.iter().filter(|code| !given.contains(code)).map(|code| code.as_str()).collect();
    assert_eq!(rest, ["ASSESSMENT_TARGET_NAME_ALREADY_TAKEN", "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN"]);
}

fn check_protocol(operation: Operation, body: &[u8], kind: ProtocolErrorKind, words: &str) {
    let error = decode(operation, body).unwrap_err();
    assert_eq!(error.name(), kind.name(), "{error}");
    assert!(error.message().contains(words), "{error} lacks {words:?}");
}

#[test]
fn what_is_no_request_is_said_before_limits() {
    use Operation as O;
    let kind = ProtocolErrorKind::Serialization;
    for (body, words) in [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        (r#"{"maxResults":"1"}"#, "maxResults is a string, it has to be a number without a fraction"),
        (r#"{"maxResults":1.0}"#, "maxResults is a number"),
        (r#"{"nextToken":1}"#, "nextToken is a number, it has to be a string"),
        (r#"{"assessmentRunArns":"x"}"#, "it has to be an array"),
        (r#"{"assessmentRunArns":[null]}"#, "assessmentRunArns[0] is null"),
        (r#"{"filter":[]}"#, "filter is an array, it has to be an object"),
        (r#"{"filter":{"creationTimeRange":{"beginDate":"2026-01-01"}}}"#, "beginDate is a string"),
        // A wrong type is said before the limit that an earlier member breaks.
        (r#"{"assessmentRunArns":[""],"maxResults":true}"#, "maxResults is a boolean"),
    ] {
        check_protocol(O::ListFindings, body.as_bytes(), kind, words);
    }
    check_protocol(O::ListFindings, b"{\"nextToken\":\"\xff\"}", kind, "not JSON");
    check_protocol(O::ListFindings, "[".repeat(100_000).as_bytes(), kind, "not JSON");
    let large = format!("{{\"x\":\"{}\"}}", "a".repeat(MAX_BODY_BYTES));
    check_protocol(O::ListFindings, large.as_bytes(), ProtocolErrorKind::RequestEntityTooLarge, "1048576");
}

#[test]
fn members_without_a_code_are_invalid_all_the_same() {
    use Operation as O;
    for (operation, member, value, words) in [
        (O::GetAssessmentReport, "reportType", json!("ALL"), "FINDING, FULL"),
        (O::GetAssessmentReport, "reportFileFormat", json!(null), "required"),
        (O::StopAssessmentRun, "stopAction", json!("NOW"), "START_EVALUATION"),
        (O::GetExclusionsPreview, "previewToken", json!("1"), "UUID"),
        (O::DescribeExclusions, "exclusionArns", json!([]), "least is 1"),
        (O::ListAssessmentRunAgents, "filter", json!({ "agentHealths": [] }), "filter.agentHealthCodes is required"),
    ] {
        let body = with(operation, member, value).to_string();
        check_protocol(operation, body.as_bytes(), ProtocolErrorKind::Validation, words);
    }
}

#[test]
fn what_clients_send_is_accepted() {
    use Operation as O;
    let hundred = json!({ "findingArns": many(100, "malformed") }).to_string();
    for (operation, body) in [
        (O::DescribeCrossAccountAccessRole, "{}"),
        (O::DescribeCrossAccountAccessRole, ""),
        (O::ListFindings, ""),
        (O::ListFindings, " {} "),
        // Null, unknown members, a reversed range for which there is no code.
        (O::ListFindings, r#"{"filter":null,"unknown":{"a":[1]},"nextToken":null}"#),
        (O::ListFindings, r#"{"filter":{"creationTimeRange":{"beginDate":2,"endDate":1}}}"#),
        (O::ListFindings, r#"{"maxResults":500,"filter":{"ruleNames":[""]}}"#),
        (O::ListAssessmentTemplates, r#"{"filter":{"durationRange":{"minSeconds":180,"maxSeconds":604800}}}"#),
        // Bad ARNs of a Describe call become failed items.
        (O::DescribeAssessmentRuns, r#"{"assessmentRunArns":["x"]}"#),
        (O::DescribeFindings, &hundred),
    ] {
        let request = decode(operation, body.as_bytes()).unwrap_or_else(|error| panic!("{operation} {body}: {error}"));
        assert_eq!(request.operation(), operation);
    }
    let error = decode_with(O::DescribeFindings, hundred.as_bytes(), FindingBatch::Documented).unwrap_err();
    assert!(error.message().contains("the most is 10"), "{error}");
}
