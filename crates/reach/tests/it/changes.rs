//! What became reachable, and by which change.

use assay_reach::change::{Change, Direction, difference};
use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::Network;
use assay_reach::snapshot::{Limits, Snapshot};

use crate::shared_snapshots::shared;

fn changes(before: &str, after: &str) -> Vec<Change> {
    let [before, after] = [before, after].map(|case| Snapshot::read(&shared("mini").join(case), Limits::default()));
    let (before, after) = (Network::new(&before), Network::new(&after));
    difference(&exposures(&before, Mode::Edge), &exposures(&after, Mode::Edge))
}

#[test]
fn a_change_names_its_cause() {
    for (before, after, change, ports, cause) in [
        (
            "m13-private-cidr-only",
            "m01-plain",
            Direction::Opened,
            "22-22",
            ("security-group", "ingress tcp 22-22 from 0.0.0.0/0"),
        ),
        (
            "m01-plain",
            "m13-private-cidr-only",
            Direction::Closed,
            "22-22",
            ("security-group", "ingress tcp 22-22 from 0.0.0.0/0"),
        ),
        (
            "m25-explicit-overrides-public-main",
            "m01-plain",
            Direction::Opened,
            "22-22",
            ("route", "0.0.0.0/0 to igw-a"),
        ),
        ("m01-plain", "m28-reply-goes-to-tgw", Direction::Closed, "22-22", ("route", "8.8.0.0/16 to tgw-x")),
    ] {
        let all = changes(before, after);
        let found = all.iter().find(|one| one.change == change && one.ports == ports);
        let found = found.unwrap_or_else(|| panic!("{before} {after}: {all:#?}"));
        let has = found.causes.iter().any(|gate| gate.kind == cause.0 && (gate.rule == cause.1 || cause.0 == "route"));
        assert!(has, "{before} {after}: {found:#?}");
    }
    assert!(changes("m01-plain", "m01-plain").is_empty());
}
