//! sshd's effective configuration against `sshd -T` of a real OpenSSH.

mod cases;
mod oracle;

use std::collections::BTreeSet;

use cases::CASES;
use oracle::{Answers, is_another_release};

/// A difference between the collector and `sshd -T` that is meant.
struct KnownDifference {
    /// The keyword.
    keyword: &'static str,
    /// The case it shows in, or none where it shows in every case.
    case: Option<&'static str>,
    /// Why.
    #[expect(dead_code, reason = "it is for people")]
    reason: &'static str,
}

const KNOWN_DIFFERENCES: &[KnownDifference] = &[
    KnownDifference {
        keyword: "debianbanner",
        case: None,
        reason: "sshd of Debian 12 has the keyword and its default but does not print it",
    },
    KnownDifference {
        keyword: "channeltimeout",
        case: None,
        reason: "9.2 prints it only where it is set; the collector tells the default too",
    },
    KnownDifference {
        keyword: "protocol",
        case: Some("protocol"),
        reason: "ignored by the server since 7.4; noted because rules ask for it",
    },
    KnownDifference {
        keyword: "hostkey",
        case: Some("relative-paths"),
        reason: "sshd -T puts the directory that it was started in before a relative path, here `/`",
    },
    KnownDifference {
        keyword: "authorizedkeysfile",
        case: Some("home"),
        reason: "sshd replaces `~` by the home directory of the user that it runs as; the collector keeps what is written",
    },
];

#[test]
fn every_configuration_means_what_the_server_says() {
    let mut differences = Vec::new();
    let mut seen = BTreeSet::new();
    for case in CASES {
        let answers = case.ask();
        match &answers.server {
            Ok(_) if !answers.malformed().is_empty() => {
                differences.push(format!(
                    "{}: the server accepts what is told as {:?}",
                    case.name,
                    answers.malformed()
                ));
            }
            Ok(_) => differences.extend(compare(case.name, &answers, &mut seen)),
            Err(reason) if answers.malformed().is_empty() => {
                differences.push(format!("{}: nothing is told where the server says {reason:?}", case.name));
            }
            Err(_) => {}
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    let untrue: Vec<&str> = KNOWN_DIFFERENCES
        .iter()
        .enumerate()
        .filter(|(index, _)| !seen.contains(index))
        .map(|(_, difference)| difference.keyword)
        .collect();
    assert!(is_another_release() || untrue.is_empty(), "no longer a difference, remove it: {untrue:?}");
}

#[test]
fn the_cases_cover_what_the_server_refuses_and_what_it_accepts() {
    assert!(CASES.len() >= 30, "{}", CASES.len());
    let mut names: Vec<&str> = CASES.iter().map(|case| case.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CASES.len());
}

fn compare(case: &str, answers: &Answers, seen: &mut BTreeSet<usize>) -> Vec<String> {
    let Ok(server) = &answers.server else {
        return Vec::new();
    };
    let keywords: BTreeSet<&String> = server.keys().chain(answers.collected.keys()).collect();
    let mut differences = Vec::new();
    for keyword in keywords {
        let theirs = sorted_where_order_is_the_machines(keyword, server.get(keyword));
        let ours = sorted_where_order_is_the_machines(keyword, answers.collected.get(keyword));
        if theirs == ours {
            continue;
        }
        let known = KNOWN_DIFFERENCES
            .iter()
            .position(|difference| difference.keyword == keyword && difference.case.is_none_or(|name| name == case));
        match known {
            Some(index) => {
                seen.insert(index);
            }
            None => differences.push(format!("{case}: {keyword}: server {theirs:?}, collected {ours:?}")),
        }
    }
    differences
}

/// The order of the addresses that stand for "any" is the resolver's.
fn sorted_where_order_is_the_machines(keyword: &str, values: Option<&Vec<String>>) -> Option<Vec<String>> {
    let mut values = values?.clone();
    if keyword == "listenaddress" {
        values.sort();
    }
    Some(values)
}
