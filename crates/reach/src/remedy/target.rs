//! What is to be closed: some ports of some addresses, from some origins and sources.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::exposure::Exposure;
use crate::network::{Network, Protocol};
use crate::sets::{AddressSet, Cells, Family};
use crate::snapshot::{Cidr, Name, Snapshot};

/// An origin as a person names it: a kind of them, or the id of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry(String);

/// The kinds of origins.
const KINDS: [&str; 5] = ["internet", "peered", "vgw", "tgw", "privatelink"];

/// A text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin: internet, peered, vgw, tgw, privatelink or the id of a gateway is")]
pub struct NoEntry(String);

impl FromStr for Entry {
    type Err = NoEntry;

    fn from_str(text: &str) -> Result<Entry, NoEntry> {
        let ids = ["pcx-", "vgw-", "tgw-", "vpce-svc-"];
        match KINDS.contains(&text) || ids.iter().any(|id| text.starts_with(id)) {
            true => Ok(Entry(text.to_owned())),
            false => Err(NoEntry(text.to_owned())),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Entry {
    /// Whether an exposure comes by it.
    pub fn is_of(&self, snapshot: &Snapshot, exposure: &Exposure) -> bool {
        exposure.origin.text(snapshot).split(' ').take(2).any(|word| word == self.0)
    }
}

/// What is to be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutTarget {
    /// An instance, an interface or an address.
    pub to: String,
    /// The origin; any, if none is named.
    pub from: Option<Entry>,
    /// The protocol.
    pub protocol: Protocol,
    /// The first and last port; of ICMP, type × 256 + code.
    pub ports: (u16, u16),
    /// The sources that have to be kept out; all, if none is named.
    pub sources: Vec<Cidr>,
}

/// A target that cannot be found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address, instance or interface of the snapshot")]
pub struct TargetError(pub String);

/// A target, found.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) interfaces: BTreeSet<Name>,
    /// The private addresses, if not all of the interfaces are meant.
    addresses: Option<BTreeSet<IpAddr>>,
    from: Option<Entry>,
    pub(crate) protocol: Protocol,
    pub(crate) ports: (u16, u16),
    /// The sources, by family.
    sources: Option<[AddressSet; 2]>,
}

impl Wanted {
    pub(crate) fn find(network: &Network<'_>, target: &CutTarget) -> Result<Wanted, TargetError> {
        let snapshot = network.snapshot;
        let unknown = || TargetError(target.to.clone());
        let mut interfaces = BTreeSet::new();
        let mut addresses = None;
        if let Ok(address) = target.to.parse::<IpAddr>() {
            let mut meant = BTreeSet::new();
            for interface in snapshot.interfaces.iter() {
                let listed = snapshot.interfaces.addresses(interface).iter();
                let privates = listed
                    .filter(|one| IpAddr::from(one.private) == address || one.public.map(IpAddr::from) == Some(address))
                    .map(|one| IpAddr::from(one.private));
                let v6 = snapshot.interfaces.ipv6(interface).iter().copied().map(IpAddr::from);
                for found in privates.chain(v6.filter(|one| *one == address)) {
                    interfaces.insert(interface.id);
                    meant.insert(found);
                }
            }
            addresses = Some(meant);
        } else {
            let name = snapshot.names.find(&target.to).ok_or_else(unknown)?;
            let is_meant = |id: Name, instance: Option<Name>| id == name || instance == Some(name);
            let all = snapshot.interfaces.iter().filter(|interface| is_meant(interface.id, interface.instance));
            interfaces.extend(all.map(|interface| interface.id));
        }
        if interfaces.is_empty() {
            return Err(unknown());
        }
        let of = |family| AddressSet::blocks_of(family, target.sources.iter().copied());
        let sources = (!target.sources.is_empty()).then(|| Family::BOTH.map(of));
        let (protocol, ports, from) = (target.protocol, target.ports, target.from.clone());
        Ok(Wanted { interfaces, addresses, from, protocol, ports, sources })
    }

    /// The sources that are meant, if not all are.
    pub(crate) fn sources(&self, family: Family) -> Option<&AddressSet> {
        self.sources.as_ref().map(|[v4, v6]| if family == Family::V4 { v4 } else { v6 })
    }

    /// The same from any source: behind a load balancer, a rule sees who is not the client.
    pub(crate) fn without_sources(self) -> Wanted {
        Wanted { sources: None, ..self }
    }

    /// The same at the port of a listener.
    pub(crate) fn at_port(self, port: u16) -> Wanted {
        Wanted { ports: (port, port), ..self }
    }

    /// What of such an exposure is meant, whatever its own ports and sources are.
    pub(crate) fn cells(&self, snapshot: &Snapshot, exposure: &Exposure) -> Cells {
        let is_meant = self.interfaces.contains(&exposure.interface)
            && self.addresses.as_ref().is_none_or(|addresses| addresses.contains(&exposure.address))
            && self.protocol == exposure.protocol
            && self.from.as_ref().is_none_or(|from| from.is_of(snapshot, exposure));
        if !is_meant {
            return Cells::default();
        }
        // Behind a load balancer, a client of the other family may come.
        let family = exposure.edge.family;
        let sources = self.sources(family).cloned().unwrap_or_else(|| AddressSet::all(family));
        Cells::one(self.ports.0, self.ports.1, sources)
    }

    /// The first packet of an exposure that is meant: its port and source.
    pub(crate) fn packet(&self, snapshot: &Snapshot, exposure: &Exposure) -> Option<(u16, u128)> {
        let own = Cells::one(exposure.from, exposure.to, exposure.addresses());
        let meant = own.intersection(&self.cells(snapshot, exposure));
        let cell = meant.iter().next()?;
        Some((cell.from, cell.addresses.ranges().first()?.0))
    }
}
