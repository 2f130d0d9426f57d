//! Gates: the rules that open an exposure, in the order of its path.

use std::net::IpAddr;

use serde::Serialize;

use super::row::{Exposure, Sources, ports_text};
use crate::network::{Direction, Fit, Network, Peers, Protocol, RuleSource, View, acl_line, fit, in_order};
use crate::sets::{AddressSet, Family, Verdict};
use crate::snapshot::{Interface, Name, NetworkAcl, Peer, RouteTarget, Rule, Snapshot};

/// A setting that a packet or its answer passes by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Gate {
    /// What it is: `gateway`, `public-address`, `route`, `network-acl`, `security-group`, `load-balancer`, `target-group` …
    pub kind: &'static str,
    /// The object.
    pub id: String,
    /// The rule of it.
    pub rule: String,
}

impl Gate {
    pub(crate) fn new(kind: &'static str, id: impl Into<String>, rule: impl Into<String>) -> Gate {
        Gate { kind, id: id.into(), rule: rule.into() }
    }
}

/// The gates of an exposure.
pub(crate) fn gates(network: &Network<'_>, exposure: &Exposure) -> Vec<Gate> {
    let snapshot = network.snapshot;
    let Some(interface) = snapshot.interfaces.get(exposure.interface) else { return Vec::new() };
    let edge = &exposure.edge;
    let mut gates = Vec::new();
    if let Some(via) = &exposure.via {
        gates.extend(via.gates.iter().cloned());
        return gates;
    }
    gates.push(Gate::new("gateway", snapshot.text(edge.gateway), exposure.origin.text(snapshot)));
    gates.extend(public_address(snapshot, interface, exposure.address).filter(|_| edge.needs_public));
    let sources = match &exposure.sources {
        Sources::Addresses(addresses) => addresses.clone(),
        Sources::Everything => edge.sources.clone(),
        Sources::Principals(_) => AddressSet::default(),
    };
    let question = Question {
        family: exposure.family(),
        protocol: exposure.protocol,
        ports: (exposure.from, exposure.to),
        far: &sources,
    };
    gates.extend(acl_gates(network, interface.subnet, Direction::Ingress, &question));
    let peers = edge.bearers.map_or(Peers::Nobody, Peers::Vpc);
    gates.extend(group_gates(network, snapshot.interfaces.groups(interface), Direction::Ingress, peers, &question));
    let target = match exposure.origin {
        super::Origin::Internet => RouteTarget::InternetGateway(edge.gateway),
        super::Origin::Peered(_) => RouteTarget::Peering(edge.gateway),
        super::Origin::Vpn(_) => RouteTarget::VpnGateway(edge.gateway),
        super::Origin::Transit { .. } | super::Origin::PrivateLink(_) => RouteTarget::TransitGateway(edge.gateway),
    };
    gates.extend(route_gates(network, interface.subnet, target, &question));
    let answer = match question.protocol.has_ports() {
        true => exposure.client_ports.ranges().first().copied().unwrap_or((0, u16::MAX)),
        false => (0, u16::MAX),
    };
    gates.extend(acl_gates(network, interface.subnet, Direction::Egress, &Question { ports: answer, ..question }));
    gates
}

/// Which packets a gate is asked for: the far end, and the ports of the destination.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) family: Family,
    pub(crate) protocol: Protocol,
    pub(crate) ports: (u16, u16),
    pub(crate) far: &'a AddressSet,
}

fn public_address(snapshot: &Snapshot, interface: &Interface, private: IpAddr) -> Option<Gate> {
    let addresses = snapshot.interfaces.addresses(interface).iter();
    let public =
        addresses.filter(|address| IpAddr::from(address.private) == private).find_map(|address| address.public)?;
    Some(Gate::new("public-address", snapshot.text(interface.id), format!("{public} is {private}")))
}

/// The rules of a set of groups that admit some of the packets.
pub(crate) fn group_gates(
    network: &Network<'_>,
    groups: &[Name],
    direction: Direction,
    peers: Peers<'_>,
    question: &Question<'_>,
) -> Vec<Gate> {
    let (from, to) = question.ports;
    let mut gates = Vec::new();
    for group in groups {
        let rules = network.rules_of(*group).map(|rules| rules.in_direction(direction)).unwrap_or_default();
        for (rule, source) in rules {
            let Fit::Ports(first, last) = fit(rule.protocol, question.protocol, rule.from, rule.to) else { continue };
            let addresses = network.book().addresses(source, question.family, peers, View::Certain);
            if first <= to && from <= last && addresses.overlaps(question.far) {
                let text = rule_text(network.snapshot, rule, source, direction, (question.protocol, first, last));
                gates.push(Gate::new("security-group", network.snapshot.text(*group), text));
            }
        }
    }
    gates
}

