//! The real tracker's files for 22.04 and 24.04, counted without our reader; and the files that vuln-list-update tests with.

use std::collections::BTreeMap;

use assay_advisory::import::ubuntu_cve_tracker;
use assay_advisory::{Limits, open_packed};

use crate::samples::{Collected, sample};
use crate::support::shared;

const TRACKER: &str = "feeds/ubuntu-cve-tracker/ubuntu-cve-tracker.tar.xz";

#[test]
fn every_file_of_the_tracker_is_read() {
    let mut found = Collected::default();
    let reader = open_packed(&shared(TRACKER), &Limits::default()).unwrap();
    ubuntu_cve_tracker::read_tar(reader, &Limits::default(), &mut found).unwrap();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (scope, entry) in found.entries.iter().filter(|(_, entry)| entry.channel.is_none()) {
        *counts.entry((scope.to_string(), entry.status.clone())).or_default() += 1;
    }
    // The lines of the same files, as a reader of lines sees them.
    let mut expected: BTreeMap<(String, String), usize> = BTreeMap::new();
    let text = read_shared_lossy();
    for line in text.lines() {
        for (codename, scope) in [("jammy_", "ubuntu-22.04"), ("focal_", "ubuntu-20.04"), ("bionic_", "ubuntu-18.04")] {
            let Some((_, status)) = line.strip_prefix(codename).and_then(|rest| rest.split_once(':')) else { continue };
            let word = status.trim().split([' ', '(']).next().unwrap().to_owned();
            if word != "DNE" {
                *expected.entry((scope.to_owned(), word)).or_default() += 1;
            }
        }
    }
    assert!(expected.len() > 15);
    for (key, count) in &expected {
        assert_eq!(counts.get(key), Some(count), "{key:?}");
    }
    println!("{} entries, {} malformed", found.entries.len(), found.malformed.len());
    assert!(found.malformed.len() < 40, "{:?}", found.malformed);
    let xmltooling = found.entries.iter().filter(|(_, entry)| entry.id == "CVE-2023-36661");
    let said: Vec<String> = xmltooling
        .map(|(scope, entry)| {
            let channel = entry.channel.as_deref().unwrap_or("-");
            format!("{scope} {channel} {} {}", entry.package, entry.status)
        })
        .filter(|said| said.starts_with("ubuntu-22.04"))
        .collect();
    assert_eq!(said, ["ubuntu-22.04 - xmltooling needed", "ubuntu-22.04 esm-apps xmltooling needed"]);
}

/// The archive as text: its headers are no lines of a package.
fn read_shared_lossy() -> String {
    use std::io::Read;
    let mut bytes = Vec::new();
    open_packed(&shared(TRACKER), &Limits::default()).unwrap().read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn odd_files_are_read() {
    for (file, package, states) in [
        ("no_space_before_status", "vnc4", 3),
        ("tags_field_parsing", "libspring-java", 2),
        ("patches_with_status", "qtwebkit-opensource-src", 3),
    ] {
        let mut found = Collected::default();
        let bytes = sample(&format!("vuln-list-update/ubuntu/testdata/{file}"));
        ubuntu_cve_tracker::read(&bytes[..], &Limits::default(), &mut found).unwrap();
        assert_eq!(found.malformed, [""; 0], "{file}");
        let own = found.entries.iter().filter(|(_, entry)| entry.package == package);
        assert!(own.count() >= states, "{file}");
    }
}
