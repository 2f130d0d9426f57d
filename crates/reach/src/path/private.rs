//! Flows between interfaces, and from networks behind a VPN: within a VPC, by peering, by transit gateway.

use std::net::IpAddr;

use super::ends::{End, EndError};
use super::query::Leg;
use super::steps::Walk;
use crate::exposure::{keeps_groups, near_ports};
use crate::network::{Direction, Network, Peers};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{Interface, Name, RouteTarget, TransitAttachment};

pub(super) fn walk(network: &Network<'_>, walk: &mut Walk, from: &End, to: &End) -> Result<(), EndError> {
    let snapshot = network.snapshot;
    let End::Interface { id, private: source, .. } = from else { return Ok(()) };
    let (target, address) = match to {
        End::Interface { id, private, .. } => (*id, *private),
        End::Elsewhere(address) => {
            walk.block(Leg::Request, "UNKNOWN_DESTINATION", ("address", &address.to_string()), "no interface has it");
            return Ok(());
        }
        End::Anyone(gateway) => return Err(EndError::Unknown(snapshot.text(*gateway).to_owned())),
        End::Node { .. } => return Ok(()),
    };
    let (Some(sender), Some(receiver)) = (snapshot.interfaces.get(*id), snapshot.interfaces.get(target)) else {
        return Ok(());
    };
    // The address of the sender in the family of the target.
    let source = match Family::of(*source) == Family::of(address) {
        true => *source,
        false => {
            let own = network.addresses_of(sender, Family::of(address));
            let first = own.ranges().first().map(|range| Family::of(address).address(range.0));
            first.ok_or_else(|| EndError::NoAddress(snapshot.text(*id).to_owned()))?
        }
    };
    walk.source = Some(source);
    walk.destination = Some(address);
    walk.pass(Leg::Request, "interface", snapshot.text(sender.id), source.to_string());
    walk.state(network, sender);
    if sender.vpc == receiver.vpc && sender.vpc.is_some() {
        within(network, walk, (sender, source), (receiver, address));
    } else {
        between(network, walk, (sender, source), (receiver, address));
    }
    walk.state(network, receiver);
    walk.pass(Leg::Request, "interface", snapshot.text(receiver.id), address.to_string());
    Ok(())
}

type At<'a> = (&'a Interface, IpAddr);

/// The groups of both ends; each sees the other with its groups where those are told on.
fn groups(network: &Network<'_>, walk: &mut Walk, from: At<'_>, to: At<'_>, are_told: Told) {
    let snapshot = network.snapshot;
    let (source, target) = (AddressSet::one(from.1), AddressSet::one(to.1));
    let peers = |interface, addresses| match are_told {
        Told::Yes => Peers::Known(snapshot.interfaces.groups(interface), addresses),
        Told::No => Peers::Nobody,
    };
    walk.groups(network, from.0, Direction::Egress, (to.1, peers(to.0, &target)));
    walk.groups(network, to.0, Direction::Ingress, (from.1, peers(from.0, &source)));
}

/// Whether rules can name the groups of the far end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

/// The ACLs of both subnets, in both directions (A7).
fn acls(network: &Network<'_>, walk: &mut Walk, from: At<'_>, to: At<'_>) {
    walk.acl(network, from.0.subnet, (Leg::Request, Direction::Egress), to.1);
    walk.acl(network, to.0.subnet, (Leg::Request, Direction::Ingress), from.1);
    walk.acl(network, to.0.subnet, (Leg::Answer, Direction::Egress), from.1);
    walk.acl(network, from.0.subnet, (Leg::Answer, Direction::Ingress), to.1);
}

fn within(network: &Network<'_>, walk: &mut Walk, from: At<'_>, to: At<'_>) {
    groups(network, walk, from, to, Told::Yes);
    // A2: within a subnet, ACLs and routes have no say.
    if from.0.subnet == to.0.subnet && from.0.subnet.is_some() {
        return;
    }
    acls(network, walk, from, to);
    walk.route(network, from.0.subnet, Leg::Request, (to.1, RouteTarget::Local));
    walk.route(network, to.0.subnet, Leg::Answer, (from.1, RouteTarget::Local));
}

/// How two VPCs are joined.
enum Way {
    Peering(Name, Told),
    Transit { gateway: Name, there: Name, here: Name },
}

