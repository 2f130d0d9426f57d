//! Network ACLs (A1–A8).

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::security_group::Protocol;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// What an entry does.
    RuleAction, "action of a network ACL's entry":
    Allow = "allow", Deny = "deny",
}

/// An entry; the lowest number that matches decides (A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AclEntry {
    /// Its place; 32767 and 32768 are the ends of the two families.
    #[serde(rename = "RuleNumber")]
    pub number: u32,
    /// Whether it is for packets that leave the subnet.
    #[serde(rename = "Egress")]
    pub is_egress: bool,
    /// The protocol.
    pub protocol: Protocol,
    /// What it does.
    #[serde(rename = "RuleAction")]
    pub action: Word<RuleAction>,
    /// The other end, version 4.
    #[serde(rename = "CidrBlock")]
    pub ipv4: Option<Cidr>,
    /// The other end, version 6 (A4).
    #[serde(rename = "Ipv6CidrBlock")]
    pub ipv6: Option<Cidr>,
    /// The ports of the packet's destination; absent is all.
    #[serde(rename = "PortRange")]
    pub ports: Option<PortRange>,
    /// The ICMP type and code; -1 is any.
    #[serde(rename = "IcmpTypeCode")]
    pub icmp: Option<IcmpTypeCode>,
}

/// Ports from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PortRange {
    /// The first; absent is 0.
    pub from: Option<i32>,
    /// The last; absent is 65535.
    pub to: Option<i32>,
}

/// A type and a code of ICMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct IcmpTypeCode {
    /// The type; absent or -1 is any.
    #[serde(rename = "Type")]
    pub kind: Option<i32>,
    /// The code; absent or -1 is any.
    #[serde(rename = "Code")]
    pub code: Option<i32>,
}

/// A subnet that an ACL is in force for (A2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct AclAssociation {
    /// The subnet.
    #[serde(rename = "SubnetId")]
    pub subnet: Name,
}

/// A network ACL.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkAcl {
    /// `acl-…`
    #[serde(rename = "NetworkAclId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its VPC.
    #[serde(rename = "VpcId")]
    pub vpc: Name,
    /// The account that owns it.
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Whether new subnets get it.
    #[serde(default)]
    pub is_default: bool,
    /// The subnets that it is in force for.
    #[serde(default)]
    pub associations: Box<[AclAssociation]>,
    /// Its entries in the order of the file.
    #[serde(default)]
    pub entries: Box<[AclEntry]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

record!(NetworkAcl);
