//! The far side, modelled: which interfaces of another VPC can really send to an address, and get answers (D1, P1, T5).

use super::classes::Open;
use super::edge::{Edge, Far};
use super::senders::{Behaviour, Sender};
use super::transit::near_ports;
use crate::network::{Direction, Network, Peers, Protocol, View};
use crate::sets::{AddressSet, Cells, Family, Ports};
use crate::snapshot::{InstanceState, Interface, Name, RouteTarget, Word};

/// Client ports, and what they may be used for.
type Used = (Ports, Vec<(u16, u16, AddressSet)>);

/// Whether the instance of an interface runs; what belongs to no instance does.
pub(crate) fn is_running(network: &Network<'_>, interface: &Interface) -> bool {
    let instance = interface.instance.and_then(|id| network.snapshot.instances.get(id));
    match instance.and_then(|instance| instance.state) {
        Some(Word::Known(state)) => matches!(state, InstanceState::Running | InstanceState::Pending),
        Some(Word::Unknown(_)) | None => true,
    }
}

/// The target of a question about the far side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) number: u128,
    pub(crate) groups: &'a [Name],
}

/// Of what is open by an edge, what some interface at the far side can really use.
pub(crate) fn used(network: &Network<'_>, behaviours: &[Behaviour], open: &Open) -> Vec<(Ports, Cells)> {
    let mut by_client: Vec<Used> = Vec::new();
    let protocol = network.protocols(open.edge.family).get(open.protocol).copied().unwrap_or(Protocol::Other);
    for Behaviour { addresses, requests, answers } in behaviours {
        let cells = open.cells.within(addresses);
        if cells.is_empty() {
            continue;
        }
        let (requests, client) = joined(protocol, requests, answers, &open.client_ports);
        let cells = cells.on(&requests);
        if cells.is_empty() || client.is_empty() {
            continue;
        }
        let place = by_client.iter().position(|(ports, _)| *ports == client);
        let parts = cells.iter().map(|cell| (cell.from, cell.to, cell.addresses.clone()));
        match place.and_then(|place| by_client.get_mut(place)) {
            Some((_, known)) => known.extend(parts),
            None => by_client.push((client, parts.collect())),
        }
    }
    by_client.into_iter().map(|(client, parts)| (client, Cells::union_of(parts))).collect()
}

/// Behind a transit gateway the ACLs of the attachment's subnets ask for the address: each is a part of its own.
pub(super) fn parts_of(sender: &Sender, edge: &Edge) -> Vec<AddressSet> {
    let [v4, v6] = &sender.addresses;
    let all = if edge.family == Family::V4 { v4 } else { v6 };
    match edge.far {
        Far::Transit { .. } => all.ranges().iter().map(|range| AddressSet::of_ranges(vec![*range])).collect(),
        _ if all.is_empty() => Vec::new(),
        _ => vec![all.clone()],
    }
}

/// Whether a sender's routes lead to the target by the edge: then to which ports it may send, and to which ports the answers
/// may come back to it.
pub(super) fn passes(
    network: &Network<'_>,
    sender: &Sender,
    addresses: &AddressSet,
    edge: &Edge,
    protocol: usize,
    target: Target<'_>,
    view: View,
) -> Option<(Ports, Ports)> {
    let place = network.place(network.place_of(sender.subnet));
    let wanted = match edge.far {
        Far::Transit { there, .. } => {
            let attachment = network.snapshot.transit_attachments.get(there)?;
            let zones = attachment.subnets.iter().filter_map(|subnet| network.snapshot.subnets.get(*subnet)?.zone);
            // T4: the sender's zone has to have a subnet of the attachment.
            if !zones.into_iter().any(|zone| Some(zone) == place.zone) && view == View::Certain {
                return None;
            }
            RouteTarget::TransitGateway(attachment.transit_gateway?)
        }
        _ => RouteTarget::Peering(edge.gateway),
    };
    let plan = place.table.and_then(|table| network.plans.get(table));
    let is_routed = match plan {
        Some(plan) => plan.toward(edge.family, wanted, view).contains_number(target.number),
        None => view == View::Possible,
    };
    if !is_routed {
        return None;
    }
    let own = AddressSet::of_ranges(vec![(target.number, target.number)]);
    let peers = match edge.bearers {
        Some(_) => Peers::Known(target.groups, &own),
        None => Peers::Nobody,
    };
    let of = |cells: &[Cells]| cells.get(protocol).map(|cells| cells.ports_of(target.number)).unwrap_or_default();
    let groups = network.groups(&sender.groups, Direction::Egress, edge.family, peers, view);
    let mut requests = of(&groups).intersection(&of(network.acl(place.acl, Direction::Egress, edge.family, view)));
    let mut answers = of(network.acl(place.acl, Direction::Ingress, edge.family, view));
    if let Far::Transit { there, .. } = edge.far {
        let number = addresses.ranges().first()?.0;
        let (inward, outward) = near_ports(network, there, sender.subnet, (edge.family, number, protocol), view);
        requests = requests.intersection(&outward);
        answers = answers.intersection(&inward);
    }
    (!requests.is_empty()).then_some((requests, answers))
}

/// Requests that have an answer which comes back, and the client ports for which it does.
pub(crate) fn joined(protocol: Protocol, requests: &Ports, answers: &Ports, client: &Ports) -> (Ports, Ports) {
    if protocol.has_ports() {
        let usable = Ports::of_ranges(vec![super::classes::CLIENT_PORTS]);
        let client = client.intersection(answers).intersection(&usable);
        return (requests.clone(), if client == usable { Ports::all() } else { client });
    }
    if !protocol.is_icmp() {
        return (if answers.is_empty() { Ports::default() } else { requests.clone() }, Ports::all());
    }
    let mut kept = Vec::new();
    for kind in 0..=u16::from(u8::MAX) {
        let is_answered = protocol.reply_of(kind << 8).is_none_or(|reply| answers.contains(reply));
        if is_answered {
            kept.push((kind << 8, (kind << 8) | 0xff));
        }
    }
    (requests.intersection(&Ports::of_ranges(kept)), Ports::all())
}
