//! Canaries: feeds that contradict what is known, or no longer say it, are put aside.

use std::fs;
use std::process::Command;

use assay_feeds::{CanaryOutcome, Mirror, Shrunk, Source, SyncOptions, SyncOutcome, SyncReport};

use crate::specimen;
use crate::world::{Folder, World, folder_mirror, from_folder, options, outcome, put, shared_feeds};

/// The Debian tracker's JSON: some entries, and what it says about the canary of openssl.
fn tracker(fixed: Option<&str>) -> String {
    let others = specimen::debian("bookworm", 100);
    let Some(fixed) = fixed else { return others };
    let canary = format!(
        r#"{{"openssl":{{"CVE-2022-0778":{{"releases":{{"bookworm":{{"status":"resolved","fixed_version":"{fixed}","repositories":{{"bookworm":"3.0.17-1"}},"urgency":"not yet assigned"}}}}}},"#
    );
    others.replacen(r#"{"openssl":{"#, &canary, 1)
}

fn sync(world: &World, fixed: Option<&str>, shrunk: Shrunk) -> SyncReport {
    let mirror = folder_mirror(&[("debian-tracker/json", tracker(fixed))]);
    world.sync(&SyncOptions { shrunk, sources: vec![Source::DebianTracker], ..from_folder(&mirror) }).unwrap()
}

/// What comes after a feed in which the canary holds.
fn check(fixed: Option<&str>, expected: &str) {
    let world = World::new();
    let report = sync(&world, Some("3.0.2-1"), Shrunk::Quarantine);
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    let good = world.store.status_of(Source::DebianTracker).unwrap();
    assert!(good.canaries.iter().any(|result| result.outcome == CanaryOutcome::Holds), "{:?}", good.canaries);

    let report = sync(&world, fixed, Shrunk::Quarantine);
    let SyncOutcome::Quarantined { files, folder } = outcome(&report, Source::DebianTracker) else {
        panic!("{report:#?}")
    };
    assert_eq!(files[0].1.to_string(), expected);
    let note = fs::read_to_string(world.store.folder().join(folder).join("reason.json")).unwrap();
    assert!(note.contains(expected), "{note}");
    let status = world.store.status_of(Source::DebianTracker).unwrap();
    assert_eq!(status.state.word(), "quarantined");
    assert_eq!((&status.canaries, status.digest()), (&good.canaries, good.digest()));
    assert!(report.has_quarantined());

    let report = sync(&world, fixed, Shrunk::Accept);
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated, "someone has looked at it");
}

#[test]
fn a_feed_that_contradicts_a_canary_is_put_aside() {
    let canary = "it fails the canary debian-bookworm openssl CVE-2022-0778: ";
    check(Some("3.9.9-1"), &format!("{canary}3.0.2-1 is said to be vulnerable"));
    check(Some("0"), &format!("{canary}1.1.1k-1 is not said to be vulnerable"));
}

#[test]
fn a_feed_that_lost_a_canary_is_put_aside() {
    check(None, "it fails the canary debian-bookworm openssl CVE-2022-0778: nothing is said about it");
}

#[test]
fn a_slice_on_a_mirror_need_not_have_them() {
    let world = World::with_small_feeds(100);
    let status = world.store.status_of(Source::DebianTracker).unwrap();
    assert!(!status.canaries.is_empty());
    assert!(status.canaries.iter().all(|result| result.outcome == CanaryOutcome::Absent), "{:?}", status.canaries);
}

#[test]
fn a_first_feed_that_fails_a_canary_does_not_come_into_use() {
    let world = World::new();
    let report = sync(&world, Some("3.9.9-1"), Shrunk::Quarantine);
    assert!(!report.source(Source::DebianTracker).unwrap().is_in_use());
    assert!(world.store.database(&"debian-bookworm".parse().unwrap()).is_err());
}

#[test]
fn they_hold_in_the_feeds_at_hand() {
    use Source::{AlmalinuxOsv, AlpineSecdb, DebianTracker, OsvCratesIo, OsvGo, OsvNpm, OsvPypi};
    let sources = vec![DebianTracker, AlpineSecdb, AlmalinuxOsv, OsvCratesIo, OsvGo, OsvNpm, OsvPypi];
    let world = World::new();
    let mirror = Mirror::Directory(shared_feeds());
    let report = world.sync(&SyncOptions { sources: sources.clone(), ..options(mirror) }).unwrap();
    assert!(!report.has_quarantined(), "{report:#?}");
    for source in sources {
        let status = world.store.status_of(source).unwrap();
        assert!(!status.canaries.is_empty(), "{source}");
        let all_hold = status.canaries.iter().all(|result| result.outcome == CanaryOutcome::Holds);
        assert!(all_hold, "{source}: {:#?}", status.canaries);
    }
    let compiled = world.store.folder().join("compiled");
    let sizes = compiled.read_dir_utf8().unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    println!("compiled databases of {} scopes: {} bytes", report.scopes.len(), sizes.sum::<u64>());
}

/// A file of a publisher, as it is in the samples.
fn sample(path: &str) -> Vec<u8> {
    let archive = shared_feeds().join("../formats/feed-samples.tar.xz");
    let member = format!("format-fixtures/vuls-data-update/{path}");
    let output = Command::new("tar").args(["-xOf", archive.as_str(), &member]).output().unwrap();
    assert!(output.status.success(), "{member}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn they_hold_in_the_advisories_at_hand() {
    let mirror = Folder::new();
    for (name, path) in [
        ("osv/Rocky Linux/all.zip", "rocky/osv/testdata/fixtures/all.zip"),
        ("oracle-oval/com.oracle.elsa-all.xml.bz2", "oracle/linux/testdata/fixtures/com.oracle.elsa-all.xml.bz2"),
        ("amazon/1/updateinfo.xml.gz", "amazon/testdata/fixtures/updateinfo_1.xml.gz"),
        ("amazon/2/updateinfo.xml.gz", "amazon/testdata/fixtures/updateinfo_2.xml.gz"),
        ("amazon/2023/updateinfo.xml.gz", "amazon/testdata/fixtures/updateinfo_2023.xml.gz"),
    ] {
        put(&mirror.path, name, sample(path));
    }
    let sources = vec![Source::RockyOsv, Source::OracleOval, Source::AmazonUpdateinfo];
    let world = World::new();
    world.sync(&SyncOptions { sources: sources.clone(), ..from_folder(&mirror) }).unwrap();
    let canaries = sources.into_iter().flat_map(|source| world.store.status_of(source).unwrap().canaries);
    let fared: Vec<(String, CanaryOutcome)> = canaries.map(|result| (result.canary, result.outcome)).collect();
    let expected = [
        "rocky-9 bcel RLSA-2023:0005",
        "oracle-5 bind ELSA-2007-0057",
        "amazon-1 httpd-devel ALAS-2011-1",
        "amazon-2023 rsyslog ALAS2023-2023-001",
    ];
    assert_eq!(fared, expected.map(|canary| (canary.to_owned(), CanaryOutcome::Holds)));
}
