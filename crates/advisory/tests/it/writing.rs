//! Putting a database into place: complete or not at all.

use std::process::Command;

use assay_advisory::import::DebianTracker;
use assay_advisory::{AdvisoryError, Database, Limits};

use crate::support::{origin, specimen};

fn tracker(state: &str) -> DebianTracker {
    DebianTracker::read(specimen(state).as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn a_database_replaces_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = tracker("open").write("bookworm", &origin("debian-tracker"), folder.path()).unwrap();
    assert_eq!(path, folder.path().join("debian-bookworm.assaydb"));
    let old = Database::open(&path).unwrap();
    let again = tracker("resolved-fixed").write("bookworm", &origin("debian-tracker"), folder.path()).unwrap();
    let new = Database::open(&again).unwrap();
    // Whoever has the old one open goes on reading it.
    old.verify().unwrap();
    new.verify().unwrap();
    assert_ne!(old.fingerprint(), new.fingerprint());
    let header = new.header();
    assert_eq!((header.scope.release(), header.record_count, header.package_count), ("bookworm", 1, 1));
    assert_eq!(header.origins, [origin("debian-tracker")]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_same_feed_gives_the_same_bytes() {
    let bytes = |state: &str| tracker(state).compile("bookworm", &origin("debian-tracker")).unwrap();
    assert_eq!(bytes("open"), bytes("open"));
    let reordered = r#"{"b":{"CVE-2024-2":{"releases":{"sid":{"status":"open"}}},"CVE-2024-1":{"releases":{"sid":{"status":"open"}}}},
        "a":{"CVE-2024-1":{"releases":{"sid":{"status":"open"}}}}}"#;
    let ordered = r#"{"a":{"CVE-2024-1":{"releases":{"sid":{"status":"open"}}}},
        "b":{"CVE-2024-1":{"releases":{"sid":{"status":"open"}}},"CVE-2024-2":{"releases":{"sid":{"status":"open"}}}}}"#;
    let compile = |json: &str| {
        let tracker = DebianTracker::read(json.as_bytes(), &Limits::default()).unwrap();
        tracker.compile("sid", &origin("debian-tracker")).unwrap()
    };
    assert_eq!(compile(reordered), compile(ordered));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let written = tracker("open").write("bookworm", &origin("debian-tracker"), &missing);
    assert!(matches!(written, Err(AdvisoryError::Write { .. })), "{written:?}");
    let unknown = tracker("open").compile("trixie", &origin("debian-tracker"));
    assert!(matches!(unknown, Err(AdvisoryError::NoSuchRelease { .. })), "{unknown:?}");
}

const FOLDER: &str = "ASSAY_TEST_FULL_DISK";

/// A limit on the size of files stands in for a full disk: writing fails half-way.
#[test]
fn a_full_disk_leaves_the_old_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = tracker("open").write("bookworm", &origin("debian-tracker"), folder.path()).unwrap();
    let before = std::fs::read(&path).unwrap();
    // `ulimit -f` counts blocks of 512 bytes; the signal is ignored so that write(2) fails instead.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" --exact writing::full_disk_child --ignored --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("the disk was full"), "{text}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    Database::open(&path).unwrap().verify().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file was left");
}

/// The part of [`a_full_disk_leaves_the_old_database`] that runs with the limit.
#[test]
#[ignore = "run by a_full_disk_leaves_the_old_database"]
fn full_disk_child() {
    let folder = std::env::var_os(FOLDER).expect("set by a_full_disk_leaves_the_old_database");
    let written = tracker("resolved-fixed").write("bookworm", &origin("debian-tracker"), folder.as_ref());
    assert!(matches!(written, Err(AdvisoryError::Write { .. })), "{written:?}");
    println!("the disk was full");
}
