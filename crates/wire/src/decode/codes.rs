//! Which error code belongs to which member (reference §4.1).
//!
//! Of the 54 codes, 52 are in this table. The other two, `ASSESSMENT_TARGET_NAME_ALREADY_TAKEN` and
//! `ASSESSMENT_TEMPLATE_NAME_ALREADY_TAKEN`, need the store. What has no code in the model (report type and format, stop
//! action, agent healths, exclusion ARNs, preview token) is a `ValidationException`; names and name patterns of runs get the
//! nearest code, which is the template's.

use crate::generated::InvalidInputErrorCode as Code;

/// The codes of one member.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Codes {
    /// The member is not there.
    pub(super) missing: Option<Code>,
    /// A list has too few or too many items.
    pub(super) count: Option<Code>,
    /// The value, or an item of the list, is outside of its limits.
    pub(super) value: Option<Code>,
    /// The key of an item is.
    key: Option<Code>,
    /// The value of an item is.
    item_value: Option<Code>,
}

impl Codes {
    /// The codes of a member of a structure.
    pub(super) fn of_member(self, owner: &str, member: &str) -> Codes {
        match find(owner, member) {
            Some(codes) => codes,
            None => self.inherit(member),
        }
    }

    /// The codes of what has none of its own, from those of the structure it is in.
    fn inherit(self, member: &str) -> Codes {
        let value = match member {
            "key" => self.key,
            "value" => self.item_value,
            _ => self.value,
        };
        Codes { missing: self.value, value, ..Codes::default() }
    }
}

const fn one(code: Code) -> Option<Codes> {
    Some(Codes { missing: Some(code), count: None, value: Some(code), key: None, item_value: None })
}

const fn list(count: Code, item: Code) -> Option<Codes> {
    Some(Codes { missing: Some(count), count: Some(count), value: Some(item), key: None, item_value: None })
}

const fn pairs(count: Code, item: Code, key: Code, value: Code) -> Option<Codes> {
    Some(Codes { missing: Some(count), count: Some(count), value: Some(item), key: Some(key), item_value: Some(value) })
}

const USER_ATTRIBUTES: Option<Codes> = pairs(
    Code::InvalidNumberOfUserAttributes,
    Code::InvalidUserAttribute,
    Code::InvalidUserAttributeKey,
    Code::InvalidUserAttributeValue,
);

fn find(owner: &str, member: &str) -> Option<Codes> {
    match member {
        "assessmentTargetArn" | "previewAgentsArn" => one(Code::InvalidAssessmentTargetArn),
        "assessmentTemplateArn" => one(Code::InvalidAssessmentTemplateArn),
        "assessmentRunArn" => one(Code::InvalidAssessmentRunArn),
        "resourceGroupArn" => one(Code::InvalidResourceGroupArn),
        "resourceArn" => one(Code::InvalidResourceArn),
        "topicArn" => one(Code::InvalidSnsTopicArn),
        "roleArn" => one(Code::InvalidIamRoleArn),
        "assessmentTargetName" => one(Code::InvalidAssessmentTargetName),
        "assessmentTemplateName" | "assessmentRunName" => one(Code::InvalidAssessmentTemplateName),
        "assessmentTargetNamePattern" => one(Code::InvalidAssessmentTargetNamePattern),
        "namePattern" => one(Code::InvalidAssessmentTemplateNamePattern),
        "durationInSeconds" => one(Code::InvalidAssessmentTemplateDuration),
        "durationRange" if owner == "AssessmentRunFilter" => one(Code::InvalidAssessmentRunDurationRange),
        "durationRange" => one(Code::InvalidAssessmentTemplateDurationRange),
        "startTimeRange" => one(Code::InvalidAssessmentRunStartTimeRange),
        "completionTimeRange" => one(Code::InvalidAssessmentRunCompletionTimeRange),
        "stateChangeTimeRange" => one(Code::InvalidAssessmentRunStateChangeTimeRange),
        "nextToken" => one(Code::InvalidPaginationToken),
        "maxResults" => one(Code::InvalidMaxResults),
        "locale" => one(Code::InvalidLocale),
        "event" => one(Code::InvalidEvent),
        "assessmentTargetArns" => list(Code::InvalidNumberOfAssessmentTargetArns, Code::InvalidAssessmentTargetArn),
        "assessmentTemplateArns" => {
            list(Code::InvalidNumberOfAssessmentTemplateArns, Code::InvalidAssessmentTemplateArn)
        }
        "assessmentRunArns" => list(Code::InvalidNumberOfAssessmentRunArns, Code::InvalidAssessmentRunArn),
        "findingArns" => list(Code::InvalidNumberOfFindingArns, Code::InvalidFindingArn),
        "resourceGroupArns" => list(Code::InvalidNumberOfResourceGroupArns, Code::InvalidResourceGroupArn),
        "rulesPackageArns" => list(Code::InvalidNumberOfRulesPackageArns, Code::InvalidRulesPackageArn),
        "states" => list(Code::InvalidNumberOfAssessmentRunStates, Code::InvalidAssessmentRunState),
        "agentIds" => list(Code::InvalidNumberOfAgentIds, Code::InvalidAgentId),
        "autoScalingGroups" => list(Code::InvalidNumberOfAutoScalingGroups, Code::InvalidAutoScalingGroup),
        "ruleNames" => list(Code::InvalidNumberOfRuleNames, Code::InvalidRuleName),
        "severities" => list(Code::InvalidNumberOfSeverities, Code::InvalidSeverity),
        "attributeKeys" => list(Code::InvalidNumberOfUserAttributes, Code::InvalidUserAttributeKey),
        "attributes" if owner == "FindingFilter" => pairs(
            Code::InvalidNumberOfAttributes,
            Code::InvalidAttribute,
            Code::InvalidAttribute,
            Code::InvalidAttribute,
        ),
        "attributes" | "userAttributes" | "userAttributesForFindings" => USER_ATTRIBUTES,
        "tags" => pairs(Code::InvalidNumberOfTags, Code::InvalidTag, Code::InvalidTagKey, Code::InvalidTagValue),
        "resourceGroupTags" => pairs(
            Code::InvalidNumberOfResourceGroupTags,
            Code::InvalidResourceGroupTagKey,
            Code::InvalidResourceGroupTagKey,
            Code::InvalidResourceGroupTagValue,
        ),
        _ => None,
    }
}
