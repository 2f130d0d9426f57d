//! Transit gateways, resolved: where a packet goes that enters by an attachment (T1, T2, T7).

use std::collections::HashMap;

use super::notes::{Notes, View};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    AttachmentKind, Cidr, LinkState, Name, Snapshot, TransitAttachment, TransitLink, TransitRoute, TransitRouteKind,
    TransitRouteState, TransitRouteTable, TransitState, Word,
};

/// The most transit gateways that a packet is followed through.
const HOPS: usize = 8;

/// Addresses that leave a transit gateway by an attachment.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The attachment that they leave by.
    pub(crate) attachment: Name,
    /// The destinations.
    pub(crate) addresses: AddressSet,
}

/// What one route of a transit gateway's table takes.
#[derive(Clone, Debug)]
struct Line {
    addresses: AddressSet,
    /// `None` is nowhere.
    attachment: Option<Name>,
    is_sure: bool,
}

/// The tables of all transit gateways.
#[derive(Debug, Default)]
pub(crate) struct Transit {
    lines: HashMap<(Name, Family), Vec<Line>>,
    /// The table of each attachment in each transit gateway (T1).
    associated: HashMap<(Name, Name), Name>,
    /// Tables of which not all is known.
    unknown: Vec<Name>,
}

impl Transit {
    pub(crate) fn of(snapshot: &Snapshot, notes: &Notes) -> Transit {
        let mut transit = Transit::default();
        for table in snapshot.transit_route_tables.iter() {
            let of_table = table.associations.iter().flatten().filter(|link| is_in_force(link));
            for link in of_table {
                transit.associated.insert((table.transit_gateway, link.attachment), table.id);
            }
            if table.routes.is_none() {
                notes.say(snapshot.text(table.id), "the routes of this transit gateway's table are not known");
                transit.unknown.push(table.id);
            }
            for family in Family::BOTH {
                transit.lines.insert((table.id, family), lines(snapshot, table, family, notes));
            }
        }
        for attachment in snapshot.transit_attachments.iter() {
            if let (Some(gateway), Some(table)) = (attachment.transit_gateway, attachment.route_table) {
                let tells =
                    |id| snapshot.transit_route_tables.get(id).is_some_and(|table| table.associations.is_some());
                // The list of a table is newer knowledge than what the attachment says of it.
                if !tells(table) {
                    transit.associated.entry((gateway, attachment.id)).or_insert(table);
                }
            }
        }
        transit
    }

    /// Where packets go that enter a transit gateway by an attachment.
    pub(crate) fn deliveries(
        &self,
        snapshot: &Snapshot,
        attachment: &TransitAttachment,
        family: Family,
        view: View,
    ) -> Vec<Delivery> {
        let Some(gateway) = attachment.transit_gateway else { return Vec::new() };
        let mut out = Vec::new();
        let start = (gateway, attachment.id, AddressSet::all(family), 1);
        let mut open = vec![start];
        while let Some((gateway, entered, addresses, hops)) = open.pop() {
            let Some(table) = self.associated.get(&(gateway, entered)).copied() else { continue };
            for line in self.lines.get(&(table, family)).into_iter().flatten() {
                let addresses = line.addresses.intersection(&addresses);
                let Some(leaves) = line.attachment.filter(|_| line.is_sure || view == View::Possible) else { continue };
                let Some(next) = snapshot.transit_attachments.get(leaves).filter(|next| is_there(next)) else {
                    continue;
                };
                if addresses.is_empty() || leaves == entered {
                    continue;
                }
                let beyond = peer_of(next, gateway).filter(|other| snapshot.transit_gateways.get(*other).is_some());
                match beyond {
                    Some(other) if hops < HOPS => open.push((other, leaves, addresses, hops + 1)),
                    Some(_) => {}
                    None => out.push(Delivery { attachment: leaves, addresses }),
                }
            }
        }
        out.sort_by(|a, b| (a.attachment, &a.addresses).cmp(&(b.attachment, &b.addresses)));
        out
    }

    /// Whether packets that enter by an attachment are looked up anywhere (T1).
    pub(crate) fn is_associated(&self, attachment: &TransitAttachment) -> bool {
        let gateway = attachment.transit_gateway;
        gateway.is_some_and(|gateway| self.associated.contains_key(&(gateway, attachment.id)))
    }

    /// Whether it cannot be told what a table has.
    pub(crate) fn is_unknown(&self, gateway: Name, attachment: Name) -> bool {
        self.associated.get(&(gateway, attachment)).is_some_and(|table| self.unknown.contains(table))
    }
}

/// Whether an attachment carries traffic.
pub(crate) fn is_there(attachment: &TransitAttachment) -> bool {
    !matches!(attachment.state, Some(Word::Known(state)) if !matches!(state, TransitState::Available | TransitState::Modifying))
}

