//! Networks behind a VPN or Direct Connect: whether there are any, and whether they can be reached now (V1–V3).

use super::edge::{Edge, Far};
use super::row::Latent;
use crate::network::Network;
use crate::sets::{AddressSet, Family};
use crate::snapshot::{ConnectState, GatewayState, Name, Snapshot, TunnelStatus, VpnConnection, Word};

/// Whether something in that state carries traffic; a state that is not told does.
pub(crate) fn is_there(state: Option<Word<GatewayState>>) -> bool {
    !matches!(state, Some(Word::Known(state)) if !matches!(state, GatewayState::Available | GatewayState::Attached))
}

/// The VPNs of a virtual private gateway; those that are deleted stay in the list for a while (V2).
pub(crate) fn connections(snapshot: &Snapshot, gateway: Name) -> impl Iterator<Item = &VpnConnection> {
    let of_gateway = snapshot.vpn_connections.iter().filter(move |vpn| vpn.vpn_gateway == Some(gateway));
    of_gateway.filter(|vpn| is_there(vpn.state))
}

/// V1: what lies beyond a virtual private gateway: the static routes where nothing else is learnt, else anything.
pub(crate) fn beyond(network: &Network<'_>, gateway: Name, family: Family) -> AddressSet {
    let snapshot = network.snapshot;
    let is_direct = snapshot.virtual_interfaces.iter().any(|interface| interface.vpn_gateway == Some(gateway))
        || snapshot.connect_associations.iter().any(|link| link.associated.is_some_and(|near| near.id == gateway));
    let vpns: Vec<_> = connections(snapshot, gateway).collect();
    let is_static = !vpns.is_empty() && vpns.iter().all(|vpn| vpn.options.static_routes_only == Some(true));
    if is_direct || !is_static {
        return AddressSet::all(family);
    }
    let routes = vpns.iter().flat_map(|vpn| vpn.routes.iter()).filter(|route| is_there(route.state));
    AddressSet::blocks_of(family, routes.map(|route| route.destination))
}

/// Why nothing comes by an edge to a remote network at this moment, if so.
pub(crate) fn latency(network: &Network<'_>, edge: &Edge) -> Option<Latent> {
    if edge.far != Far::Remote {
        return None;
    }
    let snapshot = network.snapshot;
    let is_up = |state: Option<Word<ConnectState>>| !matches!(state, Some(Word::Known(state)) if !matches!(state, ConnectState::Available | ConnectState::Associated));
    let direct = snapshot.virtual_interfaces.iter();
    let is_direct = direct.filter(|one| one.vpn_gateway == Some(edge.gateway)).any(|one| is_up(one.state))
        || snapshot
            .connect_associations
            .iter()
            .filter(|link| link.associated.is_some_and(|near| near.id == edge.gateway))
            .any(|link| is_up(link.state));
    if is_direct {
        return None;
    }
    let vpns: Vec<_> = connections(snapshot, edge.gateway).collect();
    if vpns.is_empty() {
        return Some(Latent::NothingBeyond);
    }
    let is_down = |vpn: &&VpnConnection| {
        !vpn.tunnels.is_empty()
            && vpn.tunnels.iter().all(|tunnel| tunnel.status == Some(Word::Known(TunnelStatus::Down)))
    };
    vpns.iter().all(is_down).then_some(Latent::TunnelsDown)
}
