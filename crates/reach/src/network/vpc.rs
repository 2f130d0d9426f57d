//! VPCs with what is attached to them.

use std::collections::BTreeMap;

use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    AttachmentKind, GatewayAttachment, GatewayState, Name, PeeringConnection, PeeringSide, PeeringStatus, Snapshot,
    TransitState, Vpc, Word,
};

/// The place of a VPC in its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VpcId(pub(crate) usize);

/// A VPC and its edges.
#[derive(Debug)]
pub(crate) struct VpcView {
    own: [AddressSet; 2],
    /// Attached internet gateways; one, unless the snapshot is odd.
    pub(crate) internet: Vec<Name>,
    /// Attached virtual private gateways.
    pub(crate) vpn: Vec<Name>,
    /// Peering connections that carry traffic, or may.
    pub(crate) peerings: Vec<PeeringView>,
    /// Attachments to transit gateways that are there.
    pub(crate) attachments: Vec<Name>,
}

impl VpcView {
    /// Its own addresses.
    pub(crate) fn own(&self, family: Family) -> &AddressSet {
        let [v4, v6] = &self.own;
        if family == Family::V4 { v4 } else { v6 }
    }
}

/// A peering connection, seen from one of its sides.
#[derive(Clone, Debug)]
pub(crate) struct PeeringView {
    pub(crate) id: Name,
    /// The VPC at the far end.
    pub(crate) far: Option<Name>,
    far_own: [AddressSet; 2],
    /// Groups of the far end can be named within one region only (S5).
    pub(crate) is_in_region: bool,
    /// Whether it is known to be active (P1).
    pub(crate) is_sure: bool,
}

impl PeeringView {
    /// What the far end may send from (P2).
    pub(crate) fn far(&self, family: Family) -> &AddressSet {
        let [v4, v6] = &self.far_own;
        if family == Family::V4 { v4 } else { v6 }
    }
}

/// All VPCs, in the order of the snapshot.
pub(crate) fn all(snapshot: &Snapshot) -> Vec<VpcView> {
    let mut views: Vec<VpcView> = snapshot.vpcs.iter().map(bare).collect();
    let mut at = |vpc: Option<Name>, put: &mut dyn FnMut(&mut VpcView)| {
        let place = vpc.and_then(|vpc| snapshot.vpcs.position(vpc));
        if let Some(view) = place.and_then(|place| views.get_mut(place)) {
            put(view);
        }
    };
    for gateway in snapshot.internet_gateways.iter() {
        for vpc in attached(&gateway.attachments) {
            at(Some(vpc), &mut |view| view.internet.push(gateway.id));
        }
    }
    for gateway in snapshot.vpn_gateways.iter() {
        let is_gone = matches!(gateway.state, Some(Word::Known(state)) if state != GatewayState::Available);
        for vpc in attached(&gateway.attachments).filter(|_| !is_gone) {
            at(Some(vpc), &mut |view| view.vpn.push(gateway.id));
        }
    }
    for peering in snapshot.peering_connections.iter() {
        for (near, far) in [(&peering.requester, &peering.accepter), (&peering.accepter, &peering.requester)] {
            if let Some(seen) = seen_from(snapshot, peering, near, far) {
                at(near.vpc, &mut |view| view.peerings.push(seen.clone()));
            }
        }
    }
    for attachment in snapshot.transit_attachments.iter() {
        let is_vpc = attachment.kind.is_some_and(|kind| kind.is(AttachmentKind::Vpc));
        let is_gone = matches!(attachment.state, Some(Word::Known(state)) if state != TransitState::Available && state != TransitState::Modifying);
        if is_vpc && !is_gone {
            at(attachment.resource, &mut |view| view.attachments.push(attachment.id));
        }
    }
    views
}

fn bare(vpc: &Vpc) -> VpcView {
    VpcView {
        own: Family::BOTH.map(|family| AddressSet::blocks_of(family, vpc.cidrs())),
        internet: Vec::new(),
        vpn: Vec::new(),
        peerings: Vec::new(),
        attachments: Vec::new(),
    }
}

/// I1: only what is attached counts; a word of tomorrow does not.
fn attached(attachments: &[GatewayAttachment]) -> impl Iterator<Item = Name> {
    let is_there = |attachment: &&GatewayAttachment| match attachment.state {
        Some(Word::Known(state)) => matches!(state, GatewayState::Available | GatewayState::Attached),
        Some(Word::Unknown(_)) => false,
        None => true,
    };
    attachments.iter().filter(is_there).map(|attachment| attachment.vpc)
}

fn seen_from(
    snapshot: &Snapshot,
    peering: &PeeringConnection,
    near: &PeeringSide,
    far: &PeeringSide,
) -> Option<PeeringView> {
    let is_sure = match peering.status.map(|status| status.code) {
        Some(Word::Known(PeeringStatus::Active)) => true,
        Some(Word::Known(_)) => return None,
        Some(Word::Unknown(_)) | None => false,
    };
    let known = far.vpc.and_then(|vpc| snapshot.vpcs.get(vpc));
    let far_own = Family::BOTH.map(|family| {
        let told = AddressSet::blocks_of(family, far.cidrs());
        known.map(|vpc| AddressSet::blocks_of(family, vpc.cidrs())).map_or(told.clone(), |own| told.union(&own))
    });
    let is_in_region = near.region.is_none() || far.region.is_none() || near.region == far.region;
    Some(PeeringView { id: peering.id, far: far.vpc, far_own, is_in_region, is_sure })
}

/// Which gateway has which route table of its own (R9): gateway → place of the table.
pub(crate) fn gateway_tables(snapshot: &Snapshot) -> BTreeMap<Name, usize> {
    let tables = snapshot.route_tables.iter().enumerate();
    tables
        .flat_map(|(place, table)| {
            let gateways = table.associations.iter().filter_map(|association| association.gateway);
            gateways.map(move |gateway| (gateway, place))
        })
        .collect()
}
