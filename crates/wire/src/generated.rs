//! The shapes and operations of Inspector's API 2016-02-16 (reference §5 to §7), as the published service model has them.
//!
//! Written by `cargo xtask codegen`, never by hand. Members are named on the wire as in the model; what is not required is
//! an `Option` that is left out when absent.

// Names are the model's: every code of an error begins alike, and requests differ in size.
#![allow(clippy::enum_variant_names, clippy::large_enum_variant)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::enumeration::wire_enum;
use crate::shape::Shape;
use crate::timestamp::Timestamp;

wire_enum! {
    /// The operations (reference §6): what follows `InspectorService.` in `X-Amz-Target`.
    Operation {
        AddAttributesToFindings = "AddAttributesToFindings",
        CreateAssessmentTarget = "CreateAssessmentTarget",
        CreateAssessmentTemplate = "CreateAssessmentTemplate",
        CreateExclusionsPreview = "CreateExclusionsPreview",
        CreateResourceGroup = "CreateResourceGroup",
        DeleteAssessmentRun = "DeleteAssessmentRun",
        DeleteAssessmentTarget = "DeleteAssessmentTarget",
        DeleteAssessmentTemplate = "DeleteAssessmentTemplate",
        DescribeAssessmentRuns = "DescribeAssessmentRuns",
        DescribeAssessmentTargets = "DescribeAssessmentTargets",
        DescribeAssessmentTemplates = "DescribeAssessmentTemplates",
        DescribeCrossAccountAccessRole = "DescribeCrossAccountAccessRole",
        DescribeExclusions = "DescribeExclusions",
        DescribeFindings = "DescribeFindings",
        DescribeResourceGroups = "DescribeResourceGroups",
        DescribeRulesPackages = "DescribeRulesPackages",
        GetAssessmentReport = "GetAssessmentReport",
        GetExclusionsPreview = "GetExclusionsPreview",
        GetTelemetryMetadata = "GetTelemetryMetadata",
        ListAssessmentRunAgents = "ListAssessmentRunAgents",
        ListAssessmentRuns = "ListAssessmentRuns",
        ListAssessmentTargets = "ListAssessmentTargets",
        ListAssessmentTemplates = "ListAssessmentTemplates",
        ListEventSubscriptions = "ListEventSubscriptions",
        ListExclusions = "ListExclusions",
        ListFindings = "ListFindings",
        ListRulesPackages = "ListRulesPackages",
        ListTagsForResource = "ListTagsForResource",
        PreviewAgents = "PreviewAgents",
        RegisterCrossAccountAccessRole = "RegisterCrossAccountAccessRole",
        RemoveAttributesFromFindings = "RemoveAttributesFromFindings",
        SetTagsForResource = "SetTagsForResource",
        StartAssessmentRun = "StartAssessmentRun",
        StopAssessmentRun = "StopAssessmentRun",
        SubscribeToEvent = "SubscribeToEvent",
        UnsubscribeFromEvent = "UnsubscribeFromEvent",
        UpdateAssessmentTarget = "UpdateAssessmentTarget",
    }
}

impl Operation {
    /// The limits of its request; absent where it has no members.
    pub fn input(self) -> Option<&'static Shape> {
        match self {
            Operation::AddAttributesToFindings => Some(&shapes::ADD_ATTRIBUTES_TO_FINDINGS_REQUEST),
            Operation::CreateAssessmentTarget => Some(&shapes::CREATE_ASSESSMENT_TARGET_REQUEST),
            Operation::CreateAssessmentTemplate => Some(&shapes::CREATE_ASSESSMENT_TEMPLATE_REQUEST),
            Operation::CreateExclusionsPreview => Some(&shapes::CREATE_EXCLUSIONS_PREVIEW_REQUEST),
            Operation::CreateResourceGroup => Some(&shapes::CREATE_RESOURCE_GROUP_REQUEST),
            Operation::DeleteAssessmentRun => Some(&shapes::DELETE_ASSESSMENT_RUN_REQUEST),
            Operation::DeleteAssessmentTarget => Some(&shapes::DELETE_ASSESSMENT_TARGET_REQUEST),
            Operation::DeleteAssessmentTemplate => Some(&shapes::DELETE_ASSESSMENT_TEMPLATE_REQUEST),
            Operation::DescribeAssessmentRuns => Some(&shapes::DESCRIBE_ASSESSMENT_RUNS_REQUEST),
            Operation::DescribeAssessmentTargets => Some(&shapes::DESCRIBE_ASSESSMENT_TARGETS_REQUEST),
            Operation::DescribeAssessmentTemplates => Some(&shapes::DESCRIBE_ASSESSMENT_TEMPLATES_REQUEST),
            Operation::DescribeCrossAccountAccessRole => None,
            Operation::DescribeExclusions => Some(&shapes::DESCRIBE_EXCLUSIONS_REQUEST),
            Operation::DescribeFindings => Some(&shapes::DESCRIBE_FINDINGS_REQUEST),
            Operation::DescribeResourceGroups => Some(&shapes::DESCRIBE_RESOURCE_GROUPS_REQUEST),
            Operation::DescribeRulesPackages => Some(&shapes::DESCRIBE_RULES_PACKAGES_REQUEST),
            Operation::GetAssessmentReport => Some(&shapes::GET_ASSESSMENT_REPORT_REQUEST),
            Operation::GetExclusionsPreview => Some(&shapes::GET_EXCLUSIONS_PREVIEW_REQUEST),
            Operation::GetTelemetryMetadata => Some(&shapes::GET_TELEMETRY_METADATA_REQUEST),
            Operation::ListAssessmentRunAgents => Some(&shapes::LIST_ASSESSMENT_RUN_AGENTS_REQUEST),
            Operation::ListAssessmentRuns => Some(&shapes::LIST_ASSESSMENT_RUNS_REQUEST),
            Operation::ListAssessmentTargets => Some(&shapes::LIST_ASSESSMENT_TARGETS_REQUEST),
            Operation::ListAssessmentTemplates => Some(&shapes::LIST_ASSESSMENT_TEMPLATES_REQUEST),
            Operation::ListEventSubscriptions => Some(&shapes::LIST_EVENT_SUBSCRIPTIONS_REQUEST),
            Operation::ListExclusions => Some(&shapes::LIST_EXCLUSIONS_REQUEST),
            Operation::ListFindings => Some(&shapes::LIST_FINDINGS_REQUEST),
            Operation::ListRulesPackages => Some(&shapes::LIST_RULES_PACKAGES_REQUEST),
            Operation::ListTagsForResource => Some(&shapes::LIST_TAGS_FOR_RESOURCE_REQUEST),
            Operation::PreviewAgents => Some(&shapes::PREVIEW_AGENTS_REQUEST),
            Operation::RegisterCrossAccountAccessRole => Some(&shapes::REGISTER_CROSS_ACCOUNT_ACCESS_ROLE_REQUEST),
            Operation::RemoveAttributesFromFindings => Some(&shapes::REMOVE_ATTRIBUTES_FROM_FINDINGS_REQUEST),
            Operation::SetTagsForResource => Some(&shapes::SET_TAGS_FOR_RESOURCE_REQUEST),
            Operation::StartAssessmentRun => Some(&shapes::START_ASSESSMENT_RUN_REQUEST),
            Operation::StopAssessmentRun => Some(&shapes::STOP_ASSESSMENT_RUN_REQUEST),
            Operation::SubscribeToEvent => Some(&shapes::SUBSCRIBE_TO_EVENT_REQUEST),
            Operation::UnsubscribeFromEvent => Some(&shapes::UNSUBSCRIBE_FROM_EVENT_REQUEST),
            Operation::UpdateAssessmentTarget => Some(&shapes::UPDATE_ASSESSMENT_TARGET_REQUEST),
        }
    }

    /// The limits of its response; absent where the body is empty.
    pub fn output(self) -> Option<&'static Shape> {
        match self {
            Operation::AddAttributesToFindings => Some(&shapes::ADD_ATTRIBUTES_TO_FINDINGS_RESPONSE),
            Operation::CreateAssessmentTarget => Some(&shapes::CREATE_ASSESSMENT_TARGET_RESPONSE),
            Operation::CreateAssessmentTemplate => Some(&shapes::CREATE_ASSESSMENT_TEMPLATE_RESPONSE),
            Operation::CreateExclusionsPreview => Some(&shapes::CREATE_EXCLUSIONS_PREVIEW_RESPONSE),
            Operation::CreateResourceGroup => Some(&shapes::CREATE_RESOURCE_GROUP_RESPONSE),
            Operation::DeleteAssessmentRun => None,
            Operation::DeleteAssessmentTarget => None,
            Operation::DeleteAssessmentTemplate => None,
            Operation::DescribeAssessmentRuns => Some(&shapes::DESCRIBE_ASSESSMENT_RUNS_RESPONSE),
            Operation::DescribeAssessmentTargets => Some(&shapes::DESCRIBE_ASSESSMENT_TARGETS_RESPONSE),
            Operation::DescribeAssessmentTemplates => Some(&shapes::DESCRIBE_ASSESSMENT_TEMPLATES_RESPONSE),
            Operation::DescribeCrossAccountAccessRole => Some(&shapes::DESCRIBE_CROSS_ACCOUNT_ACCESS_ROLE_RESPONSE),
            Operation::DescribeExclusions => Some(&shapes::DESCRIBE_EXCLUSIONS_RESPONSE),
            Operation::DescribeFindings => Some(&shapes::DESCRIBE_FINDINGS_RESPONSE),
            Operation::DescribeResourceGroups => Some(&shapes::DESCRIBE_RESOURCE_GROUPS_RESPONSE),
            Operation::DescribeRulesPackages => Some(&shapes::DESCRIBE_RULES_PACKAGES_RESPONSE),
            Operation::GetAssessmentReport => Some(&shapes::GET_ASSESSMENT_REPORT_RESPONSE),
            Operation::GetExclusionsPreview => Some(&shapes::GET_EXCLUSIONS_PREVIEW_RESPONSE),
            Operation::GetTelemetryMetadata => Some(&shapes::GET_TELEMETRY_METADATA_RESPONSE),
            Operation::ListAssessmentRunAgents => Some(&shapes::LIST_ASSESSMENT_RUN_AGENTS_RESPONSE),
            Operation::ListAssessmentRuns => Some(&shapes::LIST_ASSESSMENT_RUNS_RESPONSE),
            Operation::ListAssessmentTargets => Some(&shapes::LIST_ASSESSMENT_TARGETS_RESPONSE),
            Operation::ListAssessmentTemplates => Some(&shapes::LIST_ASSESSMENT_TEMPLATES_RESPONSE),
            Operation::ListEventSubscriptions => Some(&shapes::LIST_EVENT_SUBSCRIPTIONS_RESPONSE),
            Operation::ListExclusions => Some(&shapes::LIST_EXCLUSIONS_RESPONSE),
            Operation::ListFindings => Some(&shapes::LIST_FINDINGS_RESPONSE),
            Operation::ListRulesPackages => Some(&shapes::LIST_RULES_PACKAGES_RESPONSE),
            Operation::ListTagsForResource => Some(&shapes::LIST_TAGS_FOR_RESOURCE_RESPONSE),
            Operation::PreviewAgents => Some(&shapes::PREVIEW_AGENTS_RESPONSE),
            Operation::RegisterCrossAccountAccessRole => None,
            Operation::RemoveAttributesFromFindings => Some(&shapes::REMOVE_ATTRIBUTES_FROM_FINDINGS_RESPONSE),
            Operation::SetTagsForResource => None,
            Operation::StartAssessmentRun => Some(&shapes::START_ASSESSMENT_RUN_RESPONSE),
            Operation::StopAssessmentRun => None,
            Operation::SubscribeToEvent => None,
            Operation::UnsubscribeFromEvent => None,
            Operation::UpdateAssessmentTarget => None,
        }
    }

    /// The exceptions that the model lets it raise (reference §6.2).
    pub fn exceptions(self) -> &'static [&'static str] {
        match self {
            Operation::AddAttributesToFindings => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::CreateAssessmentTarget => &[
                "InternalException",
                "InvalidInputException",
                "LimitExceededException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "InvalidCrossAccountRoleException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::CreateAssessmentTemplate => &[
                "InternalException",
                "InvalidInputException",
                "LimitExceededException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::CreateExclusionsPreview => &[
                "InvalidInputException",
                "PreviewGenerationInProgressException",
                "InternalException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::CreateResourceGroup => &[
                "InternalException",
                "InvalidInputException",
                "LimitExceededException",
                "AccessDeniedException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::DeleteAssessmentRun => &[
                "InternalException",
                "InvalidInputException",
                "AssessmentRunInProgressException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::DeleteAssessmentTarget => &[
                "InternalException",
                "InvalidInputException",
                "AssessmentRunInProgressException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::DeleteAssessmentTemplate => &[
                "InternalException",
                "InvalidInputException",
                "AssessmentRunInProgressException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::DescribeAssessmentRuns => &["InternalException", "InvalidInputException"],
            Operation::DescribeAssessmentTargets => &["InternalException", "InvalidInputException"],
            Operation::DescribeAssessmentTemplates => &["InternalException", "InvalidInputException"],
            Operation::DescribeCrossAccountAccessRole => &["InternalException"],
            Operation::DescribeExclusions => &["InternalException", "InvalidInputException"],
            Operation::DescribeFindings => &["InternalException", "InvalidInputException"],
            Operation::DescribeResourceGroups => &["InternalException", "InvalidInputException"],
            Operation::DescribeRulesPackages => &["InternalException", "InvalidInputException"],
            Operation::GetAssessmentReport => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "AssessmentRunInProgressException",
                "UnsupportedFeatureException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::GetExclusionsPreview => {
                &["InvalidInputException", "InternalException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::GetTelemetryMetadata => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListAssessmentRunAgents => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListAssessmentRuns => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListAssessmentTargets => {
                &["InternalException", "InvalidInputException", "AccessDeniedException"]
            }
            Operation::ListAssessmentTemplates => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListEventSubscriptions => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListExclusions => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListFindings => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::ListRulesPackages => &["InternalException", "InvalidInputException", "AccessDeniedException"],
            Operation::ListTagsForResource => {
                &["InternalException", "InvalidInputException", "AccessDeniedException", "NoSuchEntityException"]
            }
            Operation::PreviewAgents => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "InvalidCrossAccountRoleException",
            ],
            Operation::RegisterCrossAccountAccessRole => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "InvalidCrossAccountRoleException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::RemoveAttributesFromFindings => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::SetTagsForResource => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::StartAssessmentRun => &[
                "InternalException",
                "InvalidInputException",
                "LimitExceededException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "InvalidCrossAccountRoleException",
                "AgentsAlreadyRunningAssessmentException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::StopAssessmentRun => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::SubscribeToEvent => &[
                "InternalException",
                "InvalidInputException",
                "LimitExceededException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::UnsubscribeFromEvent => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
            Operation::UpdateAssessmentTarget => &[
                "InternalException",
                "InvalidInputException",
                "AccessDeniedException",
                "NoSuchEntityException",
                "ServiceTemporarilyUnavailableException",
            ],
        }
    }
}

/// A request that was decoded: its members keep the model's limits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Request {
    /// [`Operation::AddAttributesToFindings`].
    AddAttributesToFindings(AddAttributesToFindingsRequest),
    /// [`Operation::CreateAssessmentTarget`].
    CreateAssessmentTarget(CreateAssessmentTargetRequest),
    /// [`Operation::CreateAssessmentTemplate`].
    CreateAssessmentTemplate(CreateAssessmentTemplateRequest),
    /// [`Operation::CreateExclusionsPreview`].
    CreateExclusionsPreview(CreateExclusionsPreviewRequest),
    /// [`Operation::CreateResourceGroup`].
    CreateResourceGroup(CreateResourceGroupRequest),
    /// [`Operation::DeleteAssessmentRun`].
    DeleteAssessmentRun(DeleteAssessmentRunRequest),
    /// [`Operation::DeleteAssessmentTarget`].
    DeleteAssessmentTarget(DeleteAssessmentTargetRequest),
    /// [`Operation::DeleteAssessmentTemplate`].
    DeleteAssessmentTemplate(DeleteAssessmentTemplateRequest),
    /// [`Operation::DescribeAssessmentRuns`].
    DescribeAssessmentRuns(DescribeAssessmentRunsRequest),
    /// [`Operation::DescribeAssessmentTargets`].
    DescribeAssessmentTargets(DescribeAssessmentTargetsRequest),
    /// [`Operation::DescribeAssessmentTemplates`].
    DescribeAssessmentTemplates(DescribeAssessmentTemplatesRequest),
    /// [`Operation::DescribeCrossAccountAccessRole`], which has no members.
    DescribeCrossAccountAccessRole,
    /// [`Operation::DescribeExclusions`].
    DescribeExclusions(DescribeExclusionsRequest),
    /// [`Operation::DescribeFindings`].
    DescribeFindings(DescribeFindingsRequest),
    /// [`Operation::DescribeResourceGroups`].
    DescribeResourceGroups(DescribeResourceGroupsRequest),
    /// [`Operation::DescribeRulesPackages`].
    DescribeRulesPackages(DescribeRulesPackagesRequest),
    /// [`Operation::GetAssessmentReport`].
    GetAssessmentReport(GetAssessmentReportRequest),
    /// [`Operation::GetExclusionsPreview`].
    GetExclusionsPreview(GetExclusionsPreviewRequest),
    /// [`Operation::GetTelemetryMetadata`].
    GetTelemetryMetadata(GetTelemetryMetadataRequest),
    /// [`Operation::ListAssessmentRunAgents`].
    ListAssessmentRunAgents(ListAssessmentRunAgentsRequest),
    /// [`Operation::ListAssessmentRuns`].
    ListAssessmentRuns(ListAssessmentRunsRequest),
    /// [`Operation::ListAssessmentTargets`].
    ListAssessmentTargets(ListAssessmentTargetsRequest),
    /// [`Operation::ListAssessmentTemplates`].
    ListAssessmentTemplates(ListAssessmentTemplatesRequest),
    /// [`Operation::ListEventSubscriptions`].
    ListEventSubscriptions(ListEventSubscriptionsRequest),
    /// [`Operation::ListExclusions`].
    ListExclusions(ListExclusionsRequest),
    /// [`Operation::ListFindings`].
    ListFindings(ListFindingsRequest),
    /// [`Operation::ListRulesPackages`].
    ListRulesPackages(ListRulesPackagesRequest),
    /// [`Operation::ListTagsForResource`].
    ListTagsForResource(ListTagsForResourceRequest),
    /// [`Operation::PreviewAgents`].
    PreviewAgents(PreviewAgentsRequest),
    /// [`Operation::RegisterCrossAccountAccessRole`].
    RegisterCrossAccountAccessRole(RegisterCrossAccountAccessRoleRequest),
    /// [`Operation::RemoveAttributesFromFindings`].
    RemoveAttributesFromFindings(RemoveAttributesFromFindingsRequest),
    /// [`Operation::SetTagsForResource`].
    SetTagsForResource(SetTagsForResourceRequest),
    /// [`Operation::StartAssessmentRun`].
    StartAssessmentRun(StartAssessmentRunRequest),
    /// [`Operation::StopAssessmentRun`].
    StopAssessmentRun(StopAssessmentRunRequest),
    /// [`Operation::SubscribeToEvent`].
    SubscribeToEvent(SubscribeToEventRequest),
    /// [`Operation::UnsubscribeFromEvent`].
    UnsubscribeFromEvent(UnsubscribeFromEventRequest),
    /// [`Operation::UpdateAssessmentTarget`].
    UpdateAssessmentTarget(UpdateAssessmentTargetRequest),
}

