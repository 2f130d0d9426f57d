//! The analysis: every interface, every address, every origin.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use super::breaks::Breaks;
use super::classes::{Classes, Open};
use super::edge::{Edge, Far};
use super::far::{Target, is_running, used};
use super::gates::{Gate, gates};
use super::origin::Mode;
use super::remote;
use super::row::{Certainty, Exposure, Latent};
use super::rows::{ListId, Opening, Rows};
use super::senders::Senders;
use super::transit::{near_ports, near_sets};
use crate::network::{Network, PlaceId, Protocol, View};
use crate::sets::{Cells, Family, Ports};
use crate::snapshot::{Interface, InterfaceStatus, Name, Word};

/// What an analysis found.
#[derive(Debug)]
pub struct Exposures<'n, 's> {
    network: &'n Network<'s>,
    rows: Rows,
}

impl<'n, 's> Exposures<'n, 's> {
    /// What is open, and what would be but for a [`Latent`] reason; in order. Each is made on the way: there may be millions.
    pub fn iter(&self) -> impl Iterator<Item = Exposure> + '_ {
        self.rows.iter(self.network)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What can be reached now.
    pub fn reachable(&self) -> impl Iterator<Item = Exposure> + '_ {
        self.iter().filter(|exposure| exposure.latent.is_none())
    }

    /// What is open, but cannot be used at this moment.
    pub fn latent(&self) -> impl Iterator<Item = Exposure> + '_ {
        self.iter().filter(|exposure| exposure.latent.is_some())
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
pub fn exposures_of<'n, 's>(network: &'n Network<'s>, mode: Mode, interfaces: &BTreeSet<Name>) -> Exposures<'n, 's> {
    analysed(network, mode, Some(interfaces.clone()))
}

fn analysed<'n, 's>(network: &'n Network<'s>, mode: Mode, only: Option<BTreeSet<Name>>) -> Exposures<'n, 's> {
    let mut analysis = Analysis {
        network,
        mode,
        classes: Classes::new(network),
        senders: Senders::default(),
        breaks: HashMap::new(),
        lists: HashMap::new(),
        only,
        rows: Rows::default(),
    };
    let interfaces = &network.snapshot.interfaces;
    match analysis.only.clone() {
        None => interfaces.iter().zip(0..).for_each(|(interface, place)| analysis.interface(place, interface)),
        Some(only) => {
            let known = only.iter().filter_map(|id| Some((interfaces.position(*id)?, interfaces.get(*id)?)));
            known.for_each(|(place, interface)| analysis.interface(place, interface));
        }
    }
    analysis.balancers();
    let mut rows = analysis.rows;
    rows.sort(network.snapshot);
    Exposures { network, rows }
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

/// Addresses of which the same is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Class {
    place: PlaceId,
    /// The subnet, where not only its place matters: behind a transit gateway.
    subnet: Option<Name>,
    /// The number of the set of groups.
    set: usize,
    family: Family,
    is_public: bool,
    /// The segment that the address is in.
    segment: usize,
}

/// An analysis on its way.
pub(super) struct Analysis<'n, 's> {
    pub(super) network: &'n Network<'s>,
    pub(super) mode: Mode,
    pub(super) classes: Classes<'n, 's>,
    senders: Senders,
    breaks: HashMap<(PlaceId, Family), Breaks>,
    lists: HashMap<Class, Option<ListId>>,
    /// The interfaces that are asked for, if not all are.
    only: Option<BTreeSet<Name>>,
    pub(super) rows: Rows,
}

