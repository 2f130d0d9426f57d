//! The real tracker's files for 22.04 and 24.04, counted without our reader; and the files that vuln-list-update tests with.

use std::collections::BTreeMap;
use std::io::Read;

use assay_advisory::import::ubuntu_cve_tracker;
use assay_advisory::{Limits, open_packed};

use crate::samples::{Collected, sample};
use crate::support::shared;

const TRACKER: &str = "feeds/ubuntu-cve-tracker/ubuntu-cve-tracker.tar.xz";

#[test]
fn every_file_of_the_tracker_is_read() {
    let mut found = Collected::default();
    let mut archive = Vec::new();
    open_packed(&shared(TRACKER), &Limits::default()).unwrap().read_to_end(&mut archive).unwrap();
    ubuntu_cve_tracker::read_tar(&archive[..], &Limits::default(), &mut found).unwrap();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (scope, entry) in found.entries.iter().filter(|(_, entry)| entry.channel.is_none()) {
        *counts.entry((scope.to_string(), entry.status.clone())).or_default() += 1;
    }
    // The lines of the same files, as a reader of lines sees them: the headers of the archive are no lines of a package.
    let mut expected: BTreeMap<(String, String), usize> = BTreeMap::new();
    let text = String::from_utf8_lossy(&archive);
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
    assert_eq!(found.entries.len(), 503_074);
    // The tracker's own slips.
    let malformed = [
        "CVE-2009-NNN3: \"CVE-2009-NNN3\" is no CVE id",
        "CVE-2006-NNN0: \"CVE-2006-NNN0\" is no CVE id",
        "CVE-2008-NNN1: \"CVE-2008-NNN1\" is no CVE id",
        "CVE-2009-NNN4: \"CVE-2009-NNN4\" is no CVE id",
        "CVE-2011-4596: nova: \"nova - 2011.2-0ubuntu1.2\" is no version",
    ];
    assert_eq!(found.malformed, malformed);
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
