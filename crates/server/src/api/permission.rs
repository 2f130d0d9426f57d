//! Permission: what each role may call (reference §11.6: the actions are the operations).

use assay_wire::{ApiError, Operation, ProtocolErrorKind};

use crate::service::Role;

/// The least role that may call an operation: what only looks is for everybody.
pub(crate) fn least_role(operation: Operation) -> Role {
    let name = operation.as_str();
    let only_looks = ["Describe", "Get", "List", "Preview"].iter().any(|prefix| name.starts_with(prefix));
    match operation {
        Operation::RegisterCrossAccountAccessRole => Role::Administrator,
        _ if only_looks => Role::ReadOnly,
        _ => Role::Operator,
    }
}

/// Refuses what a role may not call.
pub(crate) fn check(role: Role, operation: Operation) -> Result<(), ApiError> {
    check_least(role, least_role(operation), operation.as_str())
}

/// Refuses a role that is less than it takes to call an operation.
pub(crate) fn check_least(role: Role, least: Role, operation: &str) -> Result<(), ApiError> {
    if role >= least {
        return Ok(());
    }
    let message = format!("the role {role} may not call {operation}: it takes {least}");
    Err(ApiError::protocol(ProtocolErrorKind::AccessDenied, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_only_looks_changes_nothing() {
        let changing = Operation::ALL.iter().filter(|operation| check(Role::ReadOnly, **operation).is_err());
        let changing: Vec<&str> = changing.map(|operation| operation.as_str()).collect();
        assert_eq!(
            changing,
            [
                "AddAttributesToFindings",
                "CreateAssessmentTarget",
                "CreateAssessmentTemplate",
                "CreateExclusionsPreview",
                "CreateResourceGroup",
                "DeleteAssessmentRun",
                "DeleteAssessmentTarget",
                "DeleteAssessmentTemplate",
                "RegisterCrossAccountAccessRole",
                "RemoveAttributesFromFindings",
                "SetTagsForResource",
                "StartAssessmentRun",
                "StopAssessmentRun",
                "SubscribeToEvent",
                "UnsubscribeFromEvent",
                "UpdateAssessmentTarget",
            ]
        );
        for operation in Operation::ALL {
            assert!(check(Role::Administrator, *operation).is_ok());
        }
    }
}
