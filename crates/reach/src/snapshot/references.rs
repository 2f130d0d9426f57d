//! References: ids that lead nowhere, each a problem with both names.
//!
//! Where nothing at all is known of a kind, that is one problem (see `missing`), not one for each reference to it. What
//! belongs to another account is said to: its configuration is in that account's snapshot, not lost.

use std::collections::BTreeSet;

use assay_model::evidence::ProblemKind;

use super::gateway::GatewayState;
use super::instance::InstanceState;
use super::kind::Kind;
use super::names::Name;
use super::presence::Presence;
use super::problems::Problems;
use super::route_table::{Destination, RouteState, RouteTarget};
use super::security_group::Peer;
use super::whole::Snapshot;

/// A look for references that lead nowhere.
struct Check<'a> {
    snapshot: &'a Snapshot,
    problems: &'a mut Problems,
    /// The kinds of which something is known.
    told: BTreeSet<Kind>,
}

impl Check<'_> {
    /// `from` names `to`, which has to be known.
    fn need(&mut self, from: Name, role: &str, to: impl IntoIterator<Item = Name>, kind: Kind) {
        for to in to {
            let snapshot = self.snapshot;
            let is_known = match kind {
                Kind::Vpcs => snapshot.vpcs.get(to).is_some(),
                Kind::Subnets => snapshot.subnets.get(to).is_some(),
                Kind::SecurityGroups => snapshot.security_groups.get(to).is_some(),
                Kind::NetworkInterfaces => snapshot.interfaces.get(to).is_some(),
                Kind::Instances => snapshot.instances.get(to).is_some(),
                Kind::RouteTables => snapshot.route_tables.get(to).is_some(),
                Kind::PrefixLists => snapshot.prefix_lists.get(to).is_some(),
                Kind::InternetGateways => snapshot.internet_gateways.get(to).is_some(),
                Kind::EgressOnlyInternetGateways => snapshot.egress_only_gateways.get(to).is_some(),
                Kind::NatGateways => snapshot.nat_gateways.get(to).is_some(),
                Kind::VpnGateways => snapshot.vpn_gateways.get(to).is_some(),
                Kind::CustomerGateways => snapshot.customer_gateways.get(to).is_some(),
                Kind::PeeringConnections => snapshot.peering_connections.get(to).is_some(),
                Kind::TransitGateways => snapshot.transit_gateways.get(to).is_some(),
                Kind::TransitAttachments => snapshot.transit_attachments.get(to).is_some(),
                Kind::TransitRouteTables => snapshot.transit_route_tables.get(to).is_some(),
                Kind::VpcEndpoints => snapshot.vpc_endpoints.get(to).is_some(),
                Kind::LoadBalancers => snapshot.load_balancers.get(to).is_some(),
                Kind::TargetGroups => snapshot.target_groups.get(to).is_some(),
                Kind::ConnectGateways => snapshot.connect_gateways.get(to).is_some(),
                _ => true,
            };
            if !is_known && self.told.contains(&kind) {
                let detail = format!("its {role} {} is not in the snapshot ({})", snapshot.text(to), kind.call());
                self.problems.add(snapshot.text(from), ProblemKind::NotFound, detail);
            }
        }
    }

    fn say(&mut self, subject: Name, detail: &str) {
        self.problems.add(self.snapshot.text(subject), ProblemKind::NotFound, detail);
    }
}

impl Snapshot {
    pub(crate) fn check_references(&self, problems: &mut Problems) {
        let kinds = self.presence.iter().filter(|(_, presence)| **presence != Presence::Missing);
        let told = kinds.map(|((_, kind), _)| *kind).collect();
        let mut check = Check { snapshot: self, problems, told };
        // Interfaces of instances stand in where their own list is missing; no conclusion follows from the absence of one.
        self.check_hosts(&mut check);
        self.check_groups(&mut check);
        self.check_routes(&mut check);
        self.check_gateways(&mut check);
        self.check_transit(&mut check);
        self.check_balancers(&mut check);
    }

    fn check_hosts(&self, check: &mut Check<'_>) {
        for subnet in self.subnets.iter() {
            check.need(subnet.id, "VPC", [subnet.vpc], Kind::Vpcs);
        }
        for interface in self.interfaces.iter() {
            check.need(interface.id, "VPC", interface.vpc, Kind::Vpcs);
            check.need(interface.id, "subnet", interface.subnet, Kind::Subnets);
            let groups = self.interfaces.groups(interface);
            check.need(interface.id, "security group", groups.iter().copied(), Kind::SecurityGroups);
        }
        for instance in self.instances.iter() {
            if instance.state.is_some_and(|state| state.is(InstanceState::Terminated)) {
                continue;
            }
            check.need(instance.id, "VPC", instance.vpc, Kind::Vpcs);
            check.need(instance.id, "subnet", instance.subnet, Kind::Subnets);
            check.need(instance.id, "security group", instance.groups.iter().copied(), Kind::SecurityGroups);
        }
        for address in self.addresses.iter() {
            check.need(address.id, "interface", address.interface, Kind::NetworkInterfaces);
        }
    }

