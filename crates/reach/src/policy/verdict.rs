//! Whether a network keeps to a policy.

use std::collections::BTreeSet;

use serde::Serialize;

use super::clause::{Clause, Policy};
use crate::exposure::{Certainty, Exposure, Exposures, Gate, exposures, ports_text};
use crate::network::{Assumption, Network};
use crate::path::{Verdict, path};
use crate::sets::Cells;

/// What a breach is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreachKind {
    /// Something is reachable that a clause forbids.
    Forbidden,
    /// Something is reachable that no clause allows.
    NotAllowed,
    /// A flow that has to work does not, or not surely.
    NotReachable,
    /// A clause names an object that the snapshot does not have.
    NotFound,
}

/// Where a network does not keep to a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Breach {
    /// What it is of.
    pub kind: BreachKind,
    /// The name of the clause; none, where no clause allows it.
    pub clause: Option<String>,
    /// Where the traffic enters.
    pub origin: Option<String>,
    /// The instance.
    pub instance: Option<String>,
    /// The interface.
    pub interface: Option<String>,
    /// The private address.
    pub address: Option<String>,
    /// The protocol.
    pub protocol: Option<String>,
    /// The ports.
    pub ports: Option<String>,
    /// The sources.
    pub sources: Vec<String>,
    /// How sure the exposure is.
    pub certainty: Option<Certainty>,
    /// The rules that open it.
    pub gates: Vec<Gate>,
    /// In words, where it is no exposure.
    pub detail: Option<String>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Where the network does not keep to the policy; none: it does.
    pub breaches: Vec<Breach>,
    /// What the answer rests on and the snapshot does not tell.
    pub assumptions: BTreeSet<Assumption>,
}

/// Checks a network. What *may* be reachable counts as reachable where it is forbidden, and as not where it is required.
pub fn check(network: &Network<'_>, policy: &Policy) -> Checked {
    let found = exposures(network, policy.mode);
    let mut breaches = Vec::new();
    for clause in policy.forbid.iter().chain(policy.allow.iter().flatten()) {
        unknown(network, clause, &mut breaches);
    }
    for exposure in found.reachable() {
        let exposure = &exposure;
        let own = Cells::one(exposure.from, exposure.to, exposure.addresses());
        for clause in &policy.forbid {
            let forbidden = own.intersection(&clause.cells(network, exposure));
            breaches.extend(rows(&found, exposure, BreachKind::Forbidden, Some(&clause.name), &forbidden));
        }
        if let Some(allow) = &policy.allow {
            let allowed = allow.iter().map(|clause| clause.cells(network, exposure));
            let rest = allowed.fold(own, |rest, allowed| rest.difference(&allowed));
            breaches.extend(rows(&found, exposure, BreachKind::NotAllowed, None, &rest));
        }
    }
    for requirement in &policy.require {
        let detail = match path(network, &requirement.flow) {
            Ok(answer) if answer.verdict == Verdict::Reachable && answer.certainty == Certainty::Certain => continue,
            Ok(answer) if answer.verdict == Verdict::Reachable => "it may be, which is not sure".to_owned(),
            Ok(answer) => {
                let all = answer.blockers.iter().map(|blocker| format!("{}: {}", blocker.id, blocker.detail));
                all.collect::<Vec<_>>().join("; ")
            }
            Err(error) => error.to_string(),
        };
        breaches.push(told(BreachKind::NotReachable, &requirement.name, detail));
    }
    breaches.sort();
    Checked { breaches, assumptions: network.assumptions() }
}

/// A misspelt id must not pass for an object that is closed.
fn unknown(network: &Network<'_>, clause: &Clause, breaches: &mut Vec<Breach>) {
    for selector in clause.to.iter().filter(|selector| !selector.is_known(network)) {
        let detail = format!("{selector} is not in the snapshot");
        breaches.push(told(BreachKind::NotFound, &clause.name, detail));
    }
}

fn told(kind: BreachKind, clause: &str, detail: String) -> Breach {
    Breach {
        kind,
        clause: Some(clause.to_owned()),
        origin: None,
        instance: None,
        interface: None,
        address: None,
        protocol: None,
        ports: None,
        sources: Vec::new(),
        certainty: None,
        gates: Vec::new(),
        detail: Some(detail),
    }
}

fn rows(
    found: &Exposures<'_, '_>,
    exposure: &Exposure,
    kind: BreachKind,
    clause: Option<&String>,
    cells: &Cells,
) -> Vec<Breach> {
    let snapshot = found.network().snapshot();
    let principals = match &exposure.sources {
        crate::exposure::Sources::Principals(principals) => Some(principals.clone()),
        _ => None,
    };
    let row = |cell: &crate::sets::Cell| Breach {
        kind,
        clause: clause.cloned(),
        origin: Some(exposure.origin.text(snapshot)),
        instance: exposure.instance.map(|instance| snapshot.text(instance).to_owned()),
        interface: Some(snapshot.text(exposure.interface).to_owned()),
        address: Some(exposure.address.to_string()),
        protocol: Some(exposure.protocol.to_string()),
        ports: Some(ports_text(exposure.protocol, cell.from, cell.to)),
        sources: principals
            .clone()
            .unwrap_or_else(|| cell.addresses.cidrs(exposure.edge.family).iter().map(ToString::to_string).collect()),
        certainty: Some(exposure.certainty),
        gates: found.gates(exposure),
        detail: None,
    };
    cells.iter().map(row).collect()
}
