//! The comparison: the same packets, asked from the engine and from the interpreter.

use std::net::IpAddr;

use assay_reach::exposure::{Exposures, Mode, Origin, exposures};
use assay_reach::network::{Network, Protocol};
use assay_reach::path::{PathQuery, Verdict, path};
use assay_reach::snapshot::Snapshot;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::interpreter::{Fate, Packet};
use super::plain::{Choices, Plain, v4, v6};

/// Addresses at the ends of the blocks that rules name, and one beside each.
fn sources(plain: &Plain) -> Vec<IpAddr> {
    let mut all = vec![
        v4(8, 8, 8, 8),
        v4(8, 8, 9, 0),
        v4(9, 255, 255, 255),
        v4(10, 0, 0, 0),
        v4(127, 255, 255, 255),
        v4(128, 0, 0, 0),
        v4(223, 255, 255, 255),
        v4(224, 0, 0, 0),
        v4(7, 255, 255, 255),
        v4(10, 0, 15, 255),
        v4(10, 1, 16, 0),
        v4(10, 2, 255, 255),
        v4(10, 3, 0, 0),
        "2001:db8::".parse().unwrap(),
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff".parse().unwrap(),
        "2a00::1".parse().unwrap(),
    ];
    for (vpc, _) in plain.vpcs.iter().enumerate() {
        all.extend([v6(vpc, 0, 0), v6(vpc, 0, 17), v4(10, vpc.try_into().unwrap(), 1, 13)]);
    }
    for host in 0..plain.hosts.len() {
        all.extend(plain.addresses(host).into_iter().map(|one| one.0));
    }
    all
}

const PORTS: [i32; 12] = [0, 19, 20, 22, 23, 53, 80, 81, 1023, 1024, 4000, 65535];

fn packet(plain: &Plain, choose: &mut Choices<'_>) -> Option<Packet> {
    let host = choose.below(plain.hosts.len());
    let targets = plain.addresses(host);
    let target = targets[choose.below(targets.len())].0;
    let sources: Vec<IpAddr> =
        sources(plain).into_iter().filter(|source| source.is_ipv4() == target.is_ipv4()).collect();
    let source = sources[choose.below(sources.len())];
    let protocol = if target.is_ipv4() { [6, 17, 1][choose.below(3)] } else { [6, 17][choose.below(2)] };
    let port = if protocol == 1 { 8 } else { PORTS[choose.below(PORTS.len())] };
    let source_port = PORTS[choose.below(PORTS.len())].max(1);
    (plain.host_of(source) != Some(host)).then_some(Packet { source, target, protocol, port, source_port })
}

/// Whether some exposure from such an origin has the packet.
fn is_exposed(found: &Exposures<'_, '_>, packet: &Packet, is_origin: impl Fn(&str) -> bool) -> bool {
    let number = |number: i32| u16::try_from(number).unwrap();
    let port = if packet.protocol == 1 { number(packet.port) << 8 } else { number(packet.port) };
    let protocol = Protocol::of_number(packet.protocol.try_into().unwrap());
    found.reachable().any(|exposure| {
        let origin = match exposure.origin {
            Origin::Internet => "internet".to_owned(),
            other => other.text(found.network().snapshot()),
        };
        exposure.address == packet.target
            && exposure.protocol == protocol
            && (exposure.from..=exposure.to).contains(&port)
            && (packet.protocol == 1 || exposure.client_ports.contains(number(packet.source_port)))
            && exposure.admits(packet.source)
            && is_origin(&origin)
    })
}

fn verdict(fate: Fate) -> Verdict {
    match fate {
        Fate { request: false, .. } => Verdict::Blocked,
        Fate { answer: false, .. } => Verdict::ForwardOnly,
        Fate { .. } => Verdict::Reachable,
    }
}

