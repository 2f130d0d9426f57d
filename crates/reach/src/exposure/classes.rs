//! Classes: what is open to interfaces of one place with the same groups. Each class is judged once.

use std::collections::HashMap;
use std::sync::Arc;

use super::edge::{Edge, edges};
use super::row::Certainty;
use crate::network::{Direction, Network, Peers, PlaceId, Protocol, View};
use crate::sets::{Cells, Family, Ports};
use crate::snapshot::Name;

/// What is open by an edge, for one protocol and one set of client ports.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) edge: Arc<Edge>,
    /// The place of the protocol in the list of the network.
    pub(crate) protocol: usize,
    pub(crate) client_ports: Ports,
    pub(crate) cells: Cells,
    pub(crate) certainty: Certainty,
}

/// What a set of groups admits, by protocol.
type Admitted = Arc<[Cells]>;

/// Of which groups, for which family, with which VPC's groups named.
type Admission = (Arc<[Name]>, Family, Option<Name>, View);

/// Judges classes, each once.
#[derive(Debug)]
pub(crate) struct Classes<'n, 's> {
    pub(crate) network: &'n Network<'s>,
    edges: HashMap<(PlaceId, View), Arc<[Arc<Edge>]>>,
    admitted: HashMap<Admission, Admitted>,
    known: HashMap<(PlaceId, usize), Arc<[Open]>>,
}

impl<'n, 's> Classes<'n, 's> {
    pub(crate) fn new(network: &'n Network<'s>) -> Classes<'n, 's> {
        Classes { network, edges: HashMap::new(), admitted: HashMap::new(), known: HashMap::new() }
    }

    /// What is open to the interfaces of a place with the set of groups of that number.
    pub(crate) fn open(&mut self, place: PlaceId, set: usize) -> Arc<[Open]> {
        if let Some(known) = self.known.get(&(place, set)) {
            return Arc::clone(known);
        }
        let groups = self.network.snapshot.interfaces.group_sets().get(set).map(|set| &**set).unwrap_or_default();
        let open: Arc<[Open]> = self.open_to(place, Some(groups)).into();
        self.known.insert((place, set), Arc::clone(&open));
        open
    }

    /// What is open to an interface of a place with those groups, or with none at all that filter (S12): what surely is, and then what else may be.
    pub(crate) fn open_to(&mut self, place: PlaceId, groups: Option<&[Name]>) -> Vec<Open> {
        let certain = self.seen(place, groups, View::Certain);
        let possible = self.seen(place, groups, View::Possible);
        let mut all = certain.clone();
        for open in possible {
            let surely = certain.iter().filter(|sure| {
                let is_same = sure.edge.origin == open.edge.origin && sure.edge.family == open.edge.family;
                is_same && sure.protocol == open.protocol && sure.edge.targets.covers(&open.edge.targets)
            });
            let mut cells = open.cells.clone();
            for sure in surely {
                cells = cells.difference(&sure.cells);
            }
            if !cells.is_empty() {
                all.push(Open { cells, certainty: Certainty::May, ..open });
            }
        }
        all
    }

    /// The edges of a place.
    pub(crate) fn edges(&mut self, place: PlaceId, view: View) -> Arc<[Arc<Edge>]> {
        let network = self.network;
        let make = || edges(network, network.place(place), view).into_iter().map(Arc::new).collect();
        Arc::clone(self.edges.entry((place, view)).or_insert_with(make))
    }

    fn admitted(&mut self, groups: &Arc<[Name]>, family: Family, bearers: Option<Name>, view: View) -> Admitted {
        let network = self.network;
        let key = (Arc::clone(groups), family, bearers, view);
        let make = || {
            let peers = bearers.map_or(Peers::Nobody, Peers::Vpc);
            network.groups(groups, Direction::Ingress, family, peers, view).into()
        };
        Arc::clone(self.admitted.entry(key).or_insert_with(make))
    }

    fn seen(&mut self, place: PlaceId, groups: Option<&[Name]>, view: View) -> Vec<Open> {
        let groups: Option<Arc<[Name]>> = groups.map(Into::into);
        let mut all = Vec::new();
        for edge in self.edges(place, view).iter() {
            let network = self.network;
            let admitted = match &groups {
                Some(groups) => self.admitted(groups, edge.family, edge.bearers, view),
                None => vec![Cells::all(edge.family); network.protocols(edge.family).len()].into(),
            };
            let acl = network.place(place).acl;
            let incoming = network.acl(acl, Direction::Ingress, edge.family, view);
            let outgoing = network.acl(acl, Direction::Egress, edge.family, view);
            let protocols = network.protocols(edge.family).iter().enumerate();
            for (((protocol, kind), admitted), (incoming, outgoing)) in
                protocols.zip(admitted.iter()).zip(incoming.iter().zip(outgoing))
            {
                let requests = admitted.intersection(incoming).within(&edge.sources);
                for (client_ports, cells) in answered(*kind, &requests, outgoing) {
                    let edge = Arc::clone(edge);
                    let certainty = if view == View::Certain { Certainty::Certain } else { Certainty::May };
                    all.push(Open { edge, protocol, client_ports, cells, certainty });
                }
            }
        }
        all
    }
}

/// Client ports that a client may choose; nobody can send from port 0.
pub(crate) const CLIENT_PORTS: (u16, u16) = (1, u16::MAX);

/// The requests that are answered, by the ports that the client has to send from (A3): those are the destination ports of the
/// answers, which `outgoing` judges. Security groups let answers pass (S2).
pub(crate) fn answered(protocol: Protocol, requests: &Cells, outgoing: &Cells) -> Vec<(Ports, Cells)> {
    if requests.is_empty() {
        return Vec::new();
    }
    if protocol.is_icmp() {
        let cells = answered_messages(protocol, requests, outgoing);
        return if cells.is_empty() { Vec::new() } else { vec![(Ports::all(), cells)] };
    }
    if !protocol.has_ports() {
        let cells = requests.within(&outgoing.addresses());
        return if cells.is_empty() { Vec::new() } else { vec![(Ports::all(), cells)] };
    }
    let usable = Ports::of_ranges(vec![CLIENT_PORTS]);
    let parts = outgoing.on(&usable).by_ports().into_iter();
    let open = parts.map(|(addresses, ports)| {
        let ports = if ports == usable { Ports::all() } else { ports };
        (ports, requests.within(&addresses))
    });
    open.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// Of messages that have an answer, those whose answer may leave; of others, all: nothing has to come back.
fn answered_messages(protocol: Protocol, requests: &Cells, outgoing: &Cells) -> Cells {
    let mut cells = requests.clone();
    for kind in 0..=u16::from(u8::MAX) {
        let Some(reply) = protocol.reply_of(kind << 8) else { continue };
        let kind = Ports::of_ranges(vec![(kind << 8, (kind << 8) | 0xff)]);
        let asked = cells.on(&kind);
        if asked.is_empty() {
            continue;
        }
        let unanswered = asked.difference(&asked.within(&outgoing.at(reply)));
        cells = cells.difference(&unanswered);
    }
    cells
}
