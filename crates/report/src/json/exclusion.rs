//! An exclusion as `DescribeExclusions` gives it (reference §7 `Exclusion`), and `assay.rules`.

use std::borrow::Cow;

use assay_model::exclusion::{Exclusion, Scope};
use serde::Serialize;

use super::limit::{MAX_ATTRIBUTES, MAX_TEXT_CHARS, PairView, limited};

/// `Exclusion`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExclusionView<'a> {
    arn: &'a str,
    title: Cow<'a, str>,
    description: Cow<'a, str>,
    recommendation: Cow<'a, str>,
    scopes: Vec<PairView<'a>>,
    attributes: Vec<PairView<'a>>,
    assay: ExclusionExtras<'a>,
}

/// What Inspector did not say about an exclusion.
#[derive(Debug, Serialize)]
struct ExclusionExtras<'a> {
    rules: &'a [String],
}

impl<'a> ExclusionView<'a> {
    pub(crate) fn new(exclusion: &'a Exclusion) -> ExclusionView<'a> {
        ExclusionView {
            arn: exclusion.arn.as_str(),
            title: limited(&exclusion.title, MAX_TEXT_CHARS),
            description: limited(&exclusion.description, MAX_TEXT_CHARS),
            recommendation: limited(&exclusion.recommendation, MAX_TEXT_CHARS),
            scopes: exclusion.scopes.iter().map(scope).collect(),
            attributes: PairView::list(&exclusion.attributes, MAX_ATTRIBUTES),
            assay: ExclusionExtras { rules: &exclusion.rules },
        }
    }
}

fn scope(scope: &Scope) -> PairView<'_> {
    match scope {
        Scope::InstanceId(id) => PairView::new("INSTANCE_ID", id),
        Scope::RulesPackageArn(arn) => PairView::new("RULES_PACKAGE_ARN", arn.as_str()),
    }
}
