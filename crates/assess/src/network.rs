//! Network reachability: from what is reachable of hosts, and what listens on them, to findings and outcomes of rules.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::assessment::RuleResult;
use assay_model::attribute::Attribute;
use assay_model::coverage::OutcomeCounts;
use assay_model::evidence::socket::{Protocol as SocketProtocol, Sockets};
use assay_model::finding::{Asset, Finding, RemediationStep};
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Band;
use assay_model::trace::{EvidenceItem, Trace};
use assay_reach::inspector::{
    ExcludedRoute, FindingRule, HostJudgement, InstanceReach, KnownNetwork, Listener, NetworkExclusion, NetworkFinding,
    NetworkHost, NetworkJudgement, Route, rule_id, worst_severity,
};
use assay_reach::network::Protocol;

use crate::exclusion::list;
use crate::key::{IdSource, finding_key};
use crate::risk;

/// The number of rules of the package: each type of finding by each route.
pub const NETWORK_RULES: u32 = 15;

/// Judges hosts by the networks that are known; of those that are not, the reason is a sentence. A host that belongs to
/// another account than the run is as unknown as one that is nowhere.
pub fn judge_networks(
    run: &RunArn,
    hosts: &[NetworkHost],
    networks: &[Result<KnownNetwork, String>],
    now: Timestamp,
) -> NetworkJudgement {
    let mut judgement = NetworkJudgement::default();
    for why in networks.iter().filter_map(|network| network.as_ref().err()) {
        judgement.exclusions.extend(NetworkJudgement::unknown(why).exclusions);
    }
    let known: Vec<&KnownNetwork> = networks.iter().filter_map(|network| network.as_ref().ok()).collect();
    if known.is_empty() {
        if judgement.exclusions.is_empty() {
            return NetworkJudgement::unknown("There is no configuration of a network to work with.");
        }
        return judgement;
    }
    let account = run.realm().account;
    let mut ids = IdSource::new(run);
    let mut gaps: BTreeMap<ExcludedRoute, BTreeSet<&str>> = BTreeMap::new();
    for host in hosts {
        let id = host.asset.agent_id.as_str();
        let reach = known.iter().find_map(|network| {
            let reach = network.reachable.instance(id)?;
            let owner = network.account.as_deref().or(reach.account());
            (owner == Some(account.as_str())).then_some(reach)
        });
        let Some(reach) = reach else {
            let why = format!("Instance {id} is in no network of this account whose configuration is known.");
            let route = ExcludedRoute::Internet;
            judgement.exclusions.push(NetworkExclusion {
                route,
                instance: Some(id.to_owned()),
                why,
                rules: Vec::new(),
            });
            continue;
        };
        for gap in reach.gaps() {
            gaps.entry(gap.route).or_default().insert(&gap.detail);
        }
        judgement.exclusions.extend(undecided(id, reach));
        judgement.hosts.push(judge(host, reach, &mut ids, now));
    }
    for (route, details) in gaps {
        let why = format!("The configuration of the network is incomplete: {}.", told(details));
        judgement.exclusions.push(NetworkExclusion { route, instance: None, why, rules: rules_of(route.route()) });
    }
    judgement
}

/// What may be reachable of a host, by the way.
fn undecided(id: &str, reach: &InstanceReach) -> Vec<NetworkExclusion> {
    let mut ways: BTreeMap<ExcludedRoute, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for one in reach.undecided_ways() {
        let (what, because) = ways.entry(one.route).or_default();
        what.insert(&one.what);
        because.extend(one.because.iter().map(String::as_str));
    }
    let exclusion = |(route, (what, because)): (ExcludedRoute, (BTreeSet<&str>, BTreeSet<&str>))| {
        let because = if because.is_empty() { String::new() } else { format!(" Not known is: {}.", told(because)) };
        let why = format!("Of instance {id} may be reachable: {}.{because}", told(what));
        NetworkExclusion { route, instance: Some(id.to_owned()), why, rules: rules_of(route.route()) }
    };
    ways.into_iter().map(exclusion).collect()
}

fn told(items: BTreeSet<&str>) -> String {
    list(items.into_iter().map(|item| item.trim_end_matches('.').to_owned()))
}

fn rules_of(route: Route) -> Vec<String> {
    FindingRule::ALL.into_iter().map(|rule| rule_id(rule, route)).collect()
}

