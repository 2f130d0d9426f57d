//! Classification: from exposures and listeners to findings.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use assay_model::severity::Severity;

use super::finding::{FindingRule, NetworkFinding, Route, RouteExclusion, id};
use super::listener::{Agents, Listener};
use super::service::{Service, recognised, service_of};
use crate::exposure::{Certainty, Exposure, Exposures, Origin};
use crate::network::Protocol;
use crate::sets::Ports;
use crate::snapshot::{Name, PeeringConnection};

/// What exposures mean to Inspector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classified {
    /// The findings, by instance, interface, route and port.
    pub findings: Vec<NetworkFinding>,
    /// The routes that could not be evaluated to the end.
    pub exclusions: Vec<RouteExclusion>,
}

/// Exposures of one interface by one route and through the same groups and load balancer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    instance: String,
    interface: String,
    route: Route,
    gateway: String,
    groups: String,
    balancer: Option<(&'static str, String)>,
}

/// What is open by one way, by protocol and address: ports and sources.
type Open = Vec<(Protocol, IpAddr, (u16, u16), Vec<String>)>;

/// Makes findings of what is certainly reachable by the routes that Inspector knows.
pub fn classify(exposures: &Exposures<'_, '_>, agents: &Agents) -> Classified {
    let snapshot = exposures.network().snapshot();
    let mut ways: BTreeMap<(Way, Name), Open> = BTreeMap::new();
    let mut exclusions = BTreeSet::new();
    for exposure in exposures.reachable().filter(|exposure| exposure.protocol.has_ports()) {
        let (Some(instance), Some(route)) = (exposure.instance, route_of(exposure.origin)) else { continue };
        if exposure.certainty == Certainty::May {
            let via = exposure.via.as_ref().map(|via| format!(" via {}", via.text)).unwrap_or_default();
            exclusions.insert(RouteExclusion {
                route: format!("{}{via}", exposure.origin.text(snapshot)),
                instance: snapshot.text(instance).to_owned(),
                ports: format!("{} {}", exposure.protocol, exposure.ports_text()),
            });
            continue;
        }
        let way = Way {
            instance: snapshot.text(instance).to_owned(),
            interface: snapshot.text(exposure.interface).to_owned(),
            route,
            gateway: snapshot.text(exposure.gateway()).to_owned(),
            groups: groups(exposures, exposure),
            balancer: balancer(exposures, exposure),
        };
        let ports = (exposure.from, exposure.to);
        let open = (exposure.protocol, exposure.address, ports, exposure.source_texts());
        ways.entry((way, exposure.interface)).or_default().push(open);
    }
    let mut findings = Vec::new();
    for ((way, interface), open) in &ways {
        let told = Told { exposures, way, interface: *interface, listeners: agents.get(&way.instance) };
        told.ports(open, &mut findings);
        findings.push(told.whole(open));
    }
    Classified { findings, exclusions: exclusions.into_iter().collect() }
}

fn route_of(origin: Origin) -> Option<Route> {
    match origin {
        Origin::Internet => Some(Route::Internet),
        Origin::Peered(_) => Some(Route::PeeredVpc),
        Origin::Vpn(_) => Some(Route::Vgw),
        Origin::Transit { .. } | Origin::PrivateLink(_) => None,
    }
}

/// The groups of the interface that let it in.
fn groups(exposures: &Exposures<'_, '_>, exposure: &Exposure) -> String {
    let snapshot = exposures.network().snapshot();
    let own: Vec<&str> = match snapshot.interfaces.get(exposure.interface) {
        Some(interface) => snapshot.interfaces.groups(interface).iter().map(|group| snapshot.text(*group)).collect(),
        None => Vec::new(),
    };
    let gates = exposures.gates(exposure);
    let through = gates.into_iter().filter(|gate| gate.kind == "security-group").map(|gate| gate.id);
    let through: BTreeSet<String> = through.filter(|id| own.contains(&id.as_str())).collect();
    through.into_iter().collect::<Vec<_>>().join(", ")
}

