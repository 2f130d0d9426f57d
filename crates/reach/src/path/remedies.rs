//! What would let a flow pass a step that stops it.

use std::net::IpAddr;

use super::steps::Walk;
use crate::network::{Direction, Network, Protocol};
use crate::remedy::{Edit, acl_entry, host_block};
use crate::snapshot::{Destination, Name, Peer, Route, RouteState, RouteTarget, Rule, RuleAction, Word};

/// A rule of the first of the groups that admits just this flow.
pub(super) fn rule(walk: &Walk, groups: &[Name], direction: Direction, far: IpAddr) -> Option<Edit> {
    let number = walk.protocol.number()?;
    let (from, to) = match walk.protocol {
        Protocol::Icmp | Protocol::Icmpv6 => (Some(i32::from(walk.port >> 8)), Some(-1)),
        protocol if protocol.has_ports() => (Some(i32::from(walk.port)), Some(i32::from(walk.port))),
        _ => (None, None),
    };
    let protocol = crate::snapshot::Protocol::Number(number);
    let rule = Rule { id: None, protocol, from, to, peer: Peer::Cidr(host_block(far)) };
    Some(Edit::AddRule { group: *groups.first()?, direction, rule })
}

/// An entry before all others of its direction that lets just this packet pass.
pub(super) fn entry(
    walk: &Walk,
    network: &Network<'_>,
    acl: Option<usize>,
    direction: Direction,
    (port, far): (u16, IpAddr),
) -> Option<Edit> {
    let acl = network.snapshot().network_acls.at(acl?)?;
    let is_egress = direction == Direction::Egress;
    let lowest = acl.entries.iter().filter(|entry| entry.is_egress == is_egress).map(|entry| entry.number).min();
    let number = lowest.unwrap_or(100).checked_sub(1).filter(|number| *number > 0)?;
    let ports = if walk.protocol.is_icmp() { (port, port | 0xff) } else { (port, port) };
    let action = Word::Known(RuleAction::Allow);
    let entry = acl_entry(walk.protocol, ports, host_block(far), (number, action, is_egress))?;
    Some(Edit::AddEntries { acl: acl.id, entries: vec![entry] })
}

/// A route for just the far end.
pub(super) fn route(table: Name, far: IpAddr, target: RouteTarget) -> Option<Edit> {
    let destination = Destination::Cidr(host_block(far));
    // A local route covers the VPC already; what takes its place cannot be mended by another one.
    let is_local = target == RouteTarget::Local;
    let route = Route { destination, target, state: Some(Word::Known(RouteState::Active)), origin: None };
    (!is_local).then_some(Edit::AddRoute { table, route })
}
