//! Cuts and openings of the small networks of the shared data.

use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::{Network, Protocol};
use assay_reach::path::{PathQuery, Verdict, path};
use assay_reach::remedy::{CutTarget, apply, cut, open};
use assay_reach::snapshot::{Limits, Snapshot};

use crate::shared_snapshots::shared;

fn read(case: &str) -> Snapshot {
    Snapshot::read(&shared("mini").join(case), Limits::default())
}

fn target(to: &str, ports: (u16, u16)) -> CutTarget {
    CutTarget { to: to.to_owned(), from: None, protocol: Protocol::Tcp, ports, sources: Vec::new() }
}

/// The changes of all cuts of a port of `i-a`.
fn cuts(case: &str, target: &CutTarget) -> Vec<Vec<String>> {
    let snapshot = read(case);
    let network = Network::new(&snapshot);
    let answer = cut(&network, Mode::EndToEnd, target, 50).unwrap();
    assert!(answer.is_complete, "{case}");
    let texts = answer.cuts.iter().map(|cut| cut.texts.iter().map(|text| text.change.clone()).collect());
    texts.collect()
}

#[test]
fn cuts_say_what_to_change() {
    let all = cuts("m01-plain", &target("i-a", (22, 22)));
    let has = |change: &str| all.iter().any(|cut| cut.len() == 1 && cut[0].starts_with(change));
    for change in [
        "remove ingress tcp 22-22 from 0.0.0.0/0",
        "take the public address from ",
        "remove 0.0.0.0/0 to igw-a",
        "block ingress in its account and region",
    ] {
        assert!(has(change), "{change}: {all:?}");
    }
    assert_eq!(all[0], ["remove ingress tcp 22-22 from 0.0.0.0/0"], "the cheapest comes first");
    assert!(cuts("m01-plain", &target("i-a", (23, 23))).is_empty(), "nothing is to be closed");
}

#[test]
fn a_source_is_taken_out_of_a_rule() {
    let mut wanted = target("i-a", (22, 22));
    wanted.sources = vec!["128.0.0.0/1".parse().unwrap()];
    let all = cuts("m01-plain", &wanted);
    assert_eq!(all[0], ["replace ingress tcp 22-22 from 0.0.0.0/0 by ingress tcp 22-22 from 0.0.0.0/1"]);
}

#[test]
fn a_cut_names_the_traffic_that_it_would_also_stop() {
    let snapshot = read("m01-plain");
    let network = Network::new(&snapshot);
    let mut wanted = target("i-a", (22, 22));
    wanted.sources = vec!["128.0.0.0/1".parse().unwrap()];
    let answer = cut(&network, Mode::EndToEnd, &wanted, 50).unwrap();
    assert!(answer.cuts[0].also_closes.is_empty());
    let release = answer.cuts.iter().find(|cut| cut.texts[0].kind == "public-address").unwrap();
    assert!(release.also_closes.iter().any(|change| change.ports == "22-22"), "{:#?}", release.also_closes);
}

/// Every small network: whatever is open can be closed, and is closed by each cut.
#[test]
fn every_exposure_of_the_small_networks_can_be_closed() {
    let mut closed = 0;
    for entry in std::fs::read_dir(shared("mini")).unwrap() {
        let snapshot = Snapshot::read(&entry.unwrap().path(), Limits::default());
        let network = Network::new(&snapshot);
        for row in exposures(&network, Mode::Edge).iter() {
            let wanted = CutTarget {
                to: snapshot.text(row.interface).to_owned(),
                from: None,
                protocol: row.protocol,
                ports: (row.from, row.to),
                sources: Vec::new(),
            };
            let answer = cut(&network, Mode::Edge, &wanted, 3).unwrap();
            assert!(!answer.cuts.is_empty(), "{wanted:?}");
            for cut in &answer.cuts {
                let edited = apply(&snapshot, &cut.edits);
                let network = Network::new(&edited);
                let rest = exposures(&network, Mode::Edge);
                let is_same = rest.iter().any(|other| {
                    other.interface == row.interface
                        && other.protocol == row.protocol
                        && other.from <= row.to
                        && row.from <= other.to
                });
                assert!(!is_same, "{wanted:?} {:?}", cut.texts);
                closed += 1;
            }
        }
    }
    assert!(closed > 20, "{closed}");
}

#[test]
fn openings_name_all_that_blocks_and_mend_it() {
    for (case, kinds) in [
        ("m10-nacl-reply-port-80-only", vec!["network-acl"]),
        ("m13-private-cidr-only", vec!["security-group"]),
        ("m25-explicit-overrides-public-main", vec!["route"]),
        ("m28-reply-goes-to-tgw", vec!["route"]),
    ] {
        let snapshot = read(case);
        let network = Network::new(&snapshot);
        let query = PathQuery {
            from: "8.8.8.8".to_owned(),
            to: "i-a".to_owned(),
            protocol: Protocol::Tcp,
            port: 22,
            source_port: 49152,
        };
        let answer = open(&network, &query).unwrap();
        let mended: Vec<&str> = answer.texts.iter().map(|text| text.kind).collect();
        assert!(answer.opens && mended == kinds, "{case}: {answer:#?}");
        assert_ne!(answer.verdict, Verdict::Reachable, "{case}");
        let edited = apply(&snapshot, &answer.edits);
        assert_eq!(path(&Network::new(&edited), &query).unwrap().verdict, Verdict::Reachable, "{case}");
        // A client that sends from port 80 could reach it before.
        let is_new = case != "m10-nacl-reply-port-80-only";
        assert_eq!(!answer.exposes.is_empty(), is_new, "{case}: what it exposes is told");
    }
    let snapshot = read("m04-igw-detached");
    let query = PathQuery {
        from: "8.8.8.8".to_owned(),
        to: "i-a".to_owned(),
        protocol: Protocol::Tcp,
        port: 22,
        source_port: 49152,
    };
    let answer = open(&Network::new(&snapshot), &query).unwrap();
    assert!(!answer.opens && !answer.remaining.is_empty(), "a gateway cannot be attached by an edit: {answer:#?}");
}
