//! Previews of exclusions (reference §6.2.4, §6.2.18).

use assay_model::arn::TemplateArn;
use assay_model::exclusion::Scope;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, CreateExclusionsPreviewRequest, CreateExclusionsPreviewResponse, ExclusionPreview,
    GetExclusionsPreviewRequest, GetExclusionsPreviewResponse, NoSuchEntityErrorCode, PreviewStatus, ScopeType,
};
use uuid::Uuid;

use super::attributes::wire_attributes;
use crate::api::call::{Call, Stored as _};
use crate::store::{ExclusionText, Preview, PreviewBegun};

/// Begins a preview.
pub(crate) async fn create(
    call: &Call<'_>,
    request: &CreateExclusionsPreviewRequest,
) -> Result<CreateExclusionsPreviewResponse, ApiError> {
    let arn: TemplateArn = call.own_arn("assessmentTemplateArn", &request.assessment_template_arn)?;
    let preview_token = Uuid::now_v7().to_string();
    match call.service.store.begin_preview(&arn, &preview_token, call.now).await.or_internal()? {
        PreviewBegun::Yes => Ok(CreateExclusionsPreviewResponse { preview_token }),
        PreviewBegun::NoTemplate => Err(arn.does_not_exist()),
        PreviewBegun::InProgress => {
            Err(ApiError::preview_in_progress(format!("a preview of {arn} is being computed: wait for it")))
        }
    }
}

/// Reads a preview.
pub(crate) async fn get(
    call: &Call<'_>,
    request: &GetExclusionsPreviewRequest,
) -> Result<GetExclusionsPreviewResponse, ApiError> {
    let arn: TemplateArn = call.own_arn("assessmentTemplateArn", &request.assessment_template_arn)?;
    let store = &call.service.store;
    let preview = store.preview(&arn, &request.preview_token, &call.page()?).await.or_internal()?;
    match preview {
        None if store.template(&arn).await.or_internal()?.is_none() => Err(arn.does_not_exist()),
        None => {
            // The model has no code for this (reference §4).
            let message = format!("the template has no preview of the token {:?}", request.preview_token);
            Err(ApiError::no_such_entity(NoSuchEntityErrorCode::AssessmentTemplateDoesNotExist, message))
        }
        Some(Preview::InProgress) => Ok(GetExclusionsPreviewResponse {
            preview_status: PreviewStatus::WorkInProgress,
            exclusion_previews: None,
            next_token: None,
        }),
        Some(Preview::Page(listing)) => Ok(GetExclusionsPreviewResponse {
            preview_status: PreviewStatus::Completed,
            next_token: call.next_token(listing.next.as_ref())?,
            exclusion_previews: Some(listing.items.into_iter().map(wire_preview).collect()),
        }),
    }
}

fn wire_preview(text: ExclusionText) -> ExclusionPreview {
    ExclusionPreview {
        title: text.title,
        description: text.description,
        recommendation: text.recommendation,
        scopes: text.scopes.into_iter().map(wire_scope).collect(),
        attributes: Some(wire_attributes(text.attributes)).filter(|attributes| !attributes.is_empty()),
    }
}

fn wire_scope(scope: Scope) -> assay_wire::Scope {
    let (key, value) = match scope {
        Scope::InstanceId(id) => (ScopeType::InstanceId, id),
        Scope::RulesPackageArn(arn) => (ScopeType::RulesPackageArn, arn.into()),
    };
    assay_wire::Scope { key: Some(key), value: Some(value) }
}
