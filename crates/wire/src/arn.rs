//! ARNs as members of requests: which kind belongs where, and which error code a wrong one gets (reference §3, §4).

use std::fmt::Display;
use std::str::FromStr;

use assay_model::arn::{FindingArn, MAX_ARN_BYTES, ResourceGroupArn, RulesPackageArn, RunArn, TargetArn, TemplateArn};

use crate::error::ApiError;
use crate::generated::{AccessDeniedErrorCode, InvalidInputErrorCode, NoSuchEntityErrorCode};

/// An ARN whose kind has error codes of its own. Exclusions have none.
pub trait EntityArn: FromStr + Display {
    /// Malformed, or of another kind.
    const INVALID: InvalidInputErrorCode;
    /// Well formed, but there is no such object.
    const DOES_NOT_EXIST: NoSuchEntityErrorCode;
    /// Another account's or region's.
    const ACCESS_DENIED: AccessDeniedErrorCode;

    /// Reads a member of a decoded request; the decoder has made sure that this does not fail where it can only be this kind.
    fn of_member(member: &str, text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|_| {
            let message = format!("{member} is not a well-formed ARN of the expected kind: {text:?}");
            ApiError::invalid_input(Self::INVALID, message)
        })
    }

    /// `NoSuchEntityException` for this ARN.
    fn does_not_exist(&self) -> ApiError {
        ApiError::no_such_entity(Self::DOES_NOT_EXIST, format!("there is no {self}"))
    }

    /// `AccessDeniedException` for this ARN.
    fn is_denied(&self) -> ApiError {
        ApiError::access_denied(Self::ACCESS_DENIED, format!("{self} is not in this account and region"))
    }
}

macro_rules! entity {
    ($arn:ident, $invalid:ident, $does_not_exist:ident, $denied:ident) => {
        impl EntityArn for $arn {
            const INVALID: InvalidInputErrorCode = InvalidInputErrorCode::$invalid;
            const DOES_NOT_EXIST: NoSuchEntityErrorCode = NoSuchEntityErrorCode::$does_not_exist;
            const ACCESS_DENIED: AccessDeniedErrorCode = AccessDeniedErrorCode::$denied;
        }
    };
}

entity!(TargetArn, InvalidAssessmentTargetArn, AssessmentTargetDoesNotExist, AccessDeniedToAssessmentTarget);
entity!(TemplateArn, InvalidAssessmentTemplateArn, AssessmentTemplateDoesNotExist, AccessDeniedToAssessmentTemplate);
entity!(RunArn, InvalidAssessmentRunArn, AssessmentRunDoesNotExist, AccessDeniedToAssessmentRun);
entity!(FindingArn, InvalidFindingArn, FindingDoesNotExist, AccessDeniedToFinding);
entity!(ResourceGroupArn, InvalidResourceGroupArn, ResourceGroupDoesNotExist, AccessDeniedToResourceGroup);
entity!(RulesPackageArn, InvalidRulesPackageArn, RulesPackageDoesNotExist, AccessDeniedToRulesPackage);

/// Whether a text is what the member of a request has to hold; true for a member that is no ARN, or whose bad items are the
/// caller's `failedItems`.
pub(crate) fn fits(owner: &str, member: &str, text: &str) -> bool {
    match member {
        "assessmentTargetArn" => is::<TargetArn>(text),
        "assessmentTemplateArn" => is::<TemplateArn>(text),
        "assessmentRunArn" => is::<RunArn>(text),
        "resourceGroupArn" => is::<ResourceGroupArn>(text),
        // Documented for targets, seen with templates (reference §6.2.29).
        "previewAgentsArn" => is::<TargetArn>(text) || is::<TemplateArn>(text),
        // Only templates have tags and subscriptions (reference §6.2.32, §6.2.35).
        "resourceArn" => is::<TemplateArn>(text),
        "topicArn" => is_topic(text),
        "roleArn" => is_role(text),
        _ if owner.starts_with("Describe") => true,
        "assessmentTargetArns" => is::<TargetArn>(text),
        "assessmentTemplateArns" => is::<TemplateArn>(text),
        "assessmentRunArns" => is::<RunArn>(text),
        "rulesPackageArns" => is::<RulesPackageArn>(text),
        _ => true,
    }
}

fn is<A: FromStr>(text: &str) -> bool {
    text.parse::<A>().is_ok()
}

/// Whether a text is the ARN of an SNS topic, or of what takes its place: `arn:PARTITION:sns:REGION:ACCOUNT:NAME`.
pub fn is_topic(text: &str) -> bool {
    let fields: Vec<&str> = text.split(':').collect();
    let ["arn", partition, "sns", region, account, name] = fields.as_slice() else { return false };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    is_word(partition) && is_word(region) && is_account(account) && !stem.is_empty() && stem.bytes().all(is_name)
}

/// Whether a text is the ARN of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
pub fn is_role(text: &str) -> bool {
    let fields: Vec<&str> = text.split(':').collect();
    let ["arn", partition, "iam", "", account, resource] = fields.as_slice() else { return false };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@-_/".contains(&byte);
    let Some(name) = resource.strip_prefix("role/") else { return false };
    let is_path = !name.is_empty() && !name.ends_with('/') && name.bytes().all(is_name);
    text.len() <= MAX_ARN_BYTES && is_word(partition) && is_account(account) && is_path
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_and_roles() {
        for (text, topic, role) in [
            ("arn:aws:sns:us-east-1:111122223333:sec", true, false),
            ("arn:aws:sns:us-east-1:111122223333:sec_1-x.fifo", true, false),
            ("arn:aws:sns:us-east-1:111122223333:", false, false),
            ("arn:aws:sns:us-east-1:111122223333:a:b", false, false),
            ("arn:aws:sns::111122223333:sec", false, false),
            ("arn:aws:iam::111122223333:role/aws-service-role/inspector.amazonaws.com/Name", false, true),
            ("arn:aws:iam::111122223333:role/", false, false),
            ("arn:aws:iam::111122223333:user/me", false, false),
            ("arn:aws:iam:us-east-1:111122223333:role/x", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_topic(text), is_role(text)), (topic, role), "{text}");
        }
    }

    #[test]
    fn each_kind_has_its_codes() {
        let arn = "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h";
        let target = TargetArn::of_member("assessmentTargetArn", arn).unwrap();
        assert_eq!(target.does_not_exist().to_string(), format!("NoSuchEntityException: there is no {arn}"));
        assert_eq!(target.is_denied().name(), "AccessDeniedException");
        let error = RunArn::of_member("assessmentRunArn", arn).unwrap_err();
        assert!(matches!(error, ApiError::InvalidInput(ref exception)
            if exception.error_code == InvalidInputErrorCode::InvalidAssessmentRunArn));
        assert!(error.message().contains("assessmentRunArn"), "{error}");
    }
}
