//! What is open through load balancers: from an origin to a node, and on to a target.

use std::sync::Arc;

use super::analysis::Analysis;
use super::balancer::{self, Balancer, Goal, Listen, Node, leg, preserved};
use super::classes::Open;
use super::edge::{Edge, Far};
use super::gates::{Gate, Question, group_gates};
use super::origin::{Mode, Origin};
use super::remote;
use super::row::{Certainty, Exposure, Latent, Sources, Via};
use crate::network::{Direction, Peers, View};
use crate::sets::{AddressSet, Cells, Family, Ports};
use crate::snapshot::{EndpointService, EndpointState, Name, Word};

/// What comes to a target by one listener, from one origin, over all nodes.
struct Found {
    edge: Arc<Edge>,
    client_ports: Ports,
    certainty: Certainty,
    sources: AddressSet,
    node: Option<std::net::IpAddr>,
}

impl Analysis<'_, '_> {
    pub(super) fn balancers(&mut self) {
        let balancers = balancer::all(self.network);
        for balancer in &balancers {
            for listen in &balancer.listeners {
                self.listener(balancer, listen);
            }
        }
        for service in self.network.snapshot.endpoint_services.iter() {
            self.service(service, &balancers);
        }
    }

    fn listener(&mut self, balancer: &Balancer, listen: &Listen) {
        if !listen.goals.iter().any(|goal| self.asks(goal.interface)) {
            return;
        }
        let mut found: Vec<Vec<Found>> = listen.goals.iter().map(|_| Vec::new()).collect();
        for node in &balancer.nodes {
            for open in self.at_node(balancer, node, listen) {
                for (goal, found) in listen.goals.iter().zip(&mut found) {
                    self.goal((balancer, node, goal), listen, &open, found);
                }
            }
        }
        for (goal, found) in listen.goals.iter().zip(found) {
            if self.asks(goal.interface) {
                self.tell(balancer, listen, goal, found);
            }
        }
    }

    /// What is open to a node on the port of a listener.
    fn at_node(&mut self, balancer: &Balancer, node: &Node, listen: &Listen) -> Vec<Open> {
        let place = self.network.place_of(Some(node.subnet));
        let port = Ports::of_ranges(vec![(listen.port, listen.port)]);
        let mut all = Vec::new();
        for open in self.classes.open_to(place, balancer.groups.as_deref(), &|_| true) {
            let protocols = self.network.protocols(open.edge.family);
            let addresses = node.addresses(open.edge.family);
            let is_its =
                protocols.get(open.protocol) == Some(&listen.protocol) && open.edge.targets.overlaps(addresses);
            // Inspector knows load balancers on the way from the internet only.
            let is_told = self.mode == Mode::EndToEnd || open.edge.origin == Origin::Internet;
            if !is_its || !is_told || (open.edge.needs_public && !balancer.is_public) {
                continue;
            }
            let cells = open.cells.on(&port);
            if cells.is_empty() {
                continue;
            }
            let open = Open { cells, ..open };
            let number = addresses.ranges().first().map(|range| range.0).unwrap_or_default();
            let groups = balancer.groups.as_deref().unwrap_or_default();
            let view = if open.certainty == Certainty::Certain { View::Certain } else { View::Possible };
            let Some(open) = self.delivered(Some(node.subnet), number, &open, view) else { continue };
            for (client_ports, cells, certainty) in self.sent(groups, number, &open) {
                all.push(Open { client_ports, cells, certainty, ..open.clone() });
            }
        }
        all
    }

