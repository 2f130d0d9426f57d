//! Candidates: the settings that let one packet through, each with the edit that stops it.

use std::net::IpAddr;

use super::edit::Edit;
use super::target::Wanted;
use crate::exposure::{Exposure, Origin, Via, balancer};
use crate::network::{Direction, Fit, Network, Peers, Protocol, View, fit};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    AclEntry, Cidr, Destination, IcmpTypeCode, Interface, Name, Peer, PortRange, Route, RouteTarget, Rule, RuleAction,
    Snapshot, Word,
};

/// More blocks than these are not written into rules or entries.
const BLOCKS: usize = 20;

/// The edits that may stop a packet of an exposure. `original` is the snapshot before any edit.
pub(super) fn candidates(
    original: &Snapshot,
    network: &Network<'_>,
    wanted: &Wanted,
    exposure: &Exposure,
    (port, source): (u16, u128),
) -> Vec<Edit> {
    let snapshot = network.snapshot;
    let Some(interface) = snapshot.interfaces.get(exposure.interface) else { return Vec::new() };
    let mut edits = Vec::new();
    let edge = &exposure.edge;
    let one = AddressSet::of_ranges(vec![(source, source)]);
    let bearers = edge.bearers.map_or(Peers::Nobody, Peers::Vpc);
    match &exposure.via {
        Some(via) => through(network, wanted, exposure, via, (port, &one), &mut edits),
        None => {
            let groups = snapshot.interfaces.groups(interface);
            let asked = Asked { family: edge.family, protocol: exposure.protocol, port, far: &one };
            let admitting = rules(network, groups, bearers, asked);
            edits.extend(admitting.iter().map(|(group, rule)| narrowed(wanted, edge.family, *group, rule)));
            edits.extend(detached(interface, groups, admitting.iter().map(|(group, _)| *group)));
            if let (IpAddr::V4(private), true) = (exposure.address, edge.needs_public) {
                edits.push(Edit::ReleaseAddress { interface: interface.id, private });
            }
            edits.extend(denied(original, network, wanted, (interface, edge.family)));
            edits.extend(unrouted(network, interface, exposure, source));
        }
    }
    if exposure.origin == Origin::Internet
        && let Some(vpc) = vpc_of(network, exposure, interface)
    {
        edits.push(Edit::BlockPublicAccess { vpc });
    }
    edits
}

/// The VPC whose internet gateway it is.
fn vpc_of(network: &Network<'_>, exposure: &Exposure, interface: &Interface) -> Option<Name> {
    let owns = |view: &crate::network::VpcView| view.internet.contains(&exposure.edge.gateway);
    let place = network.vpcs.iter().position(owns);
    place.and_then(|place| network.snapshot.vpcs.at(place)).map(|vpc| vpc.id).or(interface.vpc)
}

/// A packet that rules are asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    family: Family,
    protocol: Protocol,
    port: u16,
    far: &'a AddressSet,
}

/// The rules of groups that may admit a packet.
fn rules(network: &Network<'_>, groups: &[Name], peers: Peers<'_>, asked: Asked<'_>) -> Vec<(Name, Rule)> {
    let mut found = Vec::new();
    for group in groups {
        let own = network.rules_of(*group).map(|rules| rules.in_direction(Direction::Ingress)).unwrap_or_default();
        for (rule, source) in own {
            let fits = match fit(rule.protocol, asked.protocol, rule.from, rule.to) {
                Fit::Ports(from, to) => (from..=to).contains(&asked.port),
                Fit::Unknown => true,
                Fit::No => false,
            };
            let book = network.book();
            if fits && book.addresses(source, asked.family, peers, View::Possible).overlaps(asked.far) {
                found.push((*group, **rule));
            }
        }
    }
    found
}

/// A rule without what is wanted closed, where that can be written; else no rule.
fn narrowed(wanted: &Wanted, family: Family, group: Name, rule: &Rule) -> Edit {
    let by = left_of(wanted, family, rule).filter(|by| by.len() <= BLOCKS).unwrap_or_default();
    Edit::ReplaceRule { group, direction: Direction::Ingress, rule: *rule, by }
}

