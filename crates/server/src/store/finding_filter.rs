//! Which findings a list of the API wants (Inspector `FindingFilter`, reference §8.5), in the words of the store.

use assay_model::arn::RunArn;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;

/// A pair that a finding must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeFilter {
    /// Its key.
    pub key: String,
    /// Its value; absent takes any.
    pub value: Option<String>,
}

/// Which findings are wanted. Every member must hold; of a list, one item has to, save attributes, all of which have to. An
/// empty list takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedFindingFilter {
    /// Of these runs.
    pub runs: Vec<RunArn>,
    /// Of these hosts.
    pub agent_ids: Vec<String>,
    /// Of hosts in these auto scaling groups.
    pub scaling_groups: Vec<String>,
    /// Of these rules, exactly.
    pub rule_ids: Vec<String>,
    /// Of these severities.
    pub severities: Vec<Severity>,
    /// Of these rules packages; absent takes all, an empty list none.
    pub rules_packages: Option<Vec<RulesPackageKind>>,
    /// With these system attributes.
    pub attributes: Vec<AttributeFilter>,
    /// With these attributes of the user.
    pub user_attributes: Vec<AttributeFilter>,
    /// Made at this time or later, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Made at this time or earlier.
    pub until: Option<i64>,
}
