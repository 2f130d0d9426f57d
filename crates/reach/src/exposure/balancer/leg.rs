//! The leg from a node of a load balancer to a target (L4–L7, L9, L10).

use super::goal::Goal;
use super::model::{Balancer, BalancerKind, Node};
use crate::exposure::classes::answered;
use crate::network::{Direction, Network, Peers, Protocol, View};
use crate::sets::{AddressSet, Cells, Family, Ports};
use crate::snapshot::Interface;

/// The ports that a load balancer sends from.
const NODE_PORTS: (u16, u16) = (1024, u16::MAX);

/// Whether a node can send to a target and gets answers, seen as a sender of its own. Where its address is not known, it has
/// to be so for each that it may have.
pub(crate) fn leg(
    network: &Network<'_>,
    balancer: &Balancer,
    node: &Node,
    goal: &Goal,
    protocol: Protocol,
    view: View,
) -> bool {
    let Some(leg) = Leg::new(network, balancer, node, goal, protocol, view) else { return false };
    let sender = node.addresses(leg.family);
    let holds = |admitted: &AddressSet| match view {
        View::Certain => !sender.is_empty() && admitted.covers(sender),
        View::Possible => admitted.overlaps(sender),
    };
    let peers = Peers::Known(balancer.groups.as_deref().unwrap_or_default(), sender);
    let groups = leg.cells(&network.groups(leg.groups, Direction::Ingress, leg.family, peers, view));
    if !leg.leaves() || !holds(&groups.at(goal.port)) {
        return false;
    }
    if !leg.is_filtered {
        return true;
    }
    let target = network.place(network.place_of(leg.target.subnet));
    let incoming = leg.cells(network.acl(target.acl, Direction::Ingress, leg.family, view));
    let outgoing = leg.cells(network.acl(target.acl, Direction::Egress, leg.family, view));
    let back = leg.back().intersection(&Ports::of_ranges(vec![NODE_PORTS]));
    let answered = match protocol.has_ports() {
        true => outgoing.on(&back).addresses(),
        false => outgoing.addresses(),
    };
    holds(&incoming.at(goal.port)) && holds(&answered)
}

/// The clients that a target admits which sees them itself, with the ports that they have to send from (L5, L6).
pub(crate) fn preserved(
    network: &Network<'_>,
    balancer: &Balancer,
    node: &Node,
    goal: &Goal,
    protocol: Protocol,
    (clients, bearers): (&AddressSet, Peers<'_>),
    view: View,
) -> Vec<(Ports, AddressSet)> {
    let Some(leg) = Leg::new(network, balancer, node, goal, protocol, view) else { return Vec::new() };
    if !leg.leaves() {
        return Vec::new();
    }
    let all = AddressSet::all(leg.family);
    // A rule that names the load balancer's group admits its clients.
    let through = Peers::Known(balancer.groups.as_deref().unwrap_or_default(), &all);
    let of = |peers| leg.cells(&network.groups(leg.groups, Direction::Ingress, leg.family, peers, view)).at(goal.port);
    let mut admitted = of(bearers);
    if balancer.groups.is_some() {
        admitted = admitted.union(&of(through));
    }
    let admitted = admitted.intersection(clients);
    if !leg.is_filtered {
        return if admitted.is_empty() { Vec::new() } else { vec![(Ports::all(), admitted)] };
    }
    let target = network.place(network.place_of(leg.target.subnet));
    let incoming = leg.cells(network.acl(target.acl, Direction::Ingress, leg.family, view)).at(goal.port);
    let outgoing = leg.cells(network.acl(target.acl, Direction::Egress, leg.family, view));
    let requests = Cells::one(goal.port, goal.port, admitted.intersection(&incoming));
    let parts = answered(protocol, &requests, &outgoing).into_iter();
    parts.map(|(ports, cells)| (ports, cells.addresses())).collect()
}

/// What both kinds of leg have in common.
struct Leg<'a, 's> {
    network: &'a Network<'s>,
    balancer: &'a Balancer,
    node: &'a Node,
    goal: &'a Goal,
    target: &'a Interface,
    groups: &'a [crate::snapshot::Name],
    family: Family,
    place: usize,
    view: View,
    /// A2: ACLs have no say within a subnet, but for classic load balancers (L9).
    is_filtered: bool,
}

impl<'a, 's> Leg<'a, 's> {
    fn new(
        network: &'a Network<'s>,
        balancer: &'a Balancer,
        node: &'a Node,
        goal: &'a Goal,
        protocol: Protocol,
        view: View,
    ) -> Option<Leg<'a, 's>> {
        let snapshot = network.snapshot;
        let target = snapshot.interfaces.get(goal.interface)?;
        let family = Family::of(goal.address);
        let place = network.protocols(family).iter().position(|known| *known == protocol)?;
        let zone = target.zone.or_else(|| snapshot.subnets.get(target.subnet?)?.zone);
        // L7: without it, a node uses the targets of its own zone.
        if !goal.crosses_zones && zone != node.zone {
            return None;
        }
        let is_outside = target.vpc != balancer.vpc;
        if is_outside {
            let detail = "this target of a load balancer is in another VPC; the way to it was not analysed";
            network.notes.say(snapshot.text(target.id), detail);
            if view == View::Certain {
                return None;
            }
        }
        let is_filtered = target.subnet != Some(node.subnet) || balancer.kind == BalancerKind::Classic;
        let groups = snapshot.interfaces.groups(target);
        Some(Leg { network, balancer, node, goal, target, groups, family, place, view, is_filtered })
    }

    fn cells(&self, of_protocols: &[Cells]) -> Cells {
        of_protocols.get(self.place).cloned().unwrap_or_default()
    }

    fn number(&self) -> u128 {
        Family::number(self.goal.address)
    }

    /// L4: whether the load balancer's own groups and subnet let requests to the target out.
    fn leaves(&self) -> bool {
        let own = AddressSet::one(self.goal.address);
        let groups = match &self.balancer.groups {
            None => true,
            Some(groups) => {
                let peers = Peers::Known(self.groups, &own);
                let cells = self.network.groups(groups, Direction::Egress, self.family, peers, self.view);
                self.cells(&cells).at(self.goal.port).contains_number(self.number())
            }
        };
        groups && (!self.is_filtered || self.acl(Direction::Egress).contains(self.goal.port))
    }

    /// The ports that answers of the target may come back to.
    fn back(&self) -> Ports {
        self.acl(Direction::Ingress)
    }

    /// What the ACL of the node's subnet lets through for the target.
    fn acl(&self, direction: Direction) -> Ports {
        let place = self.network.place(self.network.place_of(Some(self.node.subnet)));
        self.cells(self.network.acl(place.acl, direction, self.family, self.view)).ports_of(self.number())
    }
}
