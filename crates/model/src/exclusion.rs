//! Exclusion: one reason why a check did not happen (reference §8.7).

use serde::{Deserialize, Serialize};

use crate::arn::{ExclusionArn, RulesPackageArn};
use crate::attribute::Attribute;

/// What an exclusion is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scope {
    /// One host, by its agent id.
    InstanceId(String),
    /// One rules package.
    RulesPackageArn(RulesPackageArn),
}

/// One reason why something was not checked (Inspector `Exclusion`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Its ARN.
    pub arn: ExclusionArn,
    /// The type, one line.
    pub title: String,
    /// What was not checked, and why: names the path, the feed or the rule.
    pub description: String,
    /// How to have it checked next time.
    pub recommendation: String,
    /// At least one.
    pub scopes: Vec<Scope>,
    /// Further facts.
    pub attributes: Vec<Attribute>,
    /// The ids of the rules that could not be decided because of this, or the vulnerability that was set aside; empty when
    /// it concerns a whole package.
    pub rules: Vec<String>,
}
