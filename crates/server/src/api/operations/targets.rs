//! Assessment targets (reference §6.2.2, .7, .10, .22, .37, §8.1).

use assay_model::arn::{ResourceGroupArn, TargetArn};
use assay_model::target;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, AssessmentTarget, CreateAssessmentTargetRequest, CreateAssessmentTargetResponse,
    DeleteAssessmentTargetRequest, DescribeAssessmentTargetsRequest, DescribeAssessmentTargetsResponse,
    FailedItemErrorCode, InvalidInputErrorCode, LimitExceededErrorCode, ListAssessmentTargetsRequest,
    ListAssessmentTargetsResponse, UpdateAssessmentTargetRequest,
};

use super::deletion::answer_deletion;
use super::failed_items::{FailedItems, failed, own_items};
use crate::api::call::{Call, Stored as _};
use crate::store::Creation;

/// Makes a target.
pub(crate) async fn create(
    call: &Call<'_>,
    request: &CreateAssessmentTargetRequest,
) -> Result<CreateAssessmentTargetResponse, ApiError> {
    let target = target::AssessmentTarget {
        arn: TargetArn::new(call.realm(), &call.new_id()?),
        name: request.assessment_target_name.clone(),
        resource_group_arn: group(call, request.resource_group_arn.as_deref())?,
        created_at: call.now,
        updated_at: call.now,
    };
    let most = call.service.limits.targets;
    let created = call.service.store.create_target(&target, most).await.or_internal()?;
    check(call, &target, created)?;
    Ok(CreateAssessmentTargetResponse { assessment_target_arn: target.arn.into() })
}

/// Renames a target and points it elsewhere; without a resource group it means all hosts from now on.
pub(crate) async fn update(call: &Call<'_>, request: &UpdateAssessmentTargetRequest) -> Result<(), ApiError> {
    let arn: TargetArn = call.own_arn("assessmentTargetArn", &request.assessment_target_arn)?;
    let target = target::AssessmentTarget {
        arn,
        name: request.assessment_target_name.clone(),
        resource_group_arn: group(call, request.resource_group_arn.as_deref())?,
        created_at: call.now,
        updated_at: call.now,
    };
    match call.service.store.update_target(&target).await.or_internal()? {
        Some(changed) => check(call, &target, changed),
        None => Err(target.arn.does_not_exist()),
    }
}

/// Describes targets.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeAssessmentTargetsRequest,
) -> Result<DescribeAssessmentTargetsResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut assessment_targets = Vec::new();
    for arn in own_items::<TargetArn>(call.realm(), &request.assessment_target_arns, &mut failed_items) {
        match call.service.store.target(&arn).await.or_internal()? {
            Some(target) => assessment_targets.push(wire_target(target)),
            None => {
                failed_items.insert(arn.into(), failed(FailedItemErrorCode::ItemDoesNotExist));
            }
        }
    }
    Ok(DescribeAssessmentTargetsResponse { assessment_targets, failed_items })
}

/// Lists targets.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListAssessmentTargetsRequest,
) -> Result<ListAssessmentTargetsResponse, ApiError> {
    let filter = request.filter.as_ref();
    let pattern = filter.and_then(|filter| filter.assessment_target_name_pattern.as_deref());
    let page = call.page()?;
    let listing = call.service.store.target_arns(call.realm(), pattern, &page).await.or_internal()?;
    Ok(ListAssessmentTargetsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        assessment_target_arns: listing.items,
    })
}

/// Deletes a target with everything below it.
pub(crate) async fn delete(call: &Call<'_>, request: &DeleteAssessmentTargetRequest) -> Result<(), ApiError> {
    let arn: TargetArn = call.own_arn("assessmentTargetArn", &request.assessment_target_arn)?;
    answer_deletion(&arn, call.service.store.delete_target(&arn).await.or_internal()?)
}

fn group(call: &Call<'_>, text: Option<&str>) -> Result<Option<ResourceGroupArn>, ApiError> {
    text.map(|text| call.own_arn("resourceGroupArn", text)).transpose()
}

fn check(call: &Call<'_>, target: &target::AssessmentTarget, created: Creation) -> Result<(), ApiError> {
    match created {
        Creation::Done => Ok(()),
        Creation::NameTaken => {
            let message = format!(
                "Create assessmentTarget - Name already exists; Name: {} ParentOwner: {}",
                target.name,
                call.realm().account
            );
            Err(ApiError::invalid_input(InvalidInputErrorCode::AssessmentTargetNameAlreadyTaken, message))
        }
        Creation::TooMany => {
            let most = call.service.limits.targets;
            let message = format!("the account has {most} assessment targets in this region, which is the limit");
            Err(ApiError::limit_exceeded(LimitExceededErrorCode::AssessmentTargetLimitExceeded, message))
        }
        Creation::NoParent => Err(target.resource_group_arn.as_ref().map_or_else(
            || ApiError::internal("a target without a resource group has none to miss"),
            ResourceGroupArn::does_not_exist,
        )),
    }
}

fn wire_target(target: target::AssessmentTarget) -> AssessmentTarget {
    AssessmentTarget {
        arn: target.arn.into(),
        name: target.name,
        resource_group_arn: target.resource_group_arn.map(String::from),
        created_at: target.created_at.into(),
        updated_at: target.updated_at.into(),
    }
}