/// The transit gateway at the other end of a peering between two (T7).
fn peer_of(attachment: &TransitAttachment, gateway: Name) -> Option<Name> {
    if !attachment.kind.is_some_and(|kind| kind.is(AttachmentKind::Peering)) {
        return None;
    }
    if attachment.transit_gateway == Some(gateway) { attachment.resource } else { attachment.transit_gateway }
}

fn is_in_force(link: &TransitLink) -> bool {
    match link.state {
        Some(Word::Known(state)) => matches!(state, LinkState::Associated | LinkState::Enabled),
        Some(Word::Unknown(_)) => false,
        None => true,
    }
}

struct Candidate {
    block: Cidr,
    rank: u8,
    attachment: Option<Name>,
    is_sure: bool,
}

fn lines(snapshot: &Snapshot, table: &TransitRouteTable, family: Family, notes: &Notes) -> Vec<Line> {
    let mut candidates = Vec::new();
    for route in table.routes.iter().flatten() {
        add(snapshot, table, route, &mut candidates, notes);
    }
    // Routes that are learnt are derived too: the search of old and small servers leaves them out.
    for link in table.propagations.iter().flatten().filter(|link| is_in_force(link)) {
        let attachment = snapshot.transit_attachments.get(link.attachment);
        let resource = link.resource.or(attachment.and_then(|attachment| attachment.resource));
        let vpc = resource.and_then(|resource| snapshot.vpcs.get(resource));
        for block in vpc.into_iter().flat_map(|vpc| vpc.cidrs()) {
            if !candidates.iter().any(|known: &Candidate| known.block == block && known.rank >= 2) {
                candidates.push(Candidate { block, rank: 2, attachment: Some(link.attachment), is_sure: true });
            }
        }
    }
    candidates.retain(|candidate| candidate.block.is_ipv6() == (family == Family::V6));
    candidates.sort_by_key(|candidate| (u8::MAX - candidate.block.net().prefix_len(), candidate.block, candidate.rank));
    let mut taken = AddressSet::default();
    let mut lines = Vec::new();
    for group in candidates.chunk_by(|a, b| a.block == b.block) {
        let Some(first) = group.first() else { continue };
        let addresses = AddressSet::block(first.block).difference(&taken);
        let equals = group.iter().filter(|candidate| candidate.rank == first.rank);
        for candidate in equals.filter(|_| !addresses.is_empty()) {
            let Candidate { attachment, is_sure, .. } = *candidate;
            lines.push(Line { addresses: addresses.clone(), attachment, is_sure });
        }
        taken = taken.union(&AddressSet::block(first.block));
    }
    lines
}

fn add(snapshot: &Snapshot, table: &TransitRouteTable, route: &TransitRoute, to: &mut Vec<Candidate>, notes: &Notes) {
    let is_sure = match route.state {
        Some(Word::Known(TransitRouteState::Deleted | TransitRouteState::Deleting)) => return,
        Some(Word::Known(TransitRouteState::Pending) | Word::Unknown(_)) => false,
        Some(Word::Known(TransitRouteState::Active | TransitRouteState::Blackhole)) | None => true,
    };
    let is_blackhole = route.state.is_some_and(|state| state.is(TransitRouteState::Blackhole));
    let rank = |link: Option<&TransitLink>| match (route.kind, route.prefix_list) {
        (_, Some(_)) => 1,
        (Some(Word::Known(TransitRouteKind::Static)), None) => 0,
        _ => match link.and_then(|link| link.kind) {
            Some(Word::Known(AttachmentKind::Vpc)) => 2,
            Some(Word::Known(AttachmentKind::DirectConnect)) => 3,
            Some(Word::Known(AttachmentKind::Connect)) => 4,
            Some(Word::Known(AttachmentKind::Vpn | AttachmentKind::VpnConcentrator)) => 5,
            _ => 6,
        },
    };
    let list = route.prefix_list.and_then(|list| snapshot.prefix_lists.get(list)?.entries.as_ref());
    if route.destination.is_none() && list.is_none() {
        notes.say(snapshot.text(table.id), "it has a route whose destination is not known");
    }
    for block in route.destination.into_iter().chain(list.into_iter().flatten().copied()) {
        if is_blackhole || route.attachments.is_empty() {
            to.push(Candidate { block, rank: rank(None), attachment: None, is_sure });
        }
        // Several attachments share the packets of one route.
        let is_shared = route.attachments.len() > 1;
        for link in route.attachments.iter().filter(|_| !is_blackhole) {
            let attachment = Some(link.attachment);
            to.push(Candidate { block, rank: rank(Some(link)), attachment, is_sure: is_sure && !is_shared });
        }
    }
}
