//! Senders: the interfaces of a VPC that send alike, and how they do.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::breaks::Breaks;
use super::classes::Open;
use super::edge::Far;
use super::far::{Target, is_running, parts_of, passes};
use super::transit::acl_sets;
use crate::network::{Network, RuleSource, View};
use crate::sets::{AddressSet, Family, Ports};
use crate::snapshot::{Interface, Name, Peer, Rule, Snapshot};

/// Interfaces of a subnet whose groups let the same out.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) subnet: Option<Name>,
    pub(crate) groups: Arc<[Name]>,
    pub(crate) addresses: [AddressSet; 2],
}

/// All that send in a VPC.
#[derive(Debug, Default)]
pub(crate) struct Side {
    senders: Vec<Sender>,
    /// The groups that their rules name.
    named: BTreeSet<Name>,
    breaks: [Breaks; 2],
}

/// Addresses at the far side, the ports that they may send requests to, and those that answers may come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Behaviour {
    pub(crate) addresses: AddressSet,
    pub(crate) requests: Ports,
    pub(crate) answers: Ports,
}

/// All that the behaviour of senders depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    far: Far,
    gateway: Name,
    family: Family,
    protocol: usize,
    view: View,
    /// Where the target's address is.
    segment: usize,
    /// The groups of the target that rules at the far side can name.
    groups: Box<[Name]>,
    has_bearers: bool,
}

/// The senders of VPCs, each found once.
#[derive(Debug, Default)]
pub(crate) struct Senders {
    sides: HashMap<Name, Arc<Side>>,
    is_filled: bool,
    known: HashMap<Question, Arc<[Behaviour]>>,
}

impl Side {
    /// Where among the targets it matters to some sender which one it is.
    pub(super) fn breaks(&self, family: Family) -> &Breaks {
        let [v4, v6] = &self.breaks;
        if family == Family::V4 { v4 } else { v6 }
    }

    fn finish(&mut self, network: &Network<'_>) {
        for (breaks, family) in self.breaks.iter_mut().zip(Family::BOTH) {
            let places: BTreeSet<_> = self.senders.iter().map(|sender| network.place_of(sender.subnet)).collect();
            for place in places.into_iter().map(|place| network.place(place)) {
                let plan = place.table.and_then(|table| network.plans.get(table));
                let lines = plan.into_iter().flat_map(|plan| plan.lines(family));
                lines.for_each(|line| breaks.add(&line.addresses));
                acl_sets(network, place.acl, family, &mut |addresses| breaks.add(addresses));
            }
            let groups: BTreeSet<Name> = self.senders.iter().flat_map(|sender| sender.groups.iter()).copied().collect();
            for rules in groups.into_iter().filter_map(|group| network.rules_of(group)) {
                for (_, source) in &rules.egress {
                    match source {
                        RuleSource::Addresses(of, addresses) if *of == family => breaks.add(addresses),
                        RuleSource::List(v4, v6) => breaks.add(if family == Family::V4 { v4 } else { v6 }),
                        RuleSource::Group(group) => {
                            self.named.insert(*group);
                        }
                        RuleSource::Addresses(..) | RuleSource::Unknown => {}
                    }
                }
            }
            breaks.settle();
        }
    }
}

impl Senders {
    /// Those of a VPC.
    pub(super) fn of(&mut self, network: &Network<'_>, vpc: Name) -> Arc<Side> {
        if !self.is_filled {
            self.sides = sides(network);
            self.is_filled = true;
        }
        self.sides.get(&vpc).cloned().unwrap_or_default()
    }

