//! The ends of a flow: what an address or an id means.

use std::net::IpAddr;

use crate::exposure::balancer;
use crate::network::Network;
use crate::sets::Family;
use crate::snapshot::{Interface, Name};

/// An end of a flow.
#[derive(Debug)]
pub(super) enum End {
    /// An interface with the address that is meant.
    Interface { id: Name, private: IpAddr, public: Option<IpAddr> },
    /// A node of a load balancer.
    Node { balancer: Box<balancer::Balancer>, node: usize },
    /// An address that no interface has.
    Elsewhere(IpAddr),
    /// Anyone beyond an internet gateway.
    Anyone(Name),
}

/// Why a flow cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// It names nothing that can be an end.
    #[error("{0:?} is no address, instance, interface or internet gateway of the snapshot")]
    Unknown(String),
    /// Several VPCs have that address.
    #[error("{address} is an address of {interfaces}; name one of them")]
    Ambiguous {
        /// The address.
        address: String,
        /// The interfaces that have it.
        interfaces: String,
    },
    /// The ends are of different families, or an end has no address of the family of the other.
    #[error("{0} has no address that could be meant")]
    NoAddress(String),
}

pub(super) fn find(network: &Network<'_>, text: &str) -> Result<End, EndError> {
    match text.parse::<IpAddr>() {
        Ok(address) => of_address(network, address),
        Err(_) => of_id(network, text),
    }
}

fn of_address(network: &Network<'_>, address: IpAddr) -> Result<End, EndError> {
    let snapshot = network.snapshot;
    let has_private = |interface: &&Interface| network.addresses_of(interface, Family::of(address)).contains(address);
    let by_public = snapshot.interfaces.iter().find_map(|interface| {
        let addresses = snapshot.interfaces.addresses(interface).iter();
        let mapped =
            addresses.filter(|one| one.public.map(IpAddr::from) == Some(address)).map(|one| one.private).next()?;
        Some((interface, IpAddr::from(mapped)))
    });
    let found: Vec<(&Interface, IpAddr)> = match by_public {
        Some(found) => vec![found],
        None => snapshot.interfaces.iter().filter(has_private).map(|interface| (interface, address)).collect(),
    };
    if let Some((interface, private)) = found.first() {
        if found.len() > 1 {
            let names: Vec<&str> = found.iter().map(|(interface, _)| snapshot.text(interface.id)).collect();
            return Err(EndError::Ambiguous { address: address.to_string(), interfaces: names.join(", ") });
        }
        return Ok(of_node(network, *private).unwrap_or_else(|| at(network, interface, *private)));
    }
    Ok(of_node(network, address).unwrap_or(End::Elsewhere(address)))
}

/// The node of a load balancer that surely has an address.
fn of_node(network: &Network<'_>, address: IpAddr) -> Option<End> {
    for balancer in balancer::all(network) {
        let has = |node: &balancer::Node| {
            node.is_known && (node.addresses(Family::of(address)).contains(address) || node.public == Some(address))
        };
        if let Some(node) = balancer.nodes.iter().position(has) {
            return Some(End::Node { balancer: Box::new(balancer), node });
        }
    }
    None
}

fn at(network: &Network<'_>, interface: &Interface, private: IpAddr) -> End {
    let addresses = network.snapshot.interfaces.addresses(interface).iter();
    let public = addresses.filter(|one| IpAddr::from(one.private) == private).find_map(|one| one.public);
    End::Interface { id: interface.id, private, public: public.map(IpAddr::from) }
}

fn of_id(network: &Network<'_>, text: &str) -> Result<End, EndError> {
    let snapshot = network.snapshot;
    let unknown = || EndError::Unknown(text.to_owned());
    let name = snapshot.names.find(text).ok_or_else(unknown)?;
    if snapshot.internet_gateways.get(name).is_some() {
        return Ok(End::Anyone(name));
    }
    let instance = snapshot.instances.get(name);
    let of_instance = instance.and_then(|instance| {
        let own = || instance.interfaces.iter().filter_map(|id| snapshot.interfaces.get(*id));
        let has_primary = |interface: &&Interface| {
            let addresses = snapshot.interfaces.addresses(interface).iter();
            addresses.clone().any(|one| Some(one.private) == instance.private_address)
        };
        own().find(has_primary).or_else(|| own().next())
    });
    let interface = snapshot.interfaces.get(name).or(of_instance).ok_or_else(unknown)?;
    let addresses = snapshot.interfaces.addresses(interface);
    // Of several addresses, one that the internet can speak to.
    let best = addresses.iter().find(|one| one.public.is_some()).or(addresses.first());
    let private = best.map(|one| IpAddr::from(one.private));
    let private = private.or_else(|| snapshot.interfaces.ipv6(interface).first().map(|one| IpAddr::from(*one)));
    Ok(at(network, interface, private.ok_or_else(|| EndError::NoAddress(text.to_owned()))?))
}
