//! Reachable: what exposures mean for each instance of a snapshot, whoever listens there.
//!
//! It owns what it tells, so that a snapshot is analysed once and forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::classify::Told;
use super::excluded::{ExcludedRoute, Gap, Undecided};
use super::finding::{NetworkFinding, Route};
use super::gaps::gaps;
use super::listener::Listener;
use super::way::{Open, Position, Way};
use crate::exposure::{Certainty, Exposure, Exposures, Gate, Latent, Origin};
use crate::network::Assumption;
use crate::snapshot::{Name, ScopeId, Snapshot};

/// Rules of one path that are kept.
const MAX_GATES: usize = 64;
/// Of an instance, what could not be decided; more is counted.
const MAX_UNDECIDED: usize = 1000;

/// What is reachable of the instances of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Reachable {
    instances: BTreeMap<String, InstanceReach>,
}

/// What is reachable of an instance.
#[derive(Clone, Debug)]
pub struct InstanceReach {
    id: String,
    account: Option<Arc<str>>,
    gaps: Arc<Vec<Gap>>,
    undecided: BTreeSet<Undecided>,
    ways: BTreeMap<Way, (Position, Vec<Open>)>,
}

impl Reachable {
    /// What exposures mean for each instance. That an instance does not run is no reason to leave it out: who asks for it
    /// knows that it does.
    pub fn of(exposures: &Exposures<'_, '_>) -> Reachable {
        let snapshot = exposures.network().snapshot();
        let mut instances = known(snapshot);
        let assumptions = exposures.network().assumptions();
        let mut details: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Assumption { subject, detail } in &assumptions {
            details.entry(subject).or_default().push(detail);
        }
        let mut kept: BTreeSet<Arc<Gate>> = BTreeSet::new();
        let usable = |exposure: &Exposure| matches!(exposure.latent, None | Some(Latent::InstanceNotRunning));
        for exposure in exposures.iter().filter(usable).filter(|exposure| exposure.protocol.has_ports()) {
            let exposure = &exposure;
            let Some(route) = route_of(exposure.origin) else { continue };
            let instance = exposure.instance.and_then(|id| instances.get_mut(snapshot.text(id)));
            let Some(instance) = instance else { continue };
            let mut gates = exposures.gates(exposure);
            gates.truncate(MAX_GATES);
            if exposure.certainty == Certainty::May {
                let because = because(exposures, exposure, &gates, &details);
                let what = format!("{} {}", exposure.protocol, exposure.ports_text());
                let what = format!("{what} through {}", snapshot.text(exposure.gateway()));
                for route in excluded(snapshot, exposure) {
                    instance.undecided(route, what.clone(), because.clone());
                }
                continue;
            }
            let way = Way::of(exposures, exposure, route, &gates);
            let gates = gates.into_iter().map(|gate| kept_one(&mut kept, gate)).collect();
            let position = Position::of(exposures, &way, exposure.interface);
            instance.ways.entry(way).or_insert_with(|| (position, Vec::new())).1.push(Open {
                protocol: exposure.protocol,
                address: exposure.address,
                from: exposure.from,
                to: exposure.to,
                sources: exposure.source_texts(),
                gates,
            });
        }
        Reachable { instances }
    }

    /// An instance; absent when the snapshot does not tell of it, so that nothing is known of it.
    pub fn instance(&self, id: &str) -> Option<&InstanceReach> {
        self.instances.get(id)
    }

    /// The number of instances.
    pub fn instances(&self) -> usize {
        self.instances.len()
    }
}

impl InstanceReach {
    /// The account that it belongs to, where that is told.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// What may be reachable of it.
    pub fn undecided_ways(&self) -> impl Iterator<Item = &Undecided> {
        self.undecided.iter()
    }

    /// What is not known of its account and region.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The findings, by interface, route and port; `None`: what listens on it is not known, since no agent tells.
    pub fn findings(&self, listeners: Option<&[Listener]>) -> Vec<NetworkFinding> {
        let mut findings = Vec::new();
        for (way, (position, open)) in &self.ways {
            let told = Told { instance: &self.id, way, position, listeners };
            told.ports(open, &mut findings);
            findings.push(told.whole(open));
        }
        findings
    }

    fn undecided(&mut self, route: ExcludedRoute, what: String, because: Vec<String>) {
        if self.undecided.len() < MAX_UNDECIDED {
            self.undecided.insert(Undecided { route, what, because });
        } else {
            let what = "more than can be listed".to_owned();
            self.undecided.insert(Undecided { route, what, because: Vec::new() });
        }
    }
}

