//! Gateways of a VPC: internet, egress-only, NAT and virtual private gateways, and the VPN behind the last.

use std::net::Ipv4Addr;

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::{filled, lenient};
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// Whether a gateway or a VPN is there (X3, V2).
    GatewayState, "state of a gateway":
    Pending = "pending", Available = "available", Deleting = "deleting", Deleted = "deleted", Failed = "failed",
    Attaching = "attaching", Attached = "attached", Detaching = "detaching", Detached = "detached",
}

words! {
    /// Whether a tunnel of a VPN is up.
    TunnelStatus, "status of a tunnel":
    Up = "UP", Down = "DOWN",
}

/// A VPC that a gateway is attached to (I1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GatewayAttachment {
    /// The VPC.
    #[serde(rename = "VpcId")]
    pub vpc: Name,
    /// Whether it is attached.
    pub state: Option<Word<GatewayState>>,
}

/// An internet gateway, or one for version 6 outwards only (I3).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InternetGateway {
    /// `igw-…` or `eigw-…`
    #[serde(rename = "InternetGatewayId", alias = "EgressOnlyInternetGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its VPC, if any.
    #[serde(default)]
    pub attachments: Box<[GatewayAttachment]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// A NAT gateway (N1–N5).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NatGateway {
    /// `nat-…`
    #[serde(rename = "NatGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its VPC.
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// Its subnet; a regional one has none (N5).
    #[serde(default, rename = "SubnetId", deserialize_with = "filled")]
    pub subnet: Option<Name>,
    /// Whether it is there.
    pub state: Option<Word<GatewayState>>,
    /// `public`, `private`, or absent in old output, which is public.
    #[serde(default, rename = "ConnectivityType", deserialize_with = "filled")]
    pub connectivity: Option<Name>,
    /// Its addresses.
    #[serde(default, rename = "NatGatewayAddresses")]
    pub addresses: Box<[NatAddress]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// An address of a NAT gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct NatAddress {
    /// Its interface.
    #[serde(default, rename = "NetworkInterfaceId", deserialize_with = "filled")]
    pub interface: Option<Name>,
    /// The private address.
    #[serde(default, rename = "PrivateIp", deserialize_with = "lenient")]
    pub private: Option<Ipv4Addr>,
    /// The public address.
    #[serde(default, rename = "PublicIp", deserialize_with = "lenient")]
    pub public: Option<Ipv4Addr>,
}

/// A virtual private gateway (V1).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpnGateway {
    /// `vgw-…`
    #[serde(rename = "VpnGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Whether it is there.
    pub state: Option<Word<GatewayState>>,
    /// Its VPC, and those it was attached to before.
    #[serde(default, rename = "VpcAttachments")]
    pub attachments: Box<[GatewayAttachment]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// The far end of a VPN.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomerGateway {
    /// `cgw-…`
    #[serde(rename = "CustomerGatewayId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Whether it is there.
    pub state: Option<Word<GatewayState>>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// A VPN between a customer gateway and a virtual private or transit gateway (V2).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpnConnection {
    /// `vpn-…`
    #[serde(rename = "VpnConnectionId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Whether it is there.
    pub state: Option<Word<GatewayState>>,
    /// The far end.
    #[serde(default, rename = "CustomerGatewayId", deserialize_with = "filled")]
    pub customer_gateway: Option<Name>,
    /// The near end, one of the two.
    #[serde(default, rename = "VpnGatewayId", deserialize_with = "filled")]
    pub vpn_gateway: Option<Name>,
    /// The near end, one of the two.
    #[serde(default, rename = "TransitGatewayId", deserialize_with = "filled")]
    pub transit_gateway: Option<Name>,
    /// What is known to lie beyond it.
    #[serde(default)]
    pub routes: Box<[VpnRoute]>,
    /// How routes are learnt.
    #[serde(default)]
    pub options: VpnOptions,
    /// Its tunnels.
    #[serde(default, rename = "VgwTelemetry")]
    pub tunnels: Box<[Tunnel]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// How a VPN learns its routes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpnOptions {
    /// Whether there are no routes but the static ones; absent when not told.
    pub static_routes_only: Option<bool>,
}

/// A static route of a VPN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct VpnRoute {
    /// What lies beyond.
    #[serde(rename = "DestinationCidrBlock")]
    pub destination: Cidr,
    /// Whether it is in force.
    #[serde(rename = "State")]
    pub state: Option<Word<GatewayState>>,
}

/// A tunnel of a VPN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Tunnel {
    /// Whether it is up.
    #[serde(rename = "Status")]
    pub status: Option<Word<TunnelStatus>>,
}

record!(InternetGateway, NatGateway, VpnGateway, CustomerGateway, VpnConnection);
