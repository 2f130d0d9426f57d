//! Classification: from what is open by a way, and what listens, to findings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use assay_model::severity::Severity;

use super::finding::{FindingRule, NetworkFinding, Route, rule_id, severity};
use super::listener::Listener;
use super::service::{recognised, service_of};
use super::way::{Open, Position, Way};
use crate::exposure::Gate;
use crate::network::Protocol;
use crate::sets::Ports;

/// What is open by one way to an instance, to be told.
pub(super) struct Told<'a> {
    pub(super) instance: &'a str,
    pub(super) way: &'a Way,
    pub(super) position: &'a Position,
    /// `None`: no agent.
    pub(super) listeners: Option<&'a [Listener]>,
}

/// What is known of an open port.
#[derive(Default)]
struct Heard<'a> {
    listener: Option<&'a Listener>,
    sources: BTreeSet<&'a str>,
    gates: Vec<&'a Gate>,
}

impl Told<'_> {
    /// A finding for each recognised port, and for each other one on which something listens.
    pub(super) fn ports(&self, open: &[Open], findings: &mut Vec<NetworkFinding>) {
        let mut by_port: BTreeMap<(Protocol, u16), Heard<'_>> = BTreeMap::new();
        for one in open {
            let Open { protocol, address, from, to, .. } = *one;
            let heard = self.listeners.into_iter().flatten().filter(|heard| (from..=to).contains(&heard.port));
            let heard: Vec<&Listener> = heard.filter(|heard| heard.hears(protocol, address, heard.port)).collect();
            let known = recognised(protocol, from, to).into_iter();
            let ports: BTreeSet<u16> = known.chain(heard.iter().map(|heard| heard.port)).collect();
            for port in ports {
                // Of several sockets of a port, the one that says whose it is.
                let of_port = || heard.iter().copied().filter(|heard| heard.port == port);
                let listener = of_port().find(|heard| heard.process_name.is_some()).or_else(|| of_port().next());
                let entry = by_port.entry((protocol, port)).or_default();
                entry.listener = entry.listener.or(listener);
                entry.sources.extend(one.sources.iter().map(String::as_str));
                add_gates(&mut entry.gates, &one.gates);
            }
        }
        findings.extend(by_port.into_iter().map(|((protocol, port), heard)| self.port(protocol, port, &heard)));
    }

    fn port(&self, protocol: Protocol, port: u16, heard: &Heard<'_>) -> NetworkFinding {
        let listener = heard.listener;
        let name = listener.and_then(|listener| listener.process_name.as_deref());
        let service = service_of(protocol, port, name);
        let rule = match (service, self.listeners, listener) {
            (Some(_), None, _) => FindingRule::RecognizedPortNoAgent,
            (Some(_), Some(_), Some(_)) => FindingRule::RecognizedPortWithListener,
            (Some(_), Some(_), None) => FindingRule::RecognizedPortNoListener,
            (None, ..) => FindingRule::UnrecognizedPortWithListener,
        };
        let Way { route, groups, .. } = self.way;
        let from = route.phrase();
        let protocol_text = protocol.to_string().to_ascii_uppercase();
        let port_text = format!("{protocol_text} port {port}");
        let process = name.unwrap_or("unknown");
        let on = format!("On instance {}", self.instance);
        let title = match (rule, service) {
            (FindingRule::RecognizedPortWithListener, Some(service)) => format!(
                "{on}, process '{process}' is listening on {port_text} which is associated with '{}' and is \
                 reachable from {from}",
                service.name
            ),
            (_, Some(service)) => {
                format!("{on}, {port_text} which is associated with '{}' is reachable from {from}", service.name)
            }
            (_, None) => {
                format!("{on}, process '{process}' is listening on {port_text} which is reachable from {from}")
            }
        };
        let mut attributes = self.attributes(rule, &protocol_text);
        attributes.push(("PORT", port.to_string()));
        attributes.extend(service.map(|service| ("PORT_GROUP_NAME", service.name.to_owned())));
        if let Some(listener) = listener {
            attributes.extend(listener.process_name.clone().map(|name| ("PROCESS_NAME", name)));
            attributes.extend(listener.process_path.clone().map(|path| ("PROCESS_PATH", path)));
            attributes.extend(listener.pid.map(|pid| ("PROCESS_PID", pid.to_string())));
        }
        let service_text = service.map(|service| format!(" ({})", service.name)).unwrap_or_default();
        let description = format!(
            "{port_text}{service_text} of {} can be reached from {from}. {} {}",
            self.interface(),
            listening(rule, listener),
            self.path(&heard.sources)
        );
        let recommendation = format!("Close port {port} to {from} in security group {groups}");
        NetworkFinding {
            port: Some(port),
            protocol,
            severity: severity(rule, service.map_or(Severity::Low, |service| service.severity), *route),
            listener: listener.cloned(),
            subject: format!("{}\n{protocol} {port}", self.way.subject()),
            ..self.finding(rule, title, description, attributes, recommendation, heard)
        }
    }

    /// The finding for everything that is open by a way.
    pub(super) fn whole(&self, open: &[Open]) -> NetworkFinding {
        let rule = FindingRule::NetworkExposure;
        let Way { route, interface, groups, .. } = self.way;
        let from = route.phrase();
        let list = |wanted: Protocol| {
            let ranges = open.iter().filter(|one| one.protocol == wanted).map(|one| (one.from, one.to)).collect();
            let ranges = Ports::of_ranges(ranges);
            let texts: Vec<String> = ranges.ranges().iter().map(|(from, to)| format!("[{from} - {to}]")).collect();
            format!("[{}]", texts.join(", "))
        };
        let (tcp, udp) = (list(Protocol::Tcp), list(Protocol::Udp));
        let mut heard = Heard::default();
        for one in open {
            heard.sources.extend(one.sources.iter().map(String::as_str));
            add_gates(&mut heard.gates, &one.gates);
        }
        let title = format!(
            "Aggregate network exposure: On instance {}, ports are reachable from {from} through ENI {interface} and \
             security group {groups}",
            self.instance
        );
        let description = format!(
            "TCP ports {tcp} and UDP ports {udp} of {} can be reached from {from}. {}",
            self.interface(),
            self.path(&heard.sources)
        );
        let mut attributes = self.attributes(rule, "TCP");
        attributes.push(("TCP_PORTS", tcp));
        attributes.push(("UDP_PORTS", udp));
        let recommendation = format!("Close what {from} does not need in security group {groups}");
        NetworkFinding {
            severity: severity(rule, Severity::Informational, *route),
            subject: self.way.subject(),
            ..self.finding(rule, title, description, attributes, recommendation, &heard)
        }
    }

    /// What all findings of a way have; the caller fills in what is its own.
    fn finding(
        &self,
        rule: FindingRule,
        title: String,
        description: String,
        mut attributes: Vec<(&'static str, String)>,
        recommendation: String,
        heard: &Heard<'_>,
    ) -> NetworkFinding {
        attributes.sort_unstable();
        NetworkFinding {
            rule,
            route: self.way.route,
            id: rule_id(rule, self.way.route),
            subject: String::new(),
            title,
            description,
            severity: Severity::Informational,
            instance: self.instance.to_owned(),
            interface: self.way.interface.clone(),
            protocol: Protocol::Tcp,
            port: None,
            sources: heard.sources.iter().map(|source| (*source).to_owned()).collect(),
            gates: heard.gates.iter().map(|gate| (*gate).clone()).collect(),
            listener: None,
            attributes,
            recommendation,
        }
    }

    /// The interface and where it is, as part of a sentence.
    fn interface(&self) -> String {
        let Position { vpc, acl, .. } = self.position;
        let vpc = vpc.as_ref().map(|vpc| format!(" in VPC {vpc}")).unwrap_or_default();
        let acl = acl.as_ref().map(|acl| format!(" behind network ACL {acl}")).unwrap_or_default();
        format!("instance {}, at its interface {}{vpc}{acl},", self.instance, self.way.interface)
    }

    /// Who may come, and through what.
    fn path(&self, sources: &BTreeSet<&str>) -> String {
        let named: Vec<&str> = sources.iter().copied().take(NAMED_SOURCES).collect();
        let more = match sources.len().saturating_sub(NAMED_SOURCES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("It is open to {}{more}, through {}.", named.join(", "), self.way.through())
    }

    fn attributes(&self, rule: FindingRule, protocol: &str) -> Vec<(&'static str, String)> {
        let Way { interface, route, gateway, groups, balancer } = self.way;
        let Position { vpc, acl, far_vpc } = self.position;
        let mut all = vec![
            ("ENI", interface.clone()),
            ("INSTANCE_ID", self.instance.to_owned()),
            ("PROTOCOL", protocol.to_owned()),
            ("REACHABILITY_TYPE", route.attribute().to_owned()),
            ("RULE_TYPE", rule.to_string()),
            ("SECURITY_GROUP", groups.clone()),
        ];
        all.extend(acl.clone().map(|acl| ("ACL", acl)));
        all.extend(vpc.clone().map(|vpc| ("VPC", vpc)));
        let key = match route {
            Route::Internet => "IGW",
            Route::Vgw => "VGW",
            Route::PeeredVpc => "PCX",
        };
        all.push((key, gateway.clone()));
        all.extend(far_vpc.clone().map(|far| ("PCX_VPC", far)));
        all.extend(balancer.clone().map(|balancer| (balancer.key, balancer.name)));
        all
    }
}

/// Sources that a description names.
const NAMED_SOURCES: usize = 10;

/// What is known of what listens, in a sentence.
fn listening(rule: FindingRule, listener: Option<&Listener>) -> String {
    let Some(listener) = listener else {
        let text = match rule {
            FindingRule::RecognizedPortNoAgent => {
                "What listens there is not known, since no agent of the instance reports it."
            }
            _ => "Nothing listens there now.",
        };
        return text.to_owned();
    };
    let name = listener.process_name.as_deref().unwrap_or("whose name is not known");
    let pid = listener.pid.map(|pid| format!(" (process id {pid})")).unwrap_or_default();
    let path = listener.process_path.as_ref().map(|path| format!(", {path},")).unwrap_or_default();
    format!("Process {name}{pid}{path} listens there.")
}

fn add_gates<'a>(gates: &mut Vec<&'a Gate>, more: &'a [Arc<Gate>]) {
    for gate in more {
        if !gates.contains(&gate.as_ref()) {
            gates.push(gate);
        }
    }
}
