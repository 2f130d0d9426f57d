//! Dispatch: from a decoded request to the function of its operation.

use assay_wire::{ApiError, Request, Response};

use super::call::Call;
use super::operations::{resource_groups, rules_packages};

/// Answers a call.
pub(crate) async fn dispatch(call: &Call<'_>) -> Result<Response, ApiError> {
    match call.request {
        Request::CreateResourceGroup(request) => resource_groups::create(call, request).await.map(Response::from),
        Request::DescribeResourceGroups(request) => resource_groups::describe(call, request).await.map(Response::from),
        Request::DescribeRulesPackages(request) => rules_packages::describe(call, request).map(Response::from),
        Request::ListRulesPackages(_) => rules_packages::list(call).map(Response::from),
        other => Err(ApiError::temporarily_unavailable(format!("{} is not there yet", other.operation()))),
    }
}
