//! Policies: what they say, and what is none.

use assay_reach::network::Network;
use assay_reach::policy::{BreachKind, Policy, PolicyError, check};
use assay_reach::snapshot::{Limits, Snapshot};

use crate::shared_snapshots::shared;

/// The breaches of a policy by a network: kind, ports and the first source.
fn breaches(case: &str, policy: &str) -> Vec<(BreachKind, String, String)> {
    let snapshot = Snapshot::read(&shared("mini").join(case), Limits::default());
    let network = Network::new(&snapshot);
    let policy: Policy = format!("version: 1\n{policy}").parse().unwrap();
    let found = check(&network, &policy).breaches.into_iter();
    found
        .map(|breach| {
            let source = breach.sources.first().cloned().unwrap_or_default();
            (breach.kind, breach.ports.unwrap_or_default(), source)
        })
        .collect()
}

#[test]
fn networks_keep_to_policies_or_not() {
    use BreachKind::{Forbidden, NotAllowed, NotFound, NotReachable};
    for (case, policy, expected) in [
        ("m01-plain", "forbid: [{name: ssh, from: internet, protocol: tcp, ports: 22}]", vec![(Forbidden, "22-22")]),
        ("m01-plain", "forbid: [{name: all}]", vec![(Forbidden, "22-22")]),
        ("m01-plain", "forbid: [{name: web, protocol: tcp, ports: [80, 8000-9000]}]", vec![]),
        ("m01-plain", "forbid: [{name: ssh, from: peered, protocol: tcp, ports: 22}]", vec![]),
        ("m01-plain", "forbid: [{name: ssh, to: i-a}]", vec![(Forbidden, "22-22")]),
        ("m01-plain", "forbid: [{name: ssh, to: [10.200.0.0/16, 'tag:none=x']}]", vec![]),
        ("m01-plain", "forbid: [{name: ssh, to: i-misspelt}]", vec![(NotFound, "")]),
        ("m01-plain", "forbid: [{name: ssh, sources: 8.8.8.8/32, except: 8.8.8.8/32}]", vec![]),
        ("m01-plain", "allow: []", vec![(NotAllowed, "22-22")]),
        ("m01-plain", "allow: [{name: ssh, from: internet, protocol: tcp, ports: 22}]", vec![]),
        ("m01-plain", "allow: [{name: ssh, protocol: udp, ports: 22}]", vec![(NotAllowed, "22-22")]),
        (
            "m01-plain",
            "allow: [{name: any}]\nforbid: [{name: ssh, protocol: 6, ports: '22'}]",
            vec![(Forbidden, "22-22")],
        ),
        ("m01-plain", "require: [{name: ssh, from: 8.8.8.8, to: i-a, port: 22}]", vec![]),
        ("m01-plain", "require: [{name: web, from: 8.8.8.8, to: i-a, port: 80}]", vec![(NotReachable, "")]),
        ("m01-plain", "require: [{name: none, from: 8.8.8.8, to: i-none, port: 80}]", vec![(NotReachable, "")]),
        ("m04-igw-detached", "forbid: [{name: all}]\nallow: []", vec![]),
    ] {
        let found: Vec<(BreachKind, String)> = breaches(case, policy).into_iter().map(|one| (one.0, one.1)).collect();
        let expected: Vec<(BreachKind, String)> = expected.into_iter().map(|one| (one.0, one.1.to_owned())).collect();
        assert_eq!(found, expected, "{case}: {policy}");
    }
}

#[test]
fn what_is_left_of_the_sources_is_told() {
    let policy = "forbid: [{name: ssh, sources: 128.0.0.0/2, except: 128.0.0.0/3}]";
    let found = breaches("m01-plain", policy);
    assert!(found.iter().all(|one| one.2 == "160.0.0.0/5") && !found.is_empty(), "{found:?}");
}

#[test]
fn what_is_no_policy_is_refused_with_the_reason() {
    for (text, reason) in [
        ("", "empty"),
        ("version: 1", "neither forbids"),
        ("version: 2\nallow: []", "version 2"),
        ("version: 1\nallow: []\nmode: both", "mode"),
        ("version: 1\nallow: []\nallow: []", "policy:3:1: duplicate key `allow`, first given in line 2"),
        ("version: 1\ndeny: []", "unknown field"),
        ("version: 1\nforbid: [{from: internet}]", "missing field"),
        ("version: 1\nforbid: [{name: a, from: moon}]", "no origin"),
        ("version: 1\nforbid: [{name: a, to: everything}]", "selects nothing"),
        ("version: 1\nforbid: [{name: a, protocol: tcp, ports: 70000}]", "no port"),
        ("version: 1\nforbid: [{name: a, protocol: tcp, ports: [9-8]}]", "no port"),
        ("version: 1\nforbid: [{name: a, protocol: icmp, ports: 256}]", "no port"),
        ("version: 1\nforbid: [{name: a, protocol: ip}]", "no protocol"),
        ("version: 1\nforbid: [{name: a, ports: 22}]", "needs a protocol"),
        ("version: 1\nforbid: [{name: a, sources: 10.0.0.0/33}]", "sources"),
        ("version: 1\nforbid: &x [{name: a}]\nallow: *x", "anchors"),
        ("version: 1\nforbid: !!set {a}", "tags"),
        ("version: 1\nallow: []\n---\nversion: 1", "document"),
        ("[1, 2", "policy:1:1: unclosed bracket"),
        ("version: 1\nforbid: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "deep"),
    ] {
        let error = text.parse::<Policy>().unwrap_err();
        assert!(error.to_string().contains(reason), "{text:?}: {error}");
    }
    let large = format!("version: 1\nallow: []\n# {}", "x".repeat(1 << 20));
    assert!(matches!(large.parse::<Policy>(), Err(PolicyError::TooLarge { .. })));
    let many = format!("version: 1\nforbid: [{{name: a, protocol: tcp, ports: [{}]}}]", "1,".repeat(60_000));
    assert!(many.parse::<Policy>().unwrap_err().to_string().contains("more than 50000 values"));
}
