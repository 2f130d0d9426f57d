//! Edges: by what way traffic from an origin comes to the interfaces of a place, and from whom answers go back that way.

use super::origin::Origin;
use crate::network::{Network, PeeringView, Place, View};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{AttachmentKind, EndpointKind, Kind, Name, Presence, RouteTarget, TransitAttachment, Word};

/// A way into a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) origin: Origin,
    pub(crate) family: Family,
    /// The gateway that it leads through.
    pub(crate) gateway: Name,
    /// The private addresses that it leads to.
    pub(crate) targets: AddressSet,
    /// I2: whether a target needs a public address.
    pub(crate) needs_public: bool,
    /// Whom the edge lets in.
    pub(crate) delivered: AddressSet,
    /// Of those, whom answers reach by the same edge (I1, I7).
    pub(crate) sources: AddressSet,
    /// The VPC whose groups rules can name.
    pub(crate) bearers: Option<Name>,
    pub(crate) far: Far,
}

/// What is known of the far side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Far {
    /// Anyone.
    Anyone,
    /// The interfaces of a VPC.
    Vpc(Name),
    /// Networks behind a VPN or Direct Connect.
    Remote,
    /// The interfaces of a VPC behind a transit gateway: the attachments there and here.
    Transit { vpc: Name, there: Name, here: Name },
    /// Other networks behind a transit gateway.
    TransitRemote { there: Name, here: Name },
}

impl Far {
    /// The VPC whose interfaces send.
    pub(crate) fn vpc(self) -> Option<Name> {
        match self {
            Far::Vpc(vpc) | Far::Transit { vpc, .. } => Some(vpc),
            Far::Anyone | Far::Remote | Far::TransitRemote { .. } => None,
        }
    }

    /// The attachment to a transit gateway by which it comes.
    pub(crate) fn attachment(self) -> Option<Name> {
        match self {
            Far::Transit { here, .. } | Far::TransitRemote { here, .. } => Some(here),
            Far::Anyone | Far::Remote | Far::Vpc(_) => None,
        }
    }
}

/// All edges of a place.
pub(crate) fn edges(network: &Network<'_>, place: &Place, view: View) -> Vec<Edge> {
    let Some(vpc) = place.vpc.and_then(|id| network.vpc(id)) else { return Vec::new() };
    let mut edges = Vec::new();
    for family in Family::BOTH.into_iter().filter(|family| !vpc.own(*family).is_empty()) {
        edges.extend(internet(network, place, family, view));
        for peering in &vpc.peerings {
            edges.extend(peered(network, place, peering, family, view));
        }
        for gateway in &vpc.vpn {
            edges.extend(vpn(network, place, *gateway, family, view));
        }
        for attachment in &vpc.attachments {
            if let Some(attachment) = network.snapshot.transit_attachments.get(*attachment) {
                transit(network, place, attachment, family, view, &mut edges);
            }
        }
    }
    edges.retain(|edge| !edge.sources.is_empty() && !edge.targets.is_empty());
    edges
}

/// The destinations that a place's routes send to a target.
pub(crate) fn routed(
    network: &Network<'_>,
    place: &Place,
    family: Family,
    target: RouteTarget,
    view: View,
) -> AddressSet {
    match place.table.and_then(|table| network.plans.get(table)) {
        Some(plan) => plan.toward(family, target, view),
        None if view == View::Possible => AddressSet::all(family),
        None => AddressSet::default(),
    }
}

/// Addresses that no internet gateway delivers from: private ones (I4), and those that mean no host of the internet.
pub(crate) fn not_public(family: Family) -> AddressSet {
    let blocks: &[&str] = match family {
        Family::V4 => &[
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        ],
        Family::V6 => &["::/127", "fc00::/7", "fe80::/10", "ff00::/8"],
    };
    AddressSet::blocks_of(family, blocks.iter().filter_map(|block| block.parse().ok()))
}

