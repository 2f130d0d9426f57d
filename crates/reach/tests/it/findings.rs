//! Exposures as Inspector's findings, held against real ones.

use std::collections::BTreeSet;

use assay_model::severity::Severity;
use assay_reach::exposure::{Mode, exposures};
use assay_reach::inspector::{Agents, Classified, FindingRule, Listener, NetworkFinding, classify};
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

fn workshop() -> (Classified, serde_json::Value) {
    let folder = shared("scenarios/inspector-workshop");
    let ids = json(&folder.join("_ids.json"));
    let snapshot = Snapshot::read(&folder, Limits::default());
    let network = Network::new(&snapshot);
    let listeners = vec![listener("sshd", 22, "0.0.0.0"), listener("local", 443, "127.0.0.1")];
    let agents = Agents::from([(ids["PoCServerAZ2"].as_str().unwrap().to_owned(), listeners)]);
    (classify(&exposures(&network, Mode::Edge), &agents), ids)
}

fn find<'a>(all: &'a Classified, instance: &str, id: &str, port: Option<u16>) -> &'a NetworkFinding {
    let fits = |finding: &&NetworkFinding| finding.instance == instance && finding.id == id && finding.port == port;
    all.findings.iter().find(fits).unwrap_or_else(|| panic!("{id} {port:?}: {:#?}", all.findings))
}

#[test]
fn the_workshop_network_has_the_published_findings() {
    let (all, ids) = workshop();
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
    let may: Vec<_> = all.exclusions.iter().collect();
    assert!(may.is_empty(), "{may:#?}");
}

/// Ids, title patterns and attribute keys are those of the ten real findings.
#[test]
fn findings_have_the_form_of_real_ones() {
    let (mut all, _) = workshop();
    let folder = shared("scenarios/inspector-workshop");
    let snapshot = Snapshot::read(&folder, Limits::default());
    let network = Network::new(&snapshot);
    let other = snapshot.instances.iter().map(|one| (snapshot.text(one.id).to_owned(), vec![])).collect();
    all.findings.extend(classify(&exposures(&network, Mode::Edge), &other).findings);
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
    let snapshot = Snapshot::read(&shared("mini/m22-range-with-hole"), Limits::default());
    let network = Network::new(&snapshot);
    let found = exposures(&network, Mode::Edge);
    let udp = |port, address: &str| Listener { protocol: Protocol::Udp, ..listener("openvpn", port, address) };
    let listeners = vec![udp(5001, "0.0.0.0"), udp(5550, "0.0.0.0"), udp(5002, "127.0.0.1"), listener("web", 5003, "")];
    let all = classify(&found, &Agents::from([("i-a".to_owned(), listeners)]));
    let rules: Vec<_> = all.findings.iter().map(|finding| (finding.rule, finding.port, finding.severity)).collect();
    let whole = (FindingRule::NetworkExposure, None, Severity::Informational);
    assert_eq!(rules, [(FindingRule::UnrecognizedPortWithListener, Some(5001), Severity::Low), whole]);
    let ports = all.findings[1].attributes.iter().find(|one| one.0 == "UDP_PORTS").unwrap();
    assert_eq!(ports.1, "[[5000 - 5499], [5601 - 6000]]");
}
