//! Security groups, resolved: what a set of groups lets in and out (S1–S13).

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::acl::Direction;
use super::notes::{Notes, View};
use super::protocol::{Fit, Protocol, fit};
use crate::sets::{AddressSet, Cells, Family};
use crate::snapshot::{Interface, Kind, Name, Peer, Presence, Rule, SecurityGroup, Snapshot};

/// More rules a set are not evaluated; EC2 allows 1000 an interface.
pub(crate) const LIMIT: usize = 4000;

/// Whom a rule names.
#[derive(Clone, Debug)]
pub(crate) enum RuleSource {
    /// These addresses.
    Addresses(Family, AddressSet),
    /// Those of a prefix list, of both families (S10).
    List(AddressSet, AddressSet),
    /// The bearers of a group (S4).
    Group(Name),
    /// Those of a list that is not known.
    Unknown,
}

/// The rules of a group, with whom they name.
#[derive(Debug, Default)]
pub(crate) struct Rules<'s> {
    pub(crate) ingress: Vec<(&'s Rule, RuleSource)>,
    pub(crate) egress: Vec<(&'s Rule, RuleSource)>,
    /// Whether each rule means the same under both views, so that other groups may be judged apart from it.
    is_plain: bool,
}

impl<'s> Rules<'s> {
    pub(crate) fn of(snapshot: &'s Snapshot, group: &'s SecurityGroup, notes: &Notes) -> Rules<'s> {
        let resolve = |rule: &'s Rule| (rule, source_of(snapshot, group, rule, notes));
        let ingress: Vec<_> = group.ingress.iter().map(resolve).collect();
        let egress: Vec<_> = group.egress.iter().map(resolve).collect();
        let is_plain = ingress.iter().chain(&egress).all(|(rule, source)| is_plain(snapshot, rule, source));
        Rules { ingress, egress, is_plain }
    }

    /// The number of rules, if each means the same under both views.
    pub(crate) fn plain_count(&self) -> Option<usize> {
        self.is_plain.then(|| self.ingress.len() + self.egress.len())
    }

    pub(crate) fn in_direction(&self, direction: Direction) -> &[(&'s Rule, RuleSource)] {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }
}

fn is_plain(snapshot: &Snapshot, rule: &Rule, source: &RuleSource) -> bool {
    let is_known = match source {
        RuleSource::Addresses(..) | RuleSource::List(..) => true,
        RuleSource::Group(group) => are_bearers_known(snapshot, *group),
        RuleSource::Unknown => false,
    };
    is_known && !matches!(rule.protocol, crate::snapshot::Protocol::Unknown(_))
}

/// Whether the snapshot has all interfaces that may bear a group.
fn are_bearers_known(snapshot: &Snapshot, group: Name) -> bool {
    let known = snapshot.security_groups.get(group);
    known.is_some_and(|known| snapshot.presence(known.scope, Kind::NetworkInterfaces) == Presence::Whole)
}

fn source_of(snapshot: &Snapshot, group: &SecurityGroup, rule: &Rule, notes: &Notes) -> RuleSource {
    match rule.peer {
        Peer::Cidr(cidr) => {
            let family = if cidr.is_ipv6() { Family::V6 } else { Family::V4 };
            RuleSource::Addresses(family, AddressSet::block(cidr))
        }
        Peer::PrefixList(list) => match snapshot.prefix_lists.get(list).and_then(|list| list.entries.as_ref()) {
            Some(entries) => {
                let of = |family| AddressSet::blocks_of(family, entries.iter().copied());
                RuleSource::List(of(Family::V4), of(Family::V6))
            }
            None => {
                let detail = format!("a rule of it names the prefix list {}, which is not known", snapshot.text(list));
                notes.say(snapshot.text(group.id), detail);
                RuleSource::Unknown
            }
        },
        Peer::Group { id, .. } => RuleSource::Group(id),
    }
}

/// Who is at the far end, for rules that name a group (S4–S7).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peers<'a> {
    /// Nobody who bears a group: the internet, a VPN.
    Nobody,
    /// The interfaces of a VPC.
    Vpc(Name),
    /// Someone who is known, with its groups and addresses.
    Known(&'a [Name], &'a AddressSet),
}

/// Who bears a group, of the groups that rules name.
#[derive(Debug, Default)]
pub(crate) struct Members(HashMap<Name, Vec<u32>>);

impl Members {
    pub(crate) fn of(snapshot: &Snapshot) -> Members {
        let rules = snapshot.security_groups.iter().flat_map(|group| group.ingress.iter().chain(&group.egress));
        let named: HashSet<Name> = rules
            .filter_map(|rule| match rule.peer {
                Peer::Group { id, .. } => Some(id),
                _ => None,
            })
            .collect();
        let mut members: HashMap<Name, Vec<u32>> = HashMap::new();
        for (interface, number) in snapshot.interfaces.iter().zip(0_u32..) {
            for group in snapshot.interfaces.groups(interface).iter().filter(|group| named.contains(group)) {
                members.entry(*group).or_default().push(number);
            }
        }
        Members(members)
    }

    /// The private addresses of the bearers in a VPC.
    fn addresses(&self, snapshot: &Snapshot, group: Name, vpc: Name, family: Family) -> AddressSet {
        let numbers = self.0.get(&group).map(Vec::as_slice).unwrap_or_default();
        let all: &[Interface] = &snapshot.interfaces;
        let interfaces = numbers.iter().filter_map(|number| all.get(*number as usize));
        let inside = interfaces.filter(|interface| interface.vpc == Some(vpc));
        AddressSet::of_ranges(inside.flat_map(|interface| ranges(snapshot, interface, family)).collect())
    }
}

/// The private addresses of an interface, delegated prefixes included (E1).
pub(crate) fn ranges(snapshot: &Snapshot, interface: &Interface, family: Family) -> Vec<(u128, u128)> {
    let one = |address: IpAddr| (Family::number(address), Family::number(address));
    let prefixes = snapshot.interfaces.prefixes(interface).iter().copied();
    let prefixes = AddressSet::blocks_of(family, prefixes);
    let mut all: Vec<(u128, u128)> = match family {
        Family::V4 => snapshot.interfaces.addresses(interface).iter().map(|a| one(a.private.into())).collect(),
        Family::V6 => snapshot.interfaces.ipv6(interface).iter().map(|address| one((*address).into())).collect(),
    };
    all.extend(prefixes.ranges());
    all
}

/// All that [`admitted`] needs beside its question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Book<'a, 's> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) rules: &'a [Rules<'s>],
    pub(crate) members: &'a Members,
    pub(crate) notes: &'a Notes,
}

