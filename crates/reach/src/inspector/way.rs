//! Ways: what is open of an interface by one route, through the same gateway, groups and load balancer.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use super::finding::Route;
use crate::exposure::{Exposure, Exposures, Gate};
use crate::network::Protocol;
use crate::snapshot::{Name, PeeringConnection};

/// A load balancer in between.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Balancer {
    /// The key of the attribute that names it.
    pub(super) key: &'static str,
    pub(super) name: String,
}

/// A way to an interface. Findings are made by way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) interface: String,
    pub(super) route: Route,
    pub(super) gateway: String,
    /// The groups of the interface that let it in, as text.
    pub(super) groups: String,
    pub(super) balancer: Option<Balancer>,
}

/// Where an interface is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) vpc: Option<String>,
    pub(super) acl: Option<String>,
    /// The VPC at the far end of a peering connection.
    pub(super) far_vpc: Option<String>,
}

/// Some ports of an address that are open by a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) protocol: Protocol,
    pub(super) address: IpAddr,
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) sources: Vec<String>,
    pub(super) gates: Vec<Arc<Gate>>,
}

impl Way {
    pub(super) fn of(exposures: &Exposures<'_, '_>, exposure: &Exposure, route: Route, gates: &[Gate]) -> Way {
        let snapshot = exposures.network().snapshot();
        Way {
            interface: snapshot.text(exposure.interface).to_owned(),
            route,
            gateway: snapshot.text(exposure.gateway()).to_owned(),
            groups: groups(exposures, exposure, gates),
            balancer: balancer(exposures, exposure),
        }
    }

    /// What tells it from the others of an instance, in one line.
    pub(super) fn subject(&self) -> String {
        let balancer = self.balancer.as_ref().map(|balancer| balancer.name.as_str()).unwrap_or_default();
        [&self.interface, &self.gateway, &self.groups, balancer].join("\n")
    }

    /// What it leads through, as part of a sentence.
    pub(super) fn through(&self) -> String {
        let gateway = match self.route {
            Route::Internet => "internet gateway",
            Route::PeeredVpc => "VPC peering connection",
            Route::Vgw => "virtual private gateway",
        };
        let balancer = self.balancer.as_ref().map(|balancer| format!(", load balancer {}", balancer.name));
        format!("{gateway} {}{} and security group {}", self.gateway, balancer.unwrap_or_default(), self.groups)
    }
}

/// The groups of the interface that let it in.
fn groups(exposures: &Exposures<'_, '_>, exposure: &Exposure, gates: &[Gate]) -> String {
    let snapshot = exposures.network().snapshot();
    let own: Vec<&str> = match snapshot.interfaces.get(exposure.interface) {
        Some(interface) => snapshot.interfaces.groups(interface).iter().map(|group| snapshot.text(*group)).collect(),
        None => Vec::new(),
    };
    let through = gates.iter().filter(|gate| gate.kind == "security-group").map(|gate| gate.id.as_str());
    let through: BTreeSet<&str> = through.filter(|id| own.contains(id)).collect();
    through.into_iter().collect::<Vec<_>>().join(", ")
}

fn balancer(exposures: &Exposures<'_, '_>, exposure: &Exposure) -> Option<Balancer> {
    let via = exposure.via.as_ref()?;
    let name = via.dns_name.map(|name| exposures.network().snapshot().text(name).to_owned());
    let key = if via.text.starts_with("clb") { "ELB" } else { "ELB2" };
    Some(Balancer { key, name: name.unwrap_or_else(|| via.text.clone()) })
}

impl Position {
    pub(super) fn of(exposures: &Exposures<'_, '_>, way: &Way, interface: Name) -> Position {
        let network = exposures.network();
        let snapshot = network.snapshot();
        let Some(interface) = snapshot.interfaces.get(interface) else { return Position::default() };
        let text = |name: Name| snapshot.text(name).to_owned();
        let acl = network.place(network.place_of(interface.subnet)).acl;
        let peering = snapshot.names.find(&way.gateway).and_then(|id| snapshot.peering_connections.get(id));
        let far = |peering: &PeeringConnection| {
            let ends = [peering.requester.vpc, peering.accepter.vpc];
            ends.into_iter().flatten().find(|end| Some(*end) != interface.vpc)
        };
        Position {
            vpc: interface.vpc.map(text),
            acl: acl.and_then(|acl| snapshot.network_acls.at(acl)).map(|acl| text(acl.id)),
            far_vpc: peering.filter(|_| way.route == Route::PeeredVpc).and_then(far).map(text),
        }
    }
}
