//! Assessment template: the blueprint of a run.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::arn::{RulesPackageArn, TargetArn, TemplateArn};
use crate::attribute::Attribute;

/// An assessment template (Inspector `AssessmentTemplate`); immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentTemplate {
    /// Its ARN.
    pub arn: TemplateArn,
    /// Unique in its target, 1 to 140 characters.
    pub name: String,
    /// The target that its runs assess.
    pub target_arn: TargetArn,
    /// How long a run observes its hosts; zero for a snapshot.
    pub duration_seconds: u32,
    /// What its runs judge by.
    pub rules_package_arns: Vec<RulesPackageArn>,
    /// Copied to each finding.
    pub user_attributes_for_findings: Vec<Attribute>,
    /// When it was made.
    pub created_at: Timestamp,
}
