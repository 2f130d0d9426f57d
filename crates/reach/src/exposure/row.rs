//! One exposure: some ports of one address, open to some sources.

use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;

use super::edge::Edge;
use super::gates::Gate;
use super::origin::Origin;
use crate::network::Protocol;
use crate::sets::{AddressSet, Family, Ports};
use crate::snapshot::Name;

/// How sure an exposure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The configuration lets requests in and answers out.
    Certain,
    /// It may: something on the way is not known, or decides by more than the configuration tells.
    May,
}

/// Why what is open cannot be used at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Latent {
    /// The instance is not running (E4).
    InstanceNotRunning,
    /// The interface is attached to nothing.
    NotAttached,
    /// The target gets no requests: it is unhealthy, or not used (L8).
    TargetUnhealthy,
    /// No VPN and no Direct Connect lies beyond the gateway.
    NothingBeyond,
    /// Every tunnel beyond the gateway is down (V2).
    TunnelsDown,
}

/// From where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sources {
    /// From these addresses.
    Addresses(AddressSet),
    /// From all that the edge delivers, of version 6: it is written `::/0`.
    Everything,
    /// From the accounts and roles that may use an endpoint service.
    Principals(Vec<String>),
}

/// What stands between: a load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// The load balancer.
    pub balancer: Name,
    /// `alb NAME`, `nlb NAME` or `clb NAME`.
    pub text: String,
    /// The port of its listener.
    pub listener: u16,
    /// Its DNS name.
    pub dns_name: Option<Name>,
    /// The address of the node that clients talk to, where it is known.
    pub node: Option<IpAddr>,
    pub(crate) gates: Vec<Gate>,
}

/// Some ports of one private address that are open to some sources.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Where the traffic enters.
    pub origin: Origin,
    /// The instance, if the interface belongs to one.
    pub instance: Option<Name>,
    /// The interface.
    pub interface: Name,
    /// The private address.
    pub address: IpAddr,
    /// The protocol.
    pub protocol: Protocol,
    /// The first port; of ICMP, type × 256 + code.
    pub from: u16,
    /// The last port.
    pub to: u16,
    /// From where.
    pub sources: Sources,
    /// The ports that a client has to send from to get answers (A3).
    pub client_ports: Ports,
    /// The load balancer in between.
    pub via: Option<Arc<Via>>,
    /// How sure it is.
    pub certainty: Certainty,
    /// Why it cannot be used now.
    pub latent: Option<Latent>,
    pub(crate) edge: Arc<Edge>,
}

impl Exposure {
    /// The family of its address.
    pub fn family(&self) -> Family {
        Family::of(self.address)
    }

    /// The ports as they are written: `22-22`; `all`; of ICMP the types, with codes where they matter: `8-8`, `3.4-3.4`.
    pub fn ports_text(&self) -> String {
        ports_text(self.protocol, self.from, self.to)
    }

    /// Whether the address is one of the sources; of an endpoint service, no address is.
    pub fn admits(&self, source: IpAddr) -> bool {
        let is_known = match &self.sources {
            Sources::Addresses(addresses) => addresses.contains(source),
            Sources::Everything => self.edge.delivered.contains(source),
            Sources::Principals(_) => false,
        };
        is_known && Family::of(source) == self.edge.family
    }

    /// The addresses that it is open to; of an endpoint service, any.
    pub(crate) fn addresses(&self) -> AddressSet {
        match &self.sources {
            Sources::Addresses(addresses) => addresses.clone(),
            Sources::Everything => self.edge.delivered.clone(),
            Sources::Principals(_) => AddressSet::all(self.edge.family),
        }
    }

    /// The gateway that it leads through: an internet gateway, peering connection, virtual private or transit gateway.
    pub fn gateway(&self) -> Name {
        self.edge.gateway
    }
}

/// The sources as they are told; of version 6, all that an edge delivers is everything.
pub(super) fn sources(family: Family, addresses: &AddressSet, delivered: &AddressSet) -> Sources {
    if family == Family::V6 && addresses == delivered {
        Sources::Everything
    } else {
        Sources::Addresses(addresses.clone())
    }
}

/// See [`Exposure::ports_text`].
pub(crate) fn ports_text(protocol: Protocol, from: u16, to: u16) -> String {
    if protocol.has_ports() {
        return format!("{from}-{to}");
    }
    if (from, to) == (0, u16::MAX) {
        return "all".to_owned();
    }
    if from & 0xff == 0 && to & 0xff == 0xff {
        return format!("{}-{}", from >> 8, to >> 8);
    }
    format!("{}.{}-{}.{}", from >> 8, from & 0xff, to >> 8, to & 0xff)
}
