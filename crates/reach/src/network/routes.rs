//! Route tables, resolved: which addresses each route takes, after longer prefixes and preferred routes (R1–R5).

use ipnet::IpNet;

use super::notes::{Notes, View};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    Cidr, Destination, Route, RouteOrigin, RouteState, RouteTable, RouteTarget, Snapshot, Vpc, Word,
};

/// More lines a table are not evaluated; EC2 allows 1000 routes.
const LIMIT: usize = 5000;

/// What one route takes.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The destinations that it takes.
    pub(crate) addresses: AddressSet,
    /// Where they go; `None` is nowhere (R5).
    pub(crate) target: Option<RouteTarget>,
    /// The block that the route names.
    pub(crate) block: Cidr,
    /// Whether it is known that it takes them, and that they go there.
    pub(crate) is_sure: bool,
}

/// A route table, by family.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    v4: Vec<Line>,
    v6: Vec<Line>,
    /// Targets of routes that cannot be placed: they may take anything.
    vague: Vec<RouteTarget>,
    /// Whether it was not evaluated.
    pub(crate) is_unknown: bool,
}

impl Plan {
    pub(crate) fn lines(&self, family: Family) -> &[Line] {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// What goes to a target.
    pub(crate) fn toward(&self, family: Family, target: RouteTarget, view: View) -> AddressSet {
        if view == View::Possible && (self.is_unknown || self.vague.contains(&target)) {
            return AddressSet::all(family);
        }
        let fits = |line: &&Line| line.target == Some(target) && (line.is_sure || view == View::Possible);
        AddressSet::union_of(self.lines(family).iter().filter(fits).map(|line| &line.addresses))
    }
}

/// A route with one block, before the longer ones took theirs.
struct Candidate {
    block: Cidr,
    /// R3, R4: the lower is preferred among equal blocks.
    rank: u8,
    target: Option<RouteTarget>,
    is_sure: bool,
    is_list: bool,
}

impl Plan {
    pub(crate) fn of(snapshot: &Snapshot, table: &RouteTable, vpc: Option<&Vpc>, notes: &Notes) -> Plan {
        let mut candidates = Vec::new();
        let mut plan = Plan::default();
        for route in &table.routes {
            if !add(snapshot, table, route, &mut candidates, notes) {
                plan.vague.push(route.target);
            }
        }
        let is_vague = !plan.vague.is_empty();
        // R2: local routes cover every block of the VPC, also where old output does not list them.
        for block in vpc.into_iter().flat_map(Vpc::cidrs) {
            if !candidates.iter().any(|candidate| candidate.block == block && candidate.rank == 0) {
                let target = Some(RouteTarget::Local);
                candidates.push(Candidate { block, rank: 0, target, is_sure: true, is_list: false });
            }
        }
        if candidates.len() > LIMIT {
            notes.say(snapshot.text(table.id), format!("it has more than {LIMIT} routes, and was not evaluated"));
            return Plan { is_unknown: true, ..Plan::default() };
        }
        candidates
            .sort_by_key(|candidate| (u8::MAX - candidate.block.net().prefix_len(), candidate.block, candidate.rank));
        for family in Family::BOTH {
            let of_family: Vec<&Candidate> =
                candidates.iter().filter(|candidate| candidate.block.is_ipv6() == (family == Family::V6)).collect();
            let lines = divide(&of_family, family, is_vague, |detail| notes.say(snapshot.text(table.id), detail));
            match family {
                Family::V4 => plan.v4 = lines,
                Family::V6 => plan.v6 = lines,
            }
        }
        plan
    }
}

/// Gives each its addresses: those of its block that no longer or preferred one takes.
fn divide(candidates: &[&Candidate], family: Family, is_vague: bool, say: impl Fn(String)) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut taken = AddressSet::default();
    for group in candidates.chunk_by(|a, b| a.block == b.block) {
        let Some(first) = group.first() else { continue };
        let addresses = AddressSet::block(first.block).difference(&taken);
        if addresses.is_empty() {
            continue;
        }
        let equals: Vec<&&Candidate> = group.iter().filter(|candidate| candidate.rank == first.rank).collect();
        let is_ambiguous = equals.iter().any(|candidate| candidate.target != first.target);
        if is_ambiguous {
            // R3: two lists with the same block; which one is used is not defined.
            say(format!("it has several routes for {}; which one is used is not defined", first.block));
        }
        for candidate in equals.into_iter().take(if is_ambiguous { usize::MAX } else { 1 }) {
            let is_local = candidate.target == Some(RouteTarget::Local);
            let is_sure = candidate.is_sure && !is_ambiguous && (!is_vague || is_local);
            lines.push(Line {
                addresses: addresses.clone(),
                target: candidate.target,
                block: candidate.block,
                is_sure,
            });
        }
        taken = taken.union(&AddressSet::block(first.block));
    }
    const COMPARED: usize = 1000;
    let lists: Vec<&&Candidate> = candidates.iter().filter(|candidate| candidate.is_list).take(COMPARED).collect();
    let overlap = |a: &Candidate, b: &Candidate| {
        a.block != b.block && a.target != b.target && nested(a.block.net(), b.block.net())
    };
    // R3: overlapping blocks of different lists are decided by length here, which EC2 does not promise.
    if lists.iter().any(|a| lists.iter().any(|b| overlap(a, b))) {
        say(format!(
            "it has prefix lists with overlapping blocks of version {}; the longer block is taken",
            family.version()
        ));
    }
    lines
}

