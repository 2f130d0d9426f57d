//! Transit gateways: their attachments and route tables (T1–T9).

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// Whether a transit gateway, an attachment or a table of it is there.
    TransitState, "state of a transit gateway":
    Pending = "pending", Available = "available", Modifying = "modifying", Deleting = "deleting", Deleted = "deleted",
    Initiating = "initiating", InitiatingRequest = "initiatingRequest", PendingAcceptance = "pendingAcceptance",
    RollingBack = "rollingBack", Failed = "failed", Rejected = "rejected", Rejecting = "rejecting", Failing = "failing",
}

words! {
    /// What is attached to a transit gateway.
    AttachmentKind, "type of a transit gateway's attachment":
    Vpc = "vpc", Vpn = "vpn", VpnConcentrator = "vpn-concentrator", DirectConnect = "direct-connect-gateway",
    Connect = "connect", Peering = "peering" | "tgw-peering", NetworkFunction = "network-function",
}

words! {
    /// Whether an option is on.
    Switch, "switch":
    Enable = "enable", Disable = "disable",
}

words! {
    /// Whether an association or a propagation is in force.
    LinkState, "state of an association or propagation":
    Associating = "associating", Associated = "associated", Disassociating = "disassociating",
    Disassociated = "disassociated", Enabling = "enabling", Enabled = "enabled", Disabling = "disabling",
    Disabled = "disabled",
}

words! {
    /// How a route came into the table of a transit gateway (T2).
    TransitRouteKind, "type of a transit gateway's route":
    Static = "static", Propagated = "propagated",
}

words! {
    /// Whether a route of a transit gateway leads anywhere.
    TransitRouteState, "state of a transit gateway's route":
    Pending = "pending", Active = "active", Blackhole = "blackhole", Deleting = "deleting", Deleted = "deleted",
}

/// A transit gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransitGateway {
    /// `tgw-…`
    #[serde(rename = "TransitGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The account that owns it; others may use it (T8).
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Whether it is there.
    pub state: Option<Word<TransitState>>,
    /// Its options.
    #[serde(default)]
    pub options: TransitOptions,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// Options of a transit gateway, and of an attachment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TransitOptions {
    /// Whether references to security groups hold across it (S7).
    pub security_group_referencing_support: Option<Word<Switch>>,
    /// Whether version 6 is carried.
    pub ipv6_support: Option<Word<Switch>>,
    /// Whether a flow stays in one zone (T6).
    pub appliance_mode_support: Option<Word<Switch>>,
    /// Whether new attachments use the default table.
    pub default_route_table_association: Option<Word<Switch>>,
    /// Whether new attachments tell the default table of their routes.
    pub default_route_table_propagation: Option<Word<Switch>>,
}

/// An attachment, as `describe-transit-gateway-attachments`, `…-vpc-attachments` and `…-peering-attachments` tell it; what
/// one of them lacks is taken from the others.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "AttachmentRecord")]
pub struct TransitAttachment {
    /// `tgw-attach-…`
    pub id: Name,
    /// Its account and region.
    pub scope: ScopeId,
    /// The transit gateway.
    pub transit_gateway: Option<Name>,
    /// What is attached.
    pub kind: Option<Word<AttachmentKind>>,
    /// The id of what is attached.
    pub resource: Option<Name>,
    /// The account of what is attached.
    pub resource_owner: Option<Name>,
    /// Whether it is there.
    pub state: Option<Word<TransitState>>,
    /// The table that its packets are looked up in (T1).
    pub route_table: Option<Name>,
    /// The subnets of the VPC that it is in, one a zone (T4).
    pub subnets: Box<[Name]>,
    /// Its options.
    pub options: TransitOptions,
    /// Its tags.
    pub tags: Box<[Tag]>,
}

impl TransitAttachment {
    /// Takes from another account of the same attachment what this one lacks.
    pub(crate) fn complete(&mut self, other: TransitAttachment) {
        self.transit_gateway = self.transit_gateway.or(other.transit_gateway);
        self.kind = self.kind.or(other.kind);
        self.resource = self.resource.or(other.resource);
        self.resource_owner = self.resource_owner.or(other.resource_owner);
        self.state = self.state.or(other.state);
        self.route_table = self.route_table.or(other.route_table);
        if self.subnets.is_empty() {
            self.subnets = other.subnets;
        }
        if self.options == TransitOptions::default() {
            self.options = other.options;
        }
        if self.tags.is_empty() {
            self.tags = other.tags;
        }
    }
}