fn agree(choices: &[u16], packets: &[u16]) -> Result<(), TestCaseError> {
    let plain = Plain::of(choices);
    let snapshot: Snapshot = plain.snapshot();
    let network = Network::new(&snapshot);
    let edge = exposures(&network, Mode::Edge);
    let whole = exposures(&network, Mode::EndToEnd);
    let mut choose = Choices(packets.iter());
    for _ in 0..packets.len() / 5 {
        let Some(packet) = packet(&plain, &mut choose) else { continue };
        let same = |what: &str, engine: bool, fate: Fate| {
            prop_assert_eq!(engine, fate.works(), "{}: {:?}\n{:#?}", what, packet, plain);
            Ok(())
        };
        same("internet", is_exposed(&edge, &packet, |origin| origin == "internet"), plain.internet_fate(&packet))?;
        same("vgw", is_exposed(&edge, &packet, |origin| origin.starts_with("vgw")), plain.vpn_fate(&packet))?;
        for peering in 0..plain.peerings.len() {
            let text = format!("peered pcx-{peering}");
            same(&text, is_exposed(&edge, &packet, |origin| origin == text), plain.peer_edge_fate(peering, &packet))?;
        }
        for vpc in 0..plain.vpcs.len() {
            let text = format!("tgw tgw-0 (vpc-{vpc})");
            same(&text, is_exposed(&edge, &packet, |origin| origin == text), plain.transit_edge_fate(vpc, &packet))?;
        }
        let sender = plain.host_of(packet.source);
        let query = PathQuery {
            from: packet.source.to_string(),
            to: packet.target.to_string(),
            protocol: Protocol::of_number(packet.protocol.try_into().unwrap()),
            port: packet.port.try_into().unwrap(),
            source_port: packet.source_port.try_into().unwrap(),
        };
        let answer = path(&network, &query).map_err(|error| TestCaseError::fail(error.to_string()))?;
        if sender.is_some() {
            let fate = plain.host_fate(&packet);
            prop_assert_eq!(answer.verdict, verdict(fate), "{:?}\n{:#?}\n{:#?}", packet, answer, plain);
            let vpc = |address| plain.host_of(address).map(|host| plain.subnets[plain.hosts[host].subnet].vpc);
            if vpc(packet.source) != vpc(packet.target) {
                let is_between = |origin: &str| origin.starts_with("peered") || origin.starts_with("tgw");
                same("end to end", is_exposed(&whole, &packet, is_between), fate)?;
            }
        } else if !packet.source.to_string().starts_with("10.") {
            let fate = plain.internet_fate(&packet);
            if answer.verdict == Verdict::Reachable || fate.works() {
                // From beyond a gateway of another kind, the same address may come too.
                let works = fate.works() || plain.vpn_fate(&packet).works();
                prop_assert!(
                    works || answer.verdict != Verdict::Reachable,
                    "{:?}\n{:#?}\n{:#?}",
                    packet,
                    answer,
                    plain
                );
                prop_assert!(
                    !fate.works() || answer.verdict == Verdict::Reachable,
                    "{:?}\n{:#?}\n{:#?}",
                    packet,
                    answer,
                    plain
                );
            }
        }
    }
    Ok(())
}

fn check(cases: u32) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    let choices = proptest::collection::vec(any::<u16>(), 60..260);
    let packets = proptest::collection::vec(any::<u16>(), 150);
    let result = TestRunner::new(config).run(&(choices, packets), |(choices, packets)| agree(&choices, &packets));
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Ten thousand networks in four parts, so that the tests' threads share them.
const PART: u32 = 2500;

#[test]
fn engine_and_interpreter_agree_on_random_networks() {
    check(PART);
}

#[test]
fn engine_and_interpreter_agree_on_random_networks_of_the_second_part() {
    check(PART);
}

#[test]
fn engine_and_interpreter_agree_on_random_networks_of_the_third_part() {
    check(PART);
}

#[test]
fn engine_and_interpreter_agree_on_random_networks_of_the_fourth_part() {
    check(PART);
}
