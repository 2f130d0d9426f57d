//! Every error: name, status, body (reference §4).

use assay_wire::{
    AccessDeniedErrorCode, ApiError, InvalidCrossAccountRoleErrorCode, InvalidInputErrorCode, LimitExceededErrorCode,
    NoSuchEntityErrorCode, Operation, ProtocolErrorKind,
};

fn check(error: &ApiError, status: u16, body: &str) {
    assert_eq!(String::from_utf8(error.encode()).unwrap(), body);
    assert_eq!(error.status(), status, "{error}");
    assert!(body.starts_with(&format!("{{\"__type\":\"{}\",\"message\":\"m\"", error.name())), "{error}");
    let is_modelled = Operation::ALL.iter().any(|operation| operation.exceptions().contains(&error.name()));
    assert!(is_modelled || matches!(error, ApiError::Protocol(_)), "{error}");
}

#[test]
fn every_exception_has_its_body() {
    let runs = |count: usize| (0..count).map(|number| format!("run {number}"));
    for (error, status, body) in [
        (
            ApiError::invalid_input(InvalidInputErrorCode::InvalidMaxResults, "m"),
            400,
            r#"{"__type":"InvalidInputException","message":"m","errorCode":"INVALID_MAX_RESULTS","canRetry":false}"#,
        ),
        (
            ApiError::no_such_entity(NoSuchEntityErrorCode::FindingDoesNotExist, "m"),
            400,
            r#"{"__type":"NoSuchEntityException","message":"m","errorCode":"FINDING_DOES_NOT_EXIST","canRetry":false}"#,
        ),
        (
            ApiError::access_denied(AccessDeniedErrorCode::AccessDeniedToSnsTopic, "m"),
            400,
            r#"{"__type":"AccessDeniedException","message":"m","errorCode":"ACCESS_DENIED_TO_SNS_TOPIC","canRetry":false}"#,
        ),
        (
            ApiError::limit_exceeded(LimitExceededErrorCode::AssessmentRunLimitExceeded, "m"),
            400,
            r#"{"__type":"LimitExceededException","message":"m","errorCode":"ASSESSMENT_RUN_LIMIT_EXCEEDED","canRetry":false}"#,
        ),
        (
            ApiError::invalid_role(InvalidCrossAccountRoleErrorCode::RoleDoesNotHaveCorrectPolicy, "m"),
            400,
            r#"{"__type":"InvalidCrossAccountRoleException","message":"m","errorCode":"ROLE_DOES_NOT_HAVE_CORRECT_POLICY","canRetry":false}"#,
        ),
        (
            ApiError::run_in_progress(runs(1), "m"),
            400,
            r#"{"__type":"AssessmentRunInProgressException","message":"m","assessmentRunArns":["run 0"],"assessmentRunArnsTruncated":false,"canRetry":true}"#,
        ),
        (
            ApiError::run_in_progress(runs(11), "m"),
            400,
            r#"{"__type":"AssessmentRunInProgressException","message":"m","assessmentRunArns":["run 0","run 1","run 2","run 3","run 4","run 5","run 6","run 7","run 8","run 9"],"assessmentRunArnsTruncated":true,"canRetry":true}"#,
        ),
        (
            ApiError::agents_already_running([], "m"),
            400,
            r#"{"__type":"AgentsAlreadyRunningAssessmentException","message":"m","agents":[],"agentsTruncated":false,"canRetry":false}"#,
        ),
        (ApiError::preview_in_progress("m"), 400, r#"{"__type":"PreviewGenerationInProgressException","message":"m"}"#),
        (
            ApiError::temporarily_unavailable("m"),
            400,
            r#"{"__type":"ServiceTemporarilyUnavailableException","message":"m","canRetry":true}"#,
        ),
        (
            ApiError::unsupported_feature("m"),
            400,
            r#"{"__type":"UnsupportedFeatureException","message":"m","canRetry":false}"#,
        ),
        (ApiError::internal("m"), 500, r#"{"__type":"InternalException","message":"m","canRetry":true}"#),
    ] {
        check(&error, status, body);
    }
}

#[test]
fn every_protocol_error_has_its_status() {
    let statuses = [
        ("AccessDeniedException", 400),
        ("IncompleteSignature", 400),
        ("InvalidSignatureException", 403),
        ("MissingAuthenticationToken", 403),
        ("RequestEntityTooLargeException", 413),
        ("RequestExpired", 400),
        ("SerializationException", 400),
        ("ServiceUnavailable", 503),
        ("ThrottlingException", 400),
        ("UnknownOperationException", 400),
        ("UnrecognizedClientException", 403),
        ("ValidationException", 400),
    ];
    let names: Vec<_> = ProtocolErrorKind::ALL.iter().map(|kind| (kind.name(), kind.status())).collect();
    assert_eq!(names, statuses);
    for kind in ProtocolErrorKind::ALL {
        let body = format!(r#"{{"__type":"{}","message":"m"}}"#, kind.name());
        check(&ApiError::protocol(*kind, "m"), kind.status(), &body);
    }
}

#[test]
fn messages_are_as_long_as_the_model_allows() {
    let error = ApiError::internal("é".repeat(1001));
    assert_eq!(error.message().chars().count(), 1000);
    assert!(error.message().ends_with('…'));
    assert_eq!(ApiError::internal("é".repeat(1000)).message(), "é".repeat(1000));
}

#[test]
fn the_model_says_which_operation_raises_what() {
    let raised = |name: &str| Operation::ALL.iter().filter(|operation| operation.exceptions().contains(&name)).count();
    for (name, operations) in [
        ("AccessDeniedException", 29),
        ("AgentsAlreadyRunningAssessmentException", 1),
        ("AssessmentRunInProgressException", 4),
        ("InternalException", 37),
        ("InvalidCrossAccountRoleException", 4),
        ("InvalidInputException", 36),
        ("LimitExceededException", 5),
        ("NoSuchEntityException", 25),
        ("PreviewGenerationInProgressException", 1),
        ("ServiceTemporarilyUnavailableException", 17),
        ("UnsupportedFeatureException", 1),
    ] {
        assert_eq!(raised(name), operations, "{name}");
    }
}