/// A route table of a transit gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransitRouteTable {
    /// `tgw-rtb-…`
    #[serde(rename = "TransitGatewayRouteTableId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its transit gateway.
    #[serde(rename = "TransitGatewayId")]
    pub transit_gateway: Name,
    /// Whether it is there.
    pub state: Option<Word<TransitState>>,
    /// Its routes; `None` when no file tells of them.
    #[serde(skip)]
    pub routes: Option<Vec<TransitRoute>>,
    /// The attachments that are looked up in it; `None` when no file tells of them.
    #[serde(skip)]
    pub associations: Option<Vec<TransitLink>>,
    /// The attachments that tell it of their routes; `None` when no file tells of them.
    #[serde(skip)]
    pub propagations: Option<Vec<TransitLink>>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// A route of a transit gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransitRoute {
    /// What it is for; absent when it is for a prefix list.
    #[serde(rename = "DestinationCidrBlock")]
    pub destination: Option<Cidr>,
    /// The prefix list that it is for.
    #[serde(default, rename = "PrefixListId", deserialize_with = "filled")]
    pub prefix_list: Option<Name>,
    /// Where it leads; none when it is a blackhole.
    #[serde(default, rename = "TransitGatewayAttachments")]
    pub attachments: Box<[TransitLink]>,
    /// How it came into the table.
    #[serde(rename = "Type")]
    pub kind: Option<Word<TransitRouteKind>>,
    /// Whether it leads anywhere.
    pub state: Option<Word<TransitRouteState>>,
}

/// An attachment that a route, an association or a propagation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TransitLink {
    /// The attachment.
    #[serde(rename = "TransitGatewayAttachmentId")]
    pub attachment: Name,
    /// What is attached.
    #[serde(default, rename = "ResourceId", deserialize_with = "filled")]
    pub resource: Option<Name>,
    /// The kind of what is attached.
    #[serde(rename = "ResourceType")]
    pub kind: Option<Word<AttachmentKind>>,
    /// Whether it is in force; routes have none of their own.
    pub state: Option<Word<LinkState>>,
}

record!(TransitGateway, TransitAttachment, TransitRouteTable);

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttachmentRecord {
    #[serde(rename = "TransitGatewayAttachmentId")]
    id: Name,
    #[serde(default, rename = "TransitGatewayId", deserialize_with = "filled")]
    transit_gateway: Option<Name>,
    resource_type: Option<Word<AttachmentKind>>,
    #[serde(default, rename = "ResourceId", deserialize_with = "filled")]
    resource: Option<Name>,
    #[serde(default, rename = "ResourceOwnerId", deserialize_with = "filled")]
    resource_owner: Option<Name>,
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    vpc: Option<Name>,
    #[serde(default, rename = "VpcOwnerId", deserialize_with = "filled")]
    vpc_owner: Option<Name>,
    state: Option<Word<TransitState>>,
    association: Option<AssociationRecord>,
    requester_tgw_info: Option<PeerRecord>,
    accepter_tgw_info: Option<PeerRecord>,
    #[serde(default)]
    subnet_ids: Box<[Name]>,
    #[serde(default)]
    options: TransitOptions,
    #[serde(default)]
    tags: Box<[Tag]>,
}

#[derive(Clone, Debug, Deserialize)]
struct AssociationRecord {
    #[serde(default, rename = "TransitGatewayRouteTableId", deserialize_with = "filled")]
    route_table: Option<Name>,
}

#[derive(Clone, Debug, Deserialize)]
struct PeerRecord {
    #[serde(default, rename = "TransitGatewayId", deserialize_with = "filled")]
    id: Option<Name>,
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    owner: Option<Name>,
}

impl From<AttachmentRecord> for TransitAttachment {
    fn from(record: AttachmentRecord) -> TransitAttachment {
        let is_peering = record.accepter_tgw_info.is_some();
        let kind = match record.resource_type {
            None if record.vpc.is_some() => Some(Word::Known(AttachmentKind::Vpc)),
            None if is_peering => Some(Word::Known(AttachmentKind::Peering)),
            told => told,
        };
        let requester = record.requester_tgw_info.and_then(|peer| peer.id);
        let accepter = record.accepter_tgw_info;
        let accepter_owner = accepter.as_ref().and_then(|peer| peer.owner);
        TransitAttachment {
            id: record.id,
            scope: ScopeId::default(),
            transit_gateway: record.transit_gateway.or(requester),
            kind,
            resource: record.resource.or(record.vpc).or(accepter.and_then(|peer| peer.id)),
            resource_owner: record.resource_owner.or(record.vpc_owner).or(accepter_owner),
            state: record.state,
            route_table: record.association.and_then(|association| association.route_table),
            subnets: record.subnet_ids,
            options: record.options,
            tags: record.tags,
        }
    }
}
