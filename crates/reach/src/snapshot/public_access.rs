//! Block Public Access of VPCs (B1).

use serde::Deserialize;

use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::word::{Word, words};

words! {
    /// What internet gateways refuse.
    BlockMode, "mode of Block Public Access":
    Off = "off", Bidirectional = "block-bidirectional", Ingress = "block-ingress",
}

words! {
    /// What an exclusion lets through.
    ExclusionMode, "mode of an exclusion from Block Public Access":
    Bidirectional = "allow-bidirectional", Egress = "allow-egress",
}

/// Block Public Access of one account in one region.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BlockPublicAccess {
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The account; the command line always tells it.
    #[serde(default, rename = "AwsAccountId", deserialize_with = "filled")]
    pub account: Option<Name>,
    /// The region.
    #[serde(default, rename = "AwsRegion", deserialize_with = "filled")]
    pub region: Option<Name>,
    /// What is refused.
    #[serde(rename = "InternetGatewayBlockMode")]
    pub mode: Word<BlockMode>,
}

/// A VPC or subnet that is excluded.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublicAccessExclusion {
    /// `vpcbpa-exclude-…`
    #[serde(rename = "ExclusionId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The ARN of the VPC or subnet.
    #[serde(rename = "ResourceArn")]
    pub resource: Name,
    /// What is let through.
    #[serde(rename = "InternetGatewayExclusionMode")]
    pub mode: Word<ExclusionMode>,
    /// `create-complete` and `update-complete` are in force.
    #[serde(default, deserialize_with = "filled")]
    pub state: Option<Name>,
}

record!(PublicAccessExclusion);
