//! Debian's version order against the lists of dpkg, apt and OSV-SCALIBR, and against dpkg itself.

use std::cmp::Ordering;
use std::process::Command;

use assay_advisory::version::debian::{DebianVersion, compare};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::read_shared;

fn check(left: &str, right: &str, expected: Ordering) {
    assert_eq!(compare(left, right), Ok(expected), "{left} and {right}");
    assert_eq!(compare(right, left), Ok(expected.reverse()), "{right} and {left}");
}

fn ordering(sign: &str) -> Ordering {
    match sign {
        "-1" | "<" | "LESS" => Ordering::Less,
        "0" | "=" | "EQUAL" => Ordering::Equal,
        "1" | ">" | "GREATER" => Ordering::Greater,
        _ => panic!("{sign:?} is no sign"),
    }
}

#[test]
fn dpkg_own_list() {
    let list = read_shared("vectors/version/dpkg/dpkg-version-data.txt");
    let rows: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.len() >= 40, "{} rows", rows.len());
    for row in rows {
        check(row[0], row[1], ordering(row[2]));
    }
}

/// apt compares texts that dpkg refuses or warns of; such a pair is refused here.
#[test]
fn apt_own_list() {
    let list = read_shared("vectors/version/apt/compareversion.tsv");
    let mut refused = Vec::new();
    let mut compared = 0;
    for line in list.lines() {
        let quoted: Vec<&str> = line.split('"').collect();
        let [_, left, sign, right, _] = quoted.as_slice() else {
            panic!("{line:?} is no row");
        };
        let sign = sign.trim_matches([',', ' ']);
        if DebianVersion::parse(left).is_err() || DebianVersion::parse(right).is_err() {
            assert_eq!(ask_dpkg(left, "eq", right), Answer::Refused, "{line}");
            refused.push((*left, *right));
        } else {
            check(left, right, ordering(sign));
            compared += 1;
        }
    }
    let odd = "2.2.4-47978_Debian_lenny";
    assert_eq!(refused, [("-", "."), ("p", "-"), ("a", "-"), ("z", "-"), (odd, odd)]);
    assert!(compared >= 40, "{compared} compared");
}

#[test]
fn osv_scalibr_lists() {
    for (path, least) in [("debian-versions.txt", 20), ("debian-versions-generated.txt", 5000)] {
        let list = read_shared(&format!("vectors/version/osv-scalibr/{path}"));
        let mut compared = 0;
        for line in list.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            check(words[0], words[2], ordering(words[1]));
            compared += 1;
        }
        assert!(compared >= least, "{path}: {compared} compared");
    }
}

#[derive(Debug, PartialEq)]
enum Answer {
    Yes,
    No,
    /// dpkg refuses a version, or warns that a character is not allowed.
    Refused,
}

fn ask_dpkg(left: &str, relation: &str, right: &str) -> Answer {
    let output = Command::new("dpkg")
        .args(["--compare-versions", left, relation, right])
        .env("LC_ALL", "C")
        .output()
        .expect("dpkg must be installed: it is the reference for Debian's version order");
    let warns = String::from_utf8_lossy(&output.stderr).contains("invalid character");
    match output.status.code() {
        Some(0) if !warns => Answer::Yes,
        Some(1) if !warns => Answer::No,
        _ => Answer::Refused,
    }
}

/// Versions that differ little, so that every rule decides now and then.
fn versions() -> impl Strategy<Value = String> {
    let epoch = select(vec!["", "", "", "0:", "1:", "00:", ":"]);
    let piece = select(vec![
        "0",
        "1",
        "9",
        "10",
        "007",
        "99999999999999999999",
        "a",
        "Z",
        "rc",
        "dfsg",
        "~",
        "~~",
        "+",
        ".",
        ":",
        "-",
        "+b1",
        "~bpo12",
    ]);
    let revision = select(vec!["", "", "-1", "-0", "-1~deb12u1", "-1+deb12u1", "-", "-1.1", "-a"]);
    (epoch, prop::collection::vec(piece, 0..5), revision)
        .prop_map(|(epoch, pieces, revision)| format!("{epoch}{}{revision}", pieces.concat()))
}

fn valid_versions() -> impl Strategy<Value = String> {
    versions().prop_filter("it is no version", |version| DebianVersion::parse(version).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_is_that_of_dpkg(left in versions(), right in versions()) {
        // dpkg takes an empty text as "no version at all", which no package has, a leading hyphen as an option, and a
        // leading plus as the sign of an epoch.
        let is_fair = |version: &str| !version.is_empty() && !version.starts_with(['-', '+']);
        prop_assume!(is_fair(&left) && is_fair(&right));
        let expected = match (ask_dpkg(&left, "lt", &right), ask_dpkg(&left, "eq", &right)) {
            (Answer::Refused, _) | (_, Answer::Refused) => None,
            (Answer::Yes, _) => Some(Ordering::Less),
            (_, Answer::Yes) => Some(Ordering::Equal),
            _ => Some(Ordering::Greater),
        };
        prop_assert_eq!(compare(&left, &right).ok(), expected, "{} and {}", left, right);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_is_total(versions in [valid_versions(), valid_versions(), valid_versions()]) {
        let parsed = versions.each_ref().map(|version| DebianVersion::parse(version).unwrap());
        prop_assert_eq!(parsed[0].cmp(&parsed[1]), parsed[1].cmp(&parsed[0]).reverse());
        if parsed[0] <= parsed[1] && parsed[1] <= parsed[2] {
            prop_assert!(parsed[0] <= parsed[2]);
        }
        let written = parsed[0].to_string();
        prop_assert_eq!(DebianVersion::parse(&written), Ok(parsed[0]));
    }

    #[test]
    fn no_text_makes_it_panic(left in "\\PC{0,24}", right in ".{0,24}") {
        let _ = compare(&left, &right);
    }
}