impl Request {
    /// What is asked for.
    pub fn operation(&self) -> Operation {
        match self {
            Request::AddAttributesToFindings(_) => Operation::AddAttributesToFindings,
            Request::CreateAssessmentTarget(_) => Operation::CreateAssessmentTarget,
            Request::CreateAssessmentTemplate(_) => Operation::CreateAssessmentTemplate,
            Request::CreateExclusionsPreview(_) => Operation::CreateExclusionsPreview,
            Request::CreateResourceGroup(_) => Operation::CreateResourceGroup,
            Request::DeleteAssessmentRun(_) => Operation::DeleteAssessmentRun,
            Request::DeleteAssessmentTarget(_) => Operation::DeleteAssessmentTarget,
            Request::DeleteAssessmentTemplate(_) => Operation::DeleteAssessmentTemplate,
            Request::DescribeAssessmentRuns(_) => Operation::DescribeAssessmentRuns,
            Request::DescribeAssessmentTargets(_) => Operation::DescribeAssessmentTargets,
            Request::DescribeAssessmentTemplates(_) => Operation::DescribeAssessmentTemplates,
            Request::DescribeCrossAccountAccessRole => Operation::DescribeCrossAccountAccessRole,
            Request::DescribeExclusions(_) => Operation::DescribeExclusions,
            Request::DescribeFindings(_) => Operation::DescribeFindings,
            Request::DescribeResourceGroups(_) => Operation::DescribeResourceGroups,
            Request::DescribeRulesPackages(_) => Operation::DescribeRulesPackages,
            Request::GetAssessmentReport(_) => Operation::GetAssessmentReport,
            Request::GetExclusionsPreview(_) => Operation::GetExclusionsPreview,
            Request::GetTelemetryMetadata(_) => Operation::GetTelemetryMetadata,
            Request::ListAssessmentRunAgents(_) => Operation::ListAssessmentRunAgents,
            Request::ListAssessmentRuns(_) => Operation::ListAssessmentRuns,
            Request::ListAssessmentTargets(_) => Operation::ListAssessmentTargets,
            Request::ListAssessmentTemplates(_) => Operation::ListAssessmentTemplates,
            Request::ListEventSubscriptions(_) => Operation::ListEventSubscriptions,
            Request::ListExclusions(_) => Operation::ListExclusions,
            Request::ListFindings(_) => Operation::ListFindings,
            Request::ListRulesPackages(_) => Operation::ListRulesPackages,
            Request::ListTagsForResource(_) => Operation::ListTagsForResource,
            Request::PreviewAgents(_) => Operation::PreviewAgents,
            Request::RegisterCrossAccountAccessRole(_) => Operation::RegisterCrossAccountAccessRole,
            Request::RemoveAttributesFromFindings(_) => Operation::RemoveAttributesFromFindings,
            Request::SetTagsForResource(_) => Operation::SetTagsForResource,
            Request::StartAssessmentRun(_) => Operation::StartAssessmentRun,
            Request::StopAssessmentRun(_) => Operation::StopAssessmentRun,
            Request::SubscribeToEvent(_) => Operation::SubscribeToEvent,
            Request::UnsubscribeFromEvent(_) => Operation::UnsubscribeFromEvent,
            Request::UpdateAssessmentTarget(_) => Operation::UpdateAssessmentTarget,
        }
    }

    /// Reads the members of an operation.
    pub(crate) fn from_value(operation: Operation, value: serde_json::Value) -> serde_json::Result<Request> {
        match operation {
            Operation::AddAttributesToFindings => serde_json::from_value(value).map(Request::AddAttributesToFindings),
            Operation::CreateAssessmentTarget => serde_json::from_value(value).map(Request::CreateAssessmentTarget),
            Operation::CreateAssessmentTemplate => serde_json::from_value(value).map(Request::CreateAssessmentTemplate),
            Operation::CreateExclusionsPreview => serde_json::from_value(value).map(Request::CreateExclusionsPreview),
            Operation::CreateResourceGroup => serde_json::from_value(value).map(Request::CreateResourceGroup),
            Operation::DeleteAssessmentRun => serde_json::from_value(value).map(Request::DeleteAssessmentRun),
            Operation::DeleteAssessmentTarget => serde_json::from_value(value).map(Request::DeleteAssessmentTarget),
            Operation::DeleteAssessmentTemplate => serde_json::from_value(value).map(Request::DeleteAssessmentTemplate),
            Operation::DescribeAssessmentRuns => serde_json::from_value(value).map(Request::DescribeAssessmentRuns),
            Operation::DescribeAssessmentTargets => {
                serde_json::from_value(value).map(Request::DescribeAssessmentTargets)
            }
            Operation::DescribeAssessmentTemplates => {
                serde_json::from_value(value).map(Request::DescribeAssessmentTemplates)
            }
            Operation::DescribeCrossAccountAccessRole => Ok(Request::DescribeCrossAccountAccessRole),
            Operation::DescribeExclusions => serde_json::from_value(value).map(Request::DescribeExclusions),
            Operation::DescribeFindings => serde_json::from_value(value).map(Request::DescribeFindings),
            Operation::DescribeResourceGroups => serde_json::from_value(value).map(Request::DescribeResourceGroups),
            Operation::DescribeRulesPackages => serde_json::from_value(value).map(Request::DescribeRulesPackages),
            Operation::GetAssessmentReport => serde_json::from_value(value).map(Request::GetAssessmentReport),
            Operation::GetExclusionsPreview => serde_json::from_value(value).map(Request::GetExclusionsPreview),
            Operation::GetTelemetryMetadata => serde_json::from_value(value).map(Request::GetTelemetryMetadata),
            Operation::ListAssessmentRunAgents => serde_json::from_value(value).map(Request::ListAssessmentRunAgents),
            Operation::ListAssessmentRuns => serde_json::from_value(value).map(Request::ListAssessmentRuns),
            Operation::ListAssessmentTargets => serde_json::from_value(value).map(Request::ListAssessmentTargets),
            Operation::ListAssessmentTemplates => serde_json::from_value(value).map(Request::ListAssessmentTemplates),
            Operation::ListEventSubscriptions => serde_json::from_value(value).map(Request::ListEventSubscriptions),
            Operation::ListExclusions => serde_json::from_value(value).map(Request::ListExclusions),
            Operation::ListFindings => serde_json::from_value(value).map(Request::ListFindings),
            Operation::ListRulesPackages => serde_json::from_value(value).map(Request::ListRulesPackages),
            Operation::ListTagsForResource => serde_json::from_value(value).map(Request::ListTagsForResource),
            Operation::PreviewAgents => serde_json::from_value(value).map(Request::PreviewAgents),
            Operation::RegisterCrossAccountAccessRole => {
                serde_json::from_value(value).map(Request::RegisterCrossAccountAccessRole)
            }
            Operation::RemoveAttributesFromFindings => {
                serde_json::from_value(value).map(Request::RemoveAttributesFromFindings)
            }
            Operation::SetTagsForResource => serde_json::from_value(value).map(Request::SetTagsForResource),
            Operation::StartAssessmentRun => serde_json::from_value(value).map(Request::StartAssessmentRun),
            Operation::StopAssessmentRun => serde_json::from_value(value).map(Request::StopAssessmentRun),
            Operation::SubscribeToEvent => serde_json::from_value(value).map(Request::SubscribeToEvent),
            Operation::UnsubscribeFromEvent => serde_json::from_value(value).map(Request::UnsubscribeFromEvent),
            Operation::UpdateAssessmentTarget => serde_json::from_value(value).map(Request::UpdateAssessmentTarget),
        }
    }

    /// The token of the page before; absent on the first page, and where there are no pages.
    pub fn next_token(&self) -> Option<&str> {
        match self {
            Request::GetExclusionsPreview(members) => members.next_token.as_deref(),
            Request::ListAssessmentRunAgents(members) => members.next_token.as_deref(),
            Request::ListAssessmentRuns(members) => members.next_token.as_deref(),
            Request::ListAssessmentTargets(members) => members.next_token.as_deref(),
            Request::ListAssessmentTemplates(members) => members.next_token.as_deref(),
            Request::ListEventSubscriptions(members) => members.next_token.as_deref(),
            Request::ListExclusions(members) => members.next_token.as_deref(),
            Request::ListFindings(members) => members.next_token.as_deref(),
            Request::ListRulesPackages(members) => members.next_token.as_deref(),
            Request::PreviewAgents(members) => members.next_token.as_deref(),
            _ => None,
        }
    }

    /// How many results a page may have at most, as far as the caller says.
    pub fn max_results(&self) -> Option<i32> {
        match self {
            Request::GetExclusionsPreview(members) => members.max_results,
            Request::ListAssessmentRunAgents(members) => members.max_results,
            Request::ListAssessmentRuns(members) => members.max_results,
            Request::ListAssessmentTargets(members) => members.max_results,
            Request::ListAssessmentTemplates(members) => members.max_results,
            Request::ListEventSubscriptions(members) => members.max_results,
            Request::ListExclusions(members) => members.max_results,
            Request::ListFindings(members) => members.max_results,
            Request::ListRulesPackages(members) => members.max_results,
            Request::PreviewAgents(members) => members.max_results,
            _ => None,
        }
    }

