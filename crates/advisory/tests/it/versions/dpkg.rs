//! Debian's version order against apt's list, which holds texts that dpkg refuses, and against dpkg itself.

use std::cmp::Ordering;
use std::process::Command;

use assay_advisory::version::debian::{DebianVersion, compare};
use proptest::prelude::*;
use proptest::sample::select;

use super::rows::ordering;
use crate::support::read_shared;

fn check(left: &str, right: &str, expected: Ordering) {
    assert_eq!(compare(left, right), Ok(expected), "{left} and {right}");
    assert_eq!(compare(right, left), Ok(expected.reverse()), "{right} and {left}");
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_is_that_of_dpkg(left in versions(), right in versions()) {
        // dpkg takes an empty text as "no version at all", which no package has, a leading hyphen as an option, and a
        // leading plus as the sign of an epoch. It tells its first complaint only, so that a version that does not begin
        // with a digit hides that a colon has no place in a revision.
        let has_colon = |version: &str| version.rsplit_once('-').is_some_and(|(_, revision)| revision.contains(':'));
        let is_fair =
            |version: &str| !version.is_empty() && !version.starts_with(['-', '+']) && !has_colon(version);
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

#[test]
fn a_colon_has_no_place_in_a_revision() {
    assert!(DebianVersion::parse("0:1-:").is_err());
    assert_eq!(ask_dpkg("0:1-:", "eq", "0:1-:"), Answer::Refused);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_the_same_version(version in versions()) {
        if let Ok(parsed) = DebianVersion::parse(&version) {
            let written = parsed.to_string();
            prop_assert_eq!(DebianVersion::parse(&written), Ok(parsed));
        }
    }
}
