//! Agents: what a target selects now, and how each host's agent is (reference §6.2.29, §8.4).

use assay_model::arn::{TargetArn, TemplateArn};
use assay_wire::arn::EntityArn as _;
use assay_wire::{AgentHealth, AgentPreview, ApiError, PreviewAgentsRequest, PreviewAgentsResponse};

use crate::api::call::{Call, Stored as _};
use crate::store::{Member, Membership, ResourceGroup};

/// Shows the hosts of a target, or of a template's target; also those that do not run.
pub(crate) async fn preview(
    call: &Call<'_>,
    request: &PreviewAgentsRequest,
) -> Result<PreviewAgentsResponse, ApiError> {
    let group = group(call, &request.preview_agents_arn).await?;
    let store = &call.service.store;
    let page = call.page()?;
    let members = store.list_members(call.realm(), group.as_ref(), Membership::Listed, call.now, &page);
    let listing = members.await.or_internal()?;
    Ok(PreviewAgentsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        agent_previews: listing.items.into_iter().map(agent_preview).collect(),
    })
}

/// The resource group of the target that an ARN means; absent where it takes all hosts.
async fn group(call: &Call<'_>, text: &str) -> Result<Option<ResourceGroup>, ApiError> {
    let store = &call.service.store;
    let member = "previewAgentsArn";
    let target_arn = match text.parse::<TemplateArn>() {
        Ok(_) => {
            let arn: TemplateArn = call.own_arn(member, text)?;
            let summary = store.template(&arn).await.or_internal()?.ok_or_else(|| arn.does_not_exist())?;
            summary.template.target_arn
        }
        Err(_) => call.own_arn(member, text)?,
    };
    let target =
        store.target(&target_arn).await.or_internal()?.ok_or_else(|| TargetArn::does_not_exist(&target_arn))?;
    let Some(arn) = target.resource_group_arn else { return Ok(None) };
    store.resource_group(&arn).await.or_internal()?.ok_or_else(|| arn.does_not_exist()).map(Some)
}

fn agent_preview(member: Member) -> AgentPreview {
    let Member { agent_id, hostname, facts, instance, health, auto_scaling_group, .. } = member;
    let address = instance.as_ref().and_then(|it| it.public_address.or(it.private_address));
    let address = address.or_else(|| facts.as_ref().and_then(|facts| facts.ipv4));
    let (agent_version, operating_system, kernel_version) =
        facts.map(|facts| (facts.version, facts.operating_system, facts.kernel)).unwrap_or_default();
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    AgentPreview {
        hostname: Some(hostname),
        agent_id,
        auto_scaling_group: auto_scaling_group.and_then(filled),
        agent_health: Some(wire_health(health)),
        agent_version: filled(agent_version),
        operating_system: filled(operating_system),
        kernel_version: filled(kernel_version),
        ipv4_address: address.map(|address| address.to_string()),
    }
}

fn wire_health(health: assay_link::AgentHealth) -> AgentHealth {
    match health {
        assay_link::AgentHealth::Healthy => AgentHealth::Healthy,
        assay_link::AgentHealth::Unhealthy => AgentHealth::Unhealthy,
        assay_link::AgentHealth::Unknown => AgentHealth::Unknown,
    }
}