    fn check_groups(&self, check: &mut Check<'_>) {
        for group in self.security_groups.iter() {
            check.need(group.id, "VPC", group.vpc, Kind::Vpcs);
            for rule in group.ingress.iter().chain(&group.egress) {
                match rule.peer {
                    Peer::Cidr(_) => {}
                    Peer::PrefixList(list) => check.need(group.id, "prefix list", [list], Kind::PrefixLists),
                    Peer::Group { id, owner, .. } if owner.is_some() && owner != group.owner => {
                        if self.security_groups.get(id).is_none() {
                            let detail = format!("the security group {} of another account is unknown", self.text(id));
                            check.say(group.id, &detail);
                        }
                    }
                    Peer::Group { id, .. } => check.need(group.id, "security group", [id], Kind::SecurityGroups),
                }
            }
        }
        for acl in self.network_acls.iter() {
            check.need(acl.id, "VPC", [acl.vpc], Kind::Vpcs);
            check.need(acl.id, "subnet", acl.associations.iter().map(|one| one.subnet), Kind::Subnets);
        }
    }

    fn check_routes(&self, check: &mut Check<'_>) {
        let mut with_main = BTreeSet::new();
        let mut with_own = BTreeSet::new();
        for table in self.route_tables.iter() {
            check.need(table.id, "VPC", [table.vpc], Kind::Vpcs);
            for association in &table.associations {
                with_own.extend(association.subnet);
                if association.is_main && !with_main.insert(table.vpc) {
                    check.say(table.id, "its VPC has another main route table");
                }
                check.need(table.id, "subnet", association.subnet, Kind::Subnets);
            }
            for route in &table.routes {
                if let Destination::PrefixList(list) = route.destination {
                    check.need(table.id, "prefix list", [list], Kind::PrefixLists);
                }
                if route.state.is_some_and(|state| state.is(RouteState::Blackhole)) {
                    continue;
                }
                let (role, id, kind) = match route.target {
                    RouteTarget::InternetGateway(id) => ("internet gateway", id, Kind::InternetGateways),
                    RouteTarget::EgressOnlyInternetGateway(id) => ("gateway", id, Kind::EgressOnlyInternetGateways),
                    RouteTarget::VpnGateway(id) => ("virtual private gateway", id, Kind::VpnGateways),
                    RouteTarget::VpcEndpoint(id) => ("VPC endpoint", id, Kind::VpcEndpoints),
                    RouteTarget::NatGateway(id) => ("NAT gateway", id, Kind::NatGateways),
                    RouteTarget::Peering(id) => ("peering connection", id, Kind::PeeringConnections),
                    RouteTarget::TransitGateway(id) => ("transit gateway", id, Kind::TransitGateways),
                    RouteTarget::Interface(id) => ("interface", id, Kind::NetworkInterfaces),
                    RouteTarget::Instance(id) => ("instance", id, Kind::Instances),
                    RouteTarget::Gone => {
                        check.say(table.id, "a route of it leads nowhere, and is no blackhole");
                        continue;
                    }
                    _ => continue,
                };
                check.need(table.id, role, [id], kind);
            }
        }
        if !check.told.contains(&Kind::RouteTables) {
            return;
        }
        for subnet in self.subnets.iter() {
            if !with_own.contains(&subnet.id) && !with_main.contains(&subnet.vpc) {
                check.say(subnet.id, "neither it nor its VPC has a route table in the snapshot");
            }
        }
    }