    /// Forgets token and count, so that the requests of all pages are equal.
    pub(crate) fn clear_page(&mut self) {
        match self {
            Request::GetExclusionsPreview(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListAssessmentRunAgents(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListAssessmentRuns(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListAssessmentTargets(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListAssessmentTemplates(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListEventSubscriptions(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListExclusions(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListFindings(members) => (members.next_token, members.max_results) = (None, None),
            Request::ListRulesPackages(members) => (members.next_token, members.max_results) = (None, None),
            Request::PreviewAgents(members) => (members.next_token, members.max_results) = (None, None),
            _ => {}
        }
    }
}

impl From<AddAttributesToFindingsRequest> for Request {
    fn from(members: AddAttributesToFindingsRequest) -> Request {
        Request::AddAttributesToFindings(members)
    }
}

impl From<CreateAssessmentTargetRequest> for Request {
    fn from(members: CreateAssessmentTargetRequest) -> Request {
        Request::CreateAssessmentTarget(members)
    }
}

impl From<CreateAssessmentTemplateRequest> for Request {
    fn from(members: CreateAssessmentTemplateRequest) -> Request {
        Request::CreateAssessmentTemplate(members)
    }
}

impl From<CreateExclusionsPreviewRequest> for Request {
    fn from(members: CreateExclusionsPreviewRequest) -> Request {
        Request::CreateExclusionsPreview(members)
    }
}

impl From<CreateResourceGroupRequest> for Request {
    fn from(members: CreateResourceGroupRequest) -> Request {
        Request::CreateResourceGroup(members)
    }
}

impl From<DeleteAssessmentRunRequest> for Request {
    fn from(members: DeleteAssessmentRunRequest) -> Request {
        Request::DeleteAssessmentRun(members)
    }
}

impl From<DeleteAssessmentTargetRequest> for Request {
    fn from(members: DeleteAssessmentTargetRequest) -> Request {
        Request::DeleteAssessmentTarget(members)
    }
}

impl From<DeleteAssessmentTemplateRequest> for Request {
    fn from(members: DeleteAssessmentTemplateRequest) -> Request {
        Request::DeleteAssessmentTemplate(members)
    }
}

impl From<DescribeAssessmentRunsRequest> for Request {
    fn from(members: DescribeAssessmentRunsRequest) -> Request {
        Request::DescribeAssessmentRuns(members)
    }
}

impl From<DescribeAssessmentTargetsRequest> for Request {
    fn from(members: DescribeAssessmentTargetsRequest) -> Request {
        Request::DescribeAssessmentTargets(members)
    }
}

impl From<DescribeAssessmentTemplatesRequest> for Request {
    fn from(members: DescribeAssessmentTemplatesRequest) -> Request {
        Request::DescribeAssessmentTemplates(members)
    }
}

impl From<DescribeExclusionsRequest> for Request {
    fn from(members: DescribeExclusionsRequest) -> Request {
        Request::DescribeExclusions(members)
    }
}

impl From<DescribeFindingsRequest> for Request {
    fn from(members: DescribeFindingsRequest) -> Request {
        Request::DescribeFindings(members)
    }
}

impl From<DescribeResourceGroupsRequest> for Request {
    fn from(members: DescribeResourceGroupsRequest) -> Request {
        Request::DescribeResourceGroups(members)
    }
}

impl From<DescribeRulesPackagesRequest> for Request {
    fn from(members: DescribeRulesPackagesRequest) -> Request {
        Request::DescribeRulesPackages(members)
    }
}

impl From<GetAssessmentReportRequest> for Request {
    fn from(members: GetAssessmentReportRequest) -> Request {
        Request::GetAssessmentReport(members)
    }
}

impl From<GetExclusionsPreviewRequest> for Request {
    fn from(members: GetExclusionsPreviewRequest) -> Request {
        Request::GetExclusionsPreview(members)
    }
}

impl From<GetTelemetryMetadataRequest> for Request {
    fn from(members: GetTelemetryMetadataRequest) -> Request {
        Request::GetTelemetryMetadata(members)
    }
}

impl From<ListAssessmentRunAgentsRequest> for Request {
    fn from(members: ListAssessmentRunAgentsRequest) -> Request {
        Request::ListAssessmentRunAgents(members)
    }
}

impl From<ListAssessmentRunsRequest> for Request {
    fn from(members: ListAssessmentRunsRequest) -> Request {
        Request::ListAssessmentRuns(members)
    }
}

impl From<ListAssessmentTargetsRequest> for Request {
    fn from(members: ListAssessmentTargetsRequest) -> Request {
        Request::ListAssessmentTargets(members)
    }
}

impl From<ListAssessmentTemplatesRequest> for Request {
    fn from(members: ListAssessmentTemplatesRequest) -> Request {
        Request::ListAssessmentTemplates(members)
    }
}

impl From<ListEventSubscriptionsRequest> for Request {
    fn from(members: ListEventSubscriptionsRequest) -> Request {
        Request::ListEventSubscriptions(members)
    }
}

impl From<ListExclusionsRequest> for Request {
    fn from(members: ListExclusionsRequest) -> Request {
        Request::ListExclusions(members)
    }
}

impl From<ListFindingsRequest> for Request {
    fn from(members: ListFindingsRequest) -> Request {
        Request::ListFindings(members)
    }
}

impl From<ListRulesPackagesRequest> for Request {
    fn from(members: ListRulesPackagesRequest) -> Request {
        Request::ListRulesPackages(members)
    }
}

impl From<ListTagsForResourceRequest> for Request {
    fn from(members: ListTagsForResourceRequest) -> Request {
        Request::ListTagsForResource(members)
    }
}

impl From<PreviewAgentsRequest> for Request {
    fn from(members: PreviewAgentsRequest) -> Request {
        Request::PreviewAgents(members)
    }
}

impl From<RegisterCrossAccountAccessRoleRequest> for Request {
    fn from(members: RegisterCrossAccountAccessRoleRequest) -> Request {
        Request::RegisterCrossAccountAccessRole(members)
    }
}

impl From<RemoveAttributesFromFindingsRequest> for Request {
    fn from(members: RemoveAttributesFromFindingsRequest) -> Request {
        Request::RemoveAttributesFromFindings(members)
    }
}

impl From<SetTagsForResourceRequest> for Request {
    fn from(members: SetTagsForResourceRequest) -> Request {
        Request::SetTagsForResource(members)
    }
}

impl From<StartAssessmentRunRequest> for Request {
    fn from(members: StartAssessmentRunRequest) -> Request {
        Request::StartAssessmentRun(members)
    }
}

impl From<StopAssessmentRunRequest> for Request {
    fn from(members: StopAssessmentRunRequest) -> Request {
        Request::StopAssessmentRun(members)
    }
}

impl From<SubscribeToEventRequest> for Request {
    fn from(members: SubscribeToEventRequest) -> Request {
        Request::SubscribeToEvent(members)
    }
}

impl From<UnsubscribeFromEventRequest> for Request {
    fn from(members: UnsubscribeFromEventRequest) -> Request {
        Request::UnsubscribeFromEvent(members)
    }
}

impl From<UpdateAssessmentTargetRequest> for Request {
    fn from(members: UpdateAssessmentTargetRequest) -> Request {
        Request::UpdateAssessmentTarget(members)
    }
}

/// What an operation answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Response {
    /// [`Operation::AddAttributesToFindings`].
    AddAttributesToFindings(AddAttributesToFindingsResponse),
    /// [`Operation::CreateAssessmentTarget`].
    CreateAssessmentTarget(CreateAssessmentTargetResponse),
    /// [`Operation::CreateAssessmentTemplate`].
    CreateAssessmentTemplate(CreateAssessmentTemplateResponse),
    /// [`Operation::CreateExclusionsPreview`].
    CreateExclusionsPreview(CreateExclusionsPreviewResponse),
    /// [`Operation::CreateResourceGroup`].
    CreateResourceGroup(CreateResourceGroupResponse),
    /// [`Operation::DeleteAssessmentRun`], which has no members.
    DeleteAssessmentRun,
    /// [`Operation::DeleteAssessmentTarget`], which has no members.
    DeleteAssessmentTarget,
    /// [`Operation::DeleteAssessmentTemplate`], which has no members.
    DeleteAssessmentTemplate,
    /// [`Operation::DescribeAssessmentRuns`].
    DescribeAssessmentRuns(DescribeAssessmentRunsResponse),
    /// [`Operation::DescribeAssessmentTargets`].
    DescribeAssessmentTargets(DescribeAssessmentTargetsResponse),
    /// [`Operation::DescribeAssessmentTemplates`].
    DescribeAssessmentTemplates(DescribeAssessmentTemplatesResponse),
    /// [`Operation::DescribeCrossAccountAccessRole`].
    DescribeCrossAccountAccessRole(DescribeCrossAccountAccessRoleResponse),
    /// [`Operation::DescribeExclusions`].
    DescribeExclusions(DescribeExclusionsResponse),
    /// [`Operation::DescribeFindings`].
    DescribeFindings(DescribeFindingsResponse),
    /// [`Operation::DescribeResourceGroups`].
    DescribeResourceGroups(DescribeResourceGroupsResponse),
    /// [`Operation::DescribeRulesPackages`].
    DescribeRulesPackages(DescribeRulesPackagesResponse),
    /// [`Operation::GetAssessmentReport`].
    GetAssessmentReport(GetAssessmentReportResponse),
    /// [`Operation::GetExclusionsPreview`].
    GetExclusionsPreview(GetExclusionsPreviewResponse),
    /// [`Operation::GetTelemetryMetadata`].
    GetTelemetryMetadata(GetTelemetryMetadataResponse),
    /// [`Operation::ListAssessmentRunAgents`].
    ListAssessmentRunAgents(ListAssessmentRunAgentsResponse),
    /// [`Operation::ListAssessmentRuns`].
    ListAssessmentRuns(ListAssessmentRunsResponse),
    /// [`Operation::ListAssessmentTargets`].
    ListAssessmentTargets(ListAssessmentTargetsResponse),
    /// [`Operation::ListAssessmentTemplates`].
    ListAssessmentTemplates(ListAssessmentTemplatesResponse),
    /// [`Operation::ListEventSubscriptions`].
    ListEventSubscriptions(ListEventSubscriptionsResponse),
    /// [`Operation::ListExclusions`].
    ListExclusions(ListExclusionsResponse),
    /// [`Operation::ListFindings`].
    ListFindings(ListFindingsResponse),
    /// [`Operation::ListRulesPackages`].
    ListRulesPackages(ListRulesPackagesResponse),
    /// [`Operation::ListTagsForResource`].
    ListTagsForResource(ListTagsForResourceResponse),
    /// [`Operation::PreviewAgents`].
    PreviewAgents(PreviewAgentsResponse),
    /// [`Operation::RegisterCrossAccountAccessRole`], which has no members.
    RegisterCrossAccountAccessRole,
    /// [`Operation::RemoveAttributesFromFindings`].
    RemoveAttributesFromFindings(RemoveAttributesFromFindingsResponse),
    /// [`Operation::SetTagsForResource`], which has no members.
    SetTagsForResource,
    /// [`Operation::StartAssessmentRun`].
    StartAssessmentRun(StartAssessmentRunResponse),
    /// [`Operation::StopAssessmentRun`], which has no members.
    StopAssessmentRun,
    /// [`Operation::SubscribeToEvent`], which has no members.
    SubscribeToEvent,
    /// [`Operation::UnsubscribeFromEvent`], which has no members.
    UnsubscribeFromEvent,
    /// [`Operation::UpdateAssessmentTarget`], which has no members.
    UpdateAssessmentTarget,
}

impl Response {
    /// What was asked for.
    pub fn operation(&self) -> Operation {
        match self {
            Response::AddAttributesToFindings(_) => Operation::AddAttributesToFindings,
            Response::CreateAssessmentTarget(_) => Operation::CreateAssessmentTarget,
            Response::CreateAssessmentTemplate(_) => Operation::CreateAssessmentTemplate,
            Response::CreateExclusionsPreview(_) => Operation::CreateExclusionsPreview,
            Response::CreateResourceGroup(_) => Operation::CreateResourceGroup,
            Response::DeleteAssessmentRun => Operation::DeleteAssessmentRun,
            Response::DeleteAssessmentTarget => Operation::DeleteAssessmentTarget,
            Response::DeleteAssessmentTemplate => Operation::DeleteAssessmentTemplate,
            Response::DescribeAssessmentRuns(_) => Operation::DescribeAssessmentRuns,
            Response::DescribeAssessmentTargets(_) => Operation::DescribeAssessmentTargets,
            Response::DescribeAssessmentTemplates(_) => Operation::DescribeAssessmentTemplates,
            Response::DescribeCrossAccountAccessRole(_) => Operation::DescribeCrossAccountAccessRole,
            Response::DescribeExclusions(_) => Operation::DescribeExclusions,
            Response::DescribeFindings(_) => Operation::DescribeFindings,
            Response::DescribeResourceGroups(_) => Operation::DescribeResourceGroups,
            Response::DescribeRulesPackages(_) => Operation::DescribeRulesPackages,
            Response::GetAssessmentReport(_) => Operation::GetAssessmentReport,
            Response::GetExclusionsPreview(_) => Operation::GetExclusionsPreview,
            Response::GetTelemetryMetadata(_) => Operation::GetTelemetryMetadata,
            Response::ListAssessmentRunAgents(_) => Operation::ListAssessmentRunAgents,
            Response::ListAssessmentRuns(_) => Operation::ListAssessmentRuns,
            Response::ListAssessmentTargets(_) => Operation::ListAssessmentTargets,
            Response::ListAssessmentTemplates(_) => Operation::ListAssessmentTemplates,
            Response::ListEventSubscriptions(_) => Operation::ListEventSubscriptions,
            Response::ListExclusions(_) => Operation::ListExclusions,
            Response::ListFindings(_) => Operation::ListFindings,
            Response::ListRulesPackages(_) => Operation::ListRulesPackages,
            Response::ListTagsForResource(_) => Operation::ListTagsForResource,
            Response::PreviewAgents(_) => Operation::PreviewAgents,
            Response::RegisterCrossAccountAccessRole => Operation::RegisterCrossAccountAccessRole,
            Response::RemoveAttributesFromFindings(_) => Operation::RemoveAttributesFromFindings,
            Response::SetTagsForResource => Operation::SetTagsForResource,
            Response::StartAssessmentRun(_) => Operation::StartAssessmentRun,
            Response::StopAssessmentRun => Operation::StopAssessmentRun,
            Response::SubscribeToEvent => Operation::SubscribeToEvent,
            Response::UnsubscribeFromEvent => Operation::UnsubscribeFromEvent,
            Response::UpdateAssessmentTarget => Operation::UpdateAssessmentTarget,
        }
    }
}

impl From<AddAttributesToFindingsResponse> for Response {
    fn from(members: AddAttributesToFindingsResponse) -> Response {
        Response::AddAttributesToFindings(members)
    }
}

impl From<CreateAssessmentTargetResponse> for Response {
    fn from(members: CreateAssessmentTargetResponse) -> Response {
        Response::CreateAssessmentTarget(members)
    }
}

impl From<CreateAssessmentTemplateResponse> for Response {
    fn from(members: CreateAssessmentTemplateResponse) -> Response {
        Response::CreateAssessmentTemplate(members)
    }
}

impl From<CreateExclusionsPreviewResponse> for Response {
    fn from(members: CreateExclusionsPreviewResponse) -> Response {
        Response::CreateExclusionsPreview(members)
    }
}

impl From<CreateResourceGroupResponse> for Response {
    fn from(members: CreateResourceGroupResponse) -> Response {
        Response::CreateResourceGroup(members)
    }
}

impl From<DescribeAssessmentRunsResponse> for Response {
    fn from(members: DescribeAssessmentRunsResponse) -> Response {
        Response::DescribeAssessmentRuns(members)
    }
}

impl From<DescribeAssessmentTargetsResponse> for Response {
    fn from(members: DescribeAssessmentTargetsResponse) -> Response {
        Response::DescribeAssessmentTargets(members)
    }
}

impl From<DescribeAssessmentTemplatesResponse> for Response {
    fn from(members: DescribeAssessmentTemplatesResponse) -> Response {
        Response::DescribeAssessmentTemplates(members)
    }
}

impl From<DescribeCrossAccountAccessRoleResponse> for Response {
    fn from(members: DescribeCrossAccountAccessRoleResponse) -> Response {
        Response::DescribeCrossAccountAccessRole(members)
    }
}

impl From<DescribeExclusionsResponse> for Response {
    fn from(members: DescribeExclusionsResponse) -> Response {
        Response::DescribeExclusions(members)
    }
}

impl From<DescribeFindingsResponse> for Response {
    fn from(members: DescribeFindingsResponse) -> Response {
        Response::DescribeFindings(members)
    }
}

impl From<DescribeResourceGroupsResponse> for Response {
    fn from(members: DescribeResourceGroupsResponse) -> Response {
        Response::DescribeResourceGroups(members)
    }
}

impl From<DescribeRulesPackagesResponse> for Response {
    fn from(members: DescribeRulesPackagesResponse) -> Response {
        Response::DescribeRulesPackages(members)
    }
}

impl From<GetAssessmentReportResponse> for Response {
    fn from(members: GetAssessmentReportResponse) -> Response {
        Response::GetAssessmentReport(members)
    }
}

impl From<GetExclusionsPreviewResponse> for Response {
    fn from(members: GetExclusionsPreviewResponse) -> Response {
        Response::GetExclusionsPreview(members)
    }
}

impl From<GetTelemetryMetadataResponse> for Response {
    fn from(members: GetTelemetryMetadataResponse) -> Response {
        Response::GetTelemetryMetadata(members)
    }
}

impl From<ListAssessmentRunAgentsResponse> for Response {
    fn from(members: ListAssessmentRunAgentsResponse) -> Response {
        Response::ListAssessmentRunAgents(members)
    }
}

impl From<ListAssessmentRunsResponse> for Response {
    fn from(members: ListAssessmentRunsResponse) -> Response {
        Response::ListAssessmentRuns(members)
    }
}

impl From<ListAssessmentTargetsResponse> for Response {
    fn from(members: ListAssessmentTargetsResponse) -> Response {
        Response::ListAssessmentTargets(members)
    }
}

impl From<ListAssessmentTemplatesResponse> for Response {
    fn from(members: ListAssessmentTemplatesResponse) -> Response {
        Response::ListAssessmentTemplates(members)
    }
}

impl From<ListEventSubscriptionsResponse> for Response {
    fn from(members: ListEventSubscriptionsResponse) -> Response {
        Response::ListEventSubscriptions(members)
    }
}

impl From<ListExclusionsResponse> for Response {
    fn from(members: ListExclusionsResponse) -> Response {
        Response::ListExclusions(members)
    }
}

impl From<ListFindingsResponse> for Response {
    fn from(members: ListFindingsResponse) -> Response {
        Response::ListFindings(members)
    }
}

impl From<ListRulesPackagesResponse> for Response {
    fn from(members: ListRulesPackagesResponse) -> Response {
        Response::ListRulesPackages(members)
    }
}

impl From<ListTagsForResourceResponse> for Response {
    fn from(members: ListTagsForResourceResponse) -> Response {
        Response::ListTagsForResource(members)
    }
}

impl From<PreviewAgentsResponse> for Response {
    fn from(members: PreviewAgentsResponse) -> Response {
        Response::PreviewAgents(members)
    }
}

impl From<RemoveAttributesFromFindingsResponse> for Response {
    fn from(members: RemoveAttributesFromFindingsResponse) -> Response {
        Response::RemoveAttributesFromFindings(members)
    }
}

impl From<StartAssessmentRunResponse> for Response {
    fn from(members: StartAssessmentRunResponse) -> Response {
        Response::StartAssessmentRun(members)
    }
}

wire_enum! {
    /// `AccessDeniedErrorCode` (reference §4, §5).
    AccessDeniedErrorCode {
        AccessDeniedToAssessmentTarget = "ACCESS_DENIED_TO_ASSESSMENT_TARGET",
        AccessDeniedToAssessmentTemplate = "ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE",
        AccessDeniedToAssessmentRun = "ACCESS_DENIED_TO_ASSESSMENT_RUN",
        AccessDeniedToFinding = "ACCESS_DENIED_TO_FINDING",
        AccessDeniedToResourceGroup = "ACCESS_DENIED_TO_RESOURCE_GROUP",
        AccessDeniedToRulesPackage = "ACCESS_DENIED_TO_RULES_PACKAGE",
        AccessDeniedToSnsTopic = "ACCESS_DENIED_TO_SNS_TOPIC",
        AccessDeniedToIamRole = "ACCESS_DENIED_TO_IAM_ROLE",
    }
}

/// `AccessDeniedException`, an exception (reference §4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessDeniedException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: [`AccessDeniedErrorCode`].
    pub error_code: AccessDeniedErrorCode,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `AddAttributesToFindingsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddAttributesToFindingsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub finding_arns: Vec<String>,
    /// Required: list of 0 to 10 of [`Attribute`].
    pub attributes: Vec<Attribute>,
}

/// `AddAttributesToFindingsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddAttributesToFindingsResponse {
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `AgentAlreadyRunningAssessment`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentAlreadyRunningAssessment {
    /// Required: string of 1 to 128 characters.
    pub agent_id: String,
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
}

/// `AgentFilter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentFilter {
    /// Required: list of 0 to 10 of [`AgentHealth`].
    pub agent_healths: Vec<AgentHealth>,
    /// Required: list of 0 to 10 of [`AgentHealthCode`].
    pub agent_health_codes: Vec<AgentHealthCode>,
}

wire_enum! {
    /// `AgentHealth` (reference §4, §5).
    AgentHealth {
        Healthy = "HEALTHY",
        Unhealthy = "UNHEALTHY",
        Unknown = "UNKNOWN",
    }
}

wire_enum! {
    /// `AgentHealthCode` (reference §4, §5).
    AgentHealthCode {
        Idle = "IDLE",
        Running = "RUNNING",
        Shutdown = "SHUTDOWN",
        Unhealthy = "UNHEALTHY",
        Throttled = "THROTTLED",
        Unknown = "UNKNOWN",
    }
}

/// `AgentPreview`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentPreview {
    /// Optional: string of 0 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Required: string of 1 to 128 characters.
    pub agent_id: String,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling_group: Option<String>,
    /// Optional: [`AgentHealth`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_health: Option<AgentHealth>,
    /// Optional: string of 1 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_system: Option<String>,
    /// Optional: string of 1 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_version: Option<String>,
    /// Optional: string of 7 to 15 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv4_address: Option<String>,
}

/// `AgentsAlreadyRunningAssessmentException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentsAlreadyRunningAssessmentException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: list of 1 to 10 of [`AgentAlreadyRunningAssessment`].
    pub agents: Vec<AgentAlreadyRunningAssessment>,
    /// Required: boolean.
    pub agents_truncated: bool,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `AssessmentRun`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRun {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: string of 1 to 140 characters.
    pub name: String,
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
    /// Required: [`AssessmentRunState`].
    pub state: AssessmentRunState,
    /// Required: integer of 180 to 86400.
    pub duration_in_seconds: i32,
    /// Required: list of 1 to 50 of string of 1 to 300 characters.
    pub rules_package_arns: Vec<String>,
    /// Required: list of 0 to 10 of [`Attribute`].
    pub user_attributes_for_findings: Vec<Attribute>,
    /// Required: [`Timestamp`].
    pub created_at: Timestamp,
    /// Optional: [`Timestamp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Optional: [`Timestamp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Required: [`Timestamp`].
    pub state_changed_at: Timestamp,
    /// Required: boolean.
    pub data_collected: bool,
    /// Required: list of 0 to 50 of [`AssessmentRunStateChange`].
    pub state_changes: Vec<AssessmentRunStateChange>,
    /// Required: list of 0 to 50 of [`AssessmentRunNotification`].
    pub notifications: Vec<AssessmentRunNotification>,
    /// Required: map from [`Severity`] to integer.
    pub finding_counts: BTreeMap<Severity, i32>,
}

/// `AssessmentRunAgent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRunAgent {
    /// Required: string of 1 to 128 characters.
    pub agent_id: String,
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
    /// Required: [`AgentHealth`].
    pub agent_health: AgentHealth,
    /// Required: [`AgentHealthCode`].
    pub agent_health_code: AgentHealthCode,
    /// Optional: string of 0 to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_health_details: Option<String>,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling_group: Option<String>,
    /// Required: list of 0 to 5000 of [`TelemetryMetadata`].
    pub telemetry_metadata: Vec<TelemetryMetadata>,
}

/// `AssessmentRunFilter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRunFilter {
    /// Optional: string of 1 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_pattern: Option<String>,
    /// Optional: list of 0 to 50 of [`AssessmentRunState`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<Vec<AssessmentRunState>>,
    /// Optional: [`DurationRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_range: Option<DurationRange>,
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_package_arns: Option<Vec<String>>,
    /// Optional: [`TimestampRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time_range: Option<TimestampRange>,
    /// Optional: [`TimestampRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_time_range: Option<TimestampRange>,
    /// Optional: [`TimestampRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_change_time_range: Option<TimestampRange>,
}

/// `AssessmentRunInProgressException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRunInProgressException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub assessment_run_arns: Vec<String>,
    /// Required: boolean.
    pub assessment_run_arns_truncated: bool,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `AssessmentRunNotification`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRunNotification {
    /// Required: [`Timestamp`].
    pub date: Timestamp,
    /// Required: [`InspectorEvent`].
    pub event: InspectorEvent,
    /// Optional: string of 0 to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Required: boolean.
    pub error: bool,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sns_topic_arn: Option<String>,
    /// Optional: [`AssessmentRunNotificationSnsStatusCode`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sns_publish_status_code: Option<AssessmentRunNotificationSnsStatusCode>,
}

wire_enum! {
    /// `AssessmentRunNotificationSnsStatusCode` (reference §4, §5).
    AssessmentRunNotificationSnsStatusCode {
        Success = "SUCCESS",
        TopicDoesNotExist = "TOPIC_DOES_NOT_EXIST",
        AccessDenied = "ACCESS_DENIED",
        InternalError = "INTERNAL_ERROR",
    }
}

wire_enum! {
    /// `AssessmentRunState` (reference §4, §5).
    AssessmentRunState {
        Created = "CREATED",
        StartDataCollectionPending = "START_DATA_COLLECTION_PENDING",
        StartDataCollectionInProgress = "START_DATA_COLLECTION_IN_PROGRESS",
        CollectingData = "COLLECTING_DATA",
        StopDataCollectionPending = "STOP_DATA_COLLECTION_PENDING",
        DataCollected = "DATA_COLLECTED",
        StartEvaluatingRulesPending = "START_EVALUATING_RULES_PENDING",
        EvaluatingRules = "EVALUATING_RULES",
        Failed = "FAILED",
        Error = "ERROR",
        Completed = "COMPLETED",
        CompletedWithErrors = "COMPLETED_WITH_ERRORS",
        Canceled = "CANCELED",
    }
}

/// `AssessmentRunStateChange`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentRunStateChange {
    /// Required: [`Timestamp`].
    pub state_changed_at: Timestamp,
    /// Required: [`AssessmentRunState`].
    pub state: AssessmentRunState,
}

/// `AssessmentTarget`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentTarget {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: string of 1 to 140 characters.
    pub name: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group_arn: Option<String>,
    /// Required: [`Timestamp`].
    pub created_at: Timestamp,
    /// Required: [`Timestamp`].
    pub updated_at: Timestamp,
}

/// `AssessmentTargetFilter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentTargetFilter {
    /// Optional: string of 1 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_target_name_pattern: Option<String>,
}

