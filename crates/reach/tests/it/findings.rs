//! Exposures as Inspector's findings, held against real ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use assay_model::severity::Severity;
use assay_reach::exposure::{Mode, exposures};
use assay_reach::inspector::{ExcludedRoute, FindingRule, Listener, NetworkFinding, Reachable, Undecided};
use assay_reach::network::{Network, Protocol};
use assay_reach::snapshot::{Limits, Snapshot};

use crate::exposures::json;
use crate::shared_snapshots::shared;

fn listener(name: &str, port: u16, address: &str) -> Listener {
    Listener {
        protocol: Protocol::Tcp,
        address: address.parse().ok(),
        port,
        process_name: Some(name.to_owned()),
        process_path: Some(format!("/usr/sbin/{name}")),
        pid: Some(4868),
    }
}

/// What is said of all instances of a network.
struct All {
    findings: Vec<NetworkFinding>,
    undecided: Vec<Undecided>,
    gaps: BTreeSet<ExcludedRoute>,
}

/// The findings, with what listens on some instances.
fn findings(folder: &Path, instances: &[&str], agents: &BTreeMap<&str, Vec<Listener>>) -> All {
    let snapshot = Snapshot::read(folder, Limits::default());
    let network = Network::new(&snapshot);
    let reachable = Reachable::of(&exposures(&network, Mode::Edge));
    assert!(reachable.instance("i-of-nobody").is_none());
    let mut all = All { findings: Vec::new(), undecided: Vec::new(), gaps: BTreeSet::new() };
    for id in instances {
        let instance = reachable.instance(id).unwrap();
        all.findings.extend(instance.findings(agents.get(id).map(Vec::as_slice)));
        all.undecided.extend(instance.undecided_ways().cloned());
        all.gaps.extend(instance.gaps().iter().map(|gap| gap.route));
    }
    all
}

/// The workshop network, with an agent on one instance, or with agents on all.
fn workshop(is_everywhere: bool) -> (All, serde_json::Value) {
    let folder = shared("scenarios/inspector-workshop");
    let ids = json(&folder.join("_ids.json"));
    let instances: Vec<&str> = ids.as_object().unwrap().values().map(|id| id.as_str().unwrap()).collect();
    let instances: Vec<&str> = instances.into_iter().filter(|id| id.starts_with("i-")).collect();
    let mut agents: BTreeMap<&str, Vec<Listener>> = BTreeMap::new();
    if is_everywhere {
        agents.extend(instances.iter().map(|id| (*id, Vec::new())));
    }
    let listeners = vec![listener("sshd", 22, "0.0.0.0"), listener("local", 443, "127.0.0.1")];
    agents.insert(ids["PoCServerAZ2"].as_str().unwrap(), listeners);
    (findings(&folder, &instances, &agents), ids.clone())
}

fn find<'a>(all: &'a All, instance: &str, id: &str, port: Option<u16>) -> &'a NetworkFinding {
    let fits = |finding: &&NetworkFinding| finding.instance == instance && finding.id == id && finding.port == port;
    all.findings.iter().find(fits).unwrap_or_else(|| panic!("{id} {port:?}: {:#?}", all.findings))
}

#[test]
fn the_workshop_network_has_the_published_findings() {
    let (all, ids) = workshop(false);
    let instance = ids["PoCServerAZ2"].as_str().unwrap();
    for (id, port, severity) in [
        ("Recognized port with listener reachable from internet", Some(22), Severity::Medium),
        ("Recognized port with listener reachable from a Peered VPC", Some(22), Severity::Low),
        ("Recognized port with no listener reachable from a Peered VPC", Some(3389), Severity::Informational),
        ("Recognized port with no listener reachable from a Peered VPC", Some(443), Severity::Informational),
        ("Network exposure from a Peered VPC", None, Severity::Informational),
    ] {
        assert_eq!(find(&all, instance, id, port).severity, severity, "{id}");
    }
    let peered =
        all.findings.iter().filter(|finding| finding.instance == instance && finding.id.ends_with("Peered VPC"));
    assert_eq!(peered.count(), 4, "one Low and three Informational, as published");
    let web = find(&all, ids["WebAppServerAZ1"].as_str().unwrap(), "Recognized port reachable from internet", Some(80));
    assert_eq!(web.severity, Severity::Low);
    assert!(web.attributes.iter().any(|(key, name)| *key == "ELB2" && name.contains("amazonaws.com")), "{web:#?}");
    let undecided = &all.undecided;
    assert!(undecided.is_empty(), "{undecided:#?}");
    // There is a virtual private gateway, and no file tells of Direct Connect.
    assert_eq!(all.gaps, BTreeSet::from([ExcludedRoute::DirectConnect]));
    let subjects: BTreeSet<(&str, &str, &str)> =
        all.findings.iter().map(|one| (one.instance.as_str(), one.id.as_str(), one.subject.as_str())).collect();
    assert_eq!(subjects.len(), all.findings.len());
    for finding in &all.findings {
        assert!(finding.gates.len() >= 3 && !finding.sources.is_empty(), "{finding:#?}");
        assert!(finding.description.contains(&finding.instance), "{finding:#?}");
    }
}

