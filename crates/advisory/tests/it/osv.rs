//! Real OSV records: the archives of five ecosystems, the schema's own examples, samples of every distribution.

use std::collections::BTreeSet;
use std::fs::File;

use assay_advisory::import::osv::read_zip;
use assay_advisory::{Limits, Statement};

use crate::samples::Collected;
use crate::support::shared;

fn archive(ecosystem: &str) -> Collected {
    let mut kept = Collected::default();
    let file = File::open(shared(&format!("feeds/osv/{ecosystem}/all.zip"))).unwrap();
    read_zip(file, &Limits::default(), &mut kept).unwrap();
    assert_eq!(kept.malformed, Vec::<String>::new(), "{ecosystem}");
    kept
}

#[test]
fn whole_archives_are_read() {
    // Entries and vulnerabilities, counted by a program that shares no code with this one. Withdrawn records and bug fixes
    // give none; an AlmaLinux package has one entry a notice, whatever the number of its builds.
    let expected = [
        ("PyPI", 6812, 5696),
        ("Go", 6099, 4274),
        ("crates.io", 1193, 1172),
        ("npm", 289, 284),
        ("AlmaLinux", 246_057, 6627),
    ];
    let found = expected.map(|(ecosystem, ..)| {
        let kept = archive(ecosystem);
        let ids: BTreeSet<&str> = kept.entries.iter().map(|(_, entry)| entry.id.as_str()).collect();
        (ecosystem, kept.entries.len(), ids.len())
    });
    assert_eq!(found, expected);
}

/// Records whose enumerated versions and ranges contradict each other, and why that is theirs.
const CONTRADICTIONS: [(&str, &str); 2] = [
    ("PYSEC-2023-61", "django: pre-releases such as 3.2a1, which are older than the introduced 3.2"),
    ("PYSEC-2026-686", "neutron: ranges end at versions of rpm packages, 7.2.0-12.1, which are none of PyPI's"),
];

/// Versions that a publisher enumerates are affected; so each must lie in the ranges beside them, if it is a version.
#[test]
fn ranges_cover_the_enumerated_versions() {
    let mut beside = BTreeSet::new();
    let mut no_versions = 0;
    for ecosystem in ["PyPI", "Go", "crates.io", "npm"] {
        for (scope, entry) in archive(ecosystem).entries {
            let Statement::Affected { ranges, versions, .. } = &entry.statement else { continue };
            let order = scope.platform().version_order();
            let is_version = |version: &&String| order.parse(version).is_ok();
            if !ranges.is_empty() && versions.iter().any(|version| is_version(&version)) {
                beside.extend(entry.aliases.iter().find(|alias| alias.starts_with("PYSEC-")).cloned());
            } else if !ranges.is_empty() && !versions.is_empty() {
                no_versions += 1;
            }
        }
    }
    assert_eq!(beside.iter().map(String::as_str).collect::<Vec<_>>(), CONTRADICTIONS.map(|(id, _)| id));
    // `2.0.1rc2-git` and the like: older than PEP 440, and compared as text.
    assert_eq!(no_versions, 47);
}