/// `AssessmentTemplate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentTemplate {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: string of 1 to 140 characters.
    pub name: String,
    /// Required: string of 1 to 300 characters.
    pub assessment_target_arn: String,
    /// Required: integer of 180 to 86400.
    pub duration_in_seconds: i32,
    /// Required: list of 0 to 50 of string of 1 to 300 characters.
    pub rules_package_arns: Vec<String>,
    /// Required: list of 0 to 10 of [`Attribute`].
    pub user_attributes_for_findings: Vec<Attribute>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_assessment_run_arn: Option<String>,
    /// Required: integer.
    pub assessment_run_count: i32,
    /// Required: [`Timestamp`].
    pub created_at: Timestamp,
}

/// `AssessmentTemplateFilter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentTemplateFilter {
    /// Optional: string of 1 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_pattern: Option<String>,
    /// Optional: [`DurationRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_range: Option<DurationRange>,
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_package_arns: Option<Vec<String>>,
}

/// `AssetAttributes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetAttributes {
    /// Required: integer of at least 0.
    pub schema_version: i32,
    /// Optional: string of 1 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling_group: Option<String>,
    /// Optional: string of 0 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ami_id: Option<String>,
    /// Optional: string of 0 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Optional: list of 0 to 50 of string of 7 to 15 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv4_addresses: Option<Vec<String>>,
    /// Optional: list of [`Tag`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
    /// Optional: list of [`NetworkInterface`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_interfaces: Option<Vec<NetworkInterface>>,
}

wire_enum! {
    /// `AssetType` (reference §4, §5).
    AssetType {
        Ec2Instance = "ec2-instance",
    }
}

/// `Attribute`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Required: string of 1 to 128 characters.
    pub key: String,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `CreateAssessmentTargetRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAssessmentTargetRequest {
    /// Required: string of 1 to 140 characters.
    pub assessment_target_name: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group_arn: Option<String>,
}

/// `CreateAssessmentTargetResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAssessmentTargetResponse {
    /// Required: string of 1 to 300 characters.
    pub assessment_target_arn: String,
}

/// `CreateAssessmentTemplateRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAssessmentTemplateRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_target_arn: String,
    /// Required: string of 1 to 140 characters.
    pub assessment_template_name: String,
    /// Required: integer of 180 to 86400.
    pub duration_in_seconds: i32,
    /// Required: list of 0 to 50 of string of 1 to 300 characters.
    pub rules_package_arns: Vec<String>,
    /// Optional: list of 0 to 10 of [`Attribute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_attributes_for_findings: Option<Vec<Attribute>>,
}

/// `CreateAssessmentTemplateResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateAssessmentTemplateResponse {
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
}

/// `CreateExclusionsPreviewRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateExclusionsPreviewRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
}

/// `CreateExclusionsPreviewResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateExclusionsPreviewResponse {
    /// Required: lower-case UUID.
    pub preview_token: String,
}

/// `CreateResourceGroupRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateResourceGroupRequest {
    /// Required: list of 1 to 10 of [`ResourceGroupTag`].
    pub resource_group_tags: Vec<ResourceGroupTag>,
}

/// `CreateResourceGroupResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateResourceGroupResponse {
    /// Required: string of 1 to 300 characters.
    pub resource_group_arn: String,
}

/// `DeleteAssessmentRunRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteAssessmentRunRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
}

/// `DeleteAssessmentTargetRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteAssessmentTargetRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_target_arn: String,
}

/// `DeleteAssessmentTemplateRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteAssessmentTemplateRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
}

/// `DescribeAssessmentRunsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentRunsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub assessment_run_arns: Vec<String>,
}

/// `DescribeAssessmentRunsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentRunsResponse {
    /// Required: list of 0 to 10 of [`AssessmentRun`].
    pub assessment_runs: Vec<AssessmentRun>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeAssessmentTargetsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentTargetsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub assessment_target_arns: Vec<String>,
}

/// `DescribeAssessmentTargetsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentTargetsResponse {
    /// Required: list of 0 to 10 of [`AssessmentTarget`].
    pub assessment_targets: Vec<AssessmentTarget>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeAssessmentTemplatesRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentTemplatesRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub assessment_template_arns: Vec<String>,
}

/// `DescribeAssessmentTemplatesResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeAssessmentTemplatesResponse {
    /// Required: list of 0 to 10 of [`AssessmentTemplate`].
    pub assessment_templates: Vec<AssessmentTemplate>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeCrossAccountAccessRoleResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeCrossAccountAccessRoleResponse {
    /// Required: string of 1 to 300 characters.
    pub role_arn: String,
    /// Required: boolean.
    pub valid: bool,
    /// Required: [`Timestamp`].
    pub registered_at: Timestamp,
}

/// `DescribeExclusionsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeExclusionsRequest {
    /// Required: list of 1 to 100 of string of 1 to 300 characters.
    pub exclusion_arns: Vec<String>,
    /// Optional: [`Locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// `DescribeExclusionsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeExclusionsResponse {
    /// Required: map of 1 to 100 entries from string of 1 to 300 characters to [`Exclusion`].
    pub exclusions: BTreeMap<String, Exclusion>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeFindingsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeFindingsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub finding_arns: Vec<String>,
    /// Optional: [`Locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// `DescribeFindingsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeFindingsResponse {
    /// Required: list of 0 to 100 of [`Finding`].
    pub findings: Vec<Finding>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeResourceGroupsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeResourceGroupsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub resource_group_arns: Vec<String>,
}

/// `DescribeResourceGroupsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeResourceGroupsResponse {
    /// Required: list of 0 to 10 of [`ResourceGroup`].
    pub resource_groups: Vec<ResourceGroup>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DescribeRulesPackagesRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeRulesPackagesRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub rules_package_arns: Vec<String>,
    /// Optional: [`Locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// `DescribeRulesPackagesResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DescribeRulesPackagesResponse {
    /// Required: list of 0 to 10 of [`RulesPackage`].
    pub rules_packages: Vec<RulesPackage>,
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

/// `DurationRange`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DurationRange {
    /// Optional: integer of 180 to 86400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_seconds: Option<i32>,
    /// Optional: integer of 180 to 86400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<i32>,
}

/// `EventSubscription`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventSubscription {
    /// Required: [`InspectorEvent`].
    pub event: InspectorEvent,
    /// Required: [`Timestamp`].
    pub subscribed_at: Timestamp,
}

/// `Exclusion`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exclusion {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: string of 0 to 20000 characters.
    pub title: String,
    /// Required: string of 0 to 20000 characters.
    pub description: String,
    /// Required: string of 0 to 20000 characters.
    pub recommendation: String,
    /// Required: list of at least 1 of [`Scope`].
    pub scopes: Vec<Scope>,
    /// Optional: list of 0 to 50 of [`Attribute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Attribute>>,
}

/// `ExclusionPreview`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExclusionPreview {
    /// Required: string of 0 to 20000 characters.
    pub title: String,
    /// Required: string of 0 to 20000 characters.
    pub description: String,
    /// Required: string of 0 to 20000 characters.
    pub recommendation: String,
    /// Required: list of at least 1 of [`Scope`].
    pub scopes: Vec<Scope>,
    /// Optional: list of 0 to 50 of [`Attribute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Attribute>>,
}

/// `FailedItemDetails`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedItemDetails {
    /// Required: [`FailedItemErrorCode`].
    pub failure_code: FailedItemErrorCode,
    /// Required: boolean.
    pub retryable: bool,
}

wire_enum! {
    /// `FailedItemErrorCode` (reference §4, §5).
    FailedItemErrorCode {
        InvalidArn = "INVALID_ARN",
        DuplicateArn = "DUPLICATE_ARN",
        ItemDoesNotExist = "ITEM_DOES_NOT_EXIST",
        AccessDenied = "ACCESS_DENIED",
        LimitExceeded = "LIMIT_EXCEEDED",
        InternalError = "INTERNAL_ERROR",
    }
}

/// `Finding`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Optional: integer of at least 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<i32>,
    /// Optional: string of 0 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Optional: [`InspectorServiceAttributes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_attributes: Option<InspectorServiceAttributes>,
    /// Optional: [`AssetType`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_type: Option<AssetType>,
    /// Optional: [`AssetAttributes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset_attributes: Option<AssetAttributes>,
    /// Optional: string of 0 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
    /// Optional: [`Severity`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Optional: double of 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numeric_severity: Option<f64>,
    /// Optional: integer of 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<i32>,
    /// Optional: boolean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator_of_compromise: Option<bool>,
    /// Required: list of 0 to 50 of [`Attribute`].
    pub attributes: Vec<Attribute>,
    /// Required: list of 0 to 10 of [`Attribute`].
    pub user_attributes: Vec<Attribute>,
    /// Required: [`Timestamp`].
    pub created_at: Timestamp,
    /// Required: [`Timestamp`].
    pub updated_at: Timestamp,
}

/// `FindingFilter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingFilter {
    /// Optional: list of 0 to 99 of string of 1 to 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ids: Option<Vec<String>>,
    /// Optional: list of 0 to 20 of string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_scaling_groups: Option<Vec<String>>,
    /// Optional: list of 0 to 50 of string of 0 to 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_names: Option<Vec<String>>,
    /// Optional: list of 0 to 50 of [`Severity`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severities: Option<Vec<Severity>>,
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_package_arns: Option<Vec<String>>,
    /// Optional: list of 0 to 50 of [`Attribute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<Attribute>>,
    /// Optional: list of 0 to 50 of [`Attribute`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_attributes: Option<Vec<Attribute>>,
    /// Optional: [`TimestampRange`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time_range: Option<TimestampRange>,
}

/// `GetAssessmentReportRequest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetAssessmentReportRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
    /// Required: [`ReportFileFormat`].
    pub report_file_format: ReportFileFormat,
    /// Required: [`ReportType`].
    pub report_type: ReportType,
}

/// `GetAssessmentReportResponse`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetAssessmentReportResponse {
    /// Required: [`ReportStatus`].
    pub status: ReportStatus,
    /// Optional: string of 0 to 2048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `GetExclusionsPreviewRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetExclusionsPreviewRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
    /// Required: lower-case UUID.
    pub preview_token: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
    /// Optional: [`Locale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
}

/// `GetExclusionsPreviewResponse`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetExclusionsPreviewResponse {
    /// Required: [`PreviewStatus`].
    pub preview_status: PreviewStatus,
    /// Optional: list of 0 to 100 of [`ExclusionPreview`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusion_previews: Option<Vec<ExclusionPreview>>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `GetTelemetryMetadataRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetTelemetryMetadataRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
}

/// `GetTelemetryMetadataResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetTelemetryMetadataResponse {
    /// Required: list of 0 to 5000 of [`TelemetryMetadata`].
    pub telemetry_metadata: Vec<TelemetryMetadata>,
}

wire_enum! {
    /// `InspectorEvent` (reference §4, §5).
    InspectorEvent {
        AssessmentRunStarted = "ASSESSMENT_RUN_STARTED",
        AssessmentRunCompleted = "ASSESSMENT_RUN_COMPLETED",
        AssessmentRunStateChanged = "ASSESSMENT_RUN_STATE_CHANGED",
        FindingReported = "FINDING_REPORTED",
        Other = "OTHER",
    }
}

/// `InspectorServiceAttributes`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InspectorServiceAttributes {
    /// Required: integer of at least 0.
    pub schema_version: i32,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_run_arn: Option<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_package_arn: Option<String>,
}

/// `InternalException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InternalException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: boolean.
    pub can_retry: bool,
}

wire_enum! {
    /// `InvalidCrossAccountRoleErrorCode` (reference §4, §5).
    InvalidCrossAccountRoleErrorCode {
        RoleDoesNotExistOrInvalidTrustRelationship = "ROLE_DOES_NOT_EXIST_OR_INVALID_TRUST_RELATIONSHIP",
        RoleDoesNotHaveCorrectPolicy = "ROLE_DOES_NOT_HAVE_CORRECT_POLICY",
    }
}

/// `InvalidCrossAccountRoleException`, an exception (reference §4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvalidCrossAccountRoleException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: [`InvalidCrossAccountRoleErrorCode`].
    pub error_code: InvalidCrossAccountRoleErrorCode,
    /// Required: boolean.
    pub can_retry: bool,
}

wire_enum! {
    /// `InvalidInputErrorCode` (reference §4, §5).
    InvalidInputErrorCode {
        InvalidAssessmentTargetArn = "INVALID_ASSESSMENT_TARGET_ARN",
        InvalidAssessmentTemplateArn = "INVALID_ASSESSMENT_TEMPLATE_ARN",
        InvalidAssessmentRunArn = "INVALID_ASSESSMENT_RUN_ARN",
        InvalidFindingArn = "INVALID_FINDING_ARN",
        InvalidResourceGroupArn = "INVALID_RESOURCE_GROUP_ARN",
        InvalidRulesPackageArn = "INVALID_RULES_PACKAGE_ARN",
        InvalidResourceArn = "INVALID_RESOURCE_ARN",
        InvalidSnsTopicArn = "INVALID_SNS_TOPIC_ARN",
        InvalidIamRoleArn = "INVALID_IAM_ROLE_ARN",
        InvalidAssessmentTargetName = "INVALID_ASSESSMENT_TARGET_NAME",
        InvalidAssessmentTargetNamePattern = "INVALID_ASSESSMENT_TARGET_NAME_PATTERN",
        InvalidAssessmentTemplateName = "INVALID_ASSESSMENT_TEMPLATE_NAME",
        InvalidAssessmentTemplateNamePattern = "INVALID_ASSESSMENT_TEMPLATE_NAME_PATTERN",
        InvalidAssessmentTemplateDuration = "INVALID_ASSESSMENT_TEMPLATE_DURATION",
        InvalidAssessmentTemplateDurationRange = "INVALID_ASSESSMENT_TEMPLATE_DURATION_RANGE",
        InvalidAssessmentRunDurationRange = "INVALID_ASSESSMENT_RUN_DURATION_RANGE",
        InvalidAssessmentRunStartTimeRange = "INVALID_ASSESSMENT_RUN_START_TIME_RANGE",
        InvalidAssessmentRunCompletionTimeRange = "INVALID_ASSESSMENT_RUN_COMPLETION_TIME_RANGE",
        InvalidAssessmentRunStateChangeTimeRange = "INVALID_ASSESSMENT_RUN_STATE_CHANGE_TIME_RANGE",
        InvalidAssessmentRunState = "INVALID_ASSESSMENT_RUN_STATE",
        InvalidTag = "INVALID_TAG",
        InvalidTagKey = "INVALID_TAG_KEY",
        InvalidTagValue = "INVALID_TAG_VALUE",
        InvalidResourceGroupTagKey = "INVALID_RESOURCE_GROUP_TAG_KEY",
        InvalidResourceGroupTagValue = "INVALID_RESOURCE_GROUP_TAG_VALUE",
        InvalidAttribute = "INVALID_ATTRIBUTE",
        InvalidUserAttribute = "INVALID_USER_ATTRIBUTE",
        InvalidUserAttributeKey = "INVALID_USER_ATTRIBUTE_KEY",
        InvalidUserAttributeValue = "INVALID_USER_ATTRIBUTE_VALUE",
        InvalidPaginationToken = "INVALID_PAGINATION_TOKEN",
        InvalidMaxResults = "INVALID_MAX_RESULTS",
        InvalidAgentId = "INVALID_AGENT_ID",
        InvalidAutoScalingGroup = "INVALID_AUTO_SCALING_GROUP",
        InvalidRuleName = "INVALID_RULE_NAME",
        InvalidSeverity = "INVALID_SEVERITY",
        InvalidLocale = "INVALID_LOCALE",
        InvalidEvent = "INVALID_EVENT",
        AssessmentTargetNameAlreadyTaken = "ASSESSMENT_TARGET_NAME_ALREADY_TAKEN",
        AssessmentTemplateNameAlreadyTaken = "ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN",
        InvalidNumberOfAssessmentTargetArns = "INVALID_NUMBER_OF_ASSESSMENT_TARGET_ARNS",
        InvalidNumberOfAssessmentTemplateArns = "INVALID_NUMBER_OF_ASSESSMENT_TEMPLATE_ARNS",
        InvalidNumberOfAssessmentRunArns = "INVALID_NUMBER_OF_ASSESSMENT_RUN_ARNS",
        InvalidNumberOfFindingArns = "INVALID_NUMBER_OF_FINDING_ARNS",
        InvalidNumberOfResourceGroupArns = "INVALID_NUMBER_OF_RESOURCE_GROUP_ARNS",
        InvalidNumberOfRulesPackageArns = "INVALID_NUMBER_OF_RULES_PACKAGE_ARNS",
        InvalidNumberOfAssessmentRunStates = "INVALID_NUMBER_OF_ASSESSMENT_RUN_STATES",
        InvalidNumberOfTags = "INVALID_NUMBER_OF_TAGS",
        InvalidNumberOfResourceGroupTags = "INVALID_NUMBER_OF_RESOURCE_GROUP_TAGS",
        InvalidNumberOfAttributes = "INVALID_NUMBER_OF_ATTRIBUTES",
        InvalidNumberOfUserAttributes = "INVALID_NUMBER_OF_USER_ATTRIBUTES",
        InvalidNumberOfAgentIds = "INVALID_NUMBER_OF_AGENT_IDS",
        InvalidNumberOfAutoScalingGroups = "INVALID_NUMBER_OF_AUTO_SCALING_GROUPS",
        InvalidNumberOfRuleNames = "INVALID_NUMBER_OF_RULE_NAMES",
        InvalidNumberOfSeverities = "INVALID_NUMBER_OF_SEVERITIES",
    }
}