fn between(network: &Network<'_>, walk: &mut Walk, from: At<'_>, to: At<'_>) {
    let snapshot = network.snapshot;
    let ways = ways(network, from.0, to.0);
    // The route of the sender decides; where it leads by no way, the first is explained.
    let place = network.place(network.place_of(from.0.subnet));
    let plan = place.table.and_then(|table| network.plans.get(table));
    let is_taken = |way: &&Way| {
        let target = match way {
            Way::Peering(id, _) => RouteTarget::Peering(*id),
            Way::Transit { gateway, .. } => RouteTarget::TransitGateway(*gateway),
        };
        plan.is_some_and(|plan| plan.toward(Family::of(to.1), target, walk.view).contains(to.1))
    };
    let Some(way) = ways.iter().find(is_taken).or(ways.first()) else {
        groups(network, walk, from, to, Told::No);
        let name = |vpc: Option<Name>| vpc.map(|vpc| snapshot.text(vpc)).unwrap_or("an unknown VPC").to_owned();
        let detail = format!("neither a peering connection nor a transit gateway joins it with {}", name(to.0.vpc));
        walk.block(Leg::Request, "DISCONNECTED_VPCS", ("vpc", &name(from.0.vpc)), detail);
        return;
    };
    match way {
        Way::Peering(id, told) => {
            groups(network, walk, from, to, *told);
            acls(network, walk, from, to);
            walk.route(network, from.0.subnet, Leg::Request, (to.1, RouteTarget::Peering(*id)));
            walk.pass(Leg::Request, "gateway", snapshot.text(*id), "peering connection");
            walk.route(network, to.0.subnet, Leg::Answer, (from.1, RouteTarget::Peering(*id)));
        }
        Way::Transit { gateway, there, here } => transit(network, walk, from, to, (*gateway, *there, *here)),
    }
}

fn ways(network: &Network<'_>, from: &Interface, to: &Interface) -> Vec<Way> {
    let snapshot = network.snapshot;
    let of = |vpc: Option<Name>| vpc.and_then(|vpc| network.vpcs.get(snapshot.vpcs.position(vpc)?));
    let (Some(near), Some(far)) = (of(from.vpc), of(to.vpc)) else { return Vec::new() };
    let mut ways = Vec::new();
    for peering in near.peerings.iter().filter(|peering| peering.far == to.vpc) {
        let told = if peering.is_in_region { Told::Yes } else { Told::No };
        ways.push(Way::Peering(peering.id, told));
    }
    for there in &near.attachments {
        for here in &far.attachments {
            let gateway = snapshot.transit_attachments.get(*there).and_then(|attachment| attachment.transit_gateway);
            ways.extend(gateway.map(|gateway| Way::Transit { gateway, there: *there, here: *here }));
        }
    }
    ways
}

fn transit(
    network: &Network<'_>,
    walk: &mut Walk,
    from: At<'_>,
    to: At<'_>,
    (gateway, there, here): (Name, Name, Name),
) {
    let snapshot = network.snapshot;
    let attachments = (snapshot.transit_attachments.get(there), snapshot.transit_attachments.get(here));
    let (Some(outer), Some(inner)) = attachments else { return };
    let told = if keeps_groups(snapshot, gateway, [outer, inner]) { Told::Yes } else { Told::No };
    groups(network, walk, from, to, told);
    acls(network, walk, from, to);
    walk.route(network, from.0.subnet, Leg::Request, (to.1, RouteTarget::TransitGateway(gateway)));
    lookup(network, walk, Leg::Request, (there, here), to.1);
    let back = inner.transit_gateway.unwrap_or(gateway);
    walk.route(network, to.0.subnet, Leg::Answer, (from.1, RouteTarget::TransitGateway(back)));
    lookup(network, walk, Leg::Answer, (here, there), from.1);
    for (leg, attachment, sender) in [(Leg::Request, there, from), (Leg::Answer, here, to)] {
        zone(network, walk, leg, attachment, sender.0);
    }
    attachment_acls(network, walk, there, from, Leg::Request);
    attachment_acls(network, walk, here, to, Leg::Answer);
}

/// T1, T2: where a transit gateway sends what enters by one attachment.
fn lookup(network: &Network<'_>, walk: &mut Walk, leg: Leg, (enters, leaves): (Name, Name), address: IpAddr) {
    let snapshot = network.snapshot;
    let Some(attachment) = snapshot.transit_attachments.get(enters) else { return };
    let deliveries = network.transit.deliveries(snapshot, attachment, Family::of(address), walk.view);
    let id = snapshot.text(enters);
    let ends: Vec<Name> =
        deliveries.iter().filter(|one| one.addresses.contains(address)).map(|one| one.attachment).collect();
    if ends.contains(&leaves) {
        walk.pass(leg, "transit-gateway", id, format!("{address} leaves by {}", snapshot.text(leaves)));
    } else if deliveries.is_empty() && !network.transit.is_associated(attachment) {
        let detail = "it is associated with no route table";
        walk.block(leg, "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", ("transit-gateway", id), detail);
    } else if let Some(other) = ends.first() {
        let detail = format!("{address} leaves by {}", snapshot.text(*other));
        walk.block(leg, "TGW_RTB_CANNOT_ROUTE", ("transit-gateway", id), detail);
    } else {
        let detail = format!("its route table has no route to {address}");
        walk.block(leg, "TGW_RTB_CANNOT_ROUTE", ("transit-gateway", id), detail);
    }
}

