//! Places: what the subnets of a network have in common. Interfaces in one place with the same groups are judged once.

use std::collections::HashMap;

use super::bpa::blocks_ingress;
use super::notes::{Notes, View};
use super::vpc::VpcId;
use crate::snapshot::{AssociationState, Kind, Name, Presence, RouteAssociation, RouteTable, Snapshot, Subnet, Word};

/// The number of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PlaceId(pub(crate) usize);

/// A kind of subnet: the same VPC, route table, ACL and zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The VPC, if the snapshot has it.
    pub(crate) vpc: Option<VpcId>,
    /// The place of its route table in the snapshot; `None` when it is not known.
    pub(crate) table: Option<usize>,
    /// The place of its ACL in the snapshot; `None` when it is not known.
    pub(crate) acl: Option<usize>,
    /// Its zone (T4).
    pub(crate) zone: Option<Name>,
    /// Whether Block Public Access closes it, by view (B1).
    is_blocked: [bool; 2],
}

impl Place {
    /// Where nothing is known.
    pub(crate) const UNKNOWN: Place =
        Place { vpc: None, table: None, acl: None, zone: None, is_blocked: [false, false] };

    pub(crate) fn is_blocked(&self, view: View) -> bool {
        let [certain, possible] = self.is_blocked;
        if view == View::Certain { certain } else { possible }
    }
}

/// The places, and the place of each subnet in the order of the snapshot.
pub(crate) fn all(snapshot: &Snapshot, notes: &Notes) -> (Vec<Place>, Vec<PlaceId>) {
    let tables = tables(snapshot);
    let acls: HashMap<Name, usize> = snapshot
        .network_acls
        .iter()
        .enumerate()
        .flat_map(|(place, acl)| acl.associations.iter().map(move |association| (association.subnet, place)))
        .collect();
    let defaults: HashMap<Name, usize> = snapshot
        .network_acls
        .iter()
        .enumerate()
        .filter(|(_, acl)| acl.is_default)
        .map(|(place, acl)| (acl.vpc, place))
        .collect();
    let mut places = vec![Place::UNKNOWN];
    let mut known: HashMap<Place, PlaceId> = HashMap::from([(Place::UNKNOWN, PlaceId(0))]);
    let mut of_subnets = Vec::with_capacity(snapshot.subnets.len());
    for subnet in snapshot.subnets.iter() {
        let vpc = snapshot.vpcs.get(subnet.vpc);
        let is_whole = snapshot.presence(subnet.scope, Kind::NetworkAcls) == Presence::Whole;
        let acl = acls.get(&subnet.id).or_else(|| defaults.get(&subnet.vpc).filter(|_| is_whole)).copied();
        let table = tables.of(snapshot, subnet);
        say_unknown(snapshot, subnet, table, acl, notes);
        let blocks = |view| vpc.is_some_and(|vpc| blocks_ingress(snapshot, vpc, Some(subnet.id), view, notes));
        let place = Place {
            vpc: snapshot.vpcs.position(subnet.vpc).map(VpcId),
            table,
            acl,
            zone: subnet.zone,
            is_blocked: [blocks(View::Certain), blocks(View::Possible)],
        };
        let next = PlaceId(places.len());
        let id = *known.entry(place).or_insert(next);
        if id == next {
            places.push(place);
        }
        of_subnets.push(id);
    }
    (places, of_subnets)
}

fn say_unknown(snapshot: &Snapshot, subnet: &Subnet, table: Option<usize>, acl: Option<usize>, notes: &Notes) {
    let subject = snapshot.text(subnet.id);
    if table.is_none() {
        notes.say(subject, "its route table is not in the snapshot; any route is possible");
    }
    if acl.is_none() {
        // A8: the default of EC2 lets everything pass.
        notes.say(subject, "its network ACL is not in the snapshot; it is assumed to let everything pass");
    }
    if snapshot.vpcs.get(subnet.vpc).is_none() {
        notes.say(subject, format!("its VPC {} is not in the snapshot", snapshot.text(subnet.vpc)));
    }
}

/// Which table a subnet uses: its own, else the main one of its VPC (R6).
struct Tables {
    by_subnet: HashMap<Name, usize>,
    main: HashMap<Name, usize>,
}

impl Tables {
    fn of(&self, snapshot: &Snapshot, subnet: &Subnet) -> Option<usize> {
        if let Some(own) = self.by_subnet.get(&subnet.id) {
            return Some(*own);
        }
        // Where tables are missing, one that names the subnet may be among them.
        let is_whole = snapshot.presence(subnet.scope, Kind::RouteTables) == Presence::Whole;
        self.main.get(&subnet.vpc).copied().filter(|_| is_whole)
    }
}

fn tables(snapshot: &Snapshot) -> Tables {
    let mut tables = Tables { by_subnet: HashMap::new(), main: HashMap::new() };
    for (place, table) in snapshot.route_tables.iter().enumerate() {
        for association in table.associations.iter().filter(|association| is_in_force(association)) {
            put(&mut tables, place, table, association);
        }
    }
    tables
}

fn put(tables: &mut Tables, place: usize, table: &RouteTable, association: &RouteAssociation) {
    if let Some(subnet) = association.subnet {
        tables.by_subnet.entry(subnet).or_insert(place);
    } else if association.is_main {
        tables.main.entry(table.vpc).or_insert(place);
    }
}

pub(crate) fn is_in_force(association: &RouteAssociation) -> bool {
    !matches!(
        association.state.map(|state| state.state),
        Some(Word::Known(
            AssociationState::Disassociating | AssociationState::Disassociated | AssociationState::Failed
        ))
    )
}
