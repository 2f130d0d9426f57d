//! Route tables (R1–R11).

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::{filled, note};
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// Whether the target of a route is there (R5).
    RouteState, "state of a route":
    Active = "active", Blackhole = "blackhole", Filtered = "filtered",
}

words! {
    /// How a route came into its table (R3).
    RouteOrigin, "origin of a route":
    CreateRouteTable = "CreateRouteTable", CreateRoute = "CreateRoute",
    Propagated = "EnableVgwRoutePropagation", Advertisement = "Advertisement",
}

words! {
    /// Whether a table is in force for its subnet.
    AssociationState, "state of a route table's association":
    Associating = "associating", Associated = "associated", Disassociating = "disassociating",
    Disassociated = "disassociated", Failed = "failed",
}

/// What a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A block of addresses.
    Cidr(Cidr),
    /// The entries of a prefix list.
    PrefixList(Name),
    /// The route says nothing that is known.
    Unknown,
}

/// Where a route leads (R7). The names are ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteTarget {
    /// Within the VPC.
    Local,
    /// An internet gateway.
    InternetGateway(Name),
    /// A gateway that lets version 6 out only.
    EgressOnlyInternetGateway(Name),
    /// A virtual private gateway.
    VpnGateway(Name),
    /// A gateway endpoint or the endpoint of a gateway load balancer.
    VpcEndpoint(Name),
    /// A NAT gateway.
    NatGateway(Name),
    /// A peering connection.
    Peering(Name),
    /// A transit gateway.
    TransitGateway(Name),
    /// An interface; the instance that it is attached to is told too, but is not what decides.
    Interface(Name),
    /// An instance whose interface is not told.
    Instance(Name),
    /// A carrier gateway (E7).
    CarrierGateway(Name),
    /// A local gateway of an outpost (X6).
    LocalGateway(Name),
    /// A core network of Cloud WAN (T9).
    CoreNetwork(Name),
    /// An id of a kind that is not known.
    Other(Name),
    /// None is told: the target of a blackhole is gone.
    Gone,
}

/// A route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RouteRecord")]
pub struct Route {
    /// What it is for.
    pub destination: Destination,
    /// Where it leads.
    pub target: RouteTarget,
    /// Whether its target is there; absent when not told.
    pub state: Option<Word<RouteState>>,
    /// How it came into the table.
    pub origin: Option<Word<RouteOrigin>>,
}

/// What a table is in force for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RouteAssociation {
    /// Whether it is for all subnets of the VPC that have none of their own (R6).
    #[serde(default, rename = "Main")]
    pub is_main: bool,
    /// A subnet.
    #[serde(default, rename = "SubnetId", deserialize_with = "filled")]
    pub subnet: Option<Name>,
    /// An internet or virtual private gateway (R9).
    #[serde(default, rename = "GatewayId", deserialize_with = "filled")]
    pub gateway: Option<Name>,
    /// Whether it is in force; absent when not told.
    #[serde(default, rename = "AssociationState")]
    pub state: Option<AssociationStateOf>,
}

/// The state of an association, with a message that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct AssociationStateOf {
    /// The state.
    #[serde(rename = "State")]
    pub state: Word<AssociationState>,
}

/// A route table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RouteTable {
    /// `rtb-…`
    #[serde(rename = "RouteTableId")]
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
    /// What it is in force for.
    #[serde(default)]
    pub associations: Box<[RouteAssociation]>,
    /// Its routes.
    #[serde(default)]
    pub routes: Box<[Route]>,
    /// The virtual private gateways that add routes (R10).
    #[serde(default, rename = "PropagatingVgws")]
    pub propagating: Box<[PropagatingGateway]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// A virtual private gateway that adds its routes to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct PropagatingGateway {
    /// `vgw-…`
    #[serde(rename = "GatewayId")]
    pub id: Name,
}

record!(RouteTable);

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct RouteRecord {
    destination_cidr_block: Option<Cidr>,
    destination_ipv6_cidr_block: Option<Cidr>,
    #[serde(deserialize_with = "filled")]
    destination_prefix_list_id: Option<Name>,
    gateway_id: Option<GatewayId>,
    #[serde(deserialize_with = "filled")]
    egress_only_internet_gateway_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    nat_gateway_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    vpc_peering_connection_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    transit_gateway_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    network_interface_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    instance_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    carrier_gateway_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    local_gateway_id: Option<Name>,
    #[serde(deserialize_with = "filled")]
    core_network_arn: Option<Name>,
    state: Option<Word<RouteState>>,
    origin: Option<Word<RouteOrigin>>,
}

/// A gateway by the kind that its id tells.
#[derive(Clone, Debug)]
struct GatewayId(RouteTarget);

impl<'de> Deserialize<'de> for GatewayId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<GatewayId, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        if text == "local" {
            return Ok(GatewayId(RouteTarget::Local));
        }
        let name = super::reading::intern(&text);
        let name = name.ok_or_else(|| serde::de::Error::custom("the names are over the limit"))?;
        Ok(GatewayId(match text.split('-').next() {
            Some("igw") => RouteTarget::InternetGateway(name),
            Some("vgw") => RouteTarget::VpnGateway(name),
            Some("vpce") => RouteTarget::VpcEndpoint(name),
            Some("eigw") => RouteTarget::EgressOnlyInternetGateway(name),
            _ => {
                note("gateway of a route", &text);
                RouteTarget::Other(name)
            }
        }))
    }
}

impl From<RouteRecord> for Route {
    fn from(record: RouteRecord) -> Route {
        let cidr = record.destination_cidr_block.or(record.destination_ipv6_cidr_block).map(Destination::Cidr);
        let destination = cidr.or(record.destination_prefix_list_id.map(Destination::PrefixList));
        if destination.is_none() {
            note("destination of a route", "none");
        }
        let target = record
            .gateway_id
            .map(|gateway| gateway.0)
            .or(record.egress_only_internet_gateway_id.map(RouteTarget::EgressOnlyInternetGateway))
            .or(record.nat_gateway_id.map(RouteTarget::NatGateway))
            .or(record.vpc_peering_connection_id.map(RouteTarget::Peering))
            .or(record.transit_gateway_id.map(RouteTarget::TransitGateway))
            .or(record.network_interface_id.map(RouteTarget::Interface))
            .or(record.instance_id.map(RouteTarget::Instance))
            .or(record.carrier_gateway_id.map(RouteTarget::CarrierGateway))
            .or(record.local_gateway_id.map(RouteTarget::LocalGateway))
            .or(record.core_network_arn.map(RouteTarget::CoreNetwork));
        Route {
            destination: destination.unwrap_or(Destination::Unknown),
            target: target.unwrap_or(RouteTarget::Gone),
            state: record.state,
            origin: record.origin,
        }
    }
}