/// All instances that a snapshot tells of, by themselves or by an interface that is attached to them.
fn known(snapshot: &Snapshot) -> BTreeMap<String, InstanceReach> {
    let mut of_scopes: BTreeMap<ScopeId, Arc<Vec<Gap>>> = BTreeMap::new();
    let mut accounts: BTreeMap<Name, Arc<str>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    let with_interface: BTreeSet<Name> =
        snapshot.interfaces.iter().filter_map(|interface| interface.instance).collect();
    let told = snapshot.instances.iter().map(|instance| (instance.id, instance.scope, instance.owner));
    let attached = snapshot.interfaces.iter().filter_map(|interface| {
        let instance = interface.instance.filter(|id| snapshot.instances.get(*id).is_none())?;
        Some((instance, interface.scope, interface.owner))
    });
    for (id, scope, owner) in told.chain(attached) {
        let gaps = of_scopes.entry(scope).or_insert_with(|| Arc::new(gaps(snapshot, scope)));
        let account = snapshot.scope(scope).account.or(owner);
        let account = account.map(|name| accounts.entry(name).or_insert_with(|| snapshot.text(name).into()));
        let mut instance = InstanceReach {
            id: snapshot.text(id).to_owned(),
            account: account.cloned(),
            gaps: Arc::clone(gaps),
            undecided: BTreeSet::new(),
            ways: BTreeMap::new(),
        };
        if !with_interface.contains(&id) {
            let because = vec!["no interface of it is known".to_owned()];
            for route in [ExcludedRoute::Internet, ExcludedRoute::Vpn, ExcludedRoute::VpcPeering] {
                instance.undecided(route, "every port".to_owned(), because.clone());
            }
        }
        known.entry(instance.id.clone()).or_insert(instance);
    }
    known
}

fn kept_one(kept: &mut BTreeSet<Arc<Gate>>, gate: Gate) -> Arc<Gate> {
    if let Some(known) = kept.get(&gate) {
        return Arc::clone(known);
    }
    let gate = Arc::new(gate);
    kept.insert(Arc::clone(&gate));
    gate
}

fn route_of(origin: Origin) -> Option<Route> {
    match origin {
        Origin::Internet => Some(Route::Internet),
        Origin::Peered(_) => Some(Route::PeeredVpc),
        Origin::Vpn(_) => Some(Route::Vgw),
        // Inspector had no findings for what comes from these.
        Origin::Transit { .. } | Origin::PrivateLink(_) => None,
    }
}

/// The exclusions that an exposure without certainty stands for.
fn excluded(snapshot: &Snapshot, exposure: &Exposure) -> Vec<ExcludedRoute> {
    let via = exposure.via.as_ref().map(|via| via.text.as_str());
    match exposure.origin {
        Origin::Internet if via.is_some_and(|via| via.starts_with("clb")) => vec![ExcludedRoute::ClassicLoadBalancer],
        Origin::Internet if via.is_some() => vec![ExcludedRoute::ApplicationLoadBalancer],
        Origin::Internet => vec![ExcludedRoute::Internet],
        Origin::Peered(_) => vec![ExcludedRoute::VpcPeering],
        Origin::Vpn(gateway) => beyond(snapshot, gateway),
        Origin::Transit { .. } | Origin::PrivateLink(_) => Vec::new(),
    }
}

/// What lies beyond a virtual private gateway.
fn beyond(snapshot: &Snapshot, gateway: Name) -> Vec<ExcludedRoute> {
    let is_direct = snapshot.virtual_interfaces.iter().any(|interface| interface.vpn_gateway == Some(gateway))
        || snapshot.connect_associations.iter().any(|link| link.associated.is_some_and(|near| near.id == gateway));
    let is_vpn = snapshot.vpn_connections.iter().any(|vpn| vpn.vpn_gateway == Some(gateway));
    match (is_direct, is_vpn) {
        (true, false) => vec![ExcludedRoute::DirectConnect],
        (true, true) => vec![ExcludedRoute::Vpn, ExcludedRoute::DirectConnect],
        (false, _) => vec![ExcludedRoute::Vpn],
    }
}

/// What is noted of the objects that an exposure passes by.
fn because(
    exposures: &Exposures<'_, '_>,
    exposure: &Exposure,
    gates: &[Gate],
    details: &BTreeMap<&str, Vec<&str>>,
) -> Vec<String> {
    let network = exposures.network();
    let snapshot = network.snapshot();
    let mut subjects: BTreeSet<&str> = gates.iter().map(|gate| gate.id.as_str()).collect();
    subjects.extend([snapshot.text(exposure.gateway()), snapshot.text(exposure.interface)]);
    if let Some(interface) = snapshot.interfaces.get(exposure.interface) {
        subjects.extend([interface.subnet, interface.vpc].into_iter().flatten().map(|name| snapshot.text(name)));
        subjects.extend(snapshot.interfaces.groups(interface).iter().map(|group| snapshot.text(*group)));
        let place = network.place(network.place_of(interface.subnet));
        let acl = place.acl.and_then(|acl| snapshot.network_acls.at(acl)).map(|acl| acl.id);
        let table = place.table.and_then(|table| snapshot.route_tables.at(table)).map(|table| table.id);
        subjects.extend([acl, table].into_iter().flatten().map(|name| snapshot.text(name)));
    }
    let noted = subjects.into_iter().filter_map(|subject| Some((subject, details.get(subject)?)));
    noted.flat_map(|(subject, details)| details.iter().map(move |detail| format!("{subject}: {detail}"))).collect()
}
