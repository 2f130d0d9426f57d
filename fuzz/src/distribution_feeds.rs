//! Feeds of distributions that are XML, errata or text files.

use assay_advisory::import::{errata, oval, ubuntu_cve_tracker, updateinfo};
use assay_advisory::{Entry, Scope};

use crate::advisory::limits;

/// Every entry names a vulnerability and a package.
fn check(entries: &[(Scope, Entry)]) {
    assert!(entries.len() as u64 <= limits().records);
    for (scope, entry) in entries {
        assert!(!entry.id.is_empty() && !entry.package.is_empty(), "{scope}: {entry:?}");
    }
}

/// `updateinfo.xml`.
pub fn updateinfo(data: &[u8]) {
    let mut entries = Vec::new();
    let scope = "amazon-2".parse().expect("it is a scope");
    let _ = updateinfo::read(data, &scope, &limits(), &mut entries);
    check(&entries);
}

/// AlmaLinux's errata and Rocky's.
pub fn errata(data: &[u8]) {
    let mut entries = Vec::new();
    let scope = "almalinux-9".parse().expect("it is a scope");
    let _ = errata::read_almalinux(data, &scope, &limits(), &mut entries);
    check(&entries);
    entries.clear();
    let _ = errata::read_rocky(data, &limits(), &mut entries);
    check(&entries);
}

/// OVAL of any publisher.
pub fn oval(data: &[u8]) {
    let mut entries = Vec::new();
    let _ = oval::read(data, &limits(), &mut entries);
    check(&entries);
}

/// A file of the Ubuntu CVE tracker, and the tracker as an archive.
pub fn ubuntu_cve_tracker(data: &[u8]) {
    let mut entries = Vec::new();
    let _ = ubuntu_cve_tracker::read(data, &limits(), &mut entries);
    check(&entries);
    entries.clear();
    let _ = ubuntu_cve_tracker::read_tar(data, &limits(), &mut entries);
    check(&entries);
}
