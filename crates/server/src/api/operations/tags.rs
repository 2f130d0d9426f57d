//! Tags, which only templates have (reference §6.2.28, .32, §8.9).

use assay_model::arn::TemplateArn;
use assay_model::attribute::Attribute;
use assay_wire::arn::EntityArn as _;
use assay_wire::{ApiError, ListTagsForResourceRequest, ListTagsForResourceResponse, SetTagsForResourceRequest, Tag};

use crate::api::call::{Call, Stored as _};

/// Lists the tags of a template.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, ApiError> {
    let arn: TemplateArn = call.own_arn("resourceArn", &request.resource_arn)?;
    let tags = call.service.store.template_tags(&arn).await.or_internal()?;
    let tag = |Attribute { key, value }| Tag { key, value: Some(value).filter(|value| !value.is_empty()) };
    let tags = tags.ok_or_else(|| arn.does_not_exist())?.into_iter().map(tag).collect();
    Ok(ListTagsForResourceResponse { tags })
}

/// Replaces all tags of a template; none are left where none are given.
pub(crate) async fn set(call: &Call<'_>, request: &SetTagsForResourceRequest) -> Result<(), ApiError> {
    let arn: TemplateArn = call.own_arn("resourceArn", &request.resource_arn)?;
    let pair = |tag: &Tag| Attribute { key: tag.key.clone(), value: tag.value.clone().unwrap_or_default() };
    let tags: Vec<Attribute> = request.tags.iter().flatten().map(pair).collect();
    match call.service.store.set_template_tags(&arn, &tags).await.or_internal()? {
        true => Ok(()),
        false => Err(arn.does_not_exist()),
    }
}
