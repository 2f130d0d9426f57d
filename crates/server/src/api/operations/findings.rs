//! Findings: listed by run and filter, described in full, and the attributes that users put on them (reference §6.2.1,
//! §6.2.14, §6.2.26, §6.2.31, §8.5).

use std::collections::BTreeSet;

use assay_model::arn::{FindingArn, RulesPackageArn, RunArn};
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    AddAttributesToFindingsRequest, AddAttributesToFindingsResponse, ApiError, DescribeFindingsRequest,
    DescribeFindingsResponse, FailedItemErrorCode, FindingFilter, ListFindingsRequest, ListFindingsResponse,
    RemoveAttributesFromFindingsRequest, RemoveAttributesFromFindingsResponse,
};

use super::attributes::model_attributes;
use super::failed_items::{FailedItems, failed, own_items};
use super::wire_finding::wire_finding;
use crate::api::call::{Call, Stored as _};
use crate::store::{AttributeChange, AttributeFilter, AttributeOutcome, ListedFindingFilter};

/// Lists findings of runs that have ended, in the order in which they were made.
pub(crate) async fn list(call: &Call<'_>, request: &ListFindingsRequest) -> Result<ListFindingsResponse, ApiError> {
    let runs = own_runs(call, request.assessment_run_arns.as_deref().unwrap_or_default()).await?;
    let filter = match &request.filter {
        Some(filter) => store_filter(call, filter, runs),
        None => ListedFindingFilter { runs, ..ListedFindingFilter::default() },
    };
    let listing = call.service.store.list_findings(call.realm(), &filter, &call.page()?).await.or_internal()?;
    Ok(ListFindingsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        finding_arns: listing.items.into_iter().map(Into::into).collect(),
    })
}

/// Describes findings, in the order of the request.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeFindingsRequest,
) -> Result<DescribeFindingsResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let arns = own_items::<FindingArn>(call.realm(), &request.finding_arns, &mut failed_items);
    let mut details = call.service.store.finding_details(&arns).await.or_internal()?;
    let mut findings = Vec::new();
    for arn in arns {
        match details.remove(&arn) {
            Some(details) => findings.push(wire_finding(details)),
            None => {
                failed_items.insert(arn.into(), failed(FailedItemErrorCode::ItemDoesNotExist));
            }
        }
    }
    Ok(DescribeFindingsResponse { findings, failed_items })
}

/// Sets attributes of the user.
pub(crate) async fn add_attributes(
    call: &Call<'_>,
    request: &AddAttributesToFindingsRequest,
) -> Result<AddAttributesToFindingsResponse, ApiError> {
    let pairs = model_attributes(&request.attributes);
    let failed_items = change(call, &request.finding_arns, AttributeChange::Add(&pairs)).await?;
    Ok(AddAttributesToFindingsResponse { failed_items })
}

/// Takes attributes of the user away.
pub(crate) async fn remove_attributes(
    call: &Call<'_>,
    request: &RemoveAttributesFromFindingsRequest,
) -> Result<RemoveAttributesFromFindingsResponse, ApiError> {
    let failed_items = change(call, &request.finding_arns, AttributeChange::Remove(&request.attribute_keys)).await?;
    Ok(RemoveAttributesFromFindingsResponse { failed_items })
}

async fn change(call: &Call<'_>, arns: &[String], change: AttributeChange<'_>) -> Result<FailedItems, ApiError> {
    let mut failed_items = FailedItems::new();
    let arns = own_items::<FindingArn>(call.realm(), arns, &mut failed_items);
    let outcomes = call.service.store.change_user_attributes(&arns, change, call.now).await.or_internal()?;
    for (arn, outcome) in outcomes {
        let code = match outcome {
            AttributeOutcome::Changed => continue,
            AttributeOutcome::Missing => FailedItemErrorCode::ItemDoesNotExist,
            AttributeOutcome::TooMany => FailedItemErrorCode::LimitExceeded,
        };
        failed_items.insert(arn.into(), failed(code));
    }
    Ok(failed_items)
}

/// The runs of a request, each of which has to be there.
async fn own_runs(call: &Call<'_>, texts: &[String]) -> Result<Vec<RunArn>, ApiError> {
    let texts: BTreeSet<&String> = texts.iter().collect();
    let runs: Vec<RunArn> =
        texts.into_iter().map(|text| call.own_arn("assessmentRunArns", text)).collect::<Result<_, _>>()?;
    let states = call.service.store.run_states(&runs).await.or_internal()?;
    match runs.iter().find(|run| !states.contains_key(run)) {
        Some(missing) => Err(missing.does_not_exist()),
        None => Ok(runs),
    }
}

fn store_filter(call: &Call<'_>, filter: &FindingFilter, runs: Vec<RunArn>) -> ListedFindingFilter {
    let range = filter.creation_time_range.as_ref();
    ListedFindingFilter {
        runs,
        agent_ids: each_once(filter.agent_ids.as_deref()),
        scaling_groups: each_once(filter.auto_scaling_groups.as_deref()),
        rule_ids: each_once(filter.rule_names.as_deref()),
        severities: filter.severities.iter().flatten().filter_map(|severity| model_severity(*severity)).collect(),
        rules_packages: filter
            .rules_package_arns
            .as_ref()
            .filter(|arns| !arns.is_empty())
            .map(|arns| packages(&call.realm().region, arns)),
        attributes: pairs(filter.attributes.as_deref()),
        user_attributes: pairs(filter.user_attributes.as_deref()),
        from: range.and_then(|range| range.begin_date).map(assay_wire::Timestamp::millis),
        until: range.and_then(|range| range.end_date).map(assay_wire::Timestamp::millis),
    }
}

fn each_once(texts: Option<&[String]>) -> Vec<String> {
    let texts: BTreeSet<String> = texts.unwrap_or_default().iter().cloned().collect();
    texts.into_iter().collect()
}

fn pairs(attributes: Option<&[assay_wire::Attribute]>) -> Vec<AttributeFilter> {
    let pair = |pair: &assay_wire::Attribute| AttributeFilter { key: pair.key.clone(), value: pair.value.clone() };
    attributes.unwrap_or_default().iter().map(pair).collect()
}

/// The packages that ARNs name in a region; those that name none select nothing.
fn packages(region: &str, arns: &[String]) -> Vec<RulesPackageKind> {
    let arns = arns.iter().filter_map(|arn| arn.parse::<RulesPackageArn>().ok());
    let kinds: BTreeSet<RulesPackageKind> =
        arns.filter(|arn| arn.region() == region).filter_map(|arn| arn.resolve()).collect();
    kinds.into_iter().collect()
}

fn model_severity(severity: assay_wire::Severity) -> Option<Severity> {
    Severity::ALL.into_iter().find(|known| known.as_str() == severity.as_str())
}
