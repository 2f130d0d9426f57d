//! Clauses: one thing that a policy says.

use super::selector::Selector;
use crate::exposure::{Exposure, Mode};
use crate::network::{Network, Protocol};
use crate::path::PathQuery;
use crate::remedy::Entry;
use crate::sets::{AddressSet, Cells, Family, Ports};
use crate::snapshot::Cidr;

/// What may be reached, what may not, and what has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What is modelled of the far side.
    pub mode: Mode,
    /// What must not be reachable, even if it is allowed.
    pub forbid: Vec<Clause>,
    /// All that may be reachable; `None`: whatever is not forbidden.
    pub allow: Option<Vec<Clause>>,
    /// Flows that have to work.
    pub require: Vec<Requirement>,
}

/// Some packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its name.
    pub name: String,
    /// The origins; any, if none is named.
    pub from: Vec<Entry>,
    /// The targets; any, if none is named.
    pub to: Vec<Selector>,
    /// The protocol; any, if none is named.
    pub protocol: Option<Protocol>,
    /// The ports; of ICMP, type × 256 + code.
    pub ports: Ports,
    /// The sources; all, if none is named.
    pub sources: Vec<Cidr>,
    /// Of those, the ones that are not meant.
    pub except: Vec<Cidr>,
}

/// A flow that has to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub name: String,
    /// The flow.
    pub flow: PathQuery,
}

impl Clause {
    /// What it says of such an exposure, whatever the exposure's own ports and sources are.
    pub(super) fn cells(&self, network: &Network<'_>, exposure: &Exposure) -> Cells {
        let snapshot = network.snapshot;
        let Some(interface) = snapshot.interfaces.get(exposure.interface) else { return Cells::default() };
        let is_from = self.from.is_empty() || self.from.iter().any(|from| from.is_of(snapshot, exposure));
        let is_to = self.to.is_empty() || self.to.iter().any(|to| to.has(network, interface, exposure.address));
        let is_protocol = self.protocol.is_none_or(|protocol| protocol == exposure.protocol);
        if !is_from || !is_to || !is_protocol {
            return Cells::default();
        }
        Cells::one(0, u16::MAX, self.sources(exposure.edge.family)).on(&self.ports)
    }

    fn sources(&self, family: Family) -> AddressSet {
        let of = |blocks: &[Cidr]| AddressSet::blocks_of(family, blocks.iter().copied());
        let named = if self.sources.is_empty() { AddressSet::all(family) } else { of(&self.sources) };
        named.difference(&of(&self.except))
    }
}