fn nested(outer: IpNet, inner: IpNet) -> bool {
    outer.contains(&inner) || inner.contains(&outer)
}

/// Adds what a route says; false when it cannot be told which addresses it takes.
fn add(snapshot: &Snapshot, table: &RouteTable, route: &Route, to: &mut Vec<Candidate>, notes: &Notes) -> bool {
    let (target, is_sure) = match route.state {
        Some(Word::Known(RouteState::Active)) | None => (Some(route.target), true),
        // R5: it swallows its block.
        Some(Word::Known(RouteState::Blackhole)) => (None, true),
        Some(Word::Known(RouteState::Filtered)) | Some(Word::Unknown(_)) => {
            notes.say(snapshot.text(table.id), "it has a route in a state that is not understood");
            (Some(route.target), false)
        }
    };
    let target = target.filter(|target| *target != RouteTarget::Gone);
    let is_propagated = route.origin.is_some_and(|origin| origin.is(RouteOrigin::Propagated));
    let rank = match (route.destination, is_propagated) {
        _ if route.target == RouteTarget::Local => 0,
        (Destination::Cidr(_), false) => 1,
        (Destination::PrefixList(_), _) => 2,
        (_, true) => 3 + rank_of_propagated(snapshot, route.target),
        (Destination::Unknown, false) => 4,
    };
    match route.destination {
        Destination::Cidr(block) => to.push(Candidate { block, rank, target, is_sure, is_list: false }),
        Destination::PrefixList(list) => {
            let entries = snapshot.prefix_lists.get(list).and_then(|list| list.entries.as_ref());
            let Some(entries) = entries else {
                // K1: a gateway endpoint takes addresses of its service only.
                if matches!(route.target, RouteTarget::VpcEndpoint(_)) {
                    return true;
                }
                let detail = format!("its route for {} cannot be placed: the list is not known", snapshot.text(list));
                notes.say(snapshot.text(table.id), detail);
                return false;
            };
            to.extend(entries.iter().map(|block| Candidate { block: *block, rank, target, is_sure, is_list: true }));
        }
        Destination::Unknown => {
            notes.say(snapshot.text(table.id), "it has a route for a destination that is not understood");
            return false;
        }
    }
    true
}

/// R4: Direct Connect before a static VPN before one that learns its routes.
fn rank_of_propagated(snapshot: &Snapshot, target: RouteTarget) -> u8 {
    let RouteTarget::VpnGateway(id) = target else { return 3 };
    let is_direct = snapshot.virtual_interfaces.iter().any(|interface| interface.vpn_gateway == Some(id));
    let mut vpns = snapshot.vpn_connections.iter().filter(|vpn| vpn.vpn_gateway == Some(id));
    match is_direct {
        true => 0,
        false if vpns.any(|vpn| vpn.options.static_routes_only == Some(true)) => 1,
        false => 2,
    }
}
