//! Assessment target: a named collection of hosts.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::arn::{ResourceGroupArn, TargetArn};

/// An assessment target (Inspector `AssessmentTarget`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentTarget {
    /// Its ARN.
    pub arn: TargetArn,
    /// Unique in its realm, 1 to 140 characters.
    pub name: String,
    /// The tags that select its hosts; absent means all hosts.
    pub resource_group_arn: Option<ResourceGroupArn>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last renamed or pointed elsewhere.
    pub updated_at: Timestamp,
}
