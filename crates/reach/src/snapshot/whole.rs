//! The snapshot as a whole.

use std::collections::BTreeMap;

use assay_model::evidence::Problem;

use super::balancer::{LoadBalancer, TargetGroup};
use super::classic_balancer::ClassicBalancer;
use super::direct_connect::{ConnectAssociation, ConnectGateway, VirtualInterface};
use super::endpoint::{EndpointService, VpcEndpoint};
use super::gateway::{CustomerGateway, InternetGateway, NatGateway, VpnConnection, VpnGateway};
use super::instance::Instance;
use super::interface::{ElasticAddress, Interfaces};
use super::kind::Kind;
use super::names::{Name, Names};
use super::network_acl::NetworkAcl;
use super::peering::PeeringConnection;
use super::prefix_list::PrefixList;
use super::presence::Presence;
use super::public_access::{BlockPublicAccess, PublicAccessExclusion};
use super::route_table::RouteTable;
use super::scope::{Scope, ScopeId};
use super::security_group::SecurityGroup;
use super::subnet::{Subnet, Vpc};
use super::table::Table;
use super::transit::{TransitAttachment, TransitGateway, TransitRouteTable};

/// The configuration of the networks of some accounts and regions.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each table is named after what it holds")]
pub struct Snapshot {
    /// The text of every [`Name`].
    pub names: Names,
    /// The accounts and regions; a [`ScopeId`] is a place here.
    pub scopes: Vec<Scope>,
    /// What could not be read, is missing or leads nowhere.
    pub problems: Vec<Problem>,
    pub vpcs: Table<Vpc>,
    pub subnets: Table<Subnet>,
    pub security_groups: Table<SecurityGroup>,
    pub interfaces: Interfaces,
    pub instances: Table<Instance>,
    pub route_tables: Table<RouteTable>,
    pub network_acls: Table<NetworkAcl>,
    pub prefix_lists: Table<PrefixList>,
    pub addresses: Table<ElasticAddress>,
    pub internet_gateways: Table<InternetGateway>,
    pub egress_only_gateways: Table<InternetGateway>,
    pub nat_gateways: Table<NatGateway>,
    pub vpn_gateways: Table<VpnGateway>,
    pub customer_gateways: Table<CustomerGateway>,
    pub vpn_connections: Table<VpnConnection>,
    pub peering_connections: Table<PeeringConnection>,
    pub transit_gateways: Table<TransitGateway>,
    pub transit_attachments: Table<TransitAttachment>,
    pub transit_route_tables: Table<TransitRouteTable>,
    pub vpc_endpoints: Table<VpcEndpoint>,
    pub endpoint_services: Table<EndpointService>,
    pub public_access: Vec<BlockPublicAccess>,
    pub public_access_exclusions: Table<PublicAccessExclusion>,
    pub load_balancers: Table<LoadBalancer>,
    pub target_groups: Table<TargetGroup>,
    pub classic_balancers: Table<ClassicBalancer>,
    pub connect_gateways: Table<ConnectGateway>,
    pub connect_associations: Table<ConnectAssociation>,
    pub virtual_interfaces: Table<VirtualInterface>,
    pub(crate) presence: BTreeMap<(ScopeId, Kind), Presence>,
}

impl Snapshot {
    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// The account and region of an object.
    pub fn scope(&self, id: ScopeId) -> Scope {
        self.scopes.get(id.index()).copied().unwrap_or(Scope { account: None, region: None })
    }

    /// How much of a kind is known in an account and region.
    pub fn presence(&self, scope: ScopeId, kind: Kind) -> Presence {
        self.presence.get(&(scope, kind)).copied().unwrap_or(Presence::Missing)
    }

    /// The kinds of which no file tells, by account and region: nothing follows from their absence.
    pub fn missing(&self) -> impl Iterator<Item = (ScopeId, Kind)> {
        let scopes = (0..self.scopes.len()).filter_map(|scope| Some(ScopeId(u16::try_from(scope).ok()?)));
        scopes
            .flat_map(|scope| Kind::all().map(move |kind| (scope, kind)))
            .filter(|(scope, kind)| !kind.is_detail() && self.presence(*scope, *kind) == Presence::Missing)
    }

    /// An account and region for people: `123456789012 eu-west-1`.
    pub fn scope_text(&self, id: ScopeId) -> String {
        let scope = self.scope(id);
        let parts = [scope.account, scope.region].into_iter().flatten().map(|name| self.text(name));
        let text = parts.collect::<Vec<_>>().join(" ");
        if text.is_empty() { "snapshot".to_owned() } else { text }
    }
}
