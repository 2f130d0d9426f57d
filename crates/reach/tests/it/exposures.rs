//! The networks of the shared data have exactly the exposures that are written beside them, in both modes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::Network;
use assay_reach::snapshot::{Limits, Snapshot};
use serde_json::Value;

use crate::shared_snapshots::shared;

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn answer(folder: &Path, mode: Mode) -> Value {
    let snapshot = Snapshot::read(folder, Limits::default());
    let network = Network::new(&snapshot);
    serde_json::to_value(exposures(&network, mode)).unwrap()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// What the internet gateway of a VPC in 10.0.0.0/8 delivers, by the words of the data's README.
fn public() -> Vec<(u32, u32)> {
    let holes = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    ];
    let mut from = 0;
    let mut ranges = Vec::new();
    for hole in holes {
        let hole: ipnet::Ipv4Net = hole.parse().unwrap();
        if u32::from(hole.network()) > from {
            ranges.push((from, u32::from(hole.network()) - 1));
        }
        from = u32::from(hole.broadcast()) + 1;
    }
    ranges.push((from, u32::from(std::net::Ipv4Addr::new(223, 255, 255, 255))));
    ranges
}

fn ranges(sources: &[String]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for source in sources {
        let net: ipnet::Ipv4Net = source.parse().unwrap();
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == u32::from(net.network()) => last.1 = u32::from(net.broadcast()),
            _ => ranges.push((u32::from(net.network()), u32::from(net.broadcast()))),
        }
    }
    ranges
}

fn is_source(expected: &str, sources: &[String]) -> bool {
    if let Some(cut) = expected.strip_prefix("public minus ") {
        let cut: ipnet::Ipv4Net = cut.parse().unwrap();
        let (first, last) = (u32::from(cut.network()), u32::from(cut.broadcast()));
        let expected = public().into_iter().flat_map(|(from, to)| {
            if from < first && last < to { vec![(from, first - 1), (last + 1, to)] } else { vec![(from, to)] }
        });
        return expected.collect::<Vec<_>>() == ranges(sources);
    }
    match expected {
        "public" => ranges(sources) == public(),
        _ => sources == [expected.rsplit(": ").next().unwrap()],
    }
}

fn fits(expected: &Value, row: &Value) -> bool {
    let sources: Vec<String> =
        row["sources"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    let same = |key: &str, of: &str| text(expected, key).is_empty() || text(expected, key) == text(row, of);
    same("origin", "origin")
        && same("instance", "instance")
        && same("proto", "protocol")
        && same("ports", "ports")
        && same("via", "via")
        && same("address", "address")
        && text(expected, "client_ports") == text(row, "client_ports")
        && (expected["listener"].is_null() || expected["listener"] == row["listener"])
        && (expected["family"].is_null() || expected["family"] == row["family"])
        && text(row, "certainty") == expected["certainty"].as_str().unwrap_or("certain")
        && is_source(
            text(&expected["sources"], "0").is_empty().then(|| expected["sources"][0].as_str().unwrap()).unwrap(),
            &sources,
        )
}

pub(crate) fn mini() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(shared("mini")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

#[test]
fn every_mini_network_has_its_exposures_and_no_others() {
    let cases = mini();
    assert_eq!(cases.len(), 26);
    let mut wrong = Vec::new();
    for folder in cases {
        let expected = json(&folder.join("_expected.json"));
        for (mode, word) in [(Mode::Edge, "edge"), (Mode::EndToEnd, "end-to-end")] {
            let answer = answer(&folder, mode);
            let rows = answer["exposures"].as_array().unwrap();
            let expected = expected["expected"].as_array().unwrap().iter();
            let expected: Vec<&Value> = expected.filter(|row| ["", word].contains(&text(row, "mode"))).collect();
            let is_whole = expected.iter().all(|one| rows.iter().filter(|row| fits(one, row)).count() == 1);
            if !is_whole || rows.len() != expected.len() {
                wrong.push(format!("{} {word}: expected {expected:#?}\nfound {rows:#?}", folder.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The ports of TCP that are open to an instance from a kind of origin.
fn ports(answer: &Value, instance: &str, origin: &str) -> BTreeSet<String> {
    let rows = answer["exposures"].as_array().unwrap().iter();
    let rows = rows.filter(|row| text(row, "instance") == instance && text(row, "origin").starts_with(origin));
    rows.filter(|row| text(row, "protocol") == "tcp").map(|row| text(row, "ports").to_owned()).collect()
}

#[test]
fn the_workshop_network_has_the_published_exposures() {
    let folder = shared("scenarios/inspector-workshop");
    let expected = json(&folder.join("_expected.json"));
    let ids = json(&folder.join("_ids.json"));
    let edge = answer(&folder, Mode::Edge);
    for (name, origins) in expected["edge_semantics"].as_object().unwrap().iter().filter(|(name, _)| *name != "note") {
        for (origin, word) in [("Internet", "internet"), ("PeeredVPC", "peered"), ("VGW", "vgw")] {
            let listed = origins[origin]["tcp"].as_array().into_iter().flatten();
            let listed: BTreeSet<String> = listed.map(|port| format!("{0}-{0}", port.as_str().unwrap())).collect();
            assert_eq!(ports(&edge, text(&ids, name), word), listed, "{name} {origin}");
        }
    }
    let via_balancer =
        edge["exposures"].as_array().unwrap().iter().filter(|row| text(row, "via") == "alb WebAppLoadBalancer");
    assert_eq!(via_balancer.filter(|row| text(row, "origin") == "internet").count(), 2);
    let whole = answer(&folder, Mode::EndToEnd);
    for name in ["PoCServerAZ1", "PoCServerAZ2"] {
        assert!(ports(&whole, text(&ids, name), "peered").is_empty(), "{name}");
    }
    for name in ["WebAppServerAZ1", "WebAppServerAZ2"] {
        let expected = ["22-22", "3389-3389"].map(str::to_owned);
        assert_eq!(ports(&whole, text(&ids, name), "peered"), BTreeSet::from(expected), "{name}");
    }
    assert!(ports(&whole, text(&ids, "BastionAZ1"), "vgw").is_empty(), "nothing lies behind the gateway");
    let latent = whole["latent"].as_array().unwrap().iter();
    assert!(latent.filter(|row| text(row, "latent") == "nothing-beyond").count() > 0);
}

/// L3: the port of the target is what is exposed, not that of the listener.
#[test]
fn network_and_classic_balancers() {
    let folder = shared("scenarios/nlb-clb");
    let ids = json(&folder.join("_ids.json"));
    for mode in [Mode::Edge, Mode::EndToEnd] {
        let answer = answer(&folder, mode);
        let rows: Vec<(String, String, u64, String)> = answer["exposures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    text(row, "instance").into(),
                    text(row, "via").into(),
                    row["listener"].as_u64().unwrap_or(0),
                    text(row, "ports").into(),
                )
            })
            .collect();
        let row =
            |id: &str, listener| (text(&ids, id).to_owned(), "nlb nlb1".to_owned(), listener, "8080-8080".to_owned());
        let mut expected = vec![row("x1", 80), row("x2", 81)];
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(rows, expected);
    }
}
