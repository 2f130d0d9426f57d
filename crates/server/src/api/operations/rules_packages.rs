//! Rules packages: the five, with the ARNs that scripts carry (reference §3.1, §6.2.16, §6.2.27).

use assay_model::arn::RulesPackageArn;
use assay_model::rules_package::RulesPackageKind;
use assay_wire::{
    ApiError, DescribeRulesPackagesRequest, DescribeRulesPackagesResponse, FailedItemErrorCode,
    ListRulesPackagesResponse, RulesPackage,
};

use super::failed_items::{FailedItems, failed};
use crate::api::call::Call;
use crate::store::Listing;

/// Who provides the packages; no client compares it.
const PROVIDER: &str = "Assay";

/// Lists the packages of the caller's region.
pub(crate) fn list(call: &Call<'_>) -> Result<ListRulesPackagesResponse, ApiError> {
    let page = call.page::<usize>()?;
    let first = page.after.map_or(0, |last| last.saturating_add(1));
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
    let rows = RulesPackageKind::ALL.into_iter().enumerate().skip(first).take(limit);
    let listing = Listing::of_rows(rows.collect(), page.limit);
    let arn = |kind: RulesPackageKind| kind.arn_in(&call.realm().region).into();
    Ok(ListRulesPackagesResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        rules_package_arns: listing.items.into_iter().map(arn).collect(),
    })
}

/// Describes packages.
pub(crate) fn describe(
    call: &Call<'_>,
    request: &DescribeRulesPackagesRequest,
) -> Result<DescribeRulesPackagesResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut rules_packages = Vec::new();
    for text in &request.rules_package_arns {
        let code = match text.parse::<RulesPackageArn>() {
            Err(_) => FailedItemErrorCode::InvalidArn,
            Ok(arn) if arn.region() != call.realm().region => FailedItemErrorCode::AccessDenied,
            Ok(arn) => match arn.resolve() {
                Some(kind) => {
                    rules_packages.push(describe_one(call, text, kind));
                    continue;
                }
                None => FailedItemErrorCode::ItemDoesNotExist,
            },
        };
        failed_items.insert(text.clone(), failed(code));
    }
    Ok(DescribeRulesPackagesResponse { rules_packages, failed_items })
}

fn describe_one(call: &Call<'_>, arn: &str, kind: RulesPackageKind) -> RulesPackage {
    RulesPackage {
        arn: arn.to_owned(),
        name: kind.name().to_owned(),
        version: kind.version().to_owned(),
        provider: PROVIDER.to_owned(),
        description: Some(call.service.judge.about(kind).description),
    }
}