fn left_of(wanted: &Wanted, family: Family, rule: &Rule) -> Option<Vec<Rule>> {
    let crate::snapshot::Protocol::Number(_) = rule.protocol else { return None };
    let Fit::Ports(from, to) = fit(rule.protocol, wanted.protocol, rule.from, rule.to) else { return None };
    if !wanted.protocol.has_ports() {
        return None;
    }
    let (first, last) = wanted.ports;
    let with = |from: u16, to: u16, peer: Peer| Rule {
        id: None,
        protocol: rule.protocol,
        from: Some(i32::from(from)),
        to: Some(i32::from(to)),
        peer,
    };
    let mut left = Vec::new();
    if from < first {
        left.push(with(from, (first - 1).min(to), rule.peer));
    }
    if to > last {
        left.push(with((last + 1).max(from), to, rule.peer));
    }
    if let (Some(sources), Peer::Cidr(cidr)) = (wanted.sources(family), rule.peer) {
        let rest = AddressSet::block(cidr).difference(sources).cidrs(family);
        let blocks = rest.into_iter().map(|block| with(from.max(first), to.min(last), Peer::Cidr(block)));
        left.extend(blocks.take(BLOCKS + 1));
    }
    Some(left)
}

/// An interface has to have a group.
fn detached(interface: &Interface, groups: &[Name], admitting: impl Iterator<Item = Name>) -> Vec<Edit> {
    if groups.len() < 2 {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = admitting.map(|group| Edit::DetachGroup { interface: interface.id, group }).collect();
    edits.dedup();
    edits
}

/// Entries before all others of the subnet's ACL. EC2 numbers entries from 1.
fn denied(
    original: &Snapshot,
    network: &Network<'_>,
    wanted: &Wanted,
    (interface, family): (&Interface, Family),
) -> Option<Edit> {
    let place = network.place(network.place_of(interface.subnet));
    let id = network.snapshot.network_acls.at(place.acl?)?.id;
    let acl = original.network_acls.get(id)?;
    let numbers = acl.entries.iter().filter(|entry| !entry.is_egress).map(|entry| entry.number);
    let lowest = numbers.min().unwrap_or(1000);
    let blocks = match wanted.sources(family) {
        Some(sources) => sources.cidrs(family),
        None => AddressSet::all(family).cidrs(family),
    };
    let begin = lowest.checked_sub(u32::try_from(blocks.len()).ok()?).filter(|begin| *begin > 0)?;
    if blocks.len() > BLOCKS || blocks.is_empty() {
        return None;
    }
    let entry = |(block, number): (Cidr, u32)| entry_of(wanted, number, block, Word::Known(RuleAction::Deny), false);
    let entries: Option<Vec<AclEntry>> = blocks.into_iter().zip(begin..).map(entry).collect();
    Some(Edit::AddEntries { acl: id, entries: entries? })
}

/// An entry for the ports that are wanted; `None` where an entry cannot say them.
fn entry_of(wanted: &Wanted, number: u32, block: Cidr, action: Word<RuleAction>, is_egress: bool) -> Option<AclEntry> {
    entry(wanted.protocol, wanted.ports, block, (number, action, is_egress))
}

/// An entry of a network ACL; `None` where it cannot be written as one.
pub(crate) fn entry(
    protocol: Protocol,
    (from, to): (u16, u16),
    block: Cidr,
    (number, action, is_egress): (u32, Word<RuleAction>, bool),
) -> Option<AclEntry> {
    let told = protocol.number()?;
    let of_port = |port: u16| Some(i32::from(port));
    let ports = protocol.has_ports().then_some(PortRange { from: of_port(from), to: of_port(to) });
    let icmp = match protocol.is_icmp() {
        false => None,
        true if (from, to) == (0, u16::MAX) => Some(IcmpTypeCode { kind: Some(-1), code: Some(-1) }),
        true if from >> 8 == to >> 8 && from & 0xff == 0 && (to & 0xff == 0xff || from == to) => {
            Some(IcmpTypeCode { kind: of_port(from >> 8), code: if from == to { Some(0) } else { Some(-1) } })
        }
        true => return None,
    };
    let (ipv4, ipv6) = if block.is_ipv6() { (None, Some(block)) } else { (Some(block), None) };
    let protocol = crate::snapshot::Protocol::Number(told);
    Some(AclEntry { number, is_egress, protocol, action, ipv4, ipv6, ports, icmp })
}

/// The routes that take the answer back.
fn unrouted(network: &Network<'_>, interface: &Interface, exposure: &Exposure, source: u128) -> Vec<Edit> {
    let snapshot = network.snapshot;
    let gateway = exposure.edge.gateway;
    let target = match exposure.origin {
        Origin::Internet => RouteTarget::InternetGateway(gateway),
        Origin::Peered(_) => RouteTarget::Peering(gateway),
        Origin::Vpn(_) => RouteTarget::VpnGateway(gateway),
        Origin::Transit { .. } => RouteTarget::TransitGateway(gateway),
        Origin::PrivateLink(_) => return Vec::new(),
    };
    let place = network.place(network.place_of(interface.subnet));
    let Some(table) = place.table.and_then(|table| snapshot.route_tables.at(table)) else { return Vec::new() };
    let family = exposure.edge.family;
    let takes = |route: &&Route| {
        let blocks = match route.destination {
            Destination::Cidr(block) => vec![block],
            Destination::PrefixList(list) => {
                snapshot.prefix_lists.get(list).and_then(|list| list.entries.clone()).unwrap_or_default().to_vec()
            }
            Destination::Unknown => Vec::new(),
        };
        route.target == target && AddressSet::blocks_of(family, blocks).contains_number(source)
    };
    table.routes.iter().filter(takes).map(|route| Edit::RemoveRoute { table: table.id, route: *route }).collect()
}

/// By a load balancer: its listener, its groups, and those of the target.
fn through(
    network: &Network<'_>,
    wanted: &Wanted,
    exposure: &Exposure,
    via: &Via,
    (port, source): (u16, &AddressSet),
    edits: &mut Vec<Edit>,
) {
    let snapshot = network.snapshot;
    let edge = &exposure.edge;
    edits.push(Edit::RemoveListener { balancer: via.balancer, port: via.listener });
    let Some(interface) = snapshot.interfaces.get(exposure.interface) else { return };
    let all = balancer::all(network);
    let Some(known) = all.iter().find(|known| known.id == via.balancer) else { return };
    let front = known.groups.as_deref().unwrap_or_default();
    let bearers = edge.bearers.map_or(Peers::Nobody, Peers::Vpc);
    // The port of the listener is not that of the target (L3): such a rule goes as a whole, or keeps its other ports.
    let listened = wanted.clone().at_port(via.listener);
    if !matches!(exposure.origin, Origin::PrivateLink(_)) || known.guards_private_link {
        let asked = Asked { family: edge.family, protocol: exposure.protocol, port: via.listener, far: source };
        let admitting = rules(network, front, bearers, asked);
        edits.extend(admitting.iter().map(|(group, rule)| narrowed(&listened, edge.family, *group, rule)));
    }
    let family = Family::of(exposure.address);
    let nodes = AddressSet::union_of(known.nodes.iter().map(|node| node.addresses(family)));
    let groups = snapshot.interfaces.groups(interface);
    // A target sees the node, or the client, or the load balancer's group.
    let seen = nodes.union(source);
    let mut admitting = rules(
        network,
        groups,
        Peers::Known(front, &seen),
        Asked { family, protocol: exposure.protocol, port, far: &seen },
    );
    admitting.dedup();
    let anyone = wanted.clone().without_sources();
    edits.extend(admitting.iter().map(|(group, rule)| narrowed(&anyone, family, *group, rule)));
    edits.extend(detached(interface, groups, admitting.iter().map(|(group, _)| *group)));
}
