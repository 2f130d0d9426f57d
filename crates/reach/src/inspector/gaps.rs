//! Gaps: the kinds of objects without which a way into a network cannot be judged, and that a snapshot does not tell of.
//!
//! What an object refers to and is not there makes an exposure uncertain, and shows up as such. This is for objects that
//! nothing refers to: without a list of peering connections, no peering connection is missed.

use super::excluded::{ExcludedRoute, Gap};
use crate::snapshot::{Kind, Presence, ScopeId, Snapshot};

/// What has to be known for each way.
const NEEDED: &[(ExcludedRoute, &[Kind])] = &[
    (
        ExcludedRoute::Internet,
        &[
            Kind::Subnets,
            Kind::SecurityGroups,
            Kind::NetworkInterfaces,
            Kind::RouteTables,
            Kind::NetworkAcls,
            Kind::InternetGateways,
        ],
    ),
    (ExcludedRoute::ApplicationLoadBalancer, &[Kind::LoadBalancers, Kind::TargetGroups]),
    (ExcludedRoute::ClassicLoadBalancer, &[Kind::ClassicBalancers]),
    (ExcludedRoute::Vpn, &[Kind::VpnGateways, Kind::VpnConnections]),
    (ExcludedRoute::DirectConnect, &[Kind::VirtualInterfaces, Kind::ConnectAssociations]),
    (ExcludedRoute::VpcPeering, &[Kind::PeeringConnections]),
];

/// The gaps of an account and region.
pub(super) fn gaps(snapshot: &Snapshot, scope: ScopeId) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (route, kinds) in NEEDED {
        // Direct Connect only leads to virtual private gateways: where there surely are none, it leads nowhere.
        let has_no_gateway =
            snapshot.presence(scope, Kind::VpnGateways) == Presence::Whole && snapshot.vpn_gateways.iter().count() == 0;
        let leads_nowhere = has_no_gateway && matches!(route, ExcludedRoute::DirectConnect | ExcludedRoute::Vpn);
        for kind in kinds.iter().filter(|_| !leads_nowhere) {
            let detail = match snapshot.presence(scope, *kind) {
                Presence::Whole => continue,
                Presence::Partial => format!("part of {} could not be read", kind.call()),
                Presence::Missing => format!("no file tells of {}", kind.call()),
            };
            gaps.push(Gap { route: *route, detail });
        }
    }
    gaps
}