/// `InvalidInputException`, an exception (reference §4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvalidInputException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: [`InvalidInputErrorCode`].
    pub error_code: InvalidInputErrorCode,
    /// Required: boolean.
    pub can_retry: bool,
}

wire_enum! {
    /// `LimitExceededErrorCode` (reference §4, §5).
    LimitExceededErrorCode {
        AssessmentTargetLimitExceeded = "ASSESSMENT_TARGET_LIMIT_EXCEEDED",
        AssessmentTemplateLimitExceeded = "ASSESSMENT_TEMPLATE_LIMIT_EXCEEDED",
        AssessmentRunLimitExceeded = "ASSESSMENT_RUN_LIMIT_EXCEEDED",
        ResourceGroupLimitExceeded = "RESOURCE_GROUP_LIMIT_EXCEEDED",
        EventSubscriptionLimitExceeded = "EVENT_SUBSCRIPTION_LIMIT_EXCEEDED",
    }
}

/// `LimitExceededException`, an exception (reference §4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LimitExceededException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: [`LimitExceededErrorCode`].
    pub error_code: LimitExceededErrorCode,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `ListAssessmentRunAgentsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentRunAgentsRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
    /// Optional: [`AgentFilter`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<AgentFilter>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListAssessmentRunAgentsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentRunAgentsResponse {
    /// Required: list of 0 to 500 of [`AssessmentRunAgent`].
    pub assessment_run_agents: Vec<AssessmentRunAgent>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListAssessmentRunsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentRunsRequest {
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_template_arns: Option<Vec<String>>,
    /// Optional: [`AssessmentRunFilter`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<AssessmentRunFilter>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListAssessmentRunsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentRunsResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub assessment_run_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListAssessmentTargetsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentTargetsRequest {
    /// Optional: [`AssessmentTargetFilter`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<AssessmentTargetFilter>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListAssessmentTargetsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentTargetsResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub assessment_target_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListAssessmentTemplatesRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentTemplatesRequest {
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_target_arns: Option<Vec<String>>,
    /// Optional: [`AssessmentTemplateFilter`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<AssessmentTemplateFilter>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListAssessmentTemplatesResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAssessmentTemplatesResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub assessment_template_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListEventSubscriptionsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListEventSubscriptionsRequest {
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListEventSubscriptionsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListEventSubscriptionsResponse {
    /// Required: list of 0 to 50 of [`Subscription`].
    pub subscriptions: Vec<Subscription>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListExclusionsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListExclusionsRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListExclusionsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListExclusionsResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub exclusion_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListFindingsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFindingsRequest {
    /// Optional: list of 0 to 50 of string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_run_arns: Option<Vec<String>>,
    /// Optional: [`FindingFilter`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FindingFilter>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListFindingsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListFindingsResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub finding_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListRulesPackagesRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListRulesPackagesRequest {
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `ListRulesPackagesResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListRulesPackagesResponse {
    /// Required: list of 0 to 100 of string of 1 to 300 characters.
    pub rules_package_arns: Vec<String>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `ListTagsForResourceRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTagsForResourceRequest {
    /// Required: string of 1 to 300 characters.
    pub resource_arn: String,
}

/// `ListTagsForResourceResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListTagsForResourceResponse {
    /// Required: list of 0 to 10 of [`Tag`].
    pub tags: Vec<Tag>,
}

wire_enum! {
    /// `Locale` (reference §4, §5).
    Locale {
        EnUs = "EN_US",
    }
}

/// `NetworkInterface`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterface {
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_interface_id: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subnet_id: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vpc_id: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_dns_name: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<String>,
    /// Optional: list of [`PrivateIp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_ip_addresses: Option<Vec<PrivateIp>>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_dns_name: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_ip: Option<String>,
    /// Optional: list of string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipv6_addresses: Option<Vec<String>>,
    /// Optional: list of [`SecurityGroup`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_groups: Option<Vec<SecurityGroup>>,
}

wire_enum! {
    /// `NoSuchEntityErrorCode` (reference §4, §5).
    NoSuchEntityErrorCode {
        AssessmentTargetDoesNotExist = "ASSESSMENT_TARGET_DOES_NOT_EXIST",
        AssessmentTemplateDoesNotExist = "ASSESSMENT_TEMPLATE_DOES_NOT_EXIST",
        AssessmentRunDoesNotExist = "ASSESSMENT_RUN_DOES_NOT_EXIST",
        FindingDoesNotExist = "FINDING_DOES_NOT_EXIST",
        ResourceGroupDoesNotExist = "RESOURCE_GROUP_DOES_NOT_EXIST",
        RulesPackageDoesNotExist = "RULES_PACKAGE_DOES_NOT_EXIST",
        SnsTopicDoesNotExist = "SNS_TOPIC_DOES_NOT_EXIST",
        IamRoleDoesNotExist = "IAM_ROLE_DOES_NOT_EXIST",
    }
}

/// `NoSuchEntityException`, an exception (reference §4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoSuchEntityException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: [`NoSuchEntityErrorCode`].
    pub error_code: NoSuchEntityErrorCode,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `PreviewAgentsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewAgentsRequest {
    /// Required: string of 1 to 300 characters.
    pub preview_agents_arn: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    /// Optional: integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_results: Option<i32>,
}

/// `PreviewAgentsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewAgentsResponse {
    /// Required: list of 0 to 100 of [`AgentPreview`].
    pub agent_previews: Vec<AgentPreview>,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// `PreviewGenerationInProgressException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewGenerationInProgressException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
}

wire_enum! {
    /// `PreviewStatus` (reference §4, §5).
    PreviewStatus {
        WorkInProgress = "WORK_IN_PROGRESS",
        Completed = "COMPLETED",
    }
}

/// `PrivateIp`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateIp {
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_dns_name: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<String>,
}

/// `RegisterCrossAccountAccessRoleRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterCrossAccountAccessRoleRequest {
    /// Required: string of 1 to 300 characters.
    pub role_arn: String,
}

/// `RemoveAttributesFromFindingsRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveAttributesFromFindingsRequest {
    /// Required: list of 1 to 10 of string of 1 to 300 characters.
    pub finding_arns: Vec<String>,
    /// Required: list of 0 to 10 of string of 1 to 128 characters.
    pub attribute_keys: Vec<String>,
}

/// `RemoveAttributesFromFindingsResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoveAttributesFromFindingsResponse {
    /// Required: map from string of 1 to 300 characters to [`FailedItemDetails`].
    pub failed_items: BTreeMap<String, FailedItemDetails>,
}

wire_enum! {
    /// `ReportFileFormat` (reference §4, §5).
    ReportFileFormat {
        Html = "HTML",
        Pdf = "PDF",
    }
}

wire_enum! {
    /// `ReportStatus` (reference §4, §5).
    ReportStatus {
        WorkInProgress = "WORK_IN_PROGRESS",
        Failed = "FAILED",
        Completed = "COMPLETED",
    }
}

wire_enum! {
    /// `ReportType` (reference §4, §5).
    ReportType {
        Finding = "FINDING",
        Full = "FULL",
    }
}

/// `ResourceGroup`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceGroup {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: list of 1 to 10 of [`ResourceGroupTag`].
    pub tags: Vec<ResourceGroupTag>,
    /// Required: [`Timestamp`].
    pub created_at: Timestamp,
}

/// `ResourceGroupTag`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceGroupTag {
    /// Required: string of 1 to 128 characters.
    pub key: String,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `RulesPackage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesPackage {
    /// Required: string of 1 to 300 characters.
    pub arn: String,
    /// Required: string of 0 to 1000 characters.
    pub name: String,
    /// Required: string of 0 to 1000 characters.
    pub version: String,
    /// Required: string of 0 to 1000 characters.
    pub provider: String,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// `Scope`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Optional: [`ScopeType`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ScopeType>,
    /// Optional: string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

wire_enum! {
    /// `ScopeType` (reference §4, §5).
    ScopeType {
        InstanceId = "INSTANCE_ID",
        RulesPackageArn = "RULES_PACKAGE_ARN",
    }
}

/// `SecurityGroup`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroup {
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// Optional: string of 0 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
}

/// `ServiceTemporarilyUnavailableException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTemporarilyUnavailableException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `SetTagsForResourceRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetTagsForResourceRequest {
    /// Required: string of 1 to 300 characters.
    pub resource_arn: String,
    /// Optional: list of 0 to 10 of [`Tag`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Tag>>,
}

wire_enum! {
    /// `Severity` (reference §4, §5).
    Severity {
        Low = "Low",
        Medium = "Medium",
        High = "High",
        Informational = "Informational",
        Undefined = "Undefined",
    }
}

/// `StartAssessmentRunRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartAssessmentRunRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_template_arn: String,
    /// Optional: string of 1 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment_run_name: Option<String>,
}

/// `StartAssessmentRunResponse`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartAssessmentRunResponse {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
}

wire_enum! {
    /// `StopAction` (reference §4, §5).
    StopAction {
        StartEvaluation = "START_EVALUATION",
        SkipEvaluation = "SKIP_EVALUATION",
    }
}

/// `StopAssessmentRunRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StopAssessmentRunRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_run_arn: String,
    /// Optional: [`StopAction`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_action: Option<StopAction>,
}

/// `SubscribeToEventRequest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscribeToEventRequest {
    /// Required: string of 1 to 300 characters.
    pub resource_arn: String,
    /// Required: [`InspectorEvent`].
    pub event: InspectorEvent,
    /// Required: string of 1 to 300 characters.
    pub topic_arn: String,
}

/// `Subscription`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Required: string of 1 to 300 characters.
    pub resource_arn: String,
    /// Required: string of 1 to 300 characters.
    pub topic_arn: String,
    /// Required: list of 1 to 50 of [`EventSubscription`].
    pub event_subscriptions: Vec<EventSubscription>,
}

/// `Tag`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// Required: string of 1 to 128 characters.
    pub key: String,
    /// Optional: string of 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `TelemetryMetadata`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TelemetryMetadata {
    /// Required: string of 1 to 300 characters.
    pub message_type: String,
    /// Required: long.
    pub count: i64,
    /// Optional: long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_size: Option<i64>,
}

/// `TimestampRange`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimestampRange {
    /// Optional: [`Timestamp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begin_date: Option<Timestamp>,
    /// Optional: [`Timestamp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Timestamp>,
}

/// `UnsubscribeFromEventRequest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnsubscribeFromEventRequest {
    /// Required: string of 1 to 300 characters.
    pub resource_arn: String,
    /// Required: [`InspectorEvent`].
    pub event: InspectorEvent,
    /// Required: string of 1 to 300 characters.
    pub topic_arn: String,
}

/// `UnsupportedFeatureException`, an exception (reference §4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnsupportedFeatureException {
    /// Required: string of 0 to 1000 characters.
    pub message: String,
    /// Required: boolean.
    pub can_retry: bool,
}

/// `UpdateAssessmentTargetRequest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateAssessmentTargetRequest {
    /// Required: string of 1 to 300 characters.
    pub assessment_target_arn: String,
    /// Required: string of 1 to 140 characters.
    pub assessment_target_name: String,
    /// Optional: string of 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group_arn: Option<String>,
}

/// The limits of each shape (reference §7), for [`crate::decode`].
pub mod shapes {
    use crate::shape::{Kind, Member, Pattern, Shape};