/// T4: the sender's zone needs a subnet of the attachment.
fn zone(network: &Network<'_>, walk: &mut Walk, leg: Leg, attachment: Name, sender: &Interface) {
    let snapshot = network.snapshot;
    let Some(attachment) = snapshot.transit_attachments.get(attachment) else { return };
    let zone = network.place(network.place_of(sender.subnet)).zone;
    let has =
        attachment.subnets.iter().any(|subnet| snapshot.subnets.get(*subnet).and_then(|subnet| subnet.zone) == zone);
    if !has && !attachment.subnets.is_empty() {
        let detail = format!("it has no subnet in the zone of {}", snapshot.text(sender.id));
        walk.block(leg, "TGW_ATTACH_VPC_AZ_RESTRICTION", ("transit-gateway", snapshot.text(attachment.id)), detail);
    }
}

/// T3: the ACLs of the attachment's subnets. `out` is the half of the flow that leaves the VPC there.
fn attachment_acls(network: &Network<'_>, walk: &mut Walk, attachment: Name, at: At<'_>, out: Leg) {
    let family = Family::of(at.1);
    let Some(protocol) = network.protocols(family).iter().position(|known| *known == walk.protocol) else { return };
    let question = (family, Family::number(at.1), protocol);
    let (inward, outward) = near_ports(network, attachment, at.0.subnet, question, walk.view);
    let (request, answer) = if out == Leg::Request { (outward, inward) } else { (inward, outward) };
    let id = network.snapshot.text(attachment);
    let detail = "the ACL of its subnet does not let it pass";
    if !request.contains(walk.port) {
        walk.block(Leg::Request, "SUBNET_ACL_RESTRICTION", ("network-acl", id), detail);
    }
    if walk.answer_port().is_some_and(|port| !answer.contains(port)) {
        walk.block(Leg::Answer, "SUBNET_ACL_RESTRICTION", ("network-acl", id), detail);
    }
}

/// From a network that is not in the snapshot: by the gateway that the target's routes lead to. False if there is none.
pub(super) fn remote(network: &Network<'_>, walk: &mut Walk, to: At<'_>, source: IpAddr) -> bool {
    let snapshot = network.snapshot;
    let place = network.place(network.place_of(to.0.subnet));
    let Some(vpc) = place.vpc.and_then(|vpc| network.vpc(vpc)) else { return false };
    let plan = place.table.and_then(|table| network.plans.get(table));
    let family = Family::of(source);
    let leads = |target| plan.is_some_and(|plan| plan.toward(family, target, walk.view).contains(source));
    let vpn = vpc.vpn.iter().copied();
    let peering = vpc.peerings.iter().filter(|peering| peering.far(family).contains(source)).map(|peering| peering.id);
    let candidates = vpn.map(RouteTarget::VpnGateway).chain(peering.map(RouteTarget::Peering));
    if vpc.own(family).contains(source) {
        return false;
    }
    let transit =
        vpc.attachments.iter().filter_map(|id| leads_to(network, snapshot.transit_attachments.get(*id)?, walk, source));
    let candidates: Vec<RouteTarget> = candidates.chain(transit.map(RouteTarget::TransitGateway)).collect();
    let Some(target) = candidates.iter().copied().find(|target| leads(*target)).or(candidates.first().copied()) else {
        return false;
    };
    let id = crate::exposure::target_text(snapshot, target);
    walk.pass(Leg::Request, "gateway", id, format!("from {source}"));
    walk.acl(network, to.0.subnet, (Leg::Request, Direction::Ingress), source);
    walk.groups(network, to.0, Direction::Ingress, (source, Peers::Nobody));
    walk.state(network, to.0);
    walk.acl(network, to.0.subnet, (Leg::Answer, Direction::Egress), source);
    walk.route(network, to.0.subnet, Leg::Answer, (source, target));
    true
}

/// The transit gateway, if it sends answers to an address somewhere that the address can be.
fn leads_to(network: &Network<'_>, here: &TransitAttachment, walk: &Walk, address: IpAddr) -> Option<Name> {
    let snapshot = network.snapshot;
    let family = Family::of(address);
    let deliveries = network.transit.deliveries(snapshot, here, family, walk.view);
    let can_be = |end: Name| {
        let vpc = snapshot.transit_attachments.get(end).and_then(|end| snapshot.vpcs.position(end.resource?));
        vpc.and_then(|vpc| network.vpcs.get(vpc)).is_none_or(|vpc| vpc.own(family).contains(address))
    };
    let mut ends = deliveries.iter().filter(|one| one.addresses.contains(address));
    ends.any(|one| can_be(one.attachment)).then_some(here.transit_gateway).flatten()
}