    fn goal(
        &self,
        (balancer, node, goal): (&Balancer, &Node, &Goal),
        listen: &Listen,
        open: &Open,
        found: &mut Vec<Found>,
    ) {
        let family = open.edge.family;
        let mut clients = open.cells.at(listen.port);
        if let Some([v4, v6]) = &goal.clients {
            clients = clients.intersection(if family == Family::V4 { v4 } else { v6 });
        }
        let mut put = |certainty: Certainty, client_ports: Ports, sources: AddressSet| {
            let is_same = |one: &&mut Found| {
                one.edge == open.edge && one.certainty == certainty && one.client_ports == client_ports
            };
            match found.iter_mut().find(is_same) {
                Some(one) => one.sources = one.sources.union(&sources),
                None => {
                    let edge = Arc::clone(&open.edge);
                    found.push(Found { edge, client_ports, certainty, sources, node: node.public });
                }
            }
        };
        let mut surely = AddressSet::default();
        for view in [View::Certain, View::Possible] {
            if view == View::Certain && open.certainty == Certainty::May {
                continue;
            }
            let certainty = if view == View::Certain { Certainty::Certain } else { Certainty::May };
            // L11: a client of the other family cannot be preserved.
            let parts = if goal.preserves && Family::of(goal.address) == family {
                let bearers = open.edge.bearers.map_or(Peers::Nobody, Peers::Vpc);
                preserved(self.network, balancer, node, goal, listen.protocol, (&clients, bearers), view)
            } else if leg(self.network, balancer, node, goal, listen.protocol, view) {
                vec![(Ports::all(), clients.clone())]
            } else {
                Vec::new()
            };
            for (ports, addresses) in parts {
                let rest = addresses.difference(&surely);
                let ports = if ports == Ports::all() {
                    open.client_ports.clone()
                } else {
                    ports.intersection(&open.client_ports)
                };
                if rest.is_empty() || ports.is_empty() {
                    continue;
                }
                if view == View::Certain {
                    surely = surely.union(&rest);
                }
                put(certainty, ports, rest);
            }
        }
    }

    fn tell(&mut self, balancer: &Balancer, listen: &Listen, goal: &Goal, found: Vec<Found>) {
        let certain: Vec<(Arc<Edge>, AddressSet)> = found
            .iter()
            .filter(|one| one.certainty == Certainty::Certain)
            .map(|one| (Arc::clone(&one.edge), one.sources.clone()))
            .collect();
        for mut one in found {
            if one.certainty == Certainty::May {
                // What one node may let through and another surely does is sure.
                for (edge, sources) in certain.iter().filter(|(edge, _)| edge.origin == one.edge.origin) {
                    if edge.family == one.edge.family {
                        one.sources = one.sources.difference(sources);
                    }
                }
                if one.sources.is_empty() {
                    continue;
                }
            }
            let sources = super::row::sources(one.edge.family, &one.sources, &one.edge.delivered);
            let gates = self.balancer_gates(balancer, listen, goal, Some((&one.edge, &one.sources)));
            let mode = self.mode;
            let remote = if mode == Mode::EndToEnd { remote::latency(self.network, &one.edge) } else { None };
            let via = Via {
                balancer: balancer.id,
                text: balancer.text.clone(),
                listener: listen.port,
                dns_name: balancer.dns_name,
                node: one.node,
                gates,
            };
            let place = (one.edge, one.client_ports, sources);
            self.push_balanced(goal, listen, place, Arc::new(via), one.certainty, remote);
        }
    }

    fn push_balanced(
        &mut self,
        goal: &Goal,
        listen: &Listen,
        (edge, client_ports, sources): (Arc<Edge>, Ports, Sources),
        via: Arc<Via>,
        certainty: Certainty,
        remote: Option<Latent>,
    ) {
        let Some(interface) = self.network.snapshot.interfaces.get(goal.interface) else { return };
        let latent = super::analysis::latency(self.network, interface).or(goal.latent).or(remote);
        self.rows.add_balanced(Exposure {
            origin: edge.origin,
            instance: interface.instance,
            interface: interface.id,
            address: goal.address,
            protocol: listen.protocol,
            from: goal.port,
            to: goal.port,
            sources,
            client_ports,
            via: Some(via),
            certainty,
            latent,
            edge,
        });
    }

    fn balancer_gates(
        &self,
        balancer: &Balancer,
        listen: &Listen,
        goal: &Goal,
        from: Option<(&Edge, &AddressSet)>,
    ) -> Vec<Gate> {
        let snapshot = self.network.snapshot;
        let mut gates = Vec::new();
        if let Some((edge, sources)) = from {
            gates.push(Gate::new("gateway", snapshot.text(edge.gateway), edge.origin.text(snapshot)));
            let ports = (listen.port, listen.port);
            let question = Question { family: edge.family, protocol: listen.protocol, ports, far: sources };
            let groups = balancer.groups.as_deref().unwrap_or_default();
            let peers = edge.bearers.map_or(Peers::Nobody, Peers::Vpc);
            gates.extend(group_gates(self.network, groups, Direction::Ingress, peers, &question));
        }
        let listener = format!("listener {} {}", listen.protocol, listen.port);
        gates.push(Gate::new("load-balancer", snapshot.text(balancer.id), listener));
        let target = match goal.address {
            std::net::IpAddr::V4(address) => format!("target {address}:{}", goal.port),
            std::net::IpAddr::V6(address) => format!("target [{address}]:{}", goal.port),
        };
        gates.push(Gate::new("target-group", snapshot.text(goal.group), target));
        let Some(interface) = snapshot.interfaces.get(goal.interface) else { return gates };
        let family = Family::of(goal.address);
        let ports = (goal.port, goal.port);
        let groups = snapshot.interfaces.groups(interface);
        let nodes = AddressSet::union_of(balancer.nodes.iter().map(|node| node.addresses(family)));
        let preserved = from.filter(|(edge, _)| goal.preserves && edge.family == family);
        let far = preserved.map_or(&nodes, |(_, sources)| sources);
        let question = Question { family, protocol: listen.protocol, ports, far };
        let peers = Peers::Known(balancer.groups.as_deref().unwrap_or_default(), far);
        gates.extend(group_gates(self.network, groups, Direction::Ingress, peers, &question));
        gates
    }