fn internet(network: &Network<'_>, place: &Place, family: Family, view: View) -> Option<Edge> {
    let vpc_id = place.vpc?;
    let vpc = network.vpc(vpc_id)?;
    let scope = network.snapshot.vpcs.at(vpc_id.0)?.scope;
    let is_told = network.snapshot.presence(scope, Kind::InternetGateways) != Presence::Missing;
    let lines = place.table.and_then(|table| network.plans.get(table)).map(|plan| plan.lines(family));
    let routed_gateway = lines.into_iter().flatten().find_map(|line| match line.target {
        Some(RouteTarget::InternetGateway(id)) => Some(id),
        _ => None,
    });
    let known = vpc.internet.first().copied();
    let gateway = known.or(routed_gateway.filter(|_| !is_told && view == View::Possible))?;
    if known.is_none() {
        network.notes.say(network.snapshot.text(gateway), "it is not known whether this internet gateway is attached");
    }
    if place.is_blocked(view) {
        return None;
    }
    // I6: who claims to be of the VPC is not let in from outside.
    let delivered = AddressSet::all(family).difference(&not_public(family)).difference(vpc.own(family));
    let (targets, appliances) = diverted(network, gateway, family, view);
    let mut replies = routed(network, place, family, RouteTarget::InternetGateway(gateway), view);
    for appliance in appliances {
        replies = replies.union(&routed(network, place, family, appliance, view));
    }
    Some(Edge {
        origin: Origin::Internet,
        family,
        gateway,
        targets,
        needs_public: true,
        sources: delivered.intersection(&replies),
        delivered,
        bearers: None,
        far: Far::Anyone,
    })
}

/// R9: whom a gateway delivers to itself, and what it diverts the others to. What is diverted only may arrive (F1, E3).
fn diverted(network: &Network<'_>, gateway: Name, family: Family, view: View) -> (AddressSet, Vec<RouteTarget>) {
    let plan = network.gateway_tables.get(&gateway).and_then(|table| network.plans.get(*table));
    let Some(plan) = plan else { return (AddressSet::all(family), Vec::new()) };
    let mut targets = plan.toward(family, RouteTarget::Local, view);
    let mut appliances = Vec::new();
    for line in plan.lines(family) {
        let Some(target) = line.target else { continue };
        let (RouteTarget::Interface(id) | RouteTarget::Instance(id) | RouteTarget::VpcEndpoint(id)) = target else {
            continue;
        };
        let detail = "traffic from outside is diverted to it; it passes only if this appliance permits";
        network.notes.say(network.snapshot.text(id), detail);
        if view == View::Possible {
            targets = targets.union(&line.addresses);
            appliances.push(target);
            let is_balancer = |id| {
                let endpoint = network.snapshot.vpc_endpoints.get(id);
                endpoint.and_then(|endpoint| endpoint.kind) == Some(Word::Known(EndpointKind::GatewayLoadBalancer))
            };
            let endpoints = network.snapshot.vpc_endpoints.iter().filter(|endpoint| is_balancer(endpoint.id));
            appliances.extend(endpoints.map(|endpoint| RouteTarget::VpcEndpoint(endpoint.id)));
        }
    }
    (targets, appliances)
}

fn peered(network: &Network<'_>, place: &Place, peering: &PeeringView, family: Family, view: View) -> Option<Edge> {
    if !peering.is_sure {
        network
            .notes
            .say(network.snapshot.text(peering.id), "it is not known whether this peering connection is active");
        if view == View::Certain {
            return None;
        }
    }
    let replies = routed(network, place, family, RouteTarget::Peering(peering.id), view);
    let delivered = peering.far(family).clone();
    Some(Edge {
        origin: Origin::Peered(peering.id),
        family,
        gateway: peering.id,
        targets: AddressSet::all(family),
        needs_public: false,
        sources: delivered.intersection(&replies),
        delivered,
        bearers: peering.far.filter(|_| peering.is_in_region),
        far: peering.far.map_or(Far::Anyone, Far::Vpc),
    })
}

