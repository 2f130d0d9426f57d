//! Resource groups: the tags that a target selects hosts by (reference §6.2.5, §6.2.15, §8.1).

use assay_model::arn::ResourceGroupArn;
use assay_model::attribute::Attribute;
use assay_wire::{
    ApiError, CreateResourceGroupRequest, CreateResourceGroupResponse, DescribeResourceGroupsRequest,
    DescribeResourceGroupsResponse, FailedItemErrorCode, LimitExceededErrorCode, ResourceGroup, ResourceGroupTag,
};

use super::failed_items::{FailedItems, failed, own_items};
use crate::api::call::{Call, Stored as _};
use crate::store;

/// Stores a group.
pub(crate) async fn create(
    call: &Call<'_>,
    request: &CreateResourceGroupRequest,
) -> Result<CreateResourceGroupResponse, ApiError> {
    let tag = |tag: &ResourceGroupTag| Attribute { key: tag.key.clone(), value: tag.value.clone().unwrap_or_default() };
    let group = store::ResourceGroup {
        arn: ResourceGroupArn::new(call.realm(), &call.new_id()?),
        tags: request.resource_group_tags.iter().map(tag).collect(),
        created_at: call.now,
    };
    let most = call.service.limits.resource_groups;
    if !call.service.store.create_resource_group(&group, most).await.or_internal()? {
        let message = format!("the account has {most} resource groups in this region, which is the limit");
        return Err(ApiError::limit_exceeded(LimitExceededErrorCode::ResourceGroupLimitExceeded, message));
    }
    Ok(CreateResourceGroupResponse { resource_group_arn: group.arn.into() })
}

/// Describes groups.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeResourceGroupsRequest,
) -> Result<DescribeResourceGroupsResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut resource_groups = Vec::new();
    for arn in own_items::<ResourceGroupArn>(call.realm(), &request.resource_group_arns, &mut failed_items) {
        match call.service.store.resource_group(&arn).await.or_internal()? {
            None => {
                failed_items.insert(arn.into(), failed(FailedItemErrorCode::ItemDoesNotExist));
            }
            Some(store::ResourceGroup { arn, tags, created_at }) => resource_groups.push(ResourceGroup {
                arn: arn.into(),
                tags: tags.into_iter().map(wire_tag).collect(),
                created_at: created_at.into(),
            }),
        }
    }
    Ok(DescribeResourceGroupsResponse { resource_groups, failed_items })
}

fn wire_tag(Attribute { key, value }: Attribute) -> ResourceGroupTag {
    ResourceGroupTag { key, value: Some(value).filter(|value| !value.is_empty()) }
}
