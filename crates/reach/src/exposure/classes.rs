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

/// What is asked of one set of groups: for which family, with which VPC's groups named, the place of the protocol in its list.
type GroupsQuestion = (Family, Option<Name>, usize);

/// Whether edges lead to a place at all, for one family.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Roads {
    /// Some lead to private addresses.
    pub(crate) lead_inside: bool,
    /// Some lead to addresses with a public one.
    pub(crate) lead_to_public: bool,
    /// Some come from a transit gateway.
    pub(crate) have_attachments: bool,
}

/// Judges classes.
#[derive(Debug)]
pub(crate) struct Classes<'n, 's> {
    pub(crate) network: &'n Network<'s>,
    edges: HashMap<(PlaceId, View), Arc<[Arc<Edge>]>>,
    roads: HashMap<(PlaceId, Family), Roads>,
    passages: HashMap<(PlaceId, View), Arc<[Open]>>,
    /// Places where nothing depends on the view.
    sure: HashMap<PlaceId, bool>,
    of_group: HashMap<(Name, Family, Option<Name>), Admitted>,
    of_set: HashMap<Admission, Admitted>,
}

impl<'n, 's> Classes<'n, 's> {
    pub(crate) fn new(network: &'n Network<'s>) -> Classes<'n, 's> {
        Classes {
            network,
            edges: HashMap::new(),
            roads: HashMap::new(),
            passages: HashMap::new(),
            sure: HashMap::new(),
            of_group: HashMap::new(),
            of_set: HashMap::new(),
        }
    }

    /// What is open to an interface of a place with those groups, or with none at all that filter (S12), by some of the edges:
    /// what surely is, and then what else may be.
    pub(crate) fn open_to(
        &mut self,
        place: PlaceId,
        groups: Option<&[Name]>,
        is_wanted: &dyn Fn(&Edge) -> bool,
    ) -> Vec<Open> {
        let mut all = self.seen(place, groups, View::Certain, is_wanted);
        if self.is_sure(place) && groups.is_none_or(|groups| self.network.are_plain(groups)) {
            return all;
        }
        let certain = all.len();
        for open in self.seen(place, groups, View::Possible, is_wanted) {
            let surely = all.iter().take(certain).filter(|sure| {
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

    /// Whether edges of a family lead to a place.
    pub(crate) fn roads(&mut self, place: PlaceId, family: Family) -> Roads {
        if let Some(known) = self.roads.get(&(place, family)) {
            return *known;
        }
        let mut roads = Roads::default();
        for view in [View::Certain, View::Possible] {
            for edge in self.edges(place, view).iter().filter(|edge| edge.family == family) {
                roads.lead_inside |= !edge.needs_public;
                roads.lead_to_public = true;
                roads.have_attachments |= edge.far.attachment().is_some();
            }
        }
        self.roads.insert((place, family), roads);
        roads
    }

    /// What comes by the edges of a place and is answered, before the groups have their say. All of it holds for each packet
    /// alone, so that the groups may be asked last.
    fn passages(&mut self, place: PlaceId, view: View) -> Arc<[Open]> {
        if let Some(known) = self.passages.get(&(place, view)) {
            return Arc::clone(known);
        }
        let network = self.network;
        let acl = network.place(place).acl;
        let certainty = if view == View::Certain { Certainty::Certain } else { Certainty::May };
        let mut all = Vec::new();
        for edge in self.edges(place, view).iter() {
            let incoming = network.acl(acl, Direction::Ingress, edge.family, view);
            let outgoing = network.acl(acl, Direction::Egress, edge.family, view);
            let protocols = network.protocols(edge.family).iter().enumerate();
            for ((protocol, kind), (incoming, outgoing)) in protocols.zip(incoming.iter().zip(outgoing)) {
                for (client_ports, cells) in answered(*kind, &incoming.within(&edge.sources), outgoing) {
                    all.push(Open { edge: Arc::clone(edge), protocol, client_ports, cells, certainty });
                }
            }
        }
        let all: Arc<[Open]> = all.into();
        self.passages.insert((place, view), Arc::clone(&all));
        all
    }

    /// Whether the same comes by the edges of a place under both views.
    fn is_sure(&mut self, place: PlaceId) -> bool {
        if let Some(known) = self.sure.get(&place) {
            return *known;
        }
        let (certain, possible) = (self.passages(place, View::Certain), self.passages(place, View::Possible));
        let is_same = |(one, other): (&Open, &Open)| {
            one.edge == other.edge
                && (one.protocol, &one.client_ports, &one.cells) == (other.protocol, &other.client_ports, &other.cells)
        };
        let is_sure = certain.len() == possible.len() && certain.iter().zip(possible.iter()).all(is_same);
        self.sure.insert(place, is_sure);
        is_sure
    }

    fn seen(
        &mut self,
        place: PlaceId,
        groups: Option<&[Name]>,
        view: View,
        is_wanted: &dyn Fn(&Edge) -> bool,
    ) -> Vec<Open> {
        let mut asked: Vec<(GroupsQuestion, Cells)> = Vec::new();
        let mut all = Vec::new();
        for passage in self.passages(place, view).iter().filter(|passage| is_wanted(&passage.edge)) {
            let Some(groups) = groups else {
                all.push(passage.clone());
                continue;
            };
            let key = (passage.edge.family, passage.edge.bearers, passage.protocol);
            let known = asked.iter().find(|(known, _)| *known == key).map(|(_, cells)| cells);
            let admitted = match known {
                Some(known) => known.clone(),
                None => {
                    let cells = self.admitted(groups, key, view);
                    asked.push((key, cells.clone()));
                    cells
                }
            };
            let cells = admitted.intersection(&passage.cells);
            if !cells.is_empty() {
                all.push(Open { cells, ..passage.clone() });
            }
        }
        all
    }

    /// What groups admit of a protocol. They only allow (S1): together it is what any of them does, where all of them are known.
    fn admitted(&mut self, groups: &[Name], (family, bearers, protocol): GroupsQuestion, view: View) -> Cells {
        let network = self.network;
        let peers = bearers.map_or(Peers::Nobody, Peers::Vpc);
        let judge =
            |groups: &[Name]| -> Admitted { network.groups(groups, Direction::Ingress, family, peers, view).into() };
        let of = |admitted: &Admitted| admitted.get(protocol).cloned().unwrap_or_default();
        if !network.are_plain(groups) {
            let groups: Arc<[Name]> = groups.into();
            let key = (Arc::clone(&groups), family, bearers, view);
            return of(&*self.of_set.entry(key).or_insert_with(|| judge(&groups)));
        }
        let mut all = Vec::with_capacity(groups.len());
        for group in groups {
            let make = || judge(std::slice::from_ref(group));
            all.push(of(&*self.of_group.entry((*group, family, bearers)).or_insert_with(make)));
        }
        match all.as_slice() {
            [one] => one.clone(),
            all => {
                let cells = all.iter().flat_map(|cells| cells.iter());
                Cells::union_of(cells.map(|cell| (cell.from, cell.to, cell.addresses.clone())))
            }
        }
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