    /// How the senders of a VPC send to a target by an edge: those that do it alike together.
    pub(super) fn behaviours(
        &mut self,
        network: &Network<'_>,
        vpc: Name,
        open: &Open,
        target: Target<'_>,
        view: View,
    ) -> Arc<[Behaviour]> {
        let side = self.of(network, vpc);
        let edge = &open.edge;
        let has_bearers = edge.bearers.is_some();
        let named = target.groups.iter().filter(|group| has_bearers && side.named.contains(*group));
        let question = Question {
            far: edge.far,
            gateway: edge.gateway,
            family: edge.family,
            protocol: open.protocol,
            view,
            segment: side.breaks(edge.family).segment(target.number),
            groups: named.copied().collect(),
            has_bearers,
        };
        if let Some(known) = self.known.get(&question) {
            return Arc::clone(known);
        }
        let mut alike: BTreeMap<(Ports, Ports), Vec<(u128, u128)>> = BTreeMap::new();
        for sender in &side.senders {
            for addresses in parts_of(sender, edge) {
                if let Some(ports) = passes(network, sender, &addresses, edge, open.protocol, target, view) {
                    alike.entry(ports).or_default().extend(addresses.ranges());
                }
            }
        }
        let behaviours = alike.into_iter().map(|((requests, answers), ranges)| Behaviour {
            addresses: AddressSet::of_ranges(ranges),
            requests,
            answers,
        });
        let behaviours: Arc<[Behaviour]> = behaviours.collect();
        self.known.insert(question, Arc::clone(&behaviours));
        behaviours
    }
}

fn sides(network: &Network<'_>) -> HashMap<Name, Arc<Side>> {
    /// A subnet, and groups that stand for all that let the same out.
    type Class = (Option<Name>, Arc<[Name]>);
    /// The ranges of addresses of each class, by family.
    type Ranges = BTreeMap<Class, [Vec<(u128, u128)>; 2]>;
    let mut found: HashMap<Name, Ranges> = HashMap::new();
    let interfaces = &network.snapshot.interfaces;
    let alike = alike(network.snapshot);
    let of_sets = interfaces.group_sets().iter().map(|set| {
        let mut groups: Vec<Name> = set.iter().map(|group| alike.get(group).copied().unwrap_or(*group)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups.into()
    });
    let of_sets: Vec<Arc<[Name]>> = of_sets.collect();
    for interface in interfaces.iter().filter(|interface| can_send(network, interface)) {
        let Some(vpc) = interface.vpc else { continue };
        let groups = of_sets.get(interfaces.group_set(interface)).cloned().unwrap_or_default();
        let ranges = found.entry(vpc).or_default().entry((interface.subnet, groups)).or_default();
        for (ranges, family) in ranges.iter_mut().zip(Family::BOTH) {
            ranges.extend(network.addresses_of(interface, family).ranges());
        }
    }
    let side = |(vpc, classes): (Name, Ranges)| {
        let senders = classes.into_iter().map(|((subnet, groups), ranges)| Sender {
            subnet,
            groups,
            addresses: ranges.map(AddressSet::of_ranges),
        });
        let mut side = Side { senders: senders.collect(), ..Side::default() };
        side.finish(network);
        (vpc, Arc::new(side))
    };
    found.into_iter().map(side).collect()
}

/// For each group the first whose rules let the same out: nearly all groups let everything.
fn alike(snapshot: &Snapshot) -> HashMap<Name, Name> {
    let mut first: HashMap<Vec<Rule>, Name> = HashMap::new();
    let mut alike = HashMap::new();
    for group in snapshot.security_groups.iter() {
        let rules = group.egress.iter().map(|rule| match rule.peer {
            Peer::Group { id, .. } => {
                Rule { id: None, peer: Peer::Group { id, vpc: None, owner: None, peering: None }, ..*rule }
            }
            Peer::Cidr(_) | Peer::PrefixList(_) => Rule { id: None, ..*rule },
        });
        alike.insert(group.id, *first.entry(rules.collect()).or_insert(group.id));
    }
    alike
}

/// Whether something behind an interface sends of its own accord; gateways and load balancers only pass on.
fn can_send(network: &Network<'_>, interface: &Interface) -> bool {
    !interface.passes_on() && is_running(network, interface)
}
