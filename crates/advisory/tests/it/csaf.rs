//! Red Hat's and SUSE's own documents.

use std::collections::BTreeSet;

use assay_advisory::import::csaf::read;
use assay_advisory::{Level, Limits, RangeEnd, Statement};

use crate::samples::{Collected, documents};

/// Entries that are fixed, affected, not affected.
fn counts(collected: &Collected) -> [usize; 3] {
    let mut counts = [0; 3];
    for (_, entry) in &collected.entries {
        let place = match &entry.statement {
            Statement::Affected { ranges, .. } if matches!(ranges[0].end, RangeEnd::Fixed(_)) => 0,
            Statement::Affected { .. } => 1,
            Statement::NotAffected { .. } => 2,
            other => panic!("{other:?}"),
        };
        counts[place] += 1;
    }
    counts
}

fn check(path: &str, expected: &[(&str, [usize; 3])]) -> Vec<Collected> {
    let mut found = Vec::new();
    let mut all = Vec::new();
    for (name, document) in documents(path) {
        let mut collected = Collected::default();
        read(document.as_slice(), &Limits::default(), &mut collected).unwrap();
        assert_eq!(collected.malformed, Vec::<String>::new(), "{name}");
        found.push((name, counts(&collected)));
        all.push(collected);
    }
    assert_eq!(found.iter().map(|(name, counts)| (name.as_str(), *counts)).collect::<Vec<_>>(), expected);
    all
}

/// Counted by a program that shares no code with this one: platforms, channels, packages and levels by status.
#[test]
fn red_hat_vex() {
    let all = check(
        "vuls-data-update/redhat/vex/v1/testdata/fixtures/csaf_vex_2024-08-04.tar.zst",
        &[
            ("cve-2023-6212.json", [84, 2, 0]),
            ("cve-2023-6228.json", [6, 5, 0]),
            ("cve-2023-6237.json", [7, 1, 13]),
            ("cve-2023-6238.json", [0, 0, 7]),
            ("cve-2023-6240.json", [259, 4, 4]),
        ],
    );
    let (_, openssl) = all[2].entries.iter().find(|(_, entry)| entry.package == "openssl-libs").unwrap();
    // The epoch is in the product's id alone.
    assert_eq!(openssl.statement, Statement::fixed_in("1:3.0.7-27.el9"));
    assert_eq!((openssl.severity.as_str(), openssl.aliases.as_slice()), ("low", &["RHSA-2024:2447".to_owned()][..]));
    let unfixed: Vec<_> = all[1].entries.iter().filter(|(_, entry)| entry.level == Level::Source).collect();
    let words = unfixed.iter().map(|(scope, entry)| format!("{scope} {} {}", entry.package, entry.note));
    assert_eq!(
        words.collect::<Vec<_>>(),
        [
            "redhat-6 libtiff Out of support scope",
            "redhat-7 compat-libtiff3 Out of support scope",
            "redhat-7 libtiff Out of support scope",
            "redhat-8 compat-libtiff3 Will not fix",
            "redhat-8 libtiff Affected",
        ]
    );
}

#[test]
fn red_hat_advisories() {
    let all = check(
        "vuls-data-update/redhat/csaf/testdata/fixtures/csaf_advisories_2024-08-11.tar.zst",
        &[
            ("rhsa-2023_7434.json", [304, 0, 12]),
            ("rhsa-2023_7435.json", [264, 0, 0]),
            ("rhsa-2023_7436.json", [36, 0, 0]),
            // Of OpenStack alone.
            ("rhsa-2023_7438.json", [0, 0, 0]),
            ("rhsa-2023_7464.json", [177, 0, 0]),
        ],
    );
    let channels: BTreeSet<_> = all[0].entries.iter().filter_map(|(_, entry)| entry.channel.clone()).collect();
    assert_eq!(channels.iter().map(String::as_str).collect::<Vec<_>>(), ["aus-8.2", "e4s-8.2", "tus-8.2"]);
}

#[test]
fn suse() {
    check(
        "vuls-data-update/suse/csaf/testdata/fixtures/csaf.tar.bz2",
        &[
            ("opensuse-su-2016_1623-1.json", [19, 0, 0]),
            ("suse-su-2015_0011-2.json", [168, 0, 0]),
            ("suse-su-403.json", [4320, 0, 0]),
        ],
    );
    let expected = [("cve-1999-0003.json", [0, 0, 0]), ("cve-2023-5568.json", [31, 0, 837])];
    let all = check("vuls-data-update/suse/csaf_vex/testdata/fixtures/csaf-vex.tar.bz2", &expected);
    let (scope, fixed) = all[1].entries.iter().find(|(_, entry)| entry.status == "recommended").unwrap();
    assert_eq!((scope.to_string().as_str(), fixed.package.as_str()), ("opensuse-tumbleweed", "ctdb"));
    assert_eq!(fixed.statement, Statement::fixed_in("4.19.2+git.322.7e9201cef5-1.1"));
}
