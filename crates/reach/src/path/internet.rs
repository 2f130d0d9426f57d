//! Flows from the internet, and from networks behind a gateway.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ends::{End, EndError};
use super::private;
use super::query::Leg;
use super::steps::Walk;
use crate::exposure::not_public;
use crate::network::{Direction, Network, Peers, Place, View};
use crate::remedy::Edit;
use crate::sets::{AddressSet, Family};
use crate::snapshot::{Interface, Name, RouteTarget};

/// A client of the internet, to stand for any.
const ANYONE: (Ipv4Addr, Ipv6Addr) =
    (Ipv4Addr::new(8, 8, 8, 8), Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888));

/// From an address that no interface has: the internet if it is a public one, else what the target's routes lead to.
pub(super) fn or_remote(network: &Network<'_>, walk: &mut Walk, from: &End, to: &End) -> Result<(), EndError> {
    let End::Interface { id, private, .. } = to else {
        walk.block(Leg::Request, "UNKNOWN_DESTINATION", ("address", ""), "nothing in the snapshot has this address");
        return Ok(());
    };
    let Some(interface) = network.snapshot.interfaces.get(*id) else { return Ok(()) };
    let source = match from {
        End::Elsewhere(address) => *address,
        _ if private.is_ipv4() => ANYONE.0.into(),
        _ => ANYONE.1.into(),
    };
    if Family::of(source) != Family::of(*private) {
        return Err(EndError::NoAddress(network.snapshot.text(*id).to_owned()));
    }
    walk.source = Some(source);
    walk.destination = Some(*private);
    let place = *network.place(network.place_of(interface.subnet));
    if !is_public(source) && private::remote(network, walk, (interface, *private), source) {
        return Ok(());
    }
    gateway(network, walk, &place, (interface.subnet, Some((interface, *private))), source, from);
    walk.acl(network, interface.subnet, (Leg::Request, Direction::Ingress), source);
    walk.groups(network, interface, Direction::Ingress, (source, Peers::Nobody));
    walk.state(network, interface);
    walk.acl(network, interface.subnet, (Leg::Answer, Direction::Egress), source);
    if let Some(gateway) = gateway_of(network, &place, from) {
        walk.route(network, interface.subnet, Leg::Answer, (source, RouteTarget::InternetGateway(gateway)));
    }
    Ok(())
}

pub(super) fn is_public(address: IpAddr) -> bool {
    !not_public(Family::of(address)).contains(address)
}

fn gateway_of(network: &Network<'_>, place: &Place, from: &End) -> Option<Name> {
    let vpc = network.vpc(place.vpc?)?;
    let asked = match from {
        End::Anyone(gateway) => Some(*gateway),
        _ => None,
    };
    vpc.internet.iter().copied().find(|gateway| asked.is_none_or(|asked| asked == *gateway))
}

