//! The network as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::acl::{Direction, admitted};
use super::groups::{Book, LIMIT, Members, Peers, Rules, ranges};
use super::notes::{Assumption, Notes, View};
use super::place::{self, Place, PlaceId};
use super::protocol::Protocol;
use super::routes::Plan;
use super::transit::Transit;
use super::vpc::{self, VpcId, VpcView};
use crate::sets::{AddressSet, Cells, Family};
use crate::snapshot::{Interface, Name, Snapshot};

/// What a snapshot says, resolved. Ids are those of the snapshot, which stays at hand.
#[derive(Debug)]
pub struct Network<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) notes: Notes,
    pub(crate) vpcs: Vec<VpcView>,
    pub(crate) places: Vec<Place>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) transit: Transit,
    /// The route tables of gateways (R9).
    pub(crate) gateway_tables: BTreeMap<Name, usize>,
    protocols: [Vec<Protocol>; 2],
    of_subnets: Vec<PlaceId>,
    acls: Vec<AclCells>,
    /// Of unknown ACLs.
    all: [Vec<Cells>; 2],
    none: [Vec<Cells>; 2],
    rules: Vec<Rules<'s>>,
    members: Members,
}

/// What an ACL lets through: by view, direction and family.
type AclCells = [[[Vec<Cells>; 2]; 2]; 2];

const VIEWS: [View; 2] = [View::Certain, View::Possible];

impl<'s> Network<'s> {
    /// Resolves a snapshot.
    pub fn new(snapshot: &'s Snapshot) -> Network<'s> {
        let notes = Notes::default();
        for problem in &snapshot.problems {
            notes.say(&problem.subject, problem.detail.clone());
        }
        let (places, of_subnets) = place::all(snapshot, &notes);
        let protocols = Family::BOTH.map(|family| protocols(snapshot, family));
        let [protocols4, protocols6] = &protocols;
        let of = |family| if family == Family::V4 { protocols4 } else { protocols6 };
        let acls = snapshot.network_acls.iter().map(|acl| {
            VIEWS.map(|view| {
                [Direction::Ingress, Direction::Egress].map(|direction| {
                    Family::BOTH.map(|family| {
                        let each = of(family).iter();
                        each.map(|protocol| admitted(snapshot, acl, (direction, family, *protocol), view, &notes))
                            .collect()
                    })
                })
            })
        });
        let acls = acls.collect();
        let plans =
            snapshot.route_tables.iter().map(|table| Plan::of(snapshot, table, snapshot.vpcs.get(table.vpc), &notes));
        Network {
            snapshot,
            vpcs: vpc::all(snapshot),
            plans: plans.collect(),
            transit: Transit::of(snapshot, &notes),
            gateway_tables: vpc::gateway_tables(snapshot),
            all: Family::BOTH.map(|family| vec![Cells::all(family); of(family).len()]),
            none: Family::BOTH.map(|family| vec![Cells::default(); of(family).len()]),
            rules: snapshot.security_groups.iter().map(|group| Rules::of(snapshot, group, &notes)).collect(),
            members: Members::of(snapshot),
            acls,
            places,
            of_subnets,
            protocols,
            notes,
        }
    }

    /// The snapshot that it is of.
    pub fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// What the answers so far rest on and the snapshot does not tell; in order.
    pub fn assumptions(&self) -> BTreeSet<Assumption> {
        self.notes.all()
    }

    /// The protocols that packets of a family are told apart by.
    pub(crate) fn protocols(&self, family: Family) -> &[Protocol] {
        let [v4, v6] = &self.protocols;
        if family == Family::V4 { v4 } else { v6 }
    }

    /// The protocols of both families, each once.
    pub(crate) fn all_protocols(&self) -> BTreeSet<Protocol> {
        self.protocols.iter().flatten().copied().collect()
    }

    pub(crate) fn place_of(&self, subnet: Option<Name>) -> PlaceId {
        let place = subnet.and_then(|subnet| self.snapshot.subnets.position(subnet));
        place.and_then(|place| self.of_subnets.get(place)).copied().unwrap_or(PlaceId(0))
    }

    pub(crate) fn place(&self, id: PlaceId) -> &Place {
        self.places.get(id.0).unwrap_or(&Place::UNKNOWN)
    }

    pub(crate) fn vpc(&self, id: VpcId) -> Option<&VpcView> {
        self.vpcs.get(id.0)
    }

    /// What passes a subnet's border, by protocol.
    pub(crate) fn acl(&self, acl: Option<usize>, direction: Direction, family: Family, view: View) -> &[Cells] {
        let pick = |pair: &'_ [Vec<Cells>; 2]| -> usize { usize::from(family == Family::V6).min(pair.len() - 1) };
        let Some(cells) = acl.and_then(|acl| self.acls.get(acl)) else {
            let unknown = if view == View::Certain { &self.none } else { &self.all };
            return unknown.get(pick(unknown)).map(Vec::as_slice).unwrap_or_default();
        };
        let [certain, possible] = cells;
        let [ingress, egress] = if view == View::Certain { certain } else { possible };
        let [v4, v6] = if direction == Direction::Ingress { ingress } else { egress };
        if family == Family::V4 { v4 } else { v6 }
    }

    /// What a set of groups lets through, by protocol.
    pub(crate) fn groups(
        &self,
        groups: &[Name],
        direction: Direction,
        family: Family,
        peers: Peers<'_>,
        view: View,
    ) -> Vec<Cells> {
        self.book().admitted(groups, (direction, family), self.protocols(family), peers, view)
    }

    /// Whether what these groups let through together is what any of them does, and the same under both views.
    pub(crate) fn are_plain(&self, groups: &[Name]) -> bool {
        let counts = groups.iter().map(|group| self.rules_of(*group).and_then(Rules::plain_count));
        counts.sum::<Option<usize>>().is_some_and(|count| count <= LIMIT)
    }

    pub(crate) fn book(&self) -> Book<'_, 's> {
        Book { snapshot: self.snapshot, rules: &self.rules, members: &self.members, notes: &self.notes }
    }

    /// The resolved rules of a group.
    pub(crate) fn rules_of(&self, group: Name) -> Option<&Rules<'s>> {
        self.rules.get(self.snapshot.security_groups.position(group)?)
    }

    /// The private addresses of an interface.
    pub(crate) fn addresses_of(&self, interface: &Interface, family: Family) -> AddressSet {
        AddressSet::of_ranges(ranges(self.snapshot, interface, family))
    }
}

fn protocols(snapshot: &Snapshot, family: Family) -> Vec<Protocol> {
    let rules = snapshot.security_groups.iter().flat_map(|group| group.ingress.iter().chain(&group.egress));
    let entries = snapshot.network_acls.iter().flat_map(|acl| acl.entries.iter());
    let named = rules.map(|rule| rule.protocol).chain(entries.map(|entry| entry.protocol));
    let icmp = if family == Family::V4 { Protocol::Icmp } else { Protocol::Icmpv6 };
    let mut all = BTreeSet::from([Protocol::Tcp, Protocol::Udp, icmp, Protocol::Other]);
    all.extend(named.filter_map(|protocol| match protocol {
        crate::snapshot::Protocol::Number(number) => Some(Protocol::of_number(number)),
        _ => None,
    }));
    // S9: the ICMP of one family is not carried by the other.
    all.into_iter().filter(|protocol| protocol.is_of(family)).collect()
}
