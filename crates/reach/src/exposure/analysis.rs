//! The analysis: every interface, every address, every origin.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use super::classes::{Classes, Open};
use super::edge::Far;
use super::far::{Senders, Target, is_running, used};
use super::gates::{Gate, gates};
use super::origin::Mode;
use super::remote;
use super::row::{Certainty, Exposure, Latent, Sources};
use super::transit::near_ports;
use crate::network::{Network, Protocol, View};
use crate::sets::{AddressSet, Cells, Family, Ports};
use crate::snapshot::{Interface, InterfaceStatus, Name, Word};

/// What an analysis found.
#[derive(Debug)]
pub struct Exposures<'n, 's> {
    network: &'n Network<'s>,
    /// What is open, and what would be but for a [`Latent`] reason; in order.
    pub all: Vec<Exposure>,
}

impl<'n, 's> Exposures<'n, 's> {
    /// What can be reached now.
    pub fn reachable(&self) -> impl Iterator<Item = &Exposure> {
        self.all.iter().filter(|exposure| exposure.latent.is_none())
    }

    /// What is open, but cannot be used at this moment.
    pub fn latent(&self) -> impl Iterator<Item = &Exposure> {
        self.all.iter().filter(|exposure| exposure.latent.is_some())
    }

    /// The rules that open an exposure, in the order of its path.
    pub fn gates(&self, exposure: &Exposure) -> Vec<Gate> {
        gates(self.network, exposure)
    }

    /// The network that was analysed.
    pub fn network(&self) -> &'n Network<'s> {
        self.network
    }
}

/// Everything that is reachable from outside of each VPC.
pub fn exposures<'n, 's>(network: &'n Network<'s>, mode: Mode) -> Exposures<'n, 's> {
    analysed(network, mode, None)
}

/// What of some interfaces is reachable from outside of their VPCs.
pub(crate) fn exposures_of<'n, 's>(
    network: &'n Network<'s>,
    mode: Mode,
    interfaces: &BTreeSet<Name>,
) -> Exposures<'n, 's> {
    analysed(network, mode, Some(interfaces.clone()))
}

fn analysed<'n, 's>(network: &'n Network<'s>, mode: Mode, only: Option<BTreeSet<Name>>) -> Exposures<'n, 's> {
    let classes = Classes::new(network);
    let mut analysis = Analysis { network, mode, classes, senders: Senders::default(), only, all: Vec::new() };
    match analysis.only.clone() {
        None => {
            for interface in network.snapshot.interfaces.iter().filter(|interface| is_judged(network, interface)) {
                analysis.interface(interface);
            }
        }
        Some(only) => {
            let known = only.iter().filter_map(|id| network.snapshot.interfaces.get(*id));
            for interface in known.filter(|interface| is_judged(network, interface)) {
                analysis.interface(interface);
            }
        }
    }
    analysis.balancers();
    let mut all = analysis.all;
    sort(network, &mut all);
    Exposures { network, all }
}

/// Interfaces of gateways, endpoints and load balancers answer for what lies behind them.
fn is_judged(network: &Network<'_>, interface: &Interface) -> bool {
    !interface.passes_on() && !is_described_as_balancer(network, interface)
}

/// Interfaces of application and classic load balancers are of no type of their own.
fn is_described_as_balancer(network: &Network<'_>, interface: &Interface) -> bool {
    let text = interface.description.map(|description| network.snapshot.text(description));
    interface.instance.is_none() && text.is_some_and(|text| text.starts_with("ELB "))
}

/// An analysis on its way.
pub(super) struct Analysis<'n, 's> {
    pub(super) network: &'n Network<'s>,
    pub(super) mode: Mode,
    pub(super) classes: Classes<'n, 's>,
    senders: Senders,
    /// The interfaces that are asked for, if not all are.
    only: Option<BTreeSet<Name>>,
    pub(super) all: Vec<Exposure>,
}

