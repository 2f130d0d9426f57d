//! The cross-account role: kept because every SDK has it, used by nothing (reference §6.2.12, .30, §16 row 19).

use assay_model::Timestamp;
use assay_wire::{ApiError, DescribeCrossAccountAccessRoleResponse, RegisterCrossAccountAccessRoleRequest};

use crate::api::call::{Call, Stored as _};

/// The role of the service itself, where none is registered.
const SERVICE_ROLE: &str = "role/aws-service-role/inspector.amazonaws.com/AWSServiceRoleForAmazonInspector";

/// Describes the registered role.
pub(crate) async fn describe(call: &Call<'_>) -> Result<DescribeCrossAccountAccessRoleResponse, ApiError> {
    let store = &call.service.store;
    let registered = store.cross_account_role(call.realm()).await.or_internal()?;
    let (role_arn, registered_at) = match registered {
        Some(role) => role,
        None => {
            let (partition, account) = (&call.realm().partition, &call.realm().account);
            let made_at = store.account_created_at(account).await.or_internal()?;
            (format!("arn:{partition}:iam::{account}:{SERVICE_ROLE}"), made_at.unwrap_or(Timestamp::UNIX_EPOCH))
        }
    };
    Ok(DescribeCrossAccountAccessRoleResponse { role_arn, valid: true, registered_at: registered_at.into() })
}

/// Registers a role in place of the one before.
pub(crate) async fn register(call: &Call<'_>, request: &RegisterCrossAccountAccessRoleRequest) -> Result<(), ApiError> {
    let store = &call.service.store;
    store.register_cross_account_role(call.realm(), &request.role_arn, call.now).await.or_internal()
}