/// The internet gateway of a place: I1, I2, I4, I6, R9, B1.
pub(super) fn gateway(
    network: &Network<'_>,
    walk: &mut Walk,
    place: &Place,
    (subnet, target): (Option<Name>, Option<(&Interface, IpAddr)>),
    source: IpAddr,
    from: &End,
) {
    let snapshot = network.snapshot;
    let vpc = place.vpc.and_then(|vpc| Some((snapshot.vpcs.at(vpc.0)?, network.vpc(vpc)?)));
    let Some((vpc, view)) = vpc else {
        walk.block(Leg::Request, "UNKNOWN_RESOURCE", ("vpc", ""), "the VPC of the target is not in the snapshot");
        return;
    };
    let family = Family::of(source);
    let Some(gateway) = gateway_of(network, place, from) else {
        let detail = "no internet gateway is attached to it";
        walk.block(Leg::Request, "UNASSOCIATED_COMPONENT", ("vpc", snapshot.text(vpc.id)), detail);
        return;
    };
    let id = snapshot.text(gateway);
    let before = walk.steps.len();
    if place.is_blocked(walk.view) {
        let subject = subnet.map(|subnet| snapshot.text(subnet)).unwrap_or_default();
        let detail = "Block Public Access is on, and no exclusion lets requests in";
        walk.block(Leg::Request, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED", ("block-public-access", subject), detail);
        walk.remedy(subnet.map(|subnet| Edit::Exclude { subnet }));
    }
    if view.own(family).contains(source) {
        let detail = format!("{source} is of the VPC itself, and cannot come from outside");
        walk.block(Leg::Request, "GATEWAY_REJECTS_SPOOFED_TRAFFIC", ("gateway", id), detail);
    } else if !is_public(source) {
        let is_shared = AddressSet::blocks_of(Family::V4, "100.64.0.0/10".parse().ok()).contains(source);
        let code = match is_shared && family == Family::V4 {
            true => "IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS",
            false => "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",
        };
        walk.block(Leg::Request, code, ("gateway", id), format!("it lets nobody in from {source}"));
    }
    if let Some((interface, private)) = target {
        mapping(network, walk, id, interface, private);
        let plan = network.gateway_tables.get(&gateway).and_then(|table| network.plans.get(*table));
        let number = Family::number(private);
        let stays =
            plan.is_none_or(|plan| plan.toward(family, RouteTarget::Local, View::Certain).contains_number(number));
        if !stays && walk.view == View::Certain {
            let detail = format!("its route table sends what is for {private} elsewhere");
            walk.block(Leg::Request, "INGRESS_RTB_TRAFFIC_REDIRECTION", ("gateway", id), detail);
        }
    }
    if walk.steps.len() == before || walk.steps.iter().skip(before).all(|step| step.code.is_none()) {
        walk.pass(Leg::Request, "gateway", id, "internet");
    }
}

fn mapping(network: &Network<'_>, walk: &mut Walk, gateway: &str, interface: &Interface, private: IpAddr) {
    let snapshot = network.snapshot;
    if let IpAddr::V6(address) = private {
        let is_public = address.octets().first().is_some_and(|first| first & 0xe0 == 0x20);
        if !is_public {
            let detail = format!("{private} is no public address");
            walk.block(Leg::Request, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", ("gateway", gateway), detail);
        }
        return;
    }
    let addresses = snapshot.interfaces.addresses(interface).iter();
    match addresses.filter(|one| IpAddr::from(one.private) == private).find_map(|one| one.public) {
        Some(public) => {
            walk.pass(Leg::Request, "public-address", snapshot.text(interface.id), format!("{public} is {private}"));
        }
        None => {
            let detail = format!("{private} has no public address");
            walk.block(Leg::Request, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", ("gateway", gateway), detail);
            if let IpAddr::V4(private) = private {
                walk.remedy(Some(Edit::AssociateAddress { interface: interface.id, private }));
            }
        }
    }
}

/// From an interface to the public address of another one: out by its own gateway, in like anyone (I5).
pub(super) fn hairpin(network: &Network<'_>, walk: &mut Walk, from: &End, to: &End) -> Result<(), EndError> {
    let (End::Interface { id, public, .. }, End::Interface { public: Some(target), .. }) = (from, to) else {
        return Ok(());
    };
    let snapshot = network.snapshot;
    let Some(interface) = snapshot.interfaces.get(*id) else { return Ok(()) };
    let place = *network.place(network.place_of(interface.subnet));
    walk.groups(network, interface, Direction::Egress, (*target, Peers::Nobody));
    walk.acl(network, interface.subnet, (Leg::Request, Direction::Egress), *target);
    let own = place.vpc.and_then(|vpc| network.vpc(vpc)?.internet.first().copied());
    match own {
        Some(gateway) => {
            walk.route(network, interface.subnet, Leg::Request, (*target, RouteTarget::InternetGateway(gateway)));
        }
        None => walk.block(
            Leg::Request,
            "UNASSOCIATED_COMPONENT",
            ("interface", snapshot.text(*id)),
            "its VPC has no internet gateway",
        ),
    }
    let Some(source) = public else {
        walk.block(
            Leg::Request,
            "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
            ("interface", snapshot.text(*id)),
            "it has no public address",
        );
        return Ok(());
    };
    walk.acl(network, interface.subnet, (Leg::Answer, Direction::Ingress), *target);
    or_remote(network, walk, &End::Elsewhere(*source), to)
}