    fn check_gateways(&self, check: &mut Check<'_>) {
        for gateway in self.internet_gateways.iter().chain(self.egress_only_gateways.iter()) {
            check.need(gateway.id, "VPC", gateway.attachments.iter().map(|one| one.vpc), Kind::Vpcs);
        }
        let is_gone = |state: Option<super::word::Word<GatewayState>>| {
            state.is_some_and(|state| state.is(GatewayState::Deleted) || state.is(GatewayState::Failed))
        };
        for gateway in self.nat_gateways.iter().filter(|gateway| !is_gone(gateway.state)) {
            check.need(gateway.id, "VPC", gateway.vpc, Kind::Vpcs);
            check.need(gateway.id, "subnet", gateway.subnet, Kind::Subnets);
        }
        for gateway in self.vpn_gateways.iter().filter(|gateway| !is_gone(gateway.state)) {
            let attached =
                gateway.attachments.iter().filter(|one| one.state.is_none_or(|s| s.is(GatewayState::Attached)));
            check.need(gateway.id, "VPC", attached.map(|one| one.vpc), Kind::Vpcs);
        }
        for vpn in self.vpn_connections.iter().filter(|vpn| !is_gone(vpn.state)) {
            check.need(vpn.id, "customer gateway", vpn.customer_gateway, Kind::CustomerGateways);
            check.need(vpn.id, "virtual private gateway", vpn.vpn_gateway, Kind::VpnGateways);
            check.need(vpn.id, "transit gateway", vpn.transit_gateway, Kind::TransitGateways);
        }
        for peering in self.peering_connections.iter().filter(|peering| peering.is_active()) {
            for side in [&peering.requester, &peering.accepter] {
                if side.vpc.is_none_or(|vpc| self.vpcs.get(vpc).is_none()) {
                    let vpc = side.vpc.map_or("one side", |vpc| self.text(vpc));
                    check.say(peering.id, &format!("{vpc} of it is not in the snapshot"));
                }
            }
        }
        for endpoint in self.vpc_endpoints.iter() {
            check.need(endpoint.id, "VPC", endpoint.vpc, Kind::Vpcs);
            check.need(endpoint.id, "subnet", endpoint.subnets.iter().copied(), Kind::Subnets);
            check.need(endpoint.id, "interface", endpoint.interfaces.iter().copied(), Kind::NetworkInterfaces);
            check.need(endpoint.id, "route table", endpoint.route_tables.iter().copied(), Kind::RouteTables);
        }
        for interface in self.virtual_interfaces.iter() {
            check.need(interface.id, "virtual private gateway", interface.vpn_gateway, Kind::VpnGateways);
            check.need(interface.id, "Direct Connect gateway", interface.gateway, Kind::ConnectGateways);
        }
        for association in self.connect_associations.iter() {
            check.need(association.id, "Direct Connect gateway", [association.gateway], Kind::ConnectGateways);
        }
    }

    fn check_transit(&self, check: &mut Check<'_>) {
        for attachment in self.transit_attachments.iter() {
            check.need(attachment.id, "transit gateway", attachment.transit_gateway, Kind::TransitGateways);
            check.need(attachment.id, "route table", attachment.route_table, Kind::TransitRouteTables);
            check.need(attachment.id, "subnet", attachment.subnets.iter().copied(), Kind::Subnets);
        }
        for table in self.transit_route_tables.iter() {
            check.need(table.id, "transit gateway", [table.transit_gateway], Kind::TransitGateways);
            let routes = table.routes.iter().flatten().flat_map(|route| route.attachments.iter());
            let links = routes.chain(table.associations.iter().flatten()).chain(table.propagations.iter().flatten());
            check.need(table.id, "attachment", links.map(|link| link.attachment), Kind::TransitAttachments);
        }
    }

    fn check_balancers(&self, check: &mut Check<'_>) {
        for balancer in self.load_balancers.iter() {
            check.need(balancer.id, "VPC", balancer.vpc, Kind::Vpcs);
            check.need(balancer.id, "subnet", balancer.zones.iter().filter_map(|zone| zone.subnet), Kind::Subnets);
            check.need(balancer.id, "security group", balancer.security_groups.iter().copied(), Kind::SecurityGroups);
            for listener in balancer.listeners.iter().flatten() {
                let rules = listener.rules.iter().flatten().flat_map(|rule| rule.actions.iter());
                for action in listener.default_actions.iter().chain(rules) {
                    check.need(listener.id, "target group", action.target_groups(), Kind::TargetGroups);
                }
            }
        }
        for group in self.target_groups.iter() {
            check.need(group.id, "load balancer", group.balancers.iter().copied(), Kind::LoadBalancers);
            let instances = group.targets.iter().flatten().map(|target| target.target.id);
            let instances = instances.filter(|id| self.text(*id).starts_with("i-"));
            check.need(group.id, "target", instances, Kind::Instances);
        }
        for balancer in self.classic_balancers.iter() {
            check.need(balancer.id, "subnet", balancer.subnets.iter().copied(), Kind::Subnets);
            check.need(balancer.id, "security group", balancer.security_groups.iter().copied(), Kind::SecurityGroups);
            check.need(balancer.id, "instance", balancer.instances.iter().map(|one| one.id), Kind::Instances);
        }
        for service in self.endpoint_services.iter() {
            let balancers = service.network_balancers.iter().chain(&service.gateway_balancers).copied();
            check.need(service.id, "load balancer", balancers, Kind::LoadBalancers);
        }
    }
}