pub(crate) fn rule_text(
    snapshot: &Snapshot,
    rule: &Rule,
    source: &RuleSource,
    direction: Direction,
    (protocol, first, last): (Protocol, u16, u16),
) -> String {
    let peer = match rule.peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::PrefixList(list) => snapshot.text(list).to_owned(),
        Peer::Group { id, .. } => snapshot.text(id).to_owned(),
    };
    let is_unknown = matches!(source, RuleSource::Unknown);
    let id = rule.id.map(|id| format!(" ({})", snapshot.text(id))).unwrap_or_default();
    let (way, toward) = match direction {
        Direction::Ingress => ("ingress", "from"),
        Direction::Egress => ("egress", "to"),
    };
    let protocol = match rule.protocol {
        crate::snapshot::Protocol::All => "all".to_owned(),
        _ => format!("{protocol} {}", ports_text(protocol, first, last)),
    };
    let unknown = if is_unknown { " (not known)" } else { "" };
    format!("{way} {protocol} {toward} {peer}{unknown}{id}")
}

/// The entries of a subnet's ACL that let some of the packets pass.
pub(crate) fn acl_gates(
    network: &Network<'_>,
    subnet: Option<Name>,
    direction: Direction,
    question: &Question<'_>,
) -> Vec<Gate> {
    let place = network.place(network.place_of(subnet));
    let Some(acl) = place.acl.and_then(|acl| network.snapshot.network_acls.at(acl)) else { return Vec::new() };
    let way = if direction == Direction::Ingress { "ingress" } else { "egress" };
    let id = network.snapshot.text(acl.id);
    passing_entries(acl, direction, question)
        .into_iter()
        .map(|number| Gate::new("network-acl", id, format!("{way} {number} allow")))
        .collect()
}

/// The numbers of the entries that let packets pass which no entry before them decided.
fn passing_entries(acl: &NetworkAcl, direction: Direction, question: &Question<'_>) -> Vec<u32> {
    let (from, to) = question.ports;
    let mut numbers = Vec::new();
    let mut open = question.far.clone();
    for entry in in_order(acl, direction) {
        let Some(((verdict, first, last, addresses), _)) =
            acl_line(entry, question.family, question.protocol, View::Certain)
        else {
            continue;
        };
        if last < from || to < first || !addresses.overlaps(&open) {
            continue;
        }
        if verdict == Verdict::Allow {
            numbers.push(entry.number);
        }
        if first <= from && to <= last {
            open = open.difference(&addresses);
        }
    }
    numbers
}

/// The routes that take answers back.
pub(crate) fn route_gates(
    network: &Network<'_>,
    subnet: Option<Name>,
    target: RouteTarget,
    question: &Question<'_>,
) -> Vec<Gate> {
    let place = network.place(network.place_of(subnet));
    let table = place.table.and_then(|table| network.snapshot.route_tables.at(table));
    let plan = place.table.and_then(|table| network.plans.get(table));
    let (Some(table), Some(plan)) = (table, plan) else { return Vec::new() };
    let snapshot = network.snapshot;
    let lines = plan.lines(question.family).iter().filter(|line| line.target == Some(target));
    let used = lines.filter(|line| line.addresses.overlaps(question.far));
    used.map(|line| {
        Gate::new("route", snapshot.text(table.id), format!("{} to {}", line.block, target_text(snapshot, target)))
    })
    .collect()
}

/// A target of a route for people.
pub(crate) fn target_text(snapshot: &Snapshot, target: RouteTarget) -> String {
    match target {
        RouteTarget::Local => "local".to_owned(),
        RouteTarget::Gone => "nowhere".to_owned(),
        RouteTarget::InternetGateway(id)
        | RouteTarget::EgressOnlyInternetGateway(id)
        | RouteTarget::VpnGateway(id)
        | RouteTarget::VpcEndpoint(id)
        | RouteTarget::NatGateway(id)
        | RouteTarget::Peering(id)
        | RouteTarget::TransitGateway(id)
        | RouteTarget::Interface(id)
        | RouteTarget::Instance(id)
        | RouteTarget::CarrierGateway(id)
        | RouteTarget::LocalGateway(id)
        | RouteTarget::CoreNetwork(id)
        | RouteTarget::Other(id) => snapshot.text(id).to_owned(),
    }
}