impl Analysis<'_, '_> {
    /// Whether an interface is asked for.
    pub(super) fn asks(&self, interface: Name) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&interface))
    }

    fn interface(&mut self, interface: &Interface) {
        let snapshot = self.network.snapshot;
        let place = self.network.place_of(interface.subnet);
        let open = self.classes.open(place, snapshot.interfaces.group_set(interface));
        if open.is_empty() {
            return;
        }
        let latent = latency(self.network, interface);
        for address in snapshot.interfaces.addresses(interface) {
            for open in open.iter().filter(|open| open.edge.family == Family::V4) {
                if address.public.is_some() || !open.edge.needs_public {
                    self.address(interface, address.private.into(), open, latent);
                }
            }
        }
        for address in snapshot.interfaces.ipv6(interface) {
            for open in open.iter().filter(|open| open.edge.family == Family::V6) {
                // I3: an address of version 6 is public by itself.
                let is_public = address.octets().first().is_some_and(|first| first & 0xe0 == 0x20);
                if is_public || !open.edge.needs_public {
                    self.address(interface, (*address).into(), open, latent);
                }
            }
        }
    }

    fn address(&mut self, interface: &Interface, address: IpAddr, open: &Open, latent: Option<Latent>) {
        let number = Family::number(address);
        if !open.edge.targets.contains_number(number) {
            return;
        }
        let view = if open.certainty == Certainty::Certain { View::Certain } else { View::Possible };
        let Some(open) = self.delivered(interface.subnet, number, open, view) else { return };
        let remote = if self.mode == Mode::EndToEnd { remote::latency(self.network, &open.edge) } else { None };
        let latent = latent.or(remote);
        let groups = self.network.snapshot.interfaces.groups(interface);
        for (client, cells, certainty) in self.sent(groups, number, &open) {
            self.push(interface, address, &open, (client, cells), certainty, latent);
        }
    }

    /// Of what an edge lets in, what the far side can send, where it is modelled.
    pub(super) fn sent(&mut self, groups: &[Name], number: u128, open: &Open) -> Vec<(Ports, Cells, Certainty)> {
        let far = match open.edge.far {
            Far::Vpc(vpc) | Far::Transit { vpc, .. } if self.mode == Mode::EndToEnd => vpc,
            _ => return vec![(open.client_ports.clone(), open.cells.clone(), open.certainty)],
        };
        if self.network.snapshot.vpcs.get(far).is_none() {
            let detail = "this VPC at the far side is not in the snapshot; it is assumed to send anything";
            self.network.notes.say(self.network.snapshot.text(far), detail);
            return vec![(open.client_ports.clone(), open.cells.clone(), Certainty::May)];
        }
        let senders = self.senders.of(self.network, far);
        let target = Target { number, groups };
        let certain = used(self.network, &senders, open, target, View::Certain);
        let parts = certain.iter().flat_map(|(_, cells)| cells.iter());
        let surely = Cells::union_of(parts.map(|cell| (cell.from, cell.to, cell.addresses.clone())));
        let possible = used(self.network, &senders, open, target, View::Possible).into_iter();
        let rest = possible.map(|(client, cells)| (client, cells.difference(&surely), Certainty::May));
        let rest: Vec<_> = rest.filter(|(_, cells, _)| !cells.is_empty()).collect();
        certain.into_iter().map(|(client, cells)| (client, cells, open.certainty)).chain(rest).collect()
    }

    /// Behind a transit gateway, the ACLs of the attachment's subnets have a say (T3).
    pub(super) fn delivered(&self, subnet: Option<Name>, number: u128, open: &Open, view: View) -> Option<Open> {
        let (Far::Transit { here, .. } | Far::TransitRemote { here, .. }) = open.edge.far else {
            return Some(open.clone());
        };
        let protocol = self.network.protocols(open.edge.family).get(open.protocol).copied()?;
        let question = (open.edge.family, number, open.protocol);
        let (requests, answers) = near_ports(self.network, here, subnet, question, view);
        let (requests, client_ports) = super::far::joined(protocol, &requests, &answers, &open.client_ports);
        let cells = open.cells.on(&requests);
        (!cells.is_empty() && !client_ports.is_empty()).then(|| Open { cells, client_ports, ..open.clone() })
    }

    fn push(
        &mut self,
        interface: &Interface,
        address: IpAddr,
        open: &Open,
        (client_ports, cells): (Ports, Cells),
        certainty: Certainty,
        latent: Option<Latent>,
    ) {
        let family = open.edge.family;
        let protocol = self.network.protocols(family).get(open.protocol).copied().unwrap_or(Protocol::Other);
        for cell in cells.iter() {
            self.all.push(Exposure {
                origin: open.edge.origin,
                instance: interface.instance,
                interface: interface.id,
                address,
                protocol,
                from: cell.from,
                to: cell.to,
                sources: sources(family, &cell.addresses, &open.edge.delivered),
                client_ports: client_ports.clone(),
                via: None,
                certainty,
                latent,
                edge: Arc::clone(&open.edge),
            });
        }
    }
}

/// The sources as they are told; of version 6, all that an edge delivers is everything.
pub(super) fn sources(family: Family, addresses: &AddressSet, delivered: &AddressSet) -> Sources {
    if family == Family::V6 && addresses == delivered {
        Sources::Everything
    } else {
        Sources::Addresses(addresses.clone())
    }
}

pub(super) fn latency(network: &Network<'_>, interface: &Interface) -> Option<Latent> {
    if !is_running(network, interface) {
        return Some(Latent::InstanceNotRunning);
    }
    let is_free = matches!(interface.status, Some(Word::Known(InterfaceStatus::Available)));
    (is_free && interface.instance.is_none()).then_some(Latent::NotAttached)
}

fn sort(network: &Network<'_>, all: &mut [Exposure]) {
    let text = |exposure: &Exposure| {
        let name = |name: Option<Name>| name.map(|name| network.snapshot.text(name)).unwrap_or_default();
        (name(exposure.instance), name(Some(exposure.interface)))
    };
    let origin = |exposure: &Exposure| match exposure.origin {
        super::Origin::Internet => (0, String::new()),
        super::Origin::Peered(_) => (1, exposure.origin.text(network.snapshot)),
        super::Origin::Vpn(_) => (2, exposure.origin.text(network.snapshot)),
        super::Origin::Transit { .. } => (3, exposure.origin.text(network.snapshot)),
        super::Origin::PrivateLink(_) => (4, exposure.origin.text(network.snapshot)),
    };
    let via = |exposure: &Exposure| exposure.via.as_ref().map(|via| (via.text.clone(), via.listener));
    let rest =
        |exposure: &Exposure| (exposure.protocol, exposure.from, exposure.to, exposure.certainty, exposure.latent);
    all.sort_by(|a, b| {
        text(a)
            .cmp(&text(b))
            .then(a.address.cmp(&b.address))
            .then_with(|| origin(a).cmp(&origin(b)))
            .then(rest(a).cmp(&rest(b)))
            .then_with(|| via(a).cmp(&via(b)))
            .then_with(|| a.sources.cmp(&b.sources))
            .then_with(|| a.client_ports.cmp(&b.client_ports))
    });
}
