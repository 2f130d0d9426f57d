//! Direct Connect (V3). The command line begins its members with small letters, Batfish with capitals; both are read.

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::word::{Word, words};

words! {
    /// The state of a Direct Connect object.
    ConnectState, "state of Direct Connect":
    Pending = "pending", Available = "available", Deleting = "deleting", Deleted = "deleted", Down = "down",
    Confirming = "confirming", Verifying = "verifying", Testing = "testing", Rejected = "rejected", Unknown = "unknown",
    Associating = "associating", Associated = "associated", Disassociating = "disassociating",
    Disassociated = "disassociated", Updating = "updating",
}

words! {
    /// The type of a virtual interface.
    VirtualInterfaceKind, "type of a virtual interface":
    Private = "private", Public = "public", Transit = "transit",
}

/// A Direct Connect gateway.
#[derive(Clone, Debug, Deserialize)]
pub struct ConnectGateway {
    /// Its id.
    #[serde(rename = "directConnectGatewayId", alias = "DirectConnectGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Whether it is there.
    #[serde(rename = "directConnectGatewayState", alias = "DirectConnectGatewayState")]
    pub state: Option<Word<ConnectState>>,
}

/// What a Direct Connect gateway leads to.
#[derive(Clone, Debug, Deserialize)]
pub struct ConnectAssociation {
    /// Its id.
    #[serde(rename = "associationId", alias = "AssociationId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The Direct Connect gateway.
    #[serde(rename = "directConnectGatewayId", alias = "DirectConnectGatewayId")]
    pub gateway: Name,
    /// The virtual private or transit gateway.
    #[serde(rename = "associatedGateway", alias = "AssociatedGateway")]
    pub associated: Option<AssociatedGateway>,
    /// Whether it is in force.
    #[serde(rename = "associationState", alias = "AssociationState")]
    pub state: Option<Word<ConnectState>>,
    /// What of the VPC's side the far side is told of.
    #[serde(
        default,
        rename = "allowedPrefixesToDirectConnectGateway",
        alias = "AllowedPrefixesToDirectConnectGateway"
    )]
    pub allowed: Box<[ConnectPrefix]>,
}

/// The gateway at the near end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct AssociatedGateway {
    /// `vgw-…` or `tgw-…`
    #[serde(rename = "id", alias = "Id")]
    pub id: Name,
    /// Its region.
    #[serde(default, rename = "region", alias = "Region", deserialize_with = "filled")]
    pub region: Option<Name>,
}

/// A block of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ConnectPrefix {
    /// The addresses.
    #[serde(rename = "cidr", alias = "Cidr")]
    pub cidr: Cidr,
}

/// A virtual interface.
#[derive(Clone, Debug, Deserialize)]
pub struct VirtualInterface {
    /// `dxvif-…`
    #[serde(rename = "virtualInterfaceId", alias = "VirtualInterfaceId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its type.
    #[serde(rename = "virtualInterfaceType", alias = "VirtualInterfaceType")]
    pub kind: Option<Word<VirtualInterfaceKind>>,
    /// Whether it is there.
    #[serde(rename = "virtualInterfaceState", alias = "VirtualInterfaceState")]
    pub state: Option<Word<ConnectState>>,
    /// The virtual private gateway that it leads to.
    #[serde(default, rename = "virtualGatewayId", alias = "VirtualGatewayId", deserialize_with = "filled")]
    pub vpn_gateway: Option<Name>,
    /// The Direct Connect gateway that it leads to.
    #[serde(default, rename = "directConnectGatewayId", alias = "DirectConnectGatewayId", deserialize_with = "filled")]
    pub gateway: Option<Name>,
    /// What the far side may announce on a public one.
    #[serde(default, rename = "routeFilterPrefixes", alias = "RouteFilterPrefixes")]
    pub prefixes: Box<[ConnectPrefix]>,
}

record!(ConnectGateway, ConnectAssociation, VirtualInterface);
