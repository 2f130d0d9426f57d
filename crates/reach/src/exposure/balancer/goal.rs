//! What a load balancer leads to: from a listener through its rules and target groups to addresses (L2, L3, L8).

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use super::model::{BalancerKind, attribute};
use crate::exposure::row::Latent;
use crate::network::{Network, Protocol};
use crate::sets::{AddressSet, Family};
use crate::snapshot::{
    ActionKind, ClassicBalancer, Interface, Listener, ListenerAction, LoadBalancer, Name, Snapshot, TargetGroup,
    TargetHealth, TargetKind, TargetState, Word,
};

/// A port that a load balancer listens on, for one protocol.
#[derive(Debug)]
pub(crate) struct Listen {
    pub(crate) port: u16,
    pub(crate) protocol: Protocol,
    pub(crate) goals: Vec<Goal>,
}

/// A target, as one listener reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Goal {
    /// The interface that has its address.
    pub(crate) interface: Name,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    /// L5: whether it sees the client's address.
    pub(crate) preserves: bool,
    /// L7: whether nodes of other zones use it too.
    pub(crate) crosses_zones: bool,
    pub(crate) latent: Option<Latent>,
    /// The clients that the rule takes, if it takes some only (L2).
    pub(crate) clients: Option<[AddressSet; 2]>,
    /// The target group, or the classic load balancer itself.
    pub(crate) group: Name,
}

/// Finds targets.
#[derive(Debug)]
pub(crate) struct Goals<'n, 's> {
    network: &'n Network<'s>,
    by_address: HashMap<(Name, IpAddr), Name>,
}

impl<'n, 's> Goals<'n, 's> {
    pub(crate) fn new(network: &'n Network<'s>) -> Goals<'n, 's> {
        let snapshot = network.snapshot;
        let has_addresses = snapshot.target_groups.iter().any(|group| group.kind == Some(Word::Known(TargetKind::Ip)));
        let mut by_address = HashMap::new();
        for interface in snapshot.interfaces.iter().filter(|_| has_addresses) {
            let Some(vpc) = interface.vpc else { continue };
            for address in snapshot.interfaces.addresses(interface) {
                by_address.insert((vpc, address.private.into()), interface.id);
            }
            for address in snapshot.interfaces.ipv6(interface) {
                by_address.insert((vpc, (*address).into()), interface.id);
            }
        }
        Goals { network, by_address }
    }

    /// The listeners of a load balancer of the second generation.
    pub(crate) fn of_balancer(&self, balancer: &LoadBalancer, kind: BalancerKind) -> Vec<Listen> {
        let mut all = Vec::new();
        for listener in balancer.listeners.iter().flatten() {
            let Some(port) = listener.port else { continue };
            let goals = self.of_listener(balancer, kind, listener);
            for protocol in self.protocols(listener) {
                all.push(Listen { port, protocol, goals: goals.clone() });
            }
        }
        all
    }

    fn protocols(&self, listener: &Listener) -> Vec<Protocol> {
        let snapshot = self.network.snapshot;
        match listener.protocol.map(|protocol| snapshot.text(protocol)) {
            Some("HTTP" | "HTTPS" | "TCP" | "TLS") => vec![Protocol::Tcp],
            Some("UDP" | "QUIC") => vec![Protocol::Udp],
            Some("TCP_UDP" | "TCP_QUIC") => vec![Protocol::Tcp, Protocol::Udp],
            _ => {
                let detail = "the protocol of this listener is not known; it is taken for TCP and UDP";
                self.network.notes.say(snapshot.text(listener.id), detail);
                vec![Protocol::Tcp, Protocol::Udp]
            }
        }
    }

    fn of_listener(&self, balancer: &LoadBalancer, kind: BalancerKind, listener: &Listener) -> Vec<Goal> {
        let mut goals: Vec<Goal> = Vec::new();
        let mut add = |actions: &[ListenerAction], clients: Option<[AddressSet; 2]>| {
            let forwards = actions.iter().filter(|action| action.kind.is(ActionKind::Forward));
            let groups: BTreeSet<Name> = forwards.flat_map(ListenerAction::target_groups).collect();
            for goal in groups.into_iter().flat_map(|group| self.of_group(balancer, kind, group, &clients)) {
                if !goals.contains(&goal) {
                    goals.push(goal);
                }
            }
        };
        add(&listener.default_actions, None);
        for rule in listener.rules.iter().flatten() {
            // Any condition that some client can satisfy counts; only the source narrows who that is.
            let sources = rule.conditions.iter().filter_map(|condition| condition.source.as_ref());
            let mut clients: Option<[AddressSet; 2]> = None;
            for source in sources {
                let named = Family::BOTH.map(|family| AddressSet::blocks_of(family, source.cidrs.iter().copied()));
                clients = Some(match clients {
                    None => named,
                    Some([v4, v6]) => {
                        let [named4, named6] = named;
                        [v4.intersection(&named4), v6.intersection(&named6)]
                    }
                });
            }
            add(&rule.actions, clients);
        }
        goals
    }

