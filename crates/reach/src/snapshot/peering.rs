//! Peering connections (P1–P3).

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// The state of a peering connection; only an active one carries traffic (P1).
    PeeringStatus, "status of a peering connection":
    Initiating = "initiating-request", Pending = "pending-acceptance", Provisioning = "provisioning",
    Active = "active", Deleting = "deleting", Deleted = "deleted", Rejected = "rejected", Failed = "failed",
    Expired = "expired",
}

/// A peering connection.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PeeringConnection {
    /// `pcx-…`
    #[serde(rename = "VpcPeeringConnectionId")]
    pub id: Name,
    /// The account and region in which it was seen first; the other side sees it too.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The side that asked.
    #[serde(rename = "RequesterVpcInfo")]
    pub requester: PeeringSide,
    /// The side that accepted.
    #[serde(rename = "AccepterVpcInfo")]
    pub accepter: PeeringSide,
    /// Its state; absent when not told.
    pub status: Option<PeeringStatusOf>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

impl PeeringConnection {
    /// Whether it carries traffic.
    pub fn is_active(&self) -> bool {
        self.status.is_some_and(|status| status.code.is(PeeringStatus::Active))
    }
}

/// The state of a peering connection, with a message that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PeeringStatusOf {
    /// The state.
    #[serde(rename = "Code")]
    pub code: Word<PeeringStatus>,
}

/// One side of a peering connection.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PeeringSide {
    /// The VPC; may be of another account or region, and then unknown here.
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// Its account.
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Its region.
    #[serde(default, deserialize_with = "filled")]
    pub region: Option<Name>,
    /// Its primary block.
    #[serde(rename = "CidrBlock")]
    pub primary: Option<Cidr>,
    /// All its blocks of version 4; empty until the connection is active.
    #[serde(default, rename = "CidrBlockSet")]
    pub ipv4: Box<[PeeringBlock]>,
    /// All its blocks of version 6.
    #[serde(default, rename = "Ipv6CidrBlockSet")]
    pub ipv6: Box<[PeeringBlock]>,
}

impl PeeringSide {
    /// Every block, each once (P2).
    pub fn cidrs(&self) -> impl Iterator<Item = Cidr> {
        let primary = self.primary.filter(|primary| self.ipv4.iter().all(|block| block.cidr != *primary));
        primary.into_iter().chain(self.ipv4.iter().chain(&self.ipv6).map(|block| block.cidr))
    }
}

/// A block of addresses of a peered VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PeeringBlock {
    /// The addresses.
    #[serde(rename = "CidrBlock", alias = "Ipv6CidrBlock")]
    pub cidr: Cidr,
}

record!(PeeringConnection);
