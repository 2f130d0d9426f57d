//! Dispatch: from a decoded request to the function of its operation.

use assay_wire::{ApiError, Request, Response};

use super::call::Call;
use super::operations::{
    agents, cross_account_role, exclusion_previews, exclusions, findings, reports, resource_groups, rules_packages,
    run_agents, runs, subscriptions, tags, targets, templates,
};

/// Answers a call.
pub(crate) async fn dispatch(call: &Call<'_>) -> Result<Response, ApiError> {
    match call.request {
        Request::AddAttributesToFindings(request) => findings::add_attributes(call, request).await.map(Response::from),
        Request::CreateAssessmentTarget(request) => targets::create(call, request).await.map(Response::from),
        Request::CreateAssessmentTemplate(request) => templates::create(call, request).await.map(Response::from),
        Request::CreateExclusionsPreview(request) => {
            exclusion_previews::create(call, request).await.map(Response::from)
        }
        Request::CreateResourceGroup(request) => resource_groups::create(call, request).await.map(Response::from),
        Request::DeleteAssessmentRun(request) => {
            runs::delete(call, request).await.map(|()| Response::DeleteAssessmentRun)
        }
        Request::DeleteAssessmentTarget(request) => {
            targets::delete(call, request).await.map(|()| Response::DeleteAssessmentTarget)
        }
        Request::DeleteAssessmentTemplate(request) => {
            templates::delete(call, request).await.map(|()| Response::DeleteAssessmentTemplate)
        }
        Request::DescribeAssessmentRuns(request) => runs::describe(call, request).await.map(Response::from),
        Request::DescribeAssessmentTargets(request) => targets::describe(call, request).await.map(Response::from),
        Request::DescribeAssessmentTemplates(request) => templates::describe(call, request).await.map(Response::from),
        Request::DescribeCrossAccountAccessRole => cross_account_role::describe(call).await.map(Response::from),
        Request::DescribeExclusions(request) => exclusions::describe(call, request).await.map(Response::from),
        Request::DescribeFindings(request) => findings::describe(call, request).await.map(Response::from),
        Request::DescribeResourceGroups(request) => resource_groups::describe(call, request).await.map(Response::from),
        Request::DescribeRulesPackages(request) => rules_packages::describe(call, request).map(Response::from),
        Request::GetAssessmentReport(request) => reports::get(call, request).await.map(Response::from),
        Request::GetExclusionsPreview(request) => exclusion_previews::get(call, request).await.map(Response::from),
        Request::GetTelemetryMetadata(request) => run_agents::telemetry(call, request).await.map(Response::from),
        Request::ListAssessmentRunAgents(request) => run_agents::list(call, request).await.map(Response::from),
        Request::ListAssessmentRuns(request) => runs::list(call, request).await.map(Response::from),
        Request::ListAssessmentTargets(request) => targets::list(call, request).await.map(Response::from),
        Request::ListAssessmentTemplates(request) => templates::list(call, request).await.map(Response::from),
        Request::ListEventSubscriptions(request) => subscriptions::list(call, request).await.map(Response::from),
        Request::ListExclusions(request) => exclusions::list(call, request).await.map(Response::from),
        Request::ListFindings(request) => findings::list(call, request).await.map(Response::from),
        Request::ListRulesPackages(_) => rules_packages::list(call).map(Response::from),
        Request::ListTagsForResource(request) => tags::list(call, request).await.map(Response::from),
        Request::PreviewAgents(request) => agents::preview(call, request).await.map(Response::from),
        Request::RegisterCrossAccountAccessRole(request) => {
            cross_account_role::register(call, request).await.map(|()| Response::RegisterCrossAccountAccessRole)
        }
        Request::RemoveAttributesFromFindings(request) => {
            findings::remove_attributes(call, request).await.map(Response::from)
        }
        Request::SetTagsForResource(request) => tags::set(call, request).await.map(|()| Response::SetTagsForResource),
        Request::StartAssessmentRun(request) => runs::start(call, request).await.map(Response::from),
        Request::StopAssessmentRun(request) => runs::stop(call, request).await.map(|()| Response::StopAssessmentRun),
        Request::SubscribeToEvent(request) => {
            subscriptions::subscribe(call, request).await.map(|()| Response::SubscribeToEvent)
        }
        Request::UnsubscribeFromEvent(request) => {
            subscriptions::unsubscribe(call, request).await.map(|()| Response::UnsubscribeFromEvent)
        }
        Request::UpdateAssessmentTarget(request) => {
            targets::update(call, request).await.map(|()| Response::UpdateAssessmentTarget)
        }
    }
}