    fn of_group(
        &self,
        balancer: &LoadBalancer,
        kind: BalancerKind,
        id: Name,
        clients: &Option<[AddressSet; 2]>,
    ) -> Vec<Goal> {
        let snapshot = self.network.snapshot;
        let Some(group) = snapshot.target_groups.get(id) else {
            self.network
                .notes
                .say(snapshot.text(id), "this target group is not in the snapshot; its targets are not known");
            return Vec::new();
        };
        let targets = group.targets.as_deref().unwrap_or_default();
        let is_unhealthy = |target: &TargetHealth| {
            let state = target.health.map(|health| health.state);
            matches!(state, Some(Word::Known(TargetState::Unhealthy | TargetState::UnhealthyDraining)))
        };
        // L8: where all are unhealthy, all get requests.
        let fails_open = targets.iter().all(is_unhealthy);
        let crosses_zones = self.crosses_zones(balancer, kind, group);
        let mut goals = Vec::new();
        for target in targets {
            let state = target.health.map(|health| health.state);
            let is_served = !matches!(state, Some(Word::Known(state)) if state != TargetState::Healthy);
            let latent = (!is_served && !fails_open).then_some(Latent::TargetUnhealthy);
            let Some(port) = target.target.port.or(group.port) else { continue };
            for (interface, address) in self.addresses(group, target.target.id) {
                goals.push(Goal {
                    interface,
                    address,
                    port,
                    preserves: self.preserves(kind, group),
                    crosses_zones,
                    latent,
                    clients: clients.clone(),
                    group: id,
                });
            }
        }
        goals
    }

    /// L5: whether targets see the client: told, or the default of the type and protocol.
    fn preserves(&self, kind: BalancerKind, group: &TargetGroup) -> bool {
        if kind != BalancerKind::Network {
            return false;
        }
        let snapshot = self.network.snapshot;
        match attribute(snapshot, group.attributes.as_ref(), "preserve_client_ip.enabled") {
            Some(told) => told == "true",
            None => {
                let protocol = group.protocol.map(|protocol| snapshot.text(protocol)).unwrap_or_default();
                let is_default = match group.kind {
                    Some(Word::Known(TargetKind::Ip)) => matches!(protocol, "UDP" | "TCP_UDP"),
                    _ => true,
                };
                let how = if is_default { "is" } else { "is not" };
                self.network.notes.say(
                    snapshot.text(group.id),
                    format!("whether the client's address is preserved is not told; by default it {how}"),
                );
                is_default
            }
        }
    }

    fn crosses_zones(&self, balancer: &LoadBalancer, kind: BalancerKind, group: &TargetGroup) -> bool {
        const KEY: &str = "load_balancing.cross_zone.enabled";
        let snapshot = self.network.snapshot;
        match attribute(snapshot, group.attributes.as_ref(), KEY) {
            Some("true") => return true,
            Some("false") => return false,
            _ => {}
        }
        match attribute(snapshot, balancer.attributes.as_ref(), KEY) {
            Some(told) => told == "true",
            None => kind == BalancerKind::Application,
        }
    }

    /// L3: which address a target means.
    fn addresses(&self, group: &TargetGroup, target: Name) -> Vec<(Name, IpAddr)> {
        let snapshot = self.network.snapshot;
        let text = snapshot.text(target);
        match group.kind {
            Some(Word::Known(TargetKind::Lambda)) => Vec::new(),
            Some(Word::Known(TargetKind::Ip)) => {
                let Ok(address) = text.parse::<IpAddr>() else { return Vec::new() };
                let found = group.vpc.and_then(|vpc| self.by_address.get(&(vpc, address)));
                if found.is_none() {
                    self.network
                        .notes
                        .say(text, "no interface of the VPC has the address of this target; it was not analysed");
                }
                found.map(|interface| (*interface, address)).into_iter().collect()
            }
            Some(Word::Known(TargetKind::Alb)) => {
                let detail = "this target is a load balancer; what lies behind it is told for itself alone";
                self.network.notes.say(text, detail);
                Vec::new()
            }
            Some(Word::Known(TargetKind::Instance)) | None => instance(snapshot, target).into_iter().collect(),
            Some(Word::Unknown(_)) => {
                self.network
                    .notes
                    .say(snapshot.text(group.id), "this type of target is not known; it was not analysed");
                Vec::new()
            }
        }
    }

    /// The listeners of a classic load balancer (L9).
    pub(crate) fn of_classic(&self, balancer: &ClassicBalancer) -> Vec<Listen> {
        let snapshot = self.network.snapshot;
        let targets: Vec<_> = balancer.instances.iter().filter_map(|one| instance(snapshot, one.id)).collect();
        let listen = |listener: &crate::snapshot::ClassicListener| Listen {
            port: listener.port,
            protocol: Protocol::Tcp,
            goals: targets
                .iter()
                .map(|(interface, address)| Goal {
                    interface: *interface,
                    address: *address,
                    port: listener.instance_port,
                    preserves: false,
                    crosses_zones: balancer.cross_zone.unwrap_or(true),
                    latent: None,
                    clients: None,
                    group: balancer.id,
                })
                .collect(),
        };
        balancer.listeners.iter().map(listen).collect()
    }
}

/// The primary address of the primary interface of an instance.
fn instance(snapshot: &Snapshot, id: Name) -> Option<(Name, IpAddr)> {
    let instance = snapshot.instances.get(id)?;
    let own = instance.interfaces.iter().filter_map(|interface| snapshot.interfaces.get(*interface));
    let primary = |interface: &&Interface| {
        let addresses = snapshot.interfaces.addresses(interface);
        instance.private_address.is_none_or(|private| addresses.iter().any(|address| address.private == private))
    };
    let interface = own.clone().find(primary).or_else(|| own.clone().next())?;
    let address = snapshot.interfaces.addresses(interface).first()?.private;
    Some((interface.id, address.into()))
}