impl Analysis<'_, '_> {
    /// Whether an interface is asked for.
    pub(super) fn asks(&self, interface: Name) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&interface))
    }

    fn interface(&mut self, place: u32, interface: &Interface) {
        let snapshot = self.network.snapshot;
        if !is_judged(self.network, interface) {
            return;
        }
        let latent = latency(self.network, interface);
        for address in snapshot.interfaces.addresses(interface) {
            self.address((place, interface), address.private.into(), address.public.is_some(), latent);
        }
        for address in snapshot.interfaces.ipv6(interface) {
            // I3: an address of version 6 is public by itself.
            let is_public = address.octets().first().is_some_and(|first| first & 0xe0 == 0x20);
            self.address((place, interface), (*address).into(), is_public, latent);
        }
    }

    fn address(
        &mut self,
        (place, interface): (u32, &Interface),
        address: IpAddr,
        is_public: bool,
        latent: Option<Latent>,
    ) {
        let class = self.class(interface, address, is_public);
        let Some(class) = class else { return };
        let list = match self.lists.get(&class) {
            Some(known) => *known,
            None => {
                let openings = self.openings(&class, interface, Family::number(address));
                let list = self.rows.list(self.network.snapshot, openings);
                self.lists.insert(class, list);
                list
            }
        };
        if let Some(list) = list {
            self.rows.add(place, address, latent, list);
        }
    }

    /// The class of an address; `None` where no edge leads to it.
    fn class(&mut self, interface: &Interface, address: IpAddr, is_public: bool) -> Option<Class> {
        let place = self.network.place_of(interface.subnet);
        let (family, number) = (Family::of(address), Family::number(address));
        let roads = self.classes.roads(place, family);
        if !(roads.lead_inside || (roads.lead_to_public && is_public)) {
            return None;
        }
        let subnet = interface.subnet.filter(|_| roads.have_attachments);
        let set = self.network.snapshot.interfaces.group_set(interface);
        let segment = match self.breaks.get(&(place, family)) {
            Some(breaks) => breaks.segment(number),
            None => {
                let breaks = self.breaks_of(place, family);
                let segment = breaks.segment(number);
                self.breaks.insert((place, family), breaks);
                segment
            }
        };
        Some(Class { place, subnet, set, family, is_public, segment })
    }

    /// Where among the addresses of a place it matters which one it is.
    fn breaks_of(&mut self, place: PlaceId, family: Family) -> Breaks {
        let mut breaks = Breaks::default();
        for view in [View::Certain, View::Possible] {
            for edge in self.classes.edges(place, view).iter().filter(|edge| edge.family == family) {
                breaks.add(&edge.targets);
                if let Some(here) = edge.far.attachment() {
                    near_sets(self.network, here, family, &mut |addresses| breaks.add(addresses));
                }
                if let (Some(vpc), Mode::EndToEnd) = (edge.far.vpc(), self.mode) {
                    breaks.add_all(self.senders.of(self.network, vpc).breaks(family));
                }
            }
        }
        breaks.settle();
        breaks
    }

    /// What is open of a class, of which the address of that number is one.
    fn openings(&mut self, class: &Class, interface: &Interface, number: u128) -> Vec<Opening> {
        let wanted = |edge: &Edge| {
            let is_its = edge.family == class.family && (class.is_public || !edge.needs_public);
            is_its && edge.targets.contains_number(number)
        };
        let groups = self.network.snapshot.interfaces.groups(interface);
        let mut openings = Vec::new();
        for open in self.classes.open_to(class.place, Some(groups), &wanted) {
            let view = if open.certainty == Certainty::Certain { View::Certain } else { View::Possible };
            let Some(open) = self.delivered(interface.subnet, number, &open, view) else { continue };
            let latent = if self.mode == Mode::EndToEnd { remote::latency(self.network, &open.edge) } else { None };
            let protocol = self.network.protocols(class.family).get(open.protocol).copied().unwrap_or(Protocol::Other);
            for (client_ports, cells, certainty) in self.sent(groups, number, &open) {
                openings.extend(cells.iter().map(|cell| Opening {
                    edge: Arc::clone(&open.edge),
                    addresses: cell.addresses.clone(),
                    client_ports: client_ports.clone(),
                    protocol,
                    from: cell.from,
                    to: cell.to,
                    certainty,
                    latent,
                }));
            }
        }
        openings
    }

    /// Of what an edge lets in, what the far side can send, where it is modelled.
    pub(super) fn sent(&mut self, groups: &[Name], number: u128, open: &Open) -> Vec<(Ports, Cells, Certainty)> {
        let Some(far) = open.edge.far.vpc().filter(|_| self.mode == Mode::EndToEnd) else {
            return vec![(open.client_ports.clone(), open.cells.clone(), open.certainty)];
        };
        if self.network.snapshot.vpcs.get(far).is_none() {
            let detail = "this VPC at the far side is not in the snapshot; it is assumed to send anything";
            self.network.notes.say(self.network.snapshot.text(far), detail);
            return vec![(open.client_ports.clone(), open.cells.clone(), Certainty::May)];
        }
        let target = Target { number, groups };
        let of = |senders: &mut Senders, view| senders.behaviours(self.network, far, open, target, view);
        let (surely, maybe) = (of(&mut self.senders, View::Certain), of(&mut self.senders, View::Possible));
        let certain = used(self.network, &surely, open);
        let possible = if surely == maybe { Vec::new() } else { used(self.network, &maybe, open) };
        let parts = certain.iter().flat_map(|(_, cells)| cells.iter());
        let surely = Cells::union_of(parts.map(|cell| (cell.from, cell.to, cell.addresses.clone())));
        let rest = possible.into_iter().map(|(client, cells)| (client, cells.difference(&surely), Certainty::May));
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
}

pub(super) fn latency(network: &Network<'_>, interface: &Interface) -> Option<Latent> {
    if !is_running(network, interface) {
        return Some(Latent::InstanceNotRunning);
    }
    let is_free = matches!(interface.status, Some(Word::Known(InterfaceStatus::Available)));
    (is_free && interface.instance.is_none()).then_some(Latent::NotAttached)
}