    /// `AddAttributesToFindingsRequest`.
    pub static ADD_ATTRIBUTES_TO_FINDINGS_REQUEST: Shape = Shape {
        name: "AddAttributesToFindingsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "findingArns", shape: &ADD_REMOVE_ATTRIBUTES_FINDING_ARN_LIST, is_required: true },
                Member { name: "attributes", shape: &USER_ATTRIBUTE_LIST, is_required: true },
            ],
        },
    };
    /// `AddAttributesToFindingsResponse`.
    pub static ADD_ATTRIBUTES_TO_FINDINGS_RESPONSE: Shape = Shape {
        name: "AddAttributesToFindingsResponse",
        kind: Kind::Structure { members: &[Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true }] },
    };
    /// `AddRemoveAttributesFindingArnList`.
    pub static ADD_REMOVE_ATTRIBUTES_FINDING_ARN_LIST: Shape =
        Shape { name: "AddRemoveAttributesFindingArnList", kind: Kind::List { item: &ARN, min: 1, max: Some(10) } };
    /// `AgentFilter`.
    pub static AGENT_FILTER: Shape = Shape {
        name: "AgentFilter",
        kind: Kind::Structure {
            members: &[
                Member { name: "agentHealths", shape: &AGENT_HEALTH_LIST, is_required: true },
                Member { name: "agentHealthCodes", shape: &AGENT_HEALTH_CODE_LIST, is_required: true },
            ],
        },
    };
    /// `AgentHealth`.
    pub static AGENT_HEALTH: Shape =
        Shape { name: "AgentHealth", kind: Kind::Enumeration { values: &["HEALTHY", "UNHEALTHY", "UNKNOWN"] } };
    /// `AgentHealthCode`.
    pub static AGENT_HEALTH_CODE: Shape = Shape {
        name: "AgentHealthCode",
        kind: Kind::Enumeration { values: &["IDLE", "RUNNING", "SHUTDOWN", "UNHEALTHY", "THROTTLED", "UNKNOWN"] },
    };
    /// `AgentHealthCodeList`.
    pub static AGENT_HEALTH_CODE_LIST: Shape =
        Shape { name: "AgentHealthCodeList", kind: Kind::List { item: &AGENT_HEALTH_CODE, min: 0, max: Some(10) } };
    /// `AgentHealthList`.
    pub static AGENT_HEALTH_LIST: Shape =
        Shape { name: "AgentHealthList", kind: Kind::List { item: &AGENT_HEALTH, min: 0, max: Some(10) } };
    /// `AgentId`.
    pub static AGENT_ID: Shape = Shape { name: "AgentId", kind: Kind::Text { min: 1, max: Some(128), pattern: None } };
    /// `AgentIdList`.
    pub static AGENT_ID_LIST: Shape =
        Shape { name: "AgentIdList", kind: Kind::List { item: &AGENT_ID, min: 0, max: Some(99) } };
    /// `AgentPreview`.
    pub static AGENT_PREVIEW: Shape = Shape {
        name: "AgentPreview",
        kind: Kind::Structure {
            members: &[
                Member { name: "hostname", shape: &HOSTNAME, is_required: false },
                Member { name: "agentId", shape: &AGENT_ID, is_required: true },
                Member { name: "autoScalingGroup", shape: &AUTO_SCALING_GROUP, is_required: false },
                Member { name: "agentHealth", shape: &AGENT_HEALTH, is_required: false },
                Member { name: "agentVersion", shape: &AGENT_VERSION, is_required: false },
                Member { name: "operatingSystem", shape: &OPERATING_SYSTEM, is_required: false },
                Member { name: "kernelVersion", shape: &KERNEL_VERSION, is_required: false },
                Member { name: "ipv4Address", shape: &IPV4_ADDRESS, is_required: false },
            ],
        },
    };
    /// `AgentPreviewList`.
    pub static AGENT_PREVIEW_LIST: Shape =
        Shape { name: "AgentPreviewList", kind: Kind::List { item: &AGENT_PREVIEW, min: 0, max: Some(100) } };
    /// `AgentVersion`.
    pub static AGENT_VERSION: Shape =
        Shape { name: "AgentVersion", kind: Kind::Text { min: 1, max: Some(128), pattern: None } };
    /// `AmiId`.
    pub static AMI_ID: Shape = Shape { name: "AmiId", kind: Kind::Text { min: 0, max: Some(256), pattern: None } };
    /// `Arn`.
    pub static ARN: Shape = Shape { name: "Arn", kind: Kind::Text { min: 1, max: Some(300), pattern: None } };
    /// `ArnCount`.
    pub static ARN_COUNT: Shape = Shape { name: "ArnCount", kind: Kind::Integer { min: None, max: None } };
    /// `AssessmentRulesPackageArnList`.
    pub static ASSESSMENT_RULES_PACKAGE_ARN_LIST: Shape =
        Shape { name: "AssessmentRulesPackageArnList", kind: Kind::List { item: &ARN, min: 1, max: Some(50) } };
    /// `AssessmentRun`.
    pub static ASSESSMENT_RUN: Shape = Shape {
        name: "AssessmentRun",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "name", shape: &ASSESSMENT_RUN_NAME, is_required: true },
                Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true },
                Member { name: "state", shape: &ASSESSMENT_RUN_STATE, is_required: true },
                Member { name: "durationInSeconds", shape: &ASSESSMENT_RUN_DURATION, is_required: true },
                Member { name: "rulesPackageArns", shape: &ASSESSMENT_RULES_PACKAGE_ARN_LIST, is_required: true },
                Member { name: "userAttributesForFindings", shape: &USER_ATTRIBUTE_LIST, is_required: true },
                Member { name: "createdAt", shape: &TIMESTAMP, is_required: true },
                Member { name: "startedAt", shape: &TIMESTAMP, is_required: false },
                Member { name: "completedAt", shape: &TIMESTAMP, is_required: false },
                Member { name: "stateChangedAt", shape: &TIMESTAMP, is_required: true },
                Member { name: "dataCollected", shape: &BOOL, is_required: true },
                Member { name: "stateChanges", shape: &ASSESSMENT_RUN_STATE_CHANGE_LIST, is_required: true },
                Member { name: "notifications", shape: &ASSESSMENT_RUN_NOTIFICATION_LIST, is_required: true },
                Member { name: "findingCounts", shape: &ASSESSMENT_RUN_FINDING_COUNTS, is_required: true },
            ],
        },
    };
    /// `AssessmentRunAgent`.
    pub static ASSESSMENT_RUN_AGENT: Shape = Shape {
        name: "AssessmentRunAgent",
        kind: Kind::Structure {
            members: &[
                Member { name: "agentId", shape: &AGENT_ID, is_required: true },
                Member { name: "assessmentRunArn", shape: &ARN, is_required: true },
                Member { name: "agentHealth", shape: &AGENT_HEALTH, is_required: true },
                Member { name: "agentHealthCode", shape: &AGENT_HEALTH_CODE, is_required: true },
                Member { name: "agentHealthDetails", shape: &MESSAGE, is_required: false },
                Member { name: "autoScalingGroup", shape: &AUTO_SCALING_GROUP, is_required: false },
                Member { name: "telemetryMetadata", shape: &TELEMETRY_METADATA_LIST, is_required: true },
            ],
        },
    };
    /// `AssessmentRunAgentList`.
    pub static ASSESSMENT_RUN_AGENT_LIST: Shape = Shape {
        name: "AssessmentRunAgentList",
        kind: Kind::List { item: &ASSESSMENT_RUN_AGENT, min: 0, max: Some(500) },
    };
    /// `AssessmentRunDuration`.
    pub static ASSESSMENT_RUN_DURATION: Shape =
        Shape { name: "AssessmentRunDuration", kind: Kind::Integer { min: Some(180), max: Some(86400) } };
    /// `AssessmentRunFilter`.
    pub static ASSESSMENT_RUN_FILTER: Shape = Shape {
        name: "AssessmentRunFilter",
        kind: Kind::Structure {
            members: &[
                Member { name: "namePattern", shape: &NAME_PATTERN, is_required: false },
                Member { name: "states", shape: &ASSESSMENT_RUN_STATE_LIST, is_required: false },
                Member { name: "durationRange", shape: &DURATION_RANGE, is_required: false },
                Member { name: "rulesPackageArns", shape: &FILTER_RULES_PACKAGE_ARN_LIST, is_required: false },
                Member { name: "startTimeRange", shape: &TIMESTAMP_RANGE, is_required: false },
                Member { name: "completionTimeRange", shape: &TIMESTAMP_RANGE, is_required: false },
                Member { name: "stateChangeTimeRange", shape: &TIMESTAMP_RANGE, is_required: false },
            ],
        },
    };
    /// `AssessmentRunFindingCounts`.
    pub static ASSESSMENT_RUN_FINDING_COUNTS: Shape = Shape {
        name: "AssessmentRunFindingCounts",
        kind: Kind::Map { key: &SEVERITY, value: &FINDING_COUNT, min: 0, max: None },
    };
    /// `AssessmentRunList`.
    pub static ASSESSMENT_RUN_LIST: Shape =
        Shape { name: "AssessmentRunList", kind: Kind::List { item: &ASSESSMENT_RUN, min: 0, max: Some(10) } };
    /// `AssessmentRunName`.
    pub static ASSESSMENT_RUN_NAME: Shape =
        Shape { name: "AssessmentRunName", kind: Kind::Text { min: 1, max: Some(140), pattern: None } };
    /// `AssessmentRunNotification`.
    pub static ASSESSMENT_RUN_NOTIFICATION: Shape = Shape {
        name: "AssessmentRunNotification",
        kind: Kind::Structure {
            members: &[
                Member { name: "date", shape: &TIMESTAMP, is_required: true },
                Member { name: "event", shape: &INSPECTOR_EVENT, is_required: true },
                Member { name: "message", shape: &MESSAGE, is_required: false },
                Member { name: "error", shape: &BOOL, is_required: true },
                Member { name: "snsTopicArn", shape: &ARN, is_required: false },
                Member {
                    name: "snsPublishStatusCode",
                    shape: &ASSESSMENT_RUN_NOTIFICATION_SNS_STATUS_CODE,
                    is_required: false,
                },
            ],
        },
    };
    /// `AssessmentRunNotificationList`.
    pub static ASSESSMENT_RUN_NOTIFICATION_LIST: Shape = Shape {
        name: "AssessmentRunNotificationList",
        kind: Kind::List { item: &ASSESSMENT_RUN_NOTIFICATION, min: 0, max: Some(50) },
    };
    /// `AssessmentRunNotificationSnsStatusCode`.
    pub static ASSESSMENT_RUN_NOTIFICATION_SNS_STATUS_CODE: Shape = Shape {
        name: "AssessmentRunNotificationSnsStatusCode",
        kind: Kind::Enumeration { values: &["SUCCESS", "TOPIC_DOES_NOT_EXIST", "ACCESS_DENIED", "INTERNAL_ERROR"] },
    };
    /// `AssessmentRunState`.
    pub static ASSESSMENT_RUN_STATE: Shape = Shape {
        name: "AssessmentRunState",
        kind: Kind::Enumeration {
            values: &[
                "CREATED",
                "START_DATA_COLLECTION_PENDING",
                "START_DATA_COLLECTION_IN_PROGRESS",
                "COLLECTING_DATA",
                "STOP_DATA_COLLECTION_PENDING",
                "DATA_COLLECTED",
                "START_EVALUATING_RULES_PENDING",
                "EVALUATING_RULES",
                "FAILED",
                "ERROR",
                "COMPLETED",
                "COMPLETED_WITH_ERRORS",
                "CANCELED",
            ],
        },
    };
    /// `AssessmentRunStateChange`.
    pub static ASSESSMENT_RUN_STATE_CHANGE: Shape = Shape {
        name: "AssessmentRunStateChange",
        kind: Kind::Structure {
            members: &[
                Member { name: "stateChangedAt", shape: &TIMESTAMP, is_required: true },
                Member { name: "state", shape: &ASSESSMENT_RUN_STATE, is_required: true },
            ],
        },
    };
    /// `AssessmentRunStateChangeList`.
    pub static ASSESSMENT_RUN_STATE_CHANGE_LIST: Shape = Shape {
        name: "AssessmentRunStateChangeList",
        kind: Kind::List { item: &ASSESSMENT_RUN_STATE_CHANGE, min: 0, max: Some(50) },
    };
    /// `AssessmentRunStateList`.
    pub static ASSESSMENT_RUN_STATE_LIST: Shape = Shape {
        name: "AssessmentRunStateList",
        kind: Kind::List { item: &ASSESSMENT_RUN_STATE, min: 0, max: Some(50) },
    };
    /// `AssessmentTarget`.
    pub static ASSESSMENT_TARGET: Shape = Shape {
        name: "AssessmentTarget",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "name", shape: &ASSESSMENT_TARGET_NAME, is_required: true },
                Member { name: "resourceGroupArn", shape: &ARN, is_required: false },
                Member { name: "createdAt", shape: &TIMESTAMP, is_required: true },
                Member { name: "updatedAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `AssessmentTargetFilter`.
    pub static ASSESSMENT_TARGET_FILTER: Shape = Shape {
        name: "AssessmentTargetFilter",
        kind: Kind::Structure {
            members: &[Member { name: "assessmentTargetNamePattern", shape: &NAME_PATTERN, is_required: false }],
        },
    };
    /// `AssessmentTargetList`.
    pub static ASSESSMENT_TARGET_LIST: Shape =
        Shape { name: "AssessmentTargetList", kind: Kind::List { item: &ASSESSMENT_TARGET, min: 0, max: Some(10) } };
    /// `AssessmentTargetName`.
    pub static ASSESSMENT_TARGET_NAME: Shape =
        Shape { name: "AssessmentTargetName", kind: Kind::Text { min: 1, max: Some(140), pattern: None } };
    /// `AssessmentTemplate`.
    pub static ASSESSMENT_TEMPLATE: Shape = Shape {
        name: "AssessmentTemplate",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "name", shape: &ASSESSMENT_TEMPLATE_NAME, is_required: true },
                Member { name: "assessmentTargetArn", shape: &ARN, is_required: true },
                Member { name: "durationInSeconds", shape: &ASSESSMENT_RUN_DURATION, is_required: true },
                Member {
                    name: "rulesPackageArns",
                    shape: &ASSESSMENT_TEMPLATE_RULES_PACKAGE_ARN_LIST,
                    is_required: true,
                },
                Member { name: "userAttributesForFindings", shape: &USER_ATTRIBUTE_LIST, is_required: true },
                Member { name: "lastAssessmentRunArn", shape: &ARN, is_required: false },
                Member { name: "assessmentRunCount", shape: &ARN_COUNT, is_required: true },
                Member { name: "createdAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `AssessmentTemplateFilter`.
    pub static ASSESSMENT_TEMPLATE_FILTER: Shape = Shape {
        name: "AssessmentTemplateFilter",
        kind: Kind::Structure {
            members: &[
                Member { name: "namePattern", shape: &NAME_PATTERN, is_required: false },
                Member { name: "durationRange", shape: &DURATION_RANGE, is_required: false },
                Member { name: "rulesPackageArns", shape: &FILTER_RULES_PACKAGE_ARN_LIST, is_required: false },
            ],
        },
    };
    /// `AssessmentTemplateList`.
    pub static ASSESSMENT_TEMPLATE_LIST: Shape = Shape {
        name: "AssessmentTemplateList",
        kind: Kind::List { item: &ASSESSMENT_TEMPLATE, min: 0, max: Some(10) },
    };
    /// `AssessmentTemplateName`.
    pub static ASSESSMENT_TEMPLATE_NAME: Shape =
        Shape { name: "AssessmentTemplateName", kind: Kind::Text { min: 1, max: Some(140), pattern: None } };
    /// `AssessmentTemplateRulesPackageArnList`.
    pub static ASSESSMENT_TEMPLATE_RULES_PACKAGE_ARN_LIST: Shape =
        Shape { name: "AssessmentTemplateRulesPackageArnList", kind: Kind::List { item: &ARN, min: 0, max: Some(50) } };
    /// `AssetAttributes`.
    pub static ASSET_ATTRIBUTES: Shape = Shape {
        name: "AssetAttributes",
        kind: Kind::Structure {
            members: &[
                Member { name: "schemaVersion", shape: &NUMERIC_VERSION, is_required: true },
                Member { name: "agentId", shape: &AGENT_ID, is_required: false },
                Member { name: "autoScalingGroup", shape: &AUTO_SCALING_GROUP, is_required: false },
                Member { name: "amiId", shape: &AMI_ID, is_required: false },
                Member { name: "hostname", shape: &HOSTNAME, is_required: false },
                Member { name: "ipv4Addresses", shape: &IPV4_ADDRESS_LIST, is_required: false },
                Member { name: "tags", shape: &TAGS, is_required: false },
                Member { name: "networkInterfaces", shape: &NETWORK_INTERFACES, is_required: false },
            ],
        },
    };
    /// `AssetType`.
    pub static ASSET_TYPE: Shape = Shape { name: "AssetType", kind: Kind::Enumeration { values: &["ec2-instance"] } };
    /// `Attribute`.
    pub static ATTRIBUTE: Shape = Shape {
        name: "Attribute",
        kind: Kind::Structure {
            members: &[
                Member { name: "key", shape: &ATTRIBUTE_KEY, is_required: true },
                Member { name: "value", shape: &ATTRIBUTE_VALUE, is_required: false },
            ],
        },
    };
    /// `AttributeKey`.
    pub static ATTRIBUTE_KEY: Shape =
        Shape { name: "AttributeKey", kind: Kind::Text { min: 1, max: Some(128), pattern: None } };
    /// `AttributeList`.
    pub static ATTRIBUTE_LIST: Shape =
        Shape { name: "AttributeList", kind: Kind::List { item: &ATTRIBUTE, min: 0, max: Some(50) } };
    /// `AttributeValue`.
    pub static ATTRIBUTE_VALUE: Shape =
        Shape { name: "AttributeValue", kind: Kind::Text { min: 1, max: Some(256), pattern: None } };
    /// `AutoScalingGroup`.
    pub static AUTO_SCALING_GROUP: Shape =
        Shape { name: "AutoScalingGroup", kind: Kind::Text { min: 1, max: Some(256), pattern: None } };
    /// `AutoScalingGroupList`.
    pub static AUTO_SCALING_GROUP_LIST: Shape =
        Shape { name: "AutoScalingGroupList", kind: Kind::List { item: &AUTO_SCALING_GROUP, min: 0, max: Some(20) } };
    /// `BatchDescribeArnList`.
    pub static BATCH_DESCRIBE_ARN_LIST: Shape =
        Shape { name: "BatchDescribeArnList", kind: Kind::List { item: &ARN, min: 1, max: Some(10) } };
    /// `BatchDescribeExclusionsArnList`.
    pub static BATCH_DESCRIBE_EXCLUSIONS_ARN_LIST: Shape =
        Shape { name: "BatchDescribeExclusionsArnList", kind: Kind::List { item: &ARN, min: 1, max: Some(100) } };
    /// `Bool`.
    pub static BOOL: Shape = Shape { name: "Bool", kind: Kind::Boolean };
    /// `CreateAssessmentTargetRequest`.
    pub static CREATE_ASSESSMENT_TARGET_REQUEST: Shape = Shape {
        name: "CreateAssessmentTargetRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargetName", shape: &ASSESSMENT_TARGET_NAME, is_required: true },
                Member { name: "resourceGroupArn", shape: &ARN, is_required: false },
            ],
        },
    };
    /// `CreateAssessmentTargetResponse`.
    pub static CREATE_ASSESSMENT_TARGET_RESPONSE: Shape = Shape {
        name: "CreateAssessmentTargetResponse",
        kind: Kind::Structure { members: &[Member { name: "assessmentTargetArn", shape: &ARN, is_required: true }] },
    };
    /// `CreateAssessmentTemplateRequest`.
    pub static CREATE_ASSESSMENT_TEMPLATE_REQUEST: Shape = Shape {
        name: "CreateAssessmentTemplateRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargetArn", shape: &ARN, is_required: true },
                Member { name: "assessmentTemplateName", shape: &ASSESSMENT_TEMPLATE_NAME, is_required: true },
                Member { name: "durationInSeconds", shape: &ASSESSMENT_RUN_DURATION, is_required: true },
                Member {
                    name: "rulesPackageArns",
                    shape: &ASSESSMENT_TEMPLATE_RULES_PACKAGE_ARN_LIST,
                    is_required: true,
                },
                Member { name: "userAttributesForFindings", shape: &USER_ATTRIBUTE_LIST, is_required: false },
            ],
        },
    };
    /// `CreateAssessmentTemplateResponse`.
    pub static CREATE_ASSESSMENT_TEMPLATE_RESPONSE: Shape = Shape {
        name: "CreateAssessmentTemplateResponse",
        kind: Kind::Structure { members: &[Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true }] },
    };
    /// `CreateExclusionsPreviewRequest`.
    pub static CREATE_EXCLUSIONS_PREVIEW_REQUEST: Shape = Shape {
        name: "CreateExclusionsPreviewRequest",
        kind: Kind::Structure { members: &[Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true }] },
    };
    /// `CreateExclusionsPreviewResponse`.
    pub static CREATE_EXCLUSIONS_PREVIEW_RESPONSE: Shape = Shape {
        name: "CreateExclusionsPreviewResponse",
        kind: Kind::Structure { members: &[Member { name: "previewToken", shape: &UUID, is_required: true }] },
    };
    /// `CreateResourceGroupRequest`.
    pub static CREATE_RESOURCE_GROUP_REQUEST: Shape = Shape {
        name: "CreateResourceGroupRequest",
        kind: Kind::Structure {
            members: &[Member { name: "resourceGroupTags", shape: &RESOURCE_GROUP_TAGS, is_required: true }],
        },
    };
    /// `CreateResourceGroupResponse`.
    pub static CREATE_RESOURCE_GROUP_RESPONSE: Shape = Shape {
        name: "CreateResourceGroupResponse",
        kind: Kind::Structure { members: &[Member { name: "resourceGroupArn", shape: &ARN, is_required: true }] },
    };
    /// `DeleteAssessmentRunRequest`.
    pub static DELETE_ASSESSMENT_RUN_REQUEST: Shape = Shape {
        name: "DeleteAssessmentRunRequest",
        kind: Kind::Structure { members: &[Member { name: "assessmentRunArn", shape: &ARN, is_required: true }] },
    };
    /// `DeleteAssessmentTargetRequest`.
    pub static DELETE_ASSESSMENT_TARGET_REQUEST: Shape = Shape {
        name: "DeleteAssessmentTargetRequest",
        kind: Kind::Structure { members: &[Member { name: "assessmentTargetArn", shape: &ARN, is_required: true }] },
    };
    /// `DeleteAssessmentTemplateRequest`.
    pub static DELETE_ASSESSMENT_TEMPLATE_REQUEST: Shape = Shape {
        name: "DeleteAssessmentTemplateRequest",
        kind: Kind::Structure { members: &[Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true }] },
    };
    /// `DescribeAssessmentRunsRequest`.
    pub static DESCRIBE_ASSESSMENT_RUNS_REQUEST: Shape = Shape {
        name: "DescribeAssessmentRunsRequest",
        kind: Kind::Structure {
            members: &[Member { name: "assessmentRunArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true }],
        },
    };
    /// `DescribeAssessmentRunsResponse`.
    pub static DESCRIBE_ASSESSMENT_RUNS_RESPONSE: Shape = Shape {
        name: "DescribeAssessmentRunsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRuns", shape: &ASSESSMENT_RUN_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeAssessmentTargetsRequest`.
    pub static DESCRIBE_ASSESSMENT_TARGETS_REQUEST: Shape = Shape {
        name: "DescribeAssessmentTargetsRequest",
        kind: Kind::Structure {
            members: &[Member { name: "assessmentTargetArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true }],
        },
    };
    /// `DescribeAssessmentTargetsResponse`.
    pub static DESCRIBE_ASSESSMENT_TARGETS_RESPONSE: Shape = Shape {
        name: "DescribeAssessmentTargetsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargets", shape: &ASSESSMENT_TARGET_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeAssessmentTemplatesRequest`.
    pub static DESCRIBE_ASSESSMENT_TEMPLATES_REQUEST: Shape = Shape {
        name: "DescribeAssessmentTemplatesRequest",
        kind: Kind::Structure {
            members: &[Member { name: "assessmentTemplateArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true }],
        },
    };
    /// `DescribeAssessmentTemplatesResponse`.
    pub static DESCRIBE_ASSESSMENT_TEMPLATES_RESPONSE: Shape = Shape {
        name: "DescribeAssessmentTemplatesResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTemplates", shape: &ASSESSMENT_TEMPLATE_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeCrossAccountAccessRoleResponse`.
    pub static DESCRIBE_CROSS_ACCOUNT_ACCESS_ROLE_RESPONSE: Shape = Shape {
        name: "DescribeCrossAccountAccessRoleResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "roleArn", shape: &ARN, is_required: true },
                Member { name: "valid", shape: &BOOL, is_required: true },
                Member { name: "registeredAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `DescribeExclusionsRequest`.
    pub static DESCRIBE_EXCLUSIONS_REQUEST: Shape = Shape {
        name: "DescribeExclusionsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "exclusionArns", shape: &BATCH_DESCRIBE_EXCLUSIONS_ARN_LIST, is_required: true },
                Member { name: "locale", shape: &LOCALE, is_required: false },
            ],
        },
    };
    /// `DescribeExclusionsResponse`.
    pub static DESCRIBE_EXCLUSIONS_RESPONSE: Shape = Shape {
        name: "DescribeExclusionsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "exclusions", shape: &EXCLUSION_MAP, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeFindingsRequest`.
    pub static DESCRIBE_FINDINGS_REQUEST: Shape = Shape {
        name: "DescribeFindingsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "findingArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true },
                Member { name: "locale", shape: &LOCALE, is_required: false },
            ],
        },
    };
    /// `DescribeFindingsResponse`.
    pub static DESCRIBE_FINDINGS_RESPONSE: Shape = Shape {
        name: "DescribeFindingsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "findings", shape: &FINDING_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeResourceGroupsRequest`.
    pub static DESCRIBE_RESOURCE_GROUPS_REQUEST: Shape = Shape {
        name: "DescribeResourceGroupsRequest",
        kind: Kind::Structure {
            members: &[Member { name: "resourceGroupArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true }],
        },
    };
    /// `DescribeResourceGroupsResponse`.
    pub static DESCRIBE_RESOURCE_GROUPS_RESPONSE: Shape = Shape {
        name: "DescribeResourceGroupsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceGroups", shape: &RESOURCE_GROUP_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DescribeRulesPackagesRequest`.
    pub static DESCRIBE_RULES_PACKAGES_REQUEST: Shape = Shape {
        name: "DescribeRulesPackagesRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "rulesPackageArns", shape: &BATCH_DESCRIBE_ARN_LIST, is_required: true },
                Member { name: "locale", shape: &LOCALE, is_required: false },
            ],
        },
    };
    /// `DescribeRulesPackagesResponse`.
    pub static DESCRIBE_RULES_PACKAGES_RESPONSE: Shape = Shape {
        name: "DescribeRulesPackagesResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "rulesPackages", shape: &RULES_PACKAGE_LIST, is_required: true },
                Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true },
            ],
        },
    };
    /// `DurationRange`.
    pub static DURATION_RANGE: Shape = Shape {
        name: "DurationRange",
        kind: Kind::Structure {
            members: &[
                Member { name: "minSeconds", shape: &ASSESSMENT_RUN_DURATION, is_required: false },
                Member { name: "maxSeconds", shape: &ASSESSMENT_RUN_DURATION, is_required: false },
            ],
        },
    };
    /// `EventSubscription`.
    pub static EVENT_SUBSCRIPTION: Shape = Shape {
        name: "EventSubscription",
        kind: Kind::Structure {
            members: &[
                Member { name: "event", shape: &INSPECTOR_EVENT, is_required: true },
                Member { name: "subscribedAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `EventSubscriptionList`.
    pub static EVENT_SUBSCRIPTION_LIST: Shape =
        Shape { name: "EventSubscriptionList", kind: Kind::List { item: &EVENT_SUBSCRIPTION, min: 1, max: Some(50) } };
    /// `Exclusion`.
    pub static EXCLUSION: Shape = Shape {
        name: "Exclusion",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "title", shape: &TEXT, is_required: true },
                Member { name: "description", shape: &TEXT, is_required: true },
                Member { name: "recommendation", shape: &TEXT, is_required: true },
                Member { name: "scopes", shape: &SCOPE_LIST, is_required: true },
                Member { name: "attributes", shape: &ATTRIBUTE_LIST, is_required: false },
            ],
        },
    };
    /// `ExclusionMap`.
    pub static EXCLUSION_MAP: Shape =
        Shape { name: "ExclusionMap", kind: Kind::Map { key: &ARN, value: &EXCLUSION, min: 1, max: Some(100) } };
    /// `ExclusionPreview`.
    pub static EXCLUSION_PREVIEW: Shape = Shape {
        name: "ExclusionPreview",
        kind: Kind::Structure {
            members: &[
                Member { name: "title", shape: &TEXT, is_required: true },
                Member { name: "description", shape: &TEXT, is_required: true },
                Member { name: "recommendation", shape: &TEXT, is_required: true },
                Member { name: "scopes", shape: &SCOPE_LIST, is_required: true },
                Member { name: "attributes", shape: &ATTRIBUTE_LIST, is_required: false },
            ],
        },
    };
    /// `ExclusionPreviewList`.
    pub static EXCLUSION_PREVIEW_LIST: Shape =
        Shape { name: "ExclusionPreviewList", kind: Kind::List { item: &EXCLUSION_PREVIEW, min: 0, max: Some(100) } };
    /// `FailedItemDetails`.
    pub static FAILED_ITEM_DETAILS: Shape = Shape {
        name: "FailedItemDetails",
        kind: Kind::Structure {
            members: &[
                Member { name: "failureCode", shape: &FAILED_ITEM_ERROR_CODE, is_required: true },
                Member { name: "retryable", shape: &BOOL, is_required: true },
            ],
        },
    };
    /// `FailedItemErrorCode`.
    pub static FAILED_ITEM_ERROR_CODE: Shape = Shape {
        name: "FailedItemErrorCode",
        kind: Kind::Enumeration {
            values: &[
                "INVALID_ARN",
                "DUPLICATE_ARN",
                "ITEM_DOES_NOT_EXIST",
                "ACCESS_DENIED",
                "LIMIT_EXCEEDED",
                "INTERNAL_ERROR",
            ],
        },
    };
    /// `FailedItems`.
    pub static FAILED_ITEMS: Shape =
        Shape { name: "FailedItems", kind: Kind::Map { key: &ARN, value: &FAILED_ITEM_DETAILS, min: 0, max: None } };
    /// `FilterRulesPackageArnList`.
    pub static FILTER_RULES_PACKAGE_ARN_LIST: Shape =
        Shape { name: "FilterRulesPackageArnList", kind: Kind::List { item: &ARN, min: 0, max: Some(50) } };
    /// `Finding`.
    pub static FINDING: Shape = Shape {
        name: "Finding",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "schemaVersion", shape: &NUMERIC_VERSION, is_required: false },
                Member { name: "service", shape: &SERVICE_NAME, is_required: false },
                Member { name: "serviceAttributes", shape: &INSPECTOR_SERVICE_ATTRIBUTES, is_required: false },
                Member { name: "assetType", shape: &ASSET_TYPE, is_required: false },
                Member { name: "assetAttributes", shape: &ASSET_ATTRIBUTES, is_required: false },
                Member { name: "id", shape: &FINDING_ID, is_required: false },
                Member { name: "title", shape: &TEXT, is_required: false },
                Member { name: "description", shape: &TEXT, is_required: false },
                Member { name: "recommendation", shape: &TEXT, is_required: false },
                Member { name: "severity", shape: &SEVERITY, is_required: false },
                Member { name: "numericSeverity", shape: &NUMERIC_SEVERITY, is_required: false },
                Member { name: "confidence", shape: &IOC_CONFIDENCE, is_required: false },
                Member { name: "indicatorOfCompromise", shape: &BOOL, is_required: false },
                Member { name: "attributes", shape: &ATTRIBUTE_LIST, is_required: true },
                Member { name: "userAttributes", shape: &USER_ATTRIBUTE_LIST, is_required: true },
                Member { name: "createdAt", shape: &TIMESTAMP, is_required: true },
                Member { name: "updatedAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `FindingCount`.
    pub static FINDING_COUNT: Shape = Shape { name: "FindingCount", kind: Kind::Integer { min: None, max: None } };
    /// `FindingFilter`.
    pub static FINDING_FILTER: Shape = Shape {
        name: "FindingFilter",
        kind: Kind::Structure {
            members: &[
                Member { name: "agentIds", shape: &AGENT_ID_LIST, is_required: false },
                Member { name: "autoScalingGroups", shape: &AUTO_SCALING_GROUP_LIST, is_required: false },
                Member { name: "ruleNames", shape: &RULE_NAME_LIST, is_required: false },
                Member { name: "severities", shape: &SEVERITY_LIST, is_required: false },
                Member { name: "rulesPackageArns", shape: &FILTER_RULES_PACKAGE_ARN_LIST, is_required: false },
                Member { name: "attributes", shape: &ATTRIBUTE_LIST, is_required: false },
                Member { name: "userAttributes", shape: &ATTRIBUTE_LIST, is_required: false },
                Member { name: "creationTimeRange", shape: &TIMESTAMP_RANGE, is_required: false },
            ],
        },
    };
    /// `FindingId`.
    pub static FINDING_ID: Shape =
        Shape { name: "FindingId", kind: Kind::Text { min: 0, max: Some(128), pattern: None } };
    /// `FindingList`.
    pub static FINDING_LIST: Shape =
        Shape { name: "FindingList", kind: Kind::List { item: &FINDING, min: 0, max: Some(100) } };
    /// `GetAssessmentReportRequest`.
    pub static GET_ASSESSMENT_REPORT_REQUEST: Shape = Shape {
        name: "GetAssessmentReportRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArn", shape: &ARN, is_required: true },
                Member { name: "reportFileFormat", shape: &REPORT_FILE_FORMAT, is_required: true },
                Member { name: "reportType", shape: &REPORT_TYPE, is_required: true },
            ],
        },
    };
    /// `GetAssessmentReportResponse`.
    pub static GET_ASSESSMENT_REPORT_RESPONSE: Shape = Shape {
        name: "GetAssessmentReportResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "status", shape: &REPORT_STATUS, is_required: true },
                Member { name: "url", shape: &URL, is_required: false },
            ],
        },
    };
    /// `GetExclusionsPreviewRequest`.
    pub static GET_EXCLUSIONS_PREVIEW_REQUEST: Shape = Shape {
        name: "GetExclusionsPreviewRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true },
                Member { name: "previewToken", shape: &UUID, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
                Member { name: "locale", shape: &LOCALE, is_required: false },
            ],
        },
    };
    /// `GetExclusionsPreviewResponse`.
    pub static GET_EXCLUSIONS_PREVIEW_RESPONSE: Shape = Shape {
        name: "GetExclusionsPreviewResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "previewStatus", shape: &PREVIEW_STATUS, is_required: true },
                Member { name: "exclusionPreviews", shape: &EXCLUSION_PREVIEW_LIST, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `GetTelemetryMetadataRequest`.
    pub static GET_TELEMETRY_METADATA_REQUEST: Shape = Shape {
        name: "GetTelemetryMetadataRequest",
        kind: Kind::Structure { members: &[Member { name: "assessmentRunArn", shape: &ARN, is_required: true }] },
    };
    /// `GetTelemetryMetadataResponse`.
    pub static GET_TELEMETRY_METADATA_RESPONSE: Shape = Shape {
        name: "GetTelemetryMetadataResponse",
        kind: Kind::Structure {
            members: &[Member { name: "telemetryMetadata", shape: &TELEMETRY_METADATA_LIST, is_required: true }],
        },
    };
    /// `Hostname`.
    pub static HOSTNAME: Shape = Shape { name: "Hostname", kind: Kind::Text { min: 0, max: Some(256), pattern: None } };
    /// `InspectorEvent`.
    pub static INSPECTOR_EVENT: Shape = Shape {
        name: "InspectorEvent",
        kind: Kind::Enumeration {
            values: &[
                "ASSESSMENT_RUN_STARTED",
                "ASSESSMENT_RUN_COMPLETED",
                "ASSESSMENT_RUN_STATE_CHANGED",
                "FINDING_REPORTED",
                "OTHER",
            ],
        },
    };
    /// `InspectorServiceAttributes`.
    pub static INSPECTOR_SERVICE_ATTRIBUTES: Shape = Shape {
        name: "InspectorServiceAttributes",
        kind: Kind::Structure {
            members: &[
                Member { name: "schemaVersion", shape: &NUMERIC_VERSION, is_required: true },
                Member { name: "assessmentRunArn", shape: &ARN, is_required: false },
                Member { name: "rulesPackageArn", shape: &ARN, is_required: false },
            ],
        },
    };
    /// `IocConfidence`.
    pub static IOC_CONFIDENCE: Shape =
        Shape { name: "IocConfidence", kind: Kind::Integer { min: Some(0), max: Some(10) } };
    /// `Ipv4Address`.
    pub static IPV4_ADDRESS: Shape =
        Shape { name: "Ipv4Address", kind: Kind::Text { min: 7, max: Some(15), pattern: None } };
    /// `Ipv4AddressList`.
    pub static IPV4_ADDRESS_LIST: Shape =
        Shape { name: "Ipv4AddressList", kind: Kind::List { item: &IPV4_ADDRESS, min: 0, max: Some(50) } };
    /// `Ipv6Addresses`.
    pub static IPV6_ADDRESSES: Shape =
        Shape { name: "Ipv6Addresses", kind: Kind::List { item: &TEXT, min: 0, max: None } };
    /// `KernelVersion`.
    pub static KERNEL_VERSION: Shape =
        Shape { name: "KernelVersion", kind: Kind::Text { min: 1, max: Some(128), pattern: None } };
    /// `ListAssessmentRunAgentsRequest`.
    pub static LIST_ASSESSMENT_RUN_AGENTS_REQUEST: Shape = Shape {
        name: "ListAssessmentRunAgentsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArn", shape: &ARN, is_required: true },
                Member { name: "filter", shape: &AGENT_FILTER, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListAssessmentRunAgentsResponse`.
    pub static LIST_ASSESSMENT_RUN_AGENTS_RESPONSE: Shape = Shape {
        name: "ListAssessmentRunAgentsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunAgents", shape: &ASSESSMENT_RUN_AGENT_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListAssessmentRunsRequest`.
    pub static LIST_ASSESSMENT_RUNS_REQUEST: Shape = Shape {
        name: "ListAssessmentRunsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTemplateArns", shape: &LIST_PARENT_ARN_LIST, is_required: false },
                Member { name: "filter", shape: &ASSESSMENT_RUN_FILTER, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListAssessmentRunsResponse`.
    pub static LIST_ASSESSMENT_RUNS_RESPONSE: Shape = Shape {
        name: "ListAssessmentRunsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListAssessmentTargetsRequest`.
    pub static LIST_ASSESSMENT_TARGETS_REQUEST: Shape = Shape {
        name: "ListAssessmentTargetsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "filter", shape: &ASSESSMENT_TARGET_FILTER, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListAssessmentTargetsResponse`.
    pub static LIST_ASSESSMENT_TARGETS_RESPONSE: Shape = Shape {
        name: "ListAssessmentTargetsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargetArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListAssessmentTemplatesRequest`.
    pub static LIST_ASSESSMENT_TEMPLATES_REQUEST: Shape = Shape {
        name: "ListAssessmentTemplatesRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargetArns", shape: &LIST_PARENT_ARN_LIST, is_required: false },
                Member { name: "filter", shape: &ASSESSMENT_TEMPLATE_FILTER, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListAssessmentTemplatesResponse`.
    pub static LIST_ASSESSMENT_TEMPLATES_RESPONSE: Shape = Shape {
        name: "ListAssessmentTemplatesResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTemplateArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListEventSubscriptionsMaxResults`.
    pub static LIST_EVENT_SUBSCRIPTIONS_MAX_RESULTS: Shape =
        Shape { name: "ListEventSubscriptionsMaxResults", kind: Kind::Integer { min: None, max: None } };
    /// `ListEventSubscriptionsRequest`.
    pub static LIST_EVENT_SUBSCRIPTIONS_REQUEST: Shape = Shape {
        name: "ListEventSubscriptionsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceArn", shape: &ARN, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_EVENT_SUBSCRIPTIONS_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListEventSubscriptionsResponse`.
    pub static LIST_EVENT_SUBSCRIPTIONS_RESPONSE: Shape = Shape {
        name: "ListEventSubscriptionsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "subscriptions", shape: &SUBSCRIPTION_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListExclusionsRequest`.
    pub static LIST_EXCLUSIONS_REQUEST: Shape = Shape {
        name: "ListExclusionsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArn", shape: &ARN, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListExclusionsResponse`.
    pub static LIST_EXCLUSIONS_RESPONSE: Shape = Shape {
        name: "ListExclusionsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "exclusionArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListFindingsRequest`.
    pub static LIST_FINDINGS_REQUEST: Shape = Shape {
        name: "ListFindingsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArns", shape: &LIST_PARENT_ARN_LIST, is_required: false },
                Member { name: "filter", shape: &FINDING_FILTER, is_required: false },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListFindingsResponse`.
    pub static LIST_FINDINGS_RESPONSE: Shape = Shape {
        name: "ListFindingsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "findingArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListMaxResults`.
    pub static LIST_MAX_RESULTS: Shape = Shape { name: "ListMaxResults", kind: Kind::Integer { min: None, max: None } };
    /// `ListParentArnList`.
    pub static LIST_PARENT_ARN_LIST: Shape =
        Shape { name: "ListParentArnList", kind: Kind::List { item: &ARN, min: 0, max: Some(50) } };
    /// `ListReturnedArnList`.
    pub static LIST_RETURNED_ARN_LIST: Shape =
        Shape { name: "ListReturnedArnList", kind: Kind::List { item: &ARN, min: 0, max: Some(100) } };
    /// `ListRulesPackagesRequest`.
    pub static LIST_RULES_PACKAGES_REQUEST: Shape = Shape {
        name: "ListRulesPackagesRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &LIST_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `ListRulesPackagesResponse`.
    pub static LIST_RULES_PACKAGES_RESPONSE: Shape = Shape {
        name: "ListRulesPackagesResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "rulesPackageArns", shape: &LIST_RETURNED_ARN_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `ListTagsForResourceRequest`.
    pub static LIST_TAGS_FOR_RESOURCE_REQUEST: Shape = Shape {
        name: "ListTagsForResourceRequest",
        kind: Kind::Structure { members: &[Member { name: "resourceArn", shape: &ARN, is_required: true }] },
    };
    /// `ListTagsForResourceResponse`.
    pub static LIST_TAGS_FOR_RESOURCE_RESPONSE: Shape = Shape {
        name: "ListTagsForResourceResponse",
        kind: Kind::Structure { members: &[Member { name: "tags", shape: &TAG_LIST, is_required: true }] },
    };
    /// `Locale`.
    pub static LOCALE: Shape = Shape { name: "Locale", kind: Kind::Enumeration { values: &["EN_US"] } };
    /// `Long`.
    pub static LONG: Shape = Shape { name: "Long", kind: Kind::Integer { min: None, max: None } };
    /// `Message`.
    pub static MESSAGE: Shape = Shape { name: "Message", kind: Kind::Text { min: 0, max: Some(1000), pattern: None } };
    /// `MessageType`.
    pub static MESSAGE_TYPE: Shape =
        Shape { name: "MessageType", kind: Kind::Text { min: 1, max: Some(300), pattern: None } };
    /// `NamePattern`.
    pub static NAME_PATTERN: Shape =
        Shape { name: "NamePattern", kind: Kind::Text { min: 1, max: Some(140), pattern: None } };
    /// `NetworkInterface`.
    pub static NETWORK_INTERFACE: Shape = Shape {
        name: "NetworkInterface",
        kind: Kind::Structure {
            members: &[
                Member { name: "networkInterfaceId", shape: &TEXT, is_required: false },
                Member { name: "subnetId", shape: &TEXT, is_required: false },
                Member { name: "vpcId", shape: &TEXT, is_required: false },
                Member { name: "privateDnsName", shape: &TEXT, is_required: false },
                Member { name: "privateIpAddress", shape: &TEXT, is_required: false },
                Member { name: "privateIpAddresses", shape: &PRIVATE_IP_ADDRESSES, is_required: false },
                Member { name: "publicDnsName", shape: &TEXT, is_required: false },
                Member { name: "publicIp", shape: &TEXT, is_required: false },
                Member { name: "ipv6Addresses", shape: &IPV6_ADDRESSES, is_required: false },
                Member { name: "securityGroups", shape: &SECURITY_GROUPS, is_required: false },
            ],
        },
    };
    /// `NetworkInterfaces`.
    pub static NETWORK_INTERFACES: Shape =
        Shape { name: "NetworkInterfaces", kind: Kind::List { item: &NETWORK_INTERFACE, min: 0, max: None } };
    /// `NumericSeverity`.
    pub static NUMERIC_SEVERITY: Shape =
        Shape { name: "NumericSeverity", kind: Kind::Double { min: Some(0.0), max: Some(10.0) } };
    /// `NumericVersion`.
    pub static NUMERIC_VERSION: Shape =
        Shape { name: "NumericVersion", kind: Kind::Integer { min: Some(0), max: None } };
    /// `OperatingSystem`.
    pub static OPERATING_SYSTEM: Shape =
        Shape { name: "OperatingSystem", kind: Kind::Text { min: 1, max: Some(256), pattern: None } };
    /// `PaginationToken`.
    pub static PAGINATION_TOKEN: Shape =
        Shape { name: "PaginationToken", kind: Kind::Text { min: 1, max: Some(300), pattern: None } };
    /// `PreviewAgentsMaxResults`.
    pub static PREVIEW_AGENTS_MAX_RESULTS: Shape =
        Shape { name: "PreviewAgentsMaxResults", kind: Kind::Integer { min: None, max: None } };
    /// `PreviewAgentsRequest`.
    pub static PREVIEW_AGENTS_REQUEST: Shape = Shape {
        name: "PreviewAgentsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "previewAgentsArn", shape: &ARN, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
                Member { name: "maxResults", shape: &PREVIEW_AGENTS_MAX_RESULTS, is_required: false },
            ],
        },
    };
    /// `PreviewAgentsResponse`.
    pub static PREVIEW_AGENTS_RESPONSE: Shape = Shape {
        name: "PreviewAgentsResponse",
        kind: Kind::Structure {
            members: &[
                Member { name: "agentPreviews", shape: &AGENT_PREVIEW_LIST, is_required: true },
                Member { name: "nextToken", shape: &PAGINATION_TOKEN, is_required: false },
            ],
        },
    };
    /// `PreviewStatus`.
    pub static PREVIEW_STATUS: Shape =
        Shape { name: "PreviewStatus", kind: Kind::Enumeration { values: &["WORK_IN_PROGRESS", "COMPLETED"] } };
    /// `PrivateIp`.
    pub static PRIVATE_IP: Shape = Shape {
        name: "PrivateIp",
        kind: Kind::Structure {
            members: &[
                Member { name: "privateDnsName", shape: &TEXT, is_required: false },
                Member { name: "privateIpAddress", shape: &TEXT, is_required: false },
            ],
        },
    };
    /// `PrivateIpAddresses`.
    pub static PRIVATE_IP_ADDRESSES: Shape =
        Shape { name: "PrivateIpAddresses", kind: Kind::List { item: &PRIVATE_IP, min: 0, max: None } };
    /// `ProviderName`.
    pub static PROVIDER_NAME: Shape =
        Shape { name: "ProviderName", kind: Kind::Text { min: 0, max: Some(1000), pattern: None } };
    /// `RegisterCrossAccountAccessRoleRequest`.
    pub static REGISTER_CROSS_ACCOUNT_ACCESS_ROLE_REQUEST: Shape = Shape {
        name: "RegisterCrossAccountAccessRoleRequest",
        kind: Kind::Structure { members: &[Member { name: "roleArn", shape: &ARN, is_required: true }] },
    };
    /// `RemoveAttributesFromFindingsRequest`.
    pub static REMOVE_ATTRIBUTES_FROM_FINDINGS_REQUEST: Shape = Shape {
        name: "RemoveAttributesFromFindingsRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "findingArns", shape: &ADD_REMOVE_ATTRIBUTES_FINDING_ARN_LIST, is_required: true },
                Member { name: "attributeKeys", shape: &USER_ATTRIBUTE_KEY_LIST, is_required: true },
            ],
        },
    };
    /// `RemoveAttributesFromFindingsResponse`.
    pub static REMOVE_ATTRIBUTES_FROM_FINDINGS_RESPONSE: Shape = Shape {
        name: "RemoveAttributesFromFindingsResponse",
        kind: Kind::Structure { members: &[Member { name: "failedItems", shape: &FAILED_ITEMS, is_required: true }] },
    };
    /// `ReportFileFormat`.
    pub static REPORT_FILE_FORMAT: Shape =
        Shape { name: "ReportFileFormat", kind: Kind::Enumeration { values: &["HTML", "PDF"] } };
    /// `ReportStatus`.
    pub static REPORT_STATUS: Shape = Shape {
        name: "ReportStatus",
        kind: Kind::Enumeration { values: &["WORK_IN_PROGRESS", "FAILED", "COMPLETED"] },
    };
    /// `ReportType`.
    pub static REPORT_TYPE: Shape =
        Shape { name: "ReportType", kind: Kind::Enumeration { values: &["FINDING", "FULL"] } };
    /// `ResourceGroup`.
    pub static RESOURCE_GROUP: Shape = Shape {
        name: "ResourceGroup",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "tags", shape: &RESOURCE_GROUP_TAGS, is_required: true },
                Member { name: "createdAt", shape: &TIMESTAMP, is_required: true },
            ],
        },
    };
    /// `ResourceGroupList`.
    pub static RESOURCE_GROUP_LIST: Shape =
        Shape { name: "ResourceGroupList", kind: Kind::List { item: &RESOURCE_GROUP, min: 0, max: Some(10) } };
    /// `ResourceGroupTag`.
    pub static RESOURCE_GROUP_TAG: Shape = Shape {
        name: "ResourceGroupTag",
        kind: Kind::Structure {
            members: &[
                Member { name: "key", shape: &TAG_KEY, is_required: true },
                Member { name: "value", shape: &TAG_VALUE, is_required: false },
            ],
        },
    };
    /// `ResourceGroupTags`.
    pub static RESOURCE_GROUP_TAGS: Shape =
        Shape { name: "ResourceGroupTags", kind: Kind::List { item: &RESOURCE_GROUP_TAG, min: 1, max: Some(10) } };
    /// `RuleName`.
    pub static RULE_NAME: Shape =
        Shape { name: "RuleName", kind: Kind::Text { min: 0, max: Some(1000), pattern: None } };
    /// `RuleNameList`.
    pub static RULE_NAME_LIST: Shape =
        Shape { name: "RuleNameList", kind: Kind::List { item: &RULE_NAME, min: 0, max: Some(50) } };
    /// `RulesPackage`.
    pub static RULES_PACKAGE: Shape = Shape {
        name: "RulesPackage",
        kind: Kind::Structure {
            members: &[
                Member { name: "arn", shape: &ARN, is_required: true },
                Member { name: "name", shape: &RULES_PACKAGE_NAME, is_required: true },
                Member { name: "version", shape: &VERSION, is_required: true },
                Member { name: "provider", shape: &PROVIDER_NAME, is_required: true },
                Member { name: "description", shape: &TEXT, is_required: false },
            ],
        },
    };
    /// `RulesPackageList`.
    pub static RULES_PACKAGE_LIST: Shape =
        Shape { name: "RulesPackageList", kind: Kind::List { item: &RULES_PACKAGE, min: 0, max: Some(10) } };
    /// `RulesPackageName`.
    pub static RULES_PACKAGE_NAME: Shape =
        Shape { name: "RulesPackageName", kind: Kind::Text { min: 0, max: Some(1000), pattern: None } };
    /// `Scope`.
    pub static SCOPE: Shape = Shape {
        name: "Scope",
        kind: Kind::Structure {
            members: &[
                Member { name: "key", shape: &SCOPE_TYPE, is_required: false },
                Member { name: "value", shape: &SCOPE_VALUE, is_required: false },
            ],
        },
    };
    /// `ScopeList`.
    pub static SCOPE_LIST: Shape = Shape { name: "ScopeList", kind: Kind::List { item: &SCOPE, min: 1, max: None } };
    /// `ScopeType`.
    pub static SCOPE_TYPE: Shape =
        Shape { name: "ScopeType", kind: Kind::Enumeration { values: &["INSTANCE_ID", "RULES_PACKAGE_ARN"] } };
    /// `ScopeValue`.
    pub static SCOPE_VALUE: Shape = Shape { name: "ScopeValue", kind: Kind::Text { min: 0, max: None, pattern: None } };
    /// `SecurityGroup`.
    pub static SECURITY_GROUP: Shape = Shape {
        name: "SecurityGroup",
        kind: Kind::Structure {
            members: &[
                Member { name: "groupName", shape: &TEXT, is_required: false },
                Member { name: "groupId", shape: &TEXT, is_required: false },
            ],
        },
    };
    /// `SecurityGroups`.
    pub static SECURITY_GROUPS: Shape =
        Shape { name: "SecurityGroups", kind: Kind::List { item: &SECURITY_GROUP, min: 0, max: None } };
    /// `ServiceName`.
    pub static SERVICE_NAME: Shape =
        Shape { name: "ServiceName", kind: Kind::Text { min: 0, max: Some(128), pattern: None } };
    /// `SetTagsForResourceRequest`.
    pub static SET_TAGS_FOR_RESOURCE_REQUEST: Shape = Shape {
        name: "SetTagsForResourceRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceArn", shape: &ARN, is_required: true },
                Member { name: "tags", shape: &TAG_LIST, is_required: false },
            ],
        },
    };
    /// `Severity`.
    pub static SEVERITY: Shape = Shape {
        name: "Severity",
        kind: Kind::Enumeration { values: &["Low", "Medium", "High", "Informational", "Undefined"] },
    };
    /// `SeverityList`.
    pub static SEVERITY_LIST: Shape =
        Shape { name: "SeverityList", kind: Kind::List { item: &SEVERITY, min: 0, max: Some(50) } };
    /// `StartAssessmentRunRequest`.
    pub static START_ASSESSMENT_RUN_REQUEST: Shape = Shape {
        name: "StartAssessmentRunRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTemplateArn", shape: &ARN, is_required: true },
                Member { name: "assessmentRunName", shape: &ASSESSMENT_RUN_NAME, is_required: false },
            ],
        },
    };
    /// `StartAssessmentRunResponse`.
    pub static START_ASSESSMENT_RUN_RESPONSE: Shape = Shape {
        name: "StartAssessmentRunResponse",
        kind: Kind::Structure { members: &[Member { name: "assessmentRunArn", shape: &ARN, is_required: true }] },
    };
    /// `StopAction`.
    pub static STOP_ACTION: Shape =
        Shape { name: "StopAction", kind: Kind::Enumeration { values: &["START_EVALUATION", "SKIP_EVALUATION"] } };
    /// `StopAssessmentRunRequest`.
    pub static STOP_ASSESSMENT_RUN_REQUEST: Shape = Shape {
        name: "StopAssessmentRunRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentRunArn", shape: &ARN, is_required: true },
                Member { name: "stopAction", shape: &STOP_ACTION, is_required: false },
            ],
        },
    };
    /// `SubscribeToEventRequest`.
    pub static SUBSCRIBE_TO_EVENT_REQUEST: Shape = Shape {
        name: "SubscribeToEventRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceArn", shape: &ARN, is_required: true },
                Member { name: "event", shape: &INSPECTOR_EVENT, is_required: true },
                Member { name: "topicArn", shape: &ARN, is_required: true },
            ],
        },
    };
    /// `Subscription`.
    pub static SUBSCRIPTION: Shape = Shape {
        name: "Subscription",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceArn", shape: &ARN, is_required: true },
                Member { name: "topicArn", shape: &ARN, is_required: true },
                Member { name: "eventSubscriptions", shape: &EVENT_SUBSCRIPTION_LIST, is_required: true },
            ],
        },
    };
    /// `SubscriptionList`.
    pub static SUBSCRIPTION_LIST: Shape =
        Shape { name: "SubscriptionList", kind: Kind::List { item: &SUBSCRIPTION, min: 0, max: Some(50) } };
    /// `Tag`.
    pub static TAG: Shape = Shape {
        name: "Tag",
        kind: Kind::Structure {
            members: &[
                Member { name: "key", shape: &TAG_KEY, is_required: true },
                Member { name: "value", shape: &TAG_VALUE, is_required: false },
            ],
        },
    };
    /// `TagKey`.
    pub static TAG_KEY: Shape = Shape { name: "TagKey", kind: Kind::Text { min: 1, max: Some(128), pattern: None } };
    /// `TagList`.
    pub static TAG_LIST: Shape = Shape { name: "TagList", kind: Kind::List { item: &TAG, min: 0, max: Some(10) } };
    /// `TagValue`.
    pub static TAG_VALUE: Shape =
        Shape { name: "TagValue", kind: Kind::Text { min: 1, max: Some(256), pattern: None } };
    /// `Tags`.
    pub static TAGS: Shape = Shape { name: "Tags", kind: Kind::List { item: &TAG, min: 0, max: None } };
    /// `TelemetryMetadata`.
    pub static TELEMETRY_METADATA: Shape = Shape {
        name: "TelemetryMetadata",
        kind: Kind::Structure {
            members: &[
                Member { name: "messageType", shape: &MESSAGE_TYPE, is_required: true },
                Member { name: "count", shape: &LONG, is_required: true },
                Member { name: "dataSize", shape: &LONG, is_required: false },
            ],
        },
    };
    /// `TelemetryMetadataList`.
    pub static TELEMETRY_METADATA_LIST: Shape = Shape {
        name: "TelemetryMetadataList",
        kind: Kind::List { item: &TELEMETRY_METADATA, min: 0, max: Some(5000) },
    };
    /// `Text`.
    pub static TEXT: Shape = Shape { name: "Text", kind: Kind::Text { min: 0, max: Some(20000), pattern: None } };
    /// `Timestamp`.
    pub static TIMESTAMP: Shape = Shape { name: "Timestamp", kind: Kind::Timestamp };
    /// `TimestampRange`.
    pub static TIMESTAMP_RANGE: Shape = Shape {
        name: "TimestampRange",
        kind: Kind::Structure {
            members: &[
                Member { name: "beginDate", shape: &TIMESTAMP, is_required: false },
                Member { name: "endDate", shape: &TIMESTAMP, is_required: false },
            ],
        },
    };
    /// `UUID`.
    pub static UUID: Shape =
        Shape { name: "UUID", kind: Kind::Text { min: 0, max: None, pattern: Some(Pattern::Uuid) } };
    /// `UnsubscribeFromEventRequest`.
    pub static UNSUBSCRIBE_FROM_EVENT_REQUEST: Shape = Shape {
        name: "UnsubscribeFromEventRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "resourceArn", shape: &ARN, is_required: true },
                Member { name: "event", shape: &INSPECTOR_EVENT, is_required: true },
                Member { name: "topicArn", shape: &ARN, is_required: true },
            ],
        },
    };
    /// `UpdateAssessmentTargetRequest`.
    pub static UPDATE_ASSESSMENT_TARGET_REQUEST: Shape = Shape {
        name: "UpdateAssessmentTargetRequest",
        kind: Kind::Structure {
            members: &[
                Member { name: "assessmentTargetArn", shape: &ARN, is_required: true },
                Member { name: "assessmentTargetName", shape: &ASSESSMENT_TARGET_NAME, is_required: true },
                Member { name: "resourceGroupArn", shape: &ARN, is_required: false },
            ],
        },
    };
    /// `Url`.
    pub static URL: Shape = Shape { name: "Url", kind: Kind::Text { min: 0, max: Some(2048), pattern: None } };
    /// `UserAttributeKeyList`.
    pub static USER_ATTRIBUTE_KEY_LIST: Shape =
        Shape { name: "UserAttributeKeyList", kind: Kind::List { item: &ATTRIBUTE_KEY, min: 0, max: Some(10) } };
    /// `UserAttributeList`.
    pub static USER_ATTRIBUTE_LIST: Shape =
        Shape { name: "UserAttributeList", kind: Kind::List { item: &ATTRIBUTE, min: 0, max: Some(10) } };
    /// `Version`.
    pub static VERSION: Shape = Shape { name: "Version", kind: Kind::Text { min: 0, max: Some(1000), pattern: None } };
}
