//! The difference of two networks' exposures.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::settings::settings;
use crate::exposure::{Certainty, Exposure, Exposures, Gate, Sources, ports_text};
use crate::network::Protocol;
use crate::sets::{AddressSet, Cells, Family};

/// What became of an exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It is new.
    Opened,
    /// It is gone.
    Closed,
}

/// Something that became reachable, or that is so no more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// Which of the two.
    pub change: Direction,
    /// Where the traffic enters.
    pub origin: String,
    /// The instance.
    pub instance: Option<String>,
    /// The interface.
    pub interface: String,
    /// The private address.
    pub address: String,
    /// The protocol.
    pub protocol: String,
    /// The ports.
    pub ports: String,
    /// The sources.
    pub sources: Vec<String>,
    /// The load balancer in between.
    pub via: Option<String>,
    /// How sure the exposure is.
    pub certainty: Certainty,
    /// The settings that were changed: those that came, for what opened, and those that went, for what closed. Where none
    /// of the exposure's own gates changed, whatever changed on the other side is listed: a denial that went, for example.
    pub causes: Vec<Gate>,
}

/// What an exposure is compared by, across snapshots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    interface: String,
    instance: Option<String>,
    address: String,
    origin: String,
    protocol: Protocol,
    via: Option<(String, u16)>,
    certainty: Certainty,
    /// The sources, where they are no addresses.
    principals: Vec<String>,
    family: Family,
}

/// Compares what is reachable now in two snapshots of a network.
pub fn difference(before: &Exposures<'_, '_>, after: &Exposures<'_, '_>) -> Vec<Change> {
    difference_but(before, after, &|_, _| Cells::default())
}

/// The same, but for what `spared` says of a row that changed in a direction.
pub(crate) fn difference_but(
    before: &Exposures<'_, '_>,
    after: &Exposures<'_, '_>,
    spared: &dyn Fn(Direction, &Exposure) -> Cells,
) -> Vec<Change> {
    let (old, new) = (settings(before.network()), settings(after.network()));
    let came: BTreeSet<&Gate> = new.difference(&old).collect();
    let went: BTreeSet<&Gate> = old.difference(&new).collect();
    let (had, has) = (cells(before), cells(after));
    let mut changes = Vec::new();
    let sides =
        [(Direction::Opened, after, &has, &had, &came, &went), (Direction::Closed, before, &had, &has, &went, &came)];
    for (change, exposures, mine, others, own, other) in sides {
        for (key, (cells, row)) in mine {
            let rest = match others.get(key) {
                Some((known, _)) => cells.difference(known),
                None => cells.clone(),
            };
            let rest = rest.difference(&spared(change, row));
            for cell in rest.iter() {
                let gates = exposures.gates(row);
                let mut causes: Vec<Gate> = gates.into_iter().filter(|gate| own.contains(gate)).collect();
                if causes.is_empty() {
                    causes = other.iter().chain(own.iter()).map(|gate| (*gate).clone()).take(CAUSES).collect();
                }
                causes.sort();
                causes.dedup();
                let sources = match key.principals.is_empty() {
                    true => cell.addresses.cidrs(key.family).iter().map(ToString::to_string).collect(),
                    false => key.principals.clone(),
                };
                changes.push(Change {
                    change,
                    origin: key.origin.clone(),
                    instance: key.instance.clone(),
                    interface: key.interface.clone(),
                    address: key.address.clone(),
                    protocol: key.protocol.to_string(),
                    ports: ports_text(key.protocol, cell.from, cell.to),
                    sources,
                    via: key.via.as_ref().map(|via| via.0.clone()),
                    certainty: key.certainty,
                    causes,
                });
            }
        }
    }
    changes.sort();
    changes
}

/// More changes are not listed where none can be told apart from the others.
const CAUSES: usize = 20;

fn cells(exposures: &Exposures<'_, '_>) -> BTreeMap<Key, (Cells, Exposure)> {
    type Parts = (Vec<(u16, u16, AddressSet)>, Exposure);
    let snapshot = exposures.network().snapshot();
    let mut parts: BTreeMap<Key, Parts> = BTreeMap::new();
    for row in exposures.reachable() {
        let family = row.family();
        let (addresses, principals) = match &row.sources {
            Sources::Addresses(addresses) => (addresses.clone(), Vec::new()),
            Sources::Everything => (AddressSet::all(family), Vec::new()),
            Sources::Principals(principals) => (AddressSet::all(family), principals.clone()),
        };
        let key = Key {
            interface: snapshot.text(row.interface).to_owned(),
            instance: row.instance.map(|instance| snapshot.text(instance).to_owned()),
            address: row.address.to_string(),
            origin: row.origin.text(snapshot),
            protocol: row.protocol,
            via: row.via.as_ref().map(|via| (via.text.clone(), via.listener)),
            certainty: row.certainty,
            principals,
            family,
        };
        let part = (row.from, row.to, addresses);
        parts.entry(key).or_insert_with(|| (Vec::new(), row)).0.push(part);
    }
    parts.into_iter().map(|(key, (parts, row))| (key, (Cells::union_of(parts), row))).collect()
}
