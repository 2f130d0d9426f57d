//! The packets that are written beside the small networks do what is written there.

use assay_reach::network::{Network, Protocol};
use assay_reach::path::{Answer, PathQuery, Verdict, path};
use assay_reach::snapshot::{Limits, Snapshot};
use serde_json::Value;

use crate::exposures::{json, mini};
use crate::shared_snapshots::shared;

#[test]
fn every_probe_of_the_mini_networks_has_its_verdict() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for folder in mini() {
        let expected = json(&folder.join("_expected.json"));
        let snapshot = Snapshot::read(&folder, Limits::default());
        let network = Network::new(&snapshot);
        for probe in expected["probes"].as_array().unwrap() {
            let text = |key: &str| probe[key].as_str().unwrap().to_owned();
            let protocol = match probe["proto"].as_str().unwrap() {
                "tcp" => Protocol::Tcp,
                "udp" => Protocol::Udp,
                "icmpv6" => Protocol::Icmpv6,
                other => panic!("{other}"),
            };
            let query = PathQuery {
                from: text("src"),
                to: text("dst"),
                protocol,
                port: u16::try_from(probe["port"].as_u64().unwrap()).unwrap(),
                source_port: u16::try_from(probe["sport"].as_u64().unwrap_or(49152)).unwrap(),
            };
            let answer = path(&network, &query).unwrap();
            let verdict = match probe["verdict"].as_str().unwrap() {
                "ok" => Verdict::Reachable,
                "forward-only" => Verdict::ForwardOnly,
                _ => Verdict::Blocked,
            };
            count += 1;
            if answer.verdict != verdict {
                wrong.push(format!("{}: {probe} is {answer:#?}", folder.display()));
            }
        }
    }
    assert!(count > 20, "{count} probes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ask(network: &Network<'_>, from: &str, to: &str, port: u16) -> Answer {
    let query = PathQuery { from: from.into(), to: to.into(), protocol: Protocol::Tcp, port, source_port: 49152 };
    path(network, &query).unwrap()
}

fn codes(answer: &Answer) -> Vec<&str> {
    answer.blockers.iter().map(|blocker| blocker.code).collect()
}

#[test]
fn all_blockers_are_named_and_not_the_first_only() {
    for (case, from, to, port, expected) in [
        ("m04-igw-detached", "8.8.8.8", "3.128.0.10", 23, vec!["UNASSOCIATED_COMPONENT", "ENI_SG_RULES_MISMATCH"]),
        ("m13-private-cidr-only", "8.8.8.8", "i-a", 22, vec!["ENI_SG_RULES_MISMATCH"]),
        ("m13-private-cidr-only", "10.9.9.9", "i-a", 22, vec!["IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS"]),
        ("m84-bpa-bidirectional", "8.8.8.8", "i-a", 22, vec!["VPC_BLOCK_PUBLIC_ACCESS_ENABLED"]),
        ("m28-reply-goes-to-tgw", "8.8.8.8", "i-a", 22, vec!["MORE_SPECIFIC_ROUTE"]),
        ("m10-nacl-reply-port-80-only", "8.8.8.8", "i-a", 22, vec!["SUBNET_ACL_RESTRICTION"]),
        ("m94-tgw-not-associated", "i-b", "i-a", 5432, vec!["TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"]),
        ("m91-tgw-no-return-propagation", "i-b", "i-a", 5432, vec!["TGW_RTB_CANNOT_ROUTE"]),
    ] {
        let snapshot = Snapshot::read(&shared("mini").join(case), Limits::default());
        let network = Network::new(&snapshot);
        let answer = ask(&network, from, to, port);
        assert_eq!(codes(&answer), expected, "{case}: {answer:#?}");
    }
}

#[test]
fn hops_name_the_rules() {
    let snapshot = Snapshot::read(&shared("mini/m01-plain"), Limits::default());
    let network = Network::new(&snapshot);
    let answer = serde_json::to_value(ask(&network, "igw-a", "i-a", 22)).unwrap();
    assert_eq!(answer["verdict"], "reachable");
    let kinds: Vec<&Value> = answer["hops"].as_array().unwrap().iter().map(|hop| &hop["kind"]).collect();
    let expected =
        ["public-address", "gateway", "network-acl", "security-group", "network-acl", "route"].map(Value::from);
    assert_eq!(kinds, expected.iter().collect::<Vec<_>>());
    assert_eq!(answer["hops"][3]["rule"], "ingress tcp 22-22 from 0.0.0.0/0");
    let unknown =
        PathQuery { from: "i-nobody".into(), to: "i-a".into(), protocol: Protocol::Tcp, port: 1, source_port: 1 };
    assert!(path(&network, &unknown).unwrap_err().to_string().contains("i-nobody"));
}