fn judge(host: &NetworkHost, reach: &InstanceReach, ids: &mut IdSource<'_>, now: Timestamp) -> HostJudgement {
    let listeners = host.sockets.as_ref().map(listeners);
    let found = reach.findings(listeners.as_deref());
    let mut rule_results = Vec::new();
    let mut outcomes = OutcomeCounts::default();
    for route in Route::ALL {
        for rule in FindingRule::ALL {
            let (outcome, reason) = outcome(rule, route, &found, listeners.is_some(), reach);
            outcomes.add(outcome);
            rule_results.push(RuleResult {
                rules_package: RulesPackageKind::Network,
                rule_id: rule_id(rule, route),
                severity: worst_severity(rule, route),
                outcome,
                reason: reason.to_owned(),
            });
        }
    }
    let mut findings: Vec<Finding> = found.into_iter().map(|found| finding(&host.asset, found, ids, now)).collect();
    findings.sort_by(|left, right| {
        right
            .risk
            .total_cmp(&left.risk)
            .then_with(|| left.rule_id.cmp(&right.rule_id))
            .then_with(|| left.key.cmp(&right.key))
    });
    HostJudgement { agent_id: host.asset.agent_id.clone(), findings, rule_results, outcomes }
}

/// The outcome of a rule for a host, and why. Where nothing is open, what listens does not matter.
fn outcome(
    rule: FindingRule,
    route: Route,
    found: &[NetworkFinding],
    has_listeners: bool,
    reach: &InstanceReach,
) -> (Outcome, &'static str) {
    let has = |rule: FindingRule| found.iter().any(|one| one.route == route && one.rule == rule);
    let is_unknown = reach.gaps().iter().any(|gap| gap.route.route() == route)
        || reach.undecided_ways().any(|one| one.route.route() == route);
    let needs_listeners = !matches!(rule, FindingRule::RecognizedPortNoAgent | FindingRule::NetworkExposure);
    let is_open = match rule {
        FindingRule::UnrecognizedPortWithListener => has(FindingRule::NetworkExposure),
        _ => has(FindingRule::RecognizedPortNoAgent),
    };
    if has(rule) {
        (Outcome::Fail, "something is reachable by this route")
    } else if is_unknown {
        (Outcome::Unknown, "the configuration of the network does not tell all of this route")
    } else if rule == FindingRule::RecognizedPortNoAgent && has_listeners {
        (Outcome::NotApplicable, "it is known what listens on the instance")
    } else if needs_listeners && !has_listeners && is_open {
        (Outcome::NotChecked, "no agent tells what listens on the instance")
    } else {
        (Outcome::Pass, "nothing of the kind is reachable by this route")
    }
}

/// What listens, as an agent reported it; the processes of a socket that many share are one of them.
fn listeners(sockets: &Sockets) -> Vec<Listener> {
    let listener = |socket: &assay_model::evidence::socket::ListeningSocket| {
        let holder = socket.listeners.first();
        Listener {
            protocol: match socket.protocol {
                SocketProtocol::Tcp => Protocol::Tcp,
                SocketProtocol::Udp => Protocol::Udp,
            },
            address: Some(socket.address),
            port: socket.port,
            process_name: holder.map(|holder| holder.name.clone()).filter(|name| !name.is_empty()),
            process_path: holder.and_then(|holder| holder.executable.clone()),
            pid: holder.map(|holder| holder.pid),
        }
    };
    sockets.listening.iter().map(listener).collect()
}

fn finding(asset: &Asset, found: NetworkFinding, ids: &mut IdSource<'_>, now: Timestamp) -> Finding {
    let key = finding_key(&asset.agent_id, RulesPackageKind::Network, &found.id, &found.subject);
    let addends = vec![risk::of_severity(found.severity)];
    let mut evidence = vec![item("open to", list(found.sources), None)];
    evidence.extend(found.gates.into_iter().map(|gate| item(gate.kind, gate.rule, Some(gate.id))));
    if let Some(listener) = found.listener {
        let name = listener.process_name.unwrap_or_else(|| "a process of unknown name".to_owned());
        evidence.push(item("listener", name, listener.process_path));
    }
    // Inspector has no empty values.
    let attributes = found.attributes.into_iter().filter(|(_, value)| !value.is_empty());
    Finding {
        arn: ids.finding(&key),
        key,
        rules_package: RulesPackageKind::Network,
        rules_package_version: RulesPackageKind::Network.version().to_owned(),
        asset: asset.clone(),
        rule_id: found.id,
        title: found.title,
        description: found.description,
        remediation: vec![RemediationStep { text: format!("{}.", found.recommendation), command: None }],
        severity: found.severity,
        band: Band::from(found.severity),
        risk: risk::score(&addends),
        attributes: attributes.map(|(key, value)| Attribute::new(key, value)).collect(),
        user_attributes: Vec::new(),
        evidence,
        packages: Vec::new(),
        vulnerability: None,
        references: Vec::new(),
        trace: Trace {
            severity_source: format!("the service of the port and the route say {}", found.severity),
            risk: addends,
            ..Trace::default()
        },
        created_at: now,
        updated_at: now,
    }
}

fn item(label: &str, value: String, source: Option<String>) -> EvidenceItem {
    EvidenceItem { label: label.to_owned(), value, source, line: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_counted() {
        assert_eq!(NETWORK_RULES as usize, FindingRule::ALL.len() * Route::ALL.len());
    }
}
