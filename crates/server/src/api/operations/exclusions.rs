//! Exclusions: what a run did not check, and why (reference §6.2.13, §6.2.25, §8.7).

use std::collections::{BTreeMap, BTreeSet};

use assay_model::arn::{ExclusionArn, RulesPackageArn, RunArn};
use assay_model::exclusion::{Exclusion, Scope};
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, DescribeExclusionsRequest, DescribeExclusionsResponse, FailedItemErrorCode, ListExclusionsRequest,
    ListExclusionsResponse, ScopeType,
};

use super::attributes::wire_attributes;
use super::failed_items::{FailedItems, failed};
use super::wire_finding::text;
use crate::api::call::{Call, Stored as _};

/// Lists the exclusions of a run; there are none until it has ended.
pub(crate) async fn list(call: &Call<'_>, request: &ListExclusionsRequest) -> Result<ListExclusionsResponse, ApiError> {
    let run: RunArn = call.own_arn("assessmentRunArn", &request.assessment_run_arn)?;
    if call.service.store.run_states(std::slice::from_ref(&run)).await.or_internal()?.is_empty() {
        return Err(run.does_not_exist());
    }
    let listing = call.service.store.list_exclusions(&run, &call.page()?).await.or_internal()?;
    Ok(ListExclusionsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        exclusion_arns: listing.items.into_iter().map(|exclusion| exclusion.arn.into()).collect(),
    })
}

/// Describes exclusions, as a map by ARN.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeExclusionsRequest,
) -> Result<DescribeExclusionsResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut arns: Vec<ExclusionArn> = Vec::new();
    for text in request.exclusion_arns.iter().collect::<BTreeSet<_>>() {
        let code = match text.parse::<ExclusionArn>() {
            Err(_) => FailedItemErrorCode::InvalidArn,
            Ok(arn) if arn.realm() != *call.realm() => FailedItemErrorCode::AccessDenied,
            Ok(arn) => {
                arns.push(arn);
                continue;
            }
        };
        failed_items.insert(text.clone(), failed(code));
    }
    let exclusions = call.service.store.exclusions(&arns).await.or_internal()?;
    let exclusions: BTreeMap<String, assay_wire::Exclusion> =
        exclusions.into_iter().map(|it| (it.arn.to_string(), wire_exclusion(it, &call.realm().region))).collect();
    for arn in arns.into_iter().map(String::from).filter(|arn| !exclusions.contains_key(arn)) {
        failed_items.insert(arn, failed(FailedItemErrorCode::ItemDoesNotExist));
    }
    Ok(DescribeExclusionsResponse { exclusions, failed_items })
}

fn wire_exclusion(exclusion: Exclusion, region: &str) -> assay_wire::Exclusion {
    let Exclusion { arn, title, description, recommendation, scopes, attributes, .. } = exclusion;
    assay_wire::Exclusion {
        arn: arn.into(),
        title: text(&title),
        description: text(&description),
        recommendation: text(&recommendation),
        scopes: scopes.into_iter().map(|scope| wire_scope(scope, region)).collect(),
        attributes: Some(wire_attributes(attributes)).filter(|attributes| !attributes.is_empty()),
    }
}

/// What something is about. Rules packages are named as in the caller's region.
pub(crate) fn wire_scope(scope: Scope, region: &str) -> assay_wire::Scope {
    let local = |arn: RulesPackageArn| match arn.resolve() {
        Some(kind) if arn.region() != region => kind.arn_in(region),
        _ => arn,
    };
    let (key, value) = match scope {
        Scope::InstanceId(id) => (ScopeType::InstanceId, id),
        Scope::RulesPackageArn(arn) => (ScopeType::RulesPackageArn, local(arn).into()),
    };
    assay_wire::Scope { key: Some(key), value: Some(value) }
}
