//! Load balancers of both generations, alike.

use std::net::IpAddr;

use super::goal::{Goals, Listen};
use crate::network::Network;
use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    BalancerAttribute, BalancerScheme, BalancerState, ClassicBalancer, Interface, LoadBalancer, Name, Snapshot, Word,
};

/// The types of load balancers that have listeners of ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BalancerKind {
    Application,
    Network,
    Classic,
}

/// A load balancer.
#[derive(Debug)]
pub(crate) struct Balancer {
    pub(crate) id: Name,
    pub(crate) kind: BalancerKind,
    /// `alb NAME`, `nlb NAME` or `clb NAME`.
    pub(crate) text: String,
    pub(crate) dns_name: Option<Name>,
    pub(crate) vpc: Option<Name>,
    /// L1: whether its nodes have public addresses.
    pub(crate) is_public: bool,
    /// S12: a network load balancer without groups lets everything pass.
    pub(crate) groups: Option<Box<[Name]>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) listeners: Vec<Listen>,
    /// L12: whether its groups hold for PrivateLink.
    pub(crate) guards_private_link: bool,
}

/// A node of a load balancer.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) subnet: Name,
    pub(crate) zone: Option<Name>,
    /// Its private addresses of version 4; all of its subnet where its interface is not known.
    pub(crate) addresses: AddressSet,
    pub(crate) ipv6: AddressSet,
    pub(crate) public: Option<IpAddr>,
    pub(crate) is_known: bool,
}

impl Node {
    pub(crate) fn addresses(&self, family: Family) -> &AddressSet {
        if family == Family::V4 { &self.addresses } else { &self.ipv6 }
    }
}

/// Every load balancer that may carry traffic.
pub(crate) fn all(network: &Network<'_>) -> Vec<Balancer> {
    let snapshot = network.snapshot;
    if snapshot.load_balancers.is_empty() && snapshot.classic_balancers.is_empty() {
        return Vec::new();
    }
    let goals = Goals::new(network);
    let interfaces = balancer_interfaces(snapshot);
    let second = snapshot.load_balancers.iter().filter_map(|balancer| second(network, &goals, balancer, &interfaces));
    let first = snapshot.classic_balancers.iter().map(|balancer| classic(network, &goals, balancer, &interfaces));
    second.chain(first).collect()
}

/// The interfaces of load balancers; their description is all that says of which.
fn balancer_interfaces(snapshot: &Snapshot) -> Vec<(&str, &Interface)> {
    let described = snapshot.interfaces.iter().filter_map(|interface| {
        let description = interface.description.map(|description| snapshot.text(description))?;
        Some((description.strip_prefix("ELB ")?, interface))
    });
    described.collect()
}

fn second(
    network: &Network<'_>,
    goals: &Goals<'_, '_>,
    balancer: &LoadBalancer,
    interfaces: &[(&str, &Interface)],
) -> Option<Balancer> {
    use crate::snapshot::BalancerKind as Told;
    let snapshot = network.snapshot;
    let (kind, label) = match balancer.kind {
        Word::Known(Told::Application) => (BalancerKind::Application, "alb"),
        Word::Known(Told::Network) => (BalancerKind::Network, "nlb"),
        // F1: what a gateway load balancer stands for is said where traffic is diverted to it.
        Word::Known(Told::Gateway) => return None,
        Word::Unknown(_) => {
            network
                .notes
                .say(snapshot.text(balancer.id), "this type of load balancer is not known; it was not analysed");
            return None;
        }
    };
    let state = balancer.state.map(|state| state.code);
    if matches!(state, Some(Word::Known(BalancerState::Failed | BalancerState::Provisioning))) {
        return None;
    }
    let name = balancer.name.map(|name| snapshot.text(name)).unwrap_or_default();
    let resource = snapshot.text(balancer.id).rsplit_once(":loadbalancer/").map(|(_, resource)| resource);
    let zones = balancer.zones.iter().filter_map(|zone| zone.subnet);
    let nodes = nodes(network, balancer.id, zones, &|description| Some(description) == resource, interfaces);
    let is_network = kind == BalancerKind::Network;
    let groups = (!is_network || !balancer.security_groups.is_empty()).then(|| balancer.security_groups.clone());
    let says_off = balancer.enforces_groups_on_private_link.is_some_and(|word| snapshot.text(word) == "off");
    Some(Balancer {
        id: balancer.id,
        kind,
        text: format!("{label} {name}"),
        dns_name: balancer.dns_name,
        vpc: balancer.vpc,
        is_public: balancer.scheme == Some(Word::Known(BalancerScheme::InternetFacing)),
        groups,
        nodes,
        listeners: goals.of_balancer(balancer, kind),
        guards_private_link: !says_off,
    })
}

fn classic(
    network: &Network<'_>,
    goals: &Goals<'_, '_>,
    balancer: &ClassicBalancer,
    interfaces: &[(&str, &Interface)],
) -> Balancer {
    let snapshot = network.snapshot;
    let name = snapshot.text(balancer.id);
    let subnets = balancer.subnets.iter().copied();
    Balancer {
        id: balancer.id,
        kind: BalancerKind::Classic,
        text: format!("clb {name}"),
        dns_name: balancer.dns_name,
        vpc: balancer.vpc,
        is_public: balancer.scheme == Some(Word::Known(BalancerScheme::InternetFacing)),
        groups: Some(balancer.security_groups.clone()),
        nodes: nodes(network, balancer.id, subnets, &|description| description == name, interfaces),
        listeners: goals.of_classic(balancer),
        guards_private_link: true,
    }
}

fn nodes(
    network: &Network<'_>,
    id: Name,
    subnets: impl Iterator<Item = Name>,
    is_its: &dyn Fn(&str) -> bool,
    interfaces: &[(&str, &Interface)],
) -> Vec<Node> {
    let snapshot = network.snapshot;
    let own: Vec<&Interface> =
        interfaces.iter().filter(|(description, _)| is_its(description)).map(|(_, interface)| *interface).collect();
    let mut nodes = Vec::new();
    for subnet in subnets {
        let row = snapshot.subnets.get(subnet);
        let here: Vec<&&Interface> = own.iter().filter(|interface| interface.subnet == Some(subnet)).collect();
        let of = |family| {
            AddressSet::union_of(&here.iter().map(|one| network.addresses_of(one, family)).collect::<Vec<_>>())
        };
        let mut node = Node {
            subnet,
            zone: row.and_then(|row| row.zone),
            addresses: of(Family::V4),
            ipv6: of(Family::V6),
            public: here
                .iter()
                .find_map(|one| snapshot.interfaces.addresses(one).iter().find_map(|address| address.public))
                .map(Into::into),
            is_known: !here.is_empty(),
        };
        if !node.is_known {
            let detail = "no interface of this load balancer is listed in some of its subnets; a node with any address is assumed there";
            network.notes.say(snapshot.text(id), detail);
            node.addresses = row.and_then(|row| row.ipv4).map(AddressSet::block).unwrap_or_default();
            let blocks = row.into_iter().flat_map(|row| row.ipv6.iter()).map(|block| block.cidr);
            node.ipv6 = AddressSet::blocks_of(Family::V6, blocks);
        }
        nodes.push(node);
    }
    nodes
}

/// The value of an attribute, if it is told.
pub(super) fn attribute<'s>(
    snapshot: &'s Snapshot,
    attributes: Option<&Vec<BalancerAttribute>>,
    key: &str,
) -> Option<&'s str> {
    let found = attributes?.iter().find(|attribute| snapshot.text(attribute.key) == key)?;
    Some(snapshot.text(found.value))
}
