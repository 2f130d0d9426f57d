//! VPC endpoints, and the services of one's own that others reach by them (K1, K2).

use serde::Deserialize;

use super::interface::GroupId;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// The type of an endpoint.
    EndpointKind, "type of an endpoint":
    Interface = "Interface", Gateway = "Gateway", GatewayLoadBalancer = "GatewayLoadBalancer", Resource = "Resource",
    ServiceNetwork = "ServiceNetwork",
}

words! {
    /// The state of an endpoint.
    EndpointState, "state of an endpoint":
    PendingAcceptance = "PendingAcceptance" | "pendingAcceptance", Pending = "Pending" | "pending",
    Available = "Available" | "available", Deleting = "Deleting" | "deleting", Deleted = "Deleted" | "deleted",
    Rejected = "Rejected" | "rejected", Failed = "Failed" | "failed", Expired = "Expired" | "expired",
    Partial = "Partial" | "partial",
}

/// An endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "EndpointRecord")]
pub struct VpcEndpoint {
    /// `vpce-…`
    pub id: Name,
    /// Its account and region.
    pub scope: ScopeId,
    /// Its type.
    pub kind: Option<Word<EndpointKind>>,
    /// Its state.
    pub state: Option<Word<EndpointState>>,
    /// Its VPC.
    pub vpc: Option<Name>,
    /// The service that it leads to.
    pub service: Option<Name>,
    /// The route tables that lead to it (K1).
    pub route_tables: Box<[Name]>,
    /// Its subnets.
    pub subnets: Box<[Name]>,
    /// Its interfaces.
    pub interfaces: Box<[Name]>,
    /// Its security groups.
    pub groups: Box<[Name]>,
    /// Its tags.
    pub tags: Box<[Tag]>,
}

/// A service that other VPCs reach by an endpoint.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointService {
    /// `vpce-svc-…`
    #[serde(rename = "ServiceId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its name, which endpoints refer to.
    #[serde(default, rename = "ServiceName", deserialize_with = "filled")]
    pub name: Option<Name>,
    /// Its state.
    #[serde(rename = "ServiceState")]
    pub state: Option<Word<EndpointState>>,
    /// Whether each endpoint has to be accepted.
    pub acceptance_required: Option<bool>,
    /// The network load balancers behind it.
    #[serde(default, rename = "NetworkLoadBalancerArns")]
    pub network_balancers: Box<[Name]>,
    /// The gateway load balancers behind it.
    #[serde(default, rename = "GatewayLoadBalancerArns")]
    pub gateway_balancers: Box<[Name]>,
    /// Who may make an endpoint; `None` when no file tells.
    #[serde(skip)]
    pub principals: Option<Vec<AllowedPrincipal>>,
}

/// Someone who may make an endpoint to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AllowedPrincipal {
    /// An ARN, or `*`.
    pub principal: Name,
}

record!(VpcEndpoint, EndpointService);

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointRecord {
    #[serde(rename = "VpcEndpointId")]
    id: Name,
    #[serde(rename = "VpcEndpointType")]
    kind: Option<Word<EndpointKind>>,
    state: Option<Word<EndpointState>>,
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    vpc: Option<Name>,
    #[serde(default, rename = "ServiceName", deserialize_with = "filled")]
    service: Option<Name>,
    #[serde(default)]
    route_table_ids: Box<[Name]>,
    #[serde(default)]
    subnet_ids: Box<[Name]>,
    #[serde(default)]
    network_interface_ids: Box<[Name]>,
    #[serde(default)]
    groups: Vec<GroupId>,
    #[serde(default)]
    tags: Box<[Tag]>,
}

impl From<EndpointRecord> for VpcEndpoint {
    fn from(record: EndpointRecord) -> VpcEndpoint {
        VpcEndpoint {
            id: record.id,
            scope: ScopeId::default(),
            kind: record.kind,
            state: record.state,
            vpc: record.vpc,
            service: record.service,
            route_tables: record.route_table_ids,
            subnets: record.subnet_ids,
            interfaces: record.network_interface_ids,
            groups: record.groups.into_iter().map(|group| group.id).collect(),
            tags: record.tags,
        }
    }
}