fn vpn(network: &Network<'_>, place: &Place, gateway: Name, family: Family, view: View) -> Option<Edge> {
    let vpc = network.vpc(place.vpc?)?;
    let replies = routed(network, place, family, RouteTarget::VpnGateway(gateway), view);
    let (targets, appliances) = diverted(network, gateway, family, view);
    // R9: a virtual private gateway drops what its table sends to a load balancer's endpoint.
    let targets = if appliances.is_empty() { targets } else { AddressSet::all(family) };
    let delivered = super::remote::beyond(network, gateway, family).difference(vpc.own(family));
    Some(Edge {
        origin: Origin::Vpn(gateway),
        family,
        gateway,
        targets,
        needs_public: false,
        sources: delivered.intersection(&replies),
        delivered,
        bearers: None,
        far: Far::Remote,
    })
}

/// T1–T5: from everything that is attached elsewhere.
fn transit(
    network: &Network<'_>,
    place: &Place,
    here: &TransitAttachment,
    family: Family,
    view: View,
    edges: &mut Vec<Edge>,
) {
    let snapshot = network.snapshot;
    let (Some(gateway), Some(vpc)) = (here.transit_gateway, place.vpc.and_then(|vpc| network.vpc(vpc))) else { return };
    // T4: the answer enters by the attachment's subnet in its own zone.
    let zones = here.subnets.iter().filter_map(|subnet| snapshot.subnets.get(*subnet)?.zone);
    let is_zone_known =
        place.zone.is_some() && here.subnets.iter().all(|subnet| snapshot.subnets.get(*subnet).is_some());
    let has_zone = zones.into_iter().any(|zone| Some(zone) == place.zone);
    if !has_zone && ((is_zone_known && !here.subnets.is_empty()) || view == View::Certain) {
        return;
    }
    if network.transit.is_unknown(gateway, here.id) {
        network.notes.say(snapshot.text(here.id), "the routes of the answers of this attachment are not known");
    }
    let replies = routed(network, place, family, RouteTarget::TransitGateway(gateway), view);
    if replies.is_empty() {
        return;
    }
    let back = network.transit.deliveries(snapshot, here, family, view);
    for there in snapshot.transit_attachments.iter().filter(|there| there.id != here.id) {
        if !crate::network::is_there(there) {
            continue;
        }
        let to = |deliveries: &[crate::network::Delivery], end: Name| {
            AddressSet::union_of(deliveries.iter().filter(|one| one.attachment == end).map(|one| &one.addresses))
        };
        let sources = to(&back, there.id).intersection(&replies);
        if sources.is_empty() {
            continue;
        }
        let targets = to(&network.transit.deliveries(snapshot, there, family, view), here.id);
        let is_vpc = there.kind.is_some_and(|kind| kind.is(AttachmentKind::Vpc));
        let far = there.resource.filter(|_| is_vpc);
        let known = far.and_then(|far| network.vpcs.get(snapshot.vpcs.position(far)?));
        let delivered = match known {
            Some(far) => far.own(family).clone(),
            None => AddressSet::all(family).difference(vpc.own(family)),
        };
        if is_vpc && known.is_none() {
            let detail = "the VPC of this attachment is not in the snapshot; what it sends is not known";
            network.notes.say(snapshot.text(there.id), detail);
            if view == View::Certain {
                continue;
            }
        }
        edges.push(Edge {
            origin: Origin::Transit { gateway, from: there.resource.unwrap_or(there.id) },
            family,
            gateway,
            targets,
            needs_public: false,
            sources: sources.intersection(&delivered),
            delivered,
            bearers: far.filter(|_| super::transit::keeps_groups(snapshot, gateway, [here, there])),
            far: match far {
                Some(vpc) if known.is_some() => Far::Transit { vpc, there: there.id, here: here.id },
                _ => Far::TransitRemote { there: there.id, here: here.id },
            },
        });
    }
}