impl Book<'_, '_> {
    /// What a set of groups lets through: ports with the addresses of the far end, for each of the protocols.
    pub(crate) fn admitted(
        self,
        groups: &[Name],
        (direction, family): (Direction, Family),
        protocols: &[Protocol],
        peers: Peers<'_>,
        view: View,
    ) -> Vec<Cells> {
        let snapshot = self.snapshot;
        let mut rules: Vec<(&Rule, AddressSet)> = Vec::new();
        let mut is_unknown = false;
        for group in groups {
            let Some(own) = snapshot.security_groups.position(*group).and_then(|place| self.rules.get(place)) else {
                self.notes
                    .say(snapshot.text(*group), "this security group is not in the snapshot; its rules are unknown");
                is_unknown = true;
                continue;
            };
            for (rule, source) in own.in_direction(direction) {
                let addresses = self.addresses(source, family, peers, view);
                if !addresses.is_empty() {
                    rules.push((rule, addresses));
                }
            }
        }
        if rules.len() > LIMIT {
            let subject = groups.first().map(|group| snapshot.text(*group)).unwrap_or_default();
            self.notes.say(subject, format!("with its interface's other groups it has more than {LIMIT} rules"));
            rules.clear();
            is_unknown = true;
        }
        let cells = |protocol: &Protocol| {
            if is_unknown && view == View::Possible {
                return Cells::all(family);
            }
            Cells::union_of(rules.iter().filter_map(|(rule, addresses)| {
                match fit(rule.protocol, *protocol, rule.from, rule.to) {
                    Fit::Ports(from, to) => Some((from, to, addresses.clone())),
                    Fit::Unknown if view == View::Possible => Some((0, u16::MAX, addresses.clone())),
                    Fit::Unknown | Fit::No => None,
                }
            }))
        };
        protocols.iter().map(cells).collect()
    }

    /// Whom a rule's source is, of those at the far end.
    pub(crate) fn addresses(self, source: &RuleSource, family: Family, peers: Peers<'_>, view: View) -> AddressSet {
        match (source, peers) {
            (RuleSource::Addresses(of, addresses), _) if *of == family => addresses.clone(),
            (RuleSource::Addresses(..), _) => AddressSet::default(),
            (RuleSource::List(v4, v6), _) => if family == Family::V4 { v4 } else { v6 }.clone(),
            (RuleSource::Unknown, _) => all_if_possible(family, view),
            (RuleSource::Group(_), Peers::Nobody) => AddressSet::default(),
            (RuleSource::Group(group), Peers::Known(bears, addresses)) => {
                if bears.contains(group) {
                    addresses.clone()
                } else {
                    AddressSet::default()
                }
            }
            (RuleSource::Group(group), Peers::Vpc(vpc)) => {
                let snapshot = self.snapshot;
                let is_whole = are_bearers_known(snapshot, *group);
                if !is_whole {
                    let detail = "rules name this security group, and not all of its bearers are known";
                    self.notes.say(snapshot.text(*group), detail);
                }
                if !is_whole && view == View::Possible {
                    return AddressSet::all(family);
                }
                self.members.addresses(snapshot, *group, vpc, family)
            }
        }
    }
}

fn all_if_possible(family: Family, view: View) -> AddressSet {
    if view == View::Possible { AddressSet::all(family) } else { AddressSet::default() }
}
