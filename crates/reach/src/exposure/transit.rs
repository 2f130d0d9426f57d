//! What an attachment to a transit gateway adds to a path: ACLs of its subnets (T3), and whether groups are told on (S7).

use crate::network::{Direction, Network, View};
use crate::sets::{AddressSet, Family, Ports};
use crate::snapshot::{Name, Snapshot, Switch, TransitAttachment, Word};

/// S7: rules can name groups across a transit gateway only where it and both attachments say so.
pub(crate) fn keeps_groups(snapshot: &Snapshot, gateway: Name, attachments: [&TransitAttachment; 2]) -> bool {
    let gateway = snapshot.transit_gateways.get(gateway);
    let is_on = gateway.and_then(|gateway| gateway.options.security_group_referencing_support);
    let is_off = |attachment: &TransitAttachment| {
        attachment.options.security_group_referencing_support == Some(Word::Known(Switch::Disable))
    };
    is_on == Some(Word::Known(Switch::Enable)) && !attachments.iter().any(|attachment| is_off(attachment))
}

/// What the ACLs of an attachment's subnets let through between it and an address of its VPC: the ports of requests to the
/// address, and those that its answers may go to.
///
/// Into the VPC the outward lines hold for the address, out of it the inward ones; neither within the attachment's own
/// subnet. A request may be delivered by any of the subnets; an answer leaves by the one in its zone (T4).
pub(crate) fn near_ports(
    network: &Network<'_>,
    attachment: Name,
    subnet: Option<Name>,
    (family, number, protocol): (Family, u128, usize),
    view: View,
) -> (Ports, Ports) {
    let snapshot = network.snapshot;
    let Some(attachment) = snapshot.transit_attachments.get(attachment) else { return (Ports::all(), Ports::all()) };
    let zone = subnet.and_then(|subnet| snapshot.subnets.get(subnet)?.zone);
    let mut requests: Option<Ports> = None;
    let mut answers = Ports::all();
    for own in attachment.subnets.iter().copied() {
        let passed = |direction| {
            if Some(own) == subnet {
                return Ports::all();
            }
            let acl = network.place(network.place_of(Some(own))).acl;
            let cells = network.acl(acl, direction, family, view).get(protocol);
            cells.map(|cells| cells.ports_of(number)).unwrap_or_default()
        };
        let request = passed(Direction::Egress);
        requests = Some(match requests {
            None => request,
            Some(before) if view == View::Certain => before.intersection(&request),
            Some(before) => Ports::of_ranges([before.ranges(), request.ranges()].concat()),
        });
        let is_in_zone = snapshot.subnets.get(own).is_some_and(|own| own.zone == zone);
        if is_in_zone {
            answers = answers.intersection(&passed(Direction::Ingress));
        }
    }
    (requests.unwrap_or_else(Ports::all), answers)
}

/// The sets of addresses that [`near_ports`] asks.
pub(super) fn near_sets(network: &Network<'_>, attachment: Name, family: Family, tell: &mut dyn FnMut(&AddressSet)) {
    let attachment = network.snapshot.transit_attachments.get(attachment);
    for subnet in attachment.into_iter().flat_map(|attachment| attachment.subnets.iter()) {
        let acl = network.place(network.place_of(Some(*subnet))).acl;
        acl_sets(network, acl, family, tell);
    }
}

/// The sets of addresses that an ACL tells apart.
pub(super) fn acl_sets(network: &Network<'_>, acl: Option<usize>, family: Family, tell: &mut dyn FnMut(&AddressSet)) {
    for view in [View::Certain, View::Possible] {
        for direction in [Direction::Ingress, Direction::Egress] {
            let cells = network.acl(acl, direction, family, view).iter();
            cells.flat_map(|cells| cells.iter()).for_each(|cell| tell(&cell.addresses));
        }
    }
}
