//! Findings that live on from run to run: `Assay.ListLiveFindings` and `Assay.DescribeLiveFindings`.

use std::collections::BTreeSet;

use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use serde::{Deserialize, Serialize};

use super::body::invalid;
use super::call::OwnCall;
use super::operation::OwnOperation;
use super::token::TokenScope;
use crate::api::call::Stored as _;
use crate::store::{LiveFinding, LiveFindingFilter, LiveStatus, Page};
use assay_wire::ApiError;

/// Findings of a page when the caller names no number, and most of them.
const DEFAULT_PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;
/// Most keys of one call, and most values of one member of a filter.
const MOST_KEYS: usize = 100;
const MOST_VALUES: usize = 100;

/// A request of `ListLiveFindings`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListRequest {
    filter: Filter,
    next_token: Option<String>,
    max_results: Option<u32>,
}

/// Which findings are wanted. Members are joined by "and", values of one by "or".
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Filter {
    agent_ids: Vec<String>,
    rules_packages: Vec<RulesPackageKind>,
    rule_names: Vec<String>,
    severities: Vec<Severity>,
    statuses: Vec<LiveStatus>,
}

/// An answer of `ListLiveFindings`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListAnswer {
    live_findings: Vec<OwnLiveFinding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A request of `DescribeLiveFindings`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DescribeRequest {
    keys: Vec<String>,
}

/// An answer of `DescribeLiveFindings`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeAnswer {
    live_findings: Vec<OwnLiveFinding>,
    missing_keys: Vec<String>,
}

/// A finding that lives on. Times are RFC 3339.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnLiveFinding {
    key: String,
    status: LiveStatus,
    agent_id: String,
    rules_package: RulesPackageKind,
    rule_name: String,
    severity: Severity,
    first_seen_at: String,
    first_run_arn: String,
    last_seen_at: String,
    last_run_arn: String,
    last_finding_arn: String,
    times_seen: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by_run_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened_at: Option<String>,
    /// The title of the last finding; only when described, and as long as its run is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// Lists findings in the order in which they were first seen.
pub(super) async fn list(call: &OwnCall<'_>, request: &ListRequest) -> Result<ListAnswer, ApiError> {
    let ListRequest { filter, next_token, max_results } = request;
    let limit = max_results.unwrap_or(DEFAULT_PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(invalid(format!("maxResults is {limit}, it has to be from 1 to {LARGEST_PAGE}")));
    }
    let Filter { agent_ids, rules_packages, rule_names, severities, statuses } = filter;
    let counts = [agent_ids.len(), rules_packages.len(), rule_names.len(), severities.len(), statuses.len()];
    if counts.into_iter().any(|count| count > MOST_VALUES) {
        return Err(invalid(format!("a member of filter has more than {MOST_VALUES} values")));
    }
    let scope = TokenScope { realm: call.realm(), operation: OwnOperation::ListLiveFindings, query: filter };
    let page = Page { limit, after: call.service.own_tokens.open(scope, next_token.as_deref())? };
    let filter = LiveFindingFilter {
        agent_ids: agent_ids.clone(),
        rules_packages: rules_packages.clone(),
        rule_ids: rule_names.clone(),
        severities: severities.clone(),
        statuses: statuses.clone(),
    };
    let listing = call.service.store.live_findings(call.realm(), &filter, &page).await.or_internal()?;
    Ok(ListAnswer {
        next_token: call.service.own_tokens.seal(scope, listing.next.as_ref())?,
        live_findings: listing.items.into_iter().map(|finding| own(finding, None)).collect(),
    })
}

/// Describes findings, in the order of the request.
pub(super) async fn describe(call: &OwnCall<'_>, request: &DescribeRequest) -> Result<DescribeAnswer, ApiError> {
    if !(1..=MOST_KEYS).contains(&request.keys.len()) {
        return Err(invalid(format!("keys has {} items, it has to have 1 to {MOST_KEYS}", request.keys.len())));
    }
    let store = &call.service.store;
    let mut found = store.live_findings_by_key(call.realm(), &request.keys).await.or_internal()?;
    let last: Vec<_> = found.values().map(|finding| finding.last_finding.clone()).collect();
    let details = store.finding_details(&last).await.or_internal()?;
    let mut answer = DescribeAnswer { live_findings: Vec::new(), missing_keys: Vec::new() };
    let mut seen = BTreeSet::new();
    for key in request.keys.iter().filter(|key| seen.insert(key.as_str())) {
        match found.remove(key) {
            None => answer.missing_keys.push(key.clone()),
            Some(finding) => {
                let title = details.get(&finding.last_finding).map(|details| details.finding.title.clone());
                answer.live_findings.push(own(finding, title));
            }
        }
    }
    Ok(answer)
}

fn own(finding: LiveFinding, title: Option<String>) -> OwnLiveFinding {
    let (resolved_at, resolved_by) = finding.resolved.unzip();
    OwnLiveFinding {
        key: finding.key,
        status: finding.status,
        agent_id: finding.agent_id,
        rules_package: finding.rules_package,
        rule_name: finding.rule_id,
        severity: finding.severity,
        first_seen_at: finding.first_seen_at.to_string(),
        first_run_arn: finding.first_run.into(),
        last_seen_at: finding.last_seen_at.to_string(),
        last_run_arn: finding.last_finding.run().into(),
        last_finding_arn: finding.last_finding.into(),
        times_seen: finding.times,
        resolved_at: resolved_at.map(|at| at.to_string()),
        resolved_by_run_arn: resolved_by.map(String::from),
        reopened_at: finding.reopened_at.map(|at| at.to_string()),
        title,
    }
}
