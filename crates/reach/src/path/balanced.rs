//! Flows to a load balancer: to its node, and from there to a target.

use super::ends::{End, EndError};
use super::internet;
use super::query::Leg;
use super::steps::Walk;
use crate::exposure::balancer::{Balancer, Goal, leg, preserved};
use crate::network::{Direction, Network, Peers, View};
use crate::sets::{AddressSet, Family};
use crate::snapshot::RouteTarget;

pub(super) fn walk(
    network: &Network<'_>,
    walk: &mut Walk,
    from: &End,
    (balancer, node): (&Balancer, usize),
) -> Result<(), EndError> {
    let snapshot = network.snapshot;
    let id = snapshot.text(balancer.id);
    let Some(node) = balancer.nodes.get(node) else { return Ok(()) };
    let source = match from {
        End::Elsewhere(address) => *address,
        End::Anyone(_) => std::net::IpAddr::from([8, 8, 8, 8]),
        End::Interface { private, public, .. } => public.unwrap_or(*private),
        End::Node { .. } => return Err(EndError::NoAddress(id.to_owned())),
    };
    walk.source = Some(source);
    let place = *network.place(network.place_of(Some(node.subnet)));
    if internet::is_public(source) {
        internet::gateway(network, walk, &place, (Some(node.subnet), None), source, from);
        if !balancer.is_public {
            let detail = "it is internal: its nodes have no public addresses";
            walk.block(Leg::Request, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", ("load-balancer", id), detail);
        }
        let gateway = place.vpc.and_then(|vpc| network.vpc(vpc)?.internet.first().copied());
        if let Some(gateway) = gateway {
            walk.route(network, Some(node.subnet), Leg::Answer, (source, RouteTarget::InternetGateway(gateway)));
        }
    }
    walk.acl(network, Some(node.subnet), (Leg::Request, Direction::Ingress), source);
    walk.acl(network, Some(node.subnet), (Leg::Answer, Direction::Egress), source);
    if let Some(groups) = &balancer.groups {
        walk.group_set(network, (groups, id), Direction::Ingress, (source, Peers::Nobody));
    }
    let listener =
        balancer.listeners.iter().find(|listen| listen.port == walk.port && listen.protocol == walk.protocol);
    let Some(listener) = listener else {
        walk.block(Leg::Request, "ELBV2_LISTENERS_MISMATCH", ("load-balancer", id), "it does not listen there");
        return Ok(());
    };
    walk.pass(Leg::Request, "load-balancer", id, format!("listener {} {}", listener.protocol, listener.port));
    let takes = |goal: &&Goal| {
        let clients = AddressSet::one(source);
        let family = Family::of(source);
        if goal.preserves && Family::of(goal.address) == family {
            let open = preserved(network, balancer, node, goal, walk.protocol, (&clients, Peers::Nobody), walk.view);
            return open.iter().any(|(ports, _)| ports.contains(walk.source_port));
        }
        leg(network, balancer, node, goal, walk.protocol, walk.view)
    };
    if let Some(goal) = listener.goals.iter().find(takes) {
        walk.destination = Some(goal.address);
        walk.pass(
            Leg::Request,
            "target-group",
            snapshot.text(goal.group),
            format!("target {} port {}", goal.address, goal.port),
        );
        return Ok(());
    }
    let code = match listener.goals.is_empty() {
        true => "ELBV2_LISTENER_HAS_NO_TG",
        false => "ELBV2_LISTENER_REQUIRES_TG_ACCEPT",
    };
    let how = if walk.view == View::Certain { "surely " } else { "" };
    walk.block(Leg::Request, code, ("load-balancer", id), format!("no target behind the listener {how}accepts"));
    Ok(())
}
