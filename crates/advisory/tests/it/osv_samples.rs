//! A few records of every publisher.

use std::collections::BTreeMap;
use std::io::Cursor;

use assay_advisory::import::osv::{read, read_zip};
use assay_advisory::{Level, Limits, Statement};

use crate::samples::{Collected, documents, sample};

/// Entries by scope, level and channel, `debian-bookworm source 1`.
fn summary(collected: &Collected) -> String {
    assert_eq!(collected.malformed, Vec::<String>::new());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (scope, entry) in &collected.entries {
        let level = if entry.level == Level::Source { " source" } else { "" };
        let channel = entry.channel.as_deref().map(|channel| format!(" {channel}")).unwrap_or_default();
        *counts.entry(format!("{scope}{level}{channel}")).or_default() += 1;
    }
    counts.iter().map(|(place, count)| format!("{place} {count}")).collect::<Vec<_>>().join(", ")
}

fn archive(publisher: &str) -> Collected {
    let packed = sample(&format!("vuls-data-update/{publisher}/osv/testdata/fixtures/all.zip"));
    let mut collected = Collected::default();
    read_zip(Cursor::new(packed), &Limits::default(), &mut collected).unwrap();
    collected
}

fn records(path: &str) -> Vec<(String, Collected)> {
    let read = |(name, document): (String, Vec<u8>)| {
        let mut collected = Collected::default();
        read(document.as_slice(), &Limits::default(), &mut collected).unwrap();
        (name, collected)
    };
    documents(&format!("vuls-data-update/{path}")).into_iter().map(read).collect()
}

#[test]
fn libraries() {
    for (publisher, expected) in [
        ("cargo", "crates-io 3"),
        ("composer", "packagist 1"),
        ("golang", "go 2"),
        ("maven", "maven 1"),
        ("npm", "npm 3"),
        ("nuget", "nuget 8"),
        ("pip", "pypi 8"),
        ("rubygems", "rubygems 2"),
        // Ecosystems without a scope.
        ("bitnami", ""),
        ("chainguard", ""),
        ("linux", ""),
        ("wolfi", ""),
    ] {
        assert_eq!(summary(&archive(publisher)), expected, "{publisher}");
    }
}

#[test]
fn distributions() {
    for (publisher, expected) in [
        ("alma", "almalinux-8 168, almalinux-9 4"),
        // Of releases before those that Assay knows.
        ("debian", ""),
        ("redhat", "redhat-8 eus-8.8 21, redhat-9 eus-9.2 11"),
        ("rocky", "rocky-9 source 1"),
    ] {
        assert_eq!(summary(&archive(publisher)), expected, "{publisher}");
    }
    // A record converted from one CVE has packages of two distributions.
    let alpine = archive("alpine");
    let debian: Vec<_> = alpine.entries.iter().filter(|(scope, _)| scope.to_string() == "debian-trixie").collect();
    let [(_, wget)] = debian.as_slice() else { panic!("{debian:?}") };
    assert_eq!((wget.id.as_str(), &wget.statement), ("CVE-2024-10524", &Statement::fixed_in("1.25.0-1")));
    assert_eq!(wget.severity, "");
}

#[test]
fn notices() {
    let mut found: Vec<(String, String)> = Vec::new();
    for path in ["ubuntu/osv/testdata/fixtures/happy/osv-all.tar.xz", "suse/osv/testdata/fixtures/osv.tar.bz2"] {
        found.extend(records(path).into_iter().map(|(name, collected)| (name, summary(&collected))));
    }
    let qt = "suse-12 1188, suse-12 sap 594, suse-12.1 1188, suse-12.1 sap 594";
    let expected = [
        // Which kernels a live patch exists for.
        ("LSN-0108-1.json", ""),
        (
            "UBUNTU-CVE-2024-51988.json",
            "ubuntu-20.04 source 1, ubuntu-22.04 source 1, ubuntu-24.04 source 1, ubuntu-24.10 source 1",
        ),
        // 196 vulnerabilities of one and of two source packages.
        ("USN-7095-1.json", "ubuntu-22.04 source 196, ubuntu-24.04 source 392"),
        // About no package.
        ("SUSE-SU-2015:0011-2.json", ""),
        ("SUSE-SU-403 Forbidden-1.json", qt),
        ("SUSE-SU-403.json", qt),
        // The archive's index.
        ("all.json", ""),
        ("openSUSE-SU-2016:1623-1.json", "suse-12 19"),
    ];
    assert_eq!(found, expected.map(|(name, places)| (name.to_owned(), places.to_owned())));
}