fn balancer(exposures: &Exposures<'_, '_>, exposure: &Exposure) -> Option<(&'static str, String)> {
    let via = exposure.via.as_ref()?;
    let name = via.dns_name.map(|name| exposures.network().snapshot().text(name).to_owned());
    let key = if via.text.starts_with("clb") { "ELB" } else { "ELB2" };
    Some((key, name.unwrap_or_else(|| via.text.clone())))
}

/// What listens on a port, and the sources that it is open to.
type Heard<'a> = (Option<&'a Listener>, BTreeSet<String>);

struct Told<'a, 'n, 's> {
    exposures: &'a Exposures<'n, 's>,
    way: &'a Way,
    interface: Name,
    /// `None`: no agent.
    listeners: Option<&'a Vec<Listener>>,
}

impl Told<'_, '_, '_> {
    /// A finding for each recognised port, and for each other one on which something listens.
    fn ports(&self, open: &Open, findings: &mut Vec<NetworkFinding>) {
        let mut by_port: BTreeMap<(Protocol, u16), Heard<'_>> = BTreeMap::new();
        for (protocol, address, (from, to), sources) in open {
            let heard = self.listeners.into_iter().flatten().filter(|one| (*from..=*to).contains(&one.port));
            let heard: Vec<&Listener> = heard.filter(|one| one.hears(*protocol, *address, one.port)).collect();
            let known = recognised(*protocol, *from, *to).into_iter();
            let ports: BTreeSet<u16> = known.chain(heard.iter().map(|one| one.port)).collect();
            for port in ports {
                let listener = heard.iter().copied().find(|one| one.port == port);
                let entry = by_port.entry((*protocol, port)).or_default();
                entry.0 = entry.0.or(listener);
                entry.1.extend(sources.iter().cloned());
            }
        }
        for ((protocol, port), (listener, sources)) in by_port {
            findings.push(self.port(protocol, port, listener, sources.into_iter().collect()));
        }
    }

    fn port(&self, protocol: Protocol, port: u16, listener: Option<&Listener>, sources: Vec<String>) -> NetworkFinding {
        let name = listener.and_then(|listener| listener.process_name.as_deref());
        let service = service_of(protocol, port, name);
        let rule = match (service, self.listeners, listener) {
            (Some(_), None, _) => FindingRule::RecognizedPortNoAgent,
            (Some(_), Some(_), Some(_)) => FindingRule::RecognizedPortWithListener,
            (Some(_), Some(_), None) => FindingRule::RecognizedPortNoListener,
            (None, ..) => FindingRule::UnrecognizedPortWithListener,
        };
        let from = self.way.route.phrase();
        let protocol_text = protocol.to_string().to_ascii_uppercase();
        let process = name.unwrap_or("unknown");
        let on = format!("On instance {}", self.way.instance);
        let title = match (rule, service) {
            (FindingRule::RecognizedPortWithListener, Some(service)) => format!(
                "{on}, process '{process}' is listening on {protocol_text} port {port} which is associated with \
                 '{}' and is reachable from {from}",
                service.name
            ),
            (_, Some(service)) => format!(
                "{on}, {protocol_text} port {port} which is associated with '{}' is reachable from {from}",
                service.name
            ),
            (_, None) => format!(
                "{on}, process '{process}' is listening on {protocol_text} port {port} which is reachable from {from}"
            ),
        };
        let mut attributes = self.attributes(rule, &protocol_text);
        attributes.push(("PORT", port.to_string()));
        attributes.extend(service.map(|service| ("PORT_GROUP_NAME", service.name.to_owned())));
        if let Some(listener) = listener {
            attributes.extend(listener.process_name.clone().map(|name| ("PROCESS_NAME", name)));
            attributes.extend(listener.process_path.clone().map(|path| ("PROCESS_PATH", path)));
            attributes.extend(listener.pid.map(|pid| ("PROCESS_PID", pid.to_string())));
        }
        attributes.sort_unstable();
        NetworkFinding {
            rule,
            id: id(rule, self.way.route),
            title,
            severity: severity(rule, service, self.way.route),
            instance: self.way.instance.clone(),
            interface: self.way.interface.clone(),
            protocol,
            port: Some(port),
            sources,
            attributes,
            recommendation: format!("Close port {port} to {from} in security group {}", self.way.groups),
        }
    }

    /// The finding for everything that is open by a way.
    fn whole(&self, open: &Open) -> NetworkFinding {
        let rule = FindingRule::NetworkExposure;
        let from = self.way.route.phrase();
        let list = |wanted: Protocol| {
            let ranges = open.iter().filter(|one| one.0 == wanted).map(|one| one.2).collect();
            let ranges = Ports::of_ranges(ranges);
            let texts: Vec<String> = ranges.ranges().iter().map(|(from, to)| format!("[{from} - {to}]")).collect();
            format!("[{}]", texts.join(", "))
        };
        let mut attributes = self.attributes(rule, "TCP");
        attributes.push(("TCP_PORTS", list(Protocol::Tcp)));
        attributes.push(("UDP_PORTS", list(Protocol::Udp)));
        attributes.sort_unstable();
        let sources: BTreeSet<String> = open.iter().flat_map(|one| one.3.iter().cloned()).collect();
        NetworkFinding {
            rule,
            id: id(rule, self.way.route),
            title: format!(
                "Aggregate network exposure: On instance {}, ports are reachable from {from} through ENI {} and \
                 security group {}",
                self.way.instance, self.way.interface, self.way.groups
            ),
            severity: Severity::Informational,
            instance: self.way.instance.clone(),
            interface: self.way.interface.clone(),
            protocol: Protocol::Tcp,
            port: None,
            sources: sources.into_iter().collect(),
            attributes,
            recommendation: format!("Close what {from} does not need in security group {}", self.way.groups),
        }
    }

    fn attributes(&self, rule: FindingRule, protocol: &str) -> Vec<(&'static str, String)> {
        let way = self.way;
        let network = self.exposures.network();
        let snapshot = network.snapshot();
        let mut all = vec![
            ("ENI", way.interface.clone()),
            ("INSTANCE_ID", way.instance.clone()),
            ("PROTOCOL", protocol.to_owned()),
            ("REACHABILITY_TYPE", way.route.attribute().to_owned()),
            ("RULE_TYPE", rule.to_string()),
            ("SECURITY_GROUP", way.groups.clone()),
        ];
        let interface = snapshot.interfaces.get(self.interface);
        let vpc = interface.and_then(|interface| interface.vpc);
        let acl = interface.and_then(|interface| network.place(network.place_of(interface.subnet)).acl);
        let acl = acl.and_then(|acl| snapshot.network_acls.at(acl));
        all.extend(acl.map(|acl| ("ACL", snapshot.text(acl.id).to_owned())));
        all.extend(vpc.map(|vpc| ("VPC", snapshot.text(vpc).to_owned())));
        match way.route {
            Route::Internet => all.push(("IGW", way.gateway.clone())),
            Route::Vgw => all.push(("VGW", way.gateway.clone())),
            Route::PeeredVpc => {
                all.push(("PCX", way.gateway.clone()));
                let peering = snapshot.names.find(&way.gateway).and_then(|id| snapshot.peering_connections.get(id));
                let far = |peering: &PeeringConnection| {
                    let ends = [peering.requester.vpc, peering.accepter.vpc];
                    ends.into_iter().flatten().find(|end| Some(*end) != vpc)
                };
                let far = peering.and_then(far);
                all.extend(far.map(|far| ("PCX_VPC", snapshot.text(far).to_owned())));
            }
        }
        all.extend(way.balancer.clone());
        all
    }
}

/// Reference §2.2: from elsewhere than the internet, one level lower; without a listener, none.
fn severity(rule: FindingRule, service: Option<Service>, route: Route) -> Severity {
    let on_internet = match (rule, service) {
        (FindingRule::RecognizedPortWithListener | FindingRule::RecognizedPortNoAgent, Some(service)) => {
            service.severity
        }
        (FindingRule::UnrecognizedPortWithListener, _) => Severity::Low,
        _ => Severity::Informational,
    };
    if route == Route::Internet {
        return on_internet;
    }
    match on_internet {
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        _ => Severity::Informational,
    }
}