/// The ports of each instance by route are those that are written beside the network.
#[test]
fn the_workshop_network_has_no_other_findings() {
    let (all, ids) = workshop(false);
    let expected = json(&shared("scenarios/inspector-workshop").join("_expected.json"));
    let recognised = [22, 80, 443, 3306, 3389];
    let mut instances = 0;
    for (name, routes) in expected["edge_semantics"].as_object().unwrap().iter().filter(|(name, _)| *name != "note") {
        instances += 1;
        for (route, reachability) in [("Internet", "Internet"), ("PeeredVPC", "PeeredVpc"), ("VGW", "Vgw")] {
            let ports = routes[route]["tcp"].as_array();
            let ports: BTreeSet<u16> =
                ports.into_iter().flatten().map(|port| port.as_str().unwrap().parse().unwrap()).collect();
            assert!(ports.iter().all(|port| recognised.contains(port)), "{ports:?}");
            let of_route = all.findings.iter().filter(|one| {
                let pair = ("REACHABILITY_TYPE", reachability.to_owned());
                one.instance == ids[name].as_str().unwrap() && one.attributes.contains(&pair)
            });
            let found: Vec<Option<u16>> = of_route.map(|one| one.port).collect();
            let wholes = found.iter().filter(|port| port.is_none()).count();
            assert_eq!(found.iter().copied().flatten().collect::<BTreeSet<_>>(), ports, "{name} {route}");
            assert_eq!(found.len() - wholes, ports.len(), "{name} {route}: one finding a port");
            assert_eq!(wholes > 0, !ports.is_empty(), "{name} {route}");
        }
    }
    assert_eq!(instances, 8);
}

/// Ids, title patterns and attribute keys are those of the ten real findings.
#[test]
fn findings_have_the_form_of_real_ones() {
    let (mut all, _) = workshop(false);
    all.findings.extend(workshop(true).0.findings);
    let real = std::fs::read_dir(shared("inspector-findings")).unwrap();
    let mut compared = 0;
    for path in real.map(|entry| entry.unwrap().path()) {
        let real = json(&path);
        let fields = real["ProductFields"].as_object().unwrap();
        let id = fields["aws/inspector/id"].as_str().unwrap();
        if id.starts_with("Unrecognized") {
            continue;
        }
        let Some(ours) = all.findings.iter().find(|finding| finding.id == id) else { panic!("{id} is not made") };
        let keys = |keys: Vec<&str>| {
            keys.into_iter().filter(|key| *key != "ELB2").map(str::to_owned).collect::<BTreeSet<String>>()
        };
        let theirs = keys(fields.keys().filter_map(|key| key.strip_prefix("attributes/")).collect());
        assert_eq!(keys(ours.attributes.iter().map(|one| one.0).collect()), theirs, "{id}");
        let words = |title: &str| {
            let is_id = |word: &str| {
                word.contains("i-")
                    || word.contains('-')
                    || word.chars().any(|c| c.is_ascii_digit())
                    || word.contains('\'')
            };
            title.split(' ').filter(|word| !is_id(word)).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words(&ours.title), words(real["Title"].as_str().unwrap()), "{id}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn listeners_on_other_ports_are_found() {
    let udp = |port, address: &str| Listener { protocol: Protocol::Udp, ..listener("openvpn", port, address) };
    let listeners = vec![udp(5001, "0.0.0.0"), udp(5550, "0.0.0.0"), udp(5002, "127.0.0.1"), listener("web", 5003, "")];
    let all = findings(&shared("mini/m22-range-with-hole"), &["i-a"], &BTreeMap::from([("i-a", listeners)]));
    let rules: Vec<_> = all.findings.iter().map(|finding| (finding.rule, finding.port, finding.severity)).collect();
    let whole = (FindingRule::NetworkExposure, None, Severity::Informational);
    assert_eq!(rules, [(FindingRule::UnrecognizedPortWithListener, Some(5001), Severity::Low), whole]);
    let ports = all.findings[1].attributes.iter().find(|one| one.0 == "UDP_PORTS").unwrap();
    assert_eq!(ports.1, "[[5000 - 5499], [5601 - 6000]]");
}

/// What a file does not tell of is named: an instance alone, and one whose security group is missing.
#[test]
fn what_is_not_known_is_no_closed_port() {
    let folder = tempfile::tempdir().unwrap();
    let workshop = shared("scenarios/inspector-workshop");
    let ids = json(&workshop.join("_ids.json"));
    let instance = ids["PoCServerAZ2"].as_str().unwrap();
    for entry in std::fs::read_dir(&workshop).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name != "describe-security-groups.json" && name != "describe-vpc-peering-connections.json" {
            std::fs::copy(entry.path(), folder.path().join(name)).unwrap();
        }
    }
    let all = findings(folder.path(), &[instance], &BTreeMap::new());
    assert!(all.findings.is_empty(), "{:#?}", all.findings);
    let first = all.undecided.iter().find(|one| one.route == ExcludedRoute::Internet).unwrap();
    assert!(first.because.iter().any(|text| text.starts_with("sg-")), "{first:?}");
    let gaps = [ExcludedRoute::Internet, ExcludedRoute::DirectConnect, ExcludedRoute::VpcPeering];
    assert_eq!(all.gaps, BTreeSet::from(gaps));

    let alone = tempfile::tempdir().unwrap();
    let text = r#"{"Reservations":[{"ReservationId":"r-1","Instances":[{"InstanceId":"i-1"}]}]}"#;
    std::fs::write(alone.path().join("describe-instances.json"), text).unwrap();
    let all = findings(alone.path(), &["i-1"], &BTreeMap::new());
    assert!(all.findings.is_empty());
    assert_eq!(all.undecided.len(), 3);
    assert_eq!(all.gaps, ExcludedRoute::ALL.into_iter().collect());
}