    /// K2, L12: consumers of an endpoint service come to targets with the address of the load balancer.
    fn service(&mut self, service: &EndpointService, balancers: &[Balancer]) {
        let snapshot = self.network.snapshot;
        if matches!(service.state, Some(Word::Known(state)) if state != EndpointState::Available) {
            return;
        }
        let (principals, mut certainty) = match &service.principals {
            None => (vec![ANY_ACCOUNT.to_owned()], Certainty::May),
            Some(listed) => {
                let texts: Vec<&str> = listed.iter().map(|listed| snapshot.text(listed.principal)).collect();
                let is_open = texts.contains(&"*");
                let named = texts.into_iter().map(str::to_owned).collect();
                (if is_open { vec![ANY_ACCOUNT.to_owned()] } else { named }, Certainty::Certain)
            }
        };
        if principals.is_empty() {
            return;
        }
        if service.principals.is_none() {
            self.network.notes.say(snapshot.text(service.id), "who may use this endpoint service is not told");
        }
        if service.acceptance_required == Some(true) {
            self.network
                .notes
                .say(snapshot.text(service.id), "connections to this endpoint service have to be accepted");
            certainty = Certainty::May;
        }
        let is_its = |balancer: &&Balancer| service.network_balancers.contains(&balancer.id);
        for balancer in balancers.iter().filter(is_its) {
            for listen in &balancer.listeners {
                for goal in &listen.goals {
                    if self.asks(goal.interface) {
                        self.consumers(service.id, balancer, listen, goal, &principals, certainty);
                    }
                }
            }
        }
    }

    fn consumers(
        &mut self,
        service: Name,
        balancer: &Balancer,
        listen: &Listen,
        goal: &Goal,
        principals: &[String],
        certainty: Certainty,
    ) {
        let family = Family::of(goal.address);
        let guards = balancer.groups.as_deref().filter(|_| balancer.guards_private_link);
        if let Some(groups) = guards {
            // The consumer's own address is what the groups see; some address of it has to be admitted.
            let admitted = self.network.groups(groups, Direction::Ingress, family, Peers::Nobody, View::Certain);
            let place = self.network.protocols(family).iter().position(|known| *known == listen.protocol);
            let cells: Option<&Cells> = place.and_then(|place| admitted.get(place));
            if cells.is_none_or(|cells| cells.at(listen.port).is_empty()) {
                return;
            }
        }
        let passes = |view| {
            let sees = |node: &Node| leg(self.network, balancer, node, goal, listen.protocol, view);
            balancer.nodes.iter().any(sees)
        };
        let certainty = match (passes(View::Certain), passes(View::Possible)) {
            (true, _) => certainty,
            (false, true) => Certainty::May,
            (false, false) => return,
        };
        let all = AddressSet::all(family);
        let edge = Edge {
            origin: Origin::PrivateLink(service),
            family,
            gateway: service,
            targets: all.clone(),
            needs_public: false,
            delivered: all.clone(),
            sources: all,
            bearers: None,
            far: Far::Anyone,
        };
        let mut gates = vec![Gate::new("endpoint-service", self.network.snapshot.text(service), principals.join(", "))];
        gates.extend(self.balancer_gates(balancer, listen, goal, None));
        let via = Via {
            balancer: balancer.id,
            text: balancer.text.clone(),
            listener: listen.port,
            dns_name: balancer.dns_name,
            node: None,
            gates,
        };
        let place = (Arc::new(edge), Ports::all(), Sources::Principals(principals.to_vec()));
        self.push_balanced(goal, listen, place, Arc::new(via), certainty, None);
    }
}

/// Who may use an endpoint service that is open to everyone.
const ANY_ACCOUNT: &str = "any AWS account";
