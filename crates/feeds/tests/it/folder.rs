//! Mirrors that are folders, and what can stand in them in place of a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use assay_feeds::{FeedError, Mirror, Shrunk, Silent, Source, SourceReport, SyncOptions, SyncOutcome, SyncReport};

use crate::specimen;
use crate::world::{
    World, block_on, failure, folder_mirror, from_folder, now, options, outcome, put, small_feeds, tree,
};

#[test]
fn a_folder_is_imported() {
    let world = World::new();
    let mirror = folder_mirror(&small_feeds(10));
    let report = block_on(world.store.import(&mirror.path, Shrunk::Quarantine, &Silent, now())).unwrap();
    assert!(report.is_up_to_date());
    // Whatever is there is taken, and what nobody asked for is not missed.
    let there = |report: &SyncReport| -> Vec<SyncOutcome> {
        let sources = report.sources.iter().filter(|source| source.outcome != SyncOutcome::NotOnMirror);
        sources.map(|source| source.outcome.clone()).collect()
    };
    assert_eq!(there(&report), vec![SyncOutcome::Updated; 4], "{report:#?}");
    assert!(!report.sources.iter().any(SourceReport::needs_attention), "{report:#?}");
    assert_eq!(world.records(), 10);
    let again = block_on(world.store.import(&mirror.path, Shrunk::Quarantine, &Silent, now())).unwrap();
    assert_eq!(there(&again), vec![SyncOutcome::Unchanged; 4], "{again:#?}");
}

#[test]
fn a_folder_that_is_not_there_is_no_empty_mirror() {
    let world = World::new();
    let error = world.sync(&options(Mirror::Directory("/nowhere".into()))).unwrap_err();
    assert!(matches!(error, FeedError::NoSuchMirror { .. }), "{error}");
    let empty = folder_mirror(&[]);
    let report = world.sync(&from_folder(&empty)).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::NotOnMirror);
    assert!(report.source(Source::DebianTracker).unwrap().needs_attention());
    assert!(!report.is_up_to_date());
}

#[test]
fn a_fifo_a_device_or_a_folder_in_place_of_a_file_is_refused() {
    let fifo = |path: &str| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let link = |to: &'static str| move |path: &str| std::os::unix::fs::symlink(to, path).unwrap();
    check_refused(&fifo, "json: it is no regular file");
    check_refused(&|path| fs::create_dir(path).unwrap(), "json: it is no regular file");
    check_refused(&link("/dev/zero"), "json: it is no regular file");
    check_refused(&link("json"), "json: it could not be read: Too many levels of symbolic links (os error 40)");
}

fn check_refused(make: &dyn Fn(&str), expected: &str) {
    let world = World::with_small_feeds(10);
    let mirror = folder_mirror(&[("debian-tracker/other", String::new())]);
    make(mirror.path.join("debian-tracker/json").as_str());
    let report = world.sync(&SyncOptions { sources: vec![Source::DebianTracker], ..from_folder(&mirror) }).unwrap();
    assert_eq!(failure(&report, Source::DebianTracker), expected);
    assert_eq!(world.records(), 10);
}

#[test]
fn a_sparse_giant_is_refused_without_filling_the_disk() {
    let world = World::with_small_feeds(10);
    let mirror = folder_mirror(&[("cisa-kev/known_exploited_vulnerabilities.json", String::new())]);
    let giant = fs::File::options().write(true).open(mirror.path.join("cisa-kev/known_exploited_vulnerabilities.json"));
    giant.unwrap().set_len(5 << 30).unwrap();
    let report = world.sync(&SyncOptions { sources: vec![Source::CisaKev], ..from_folder(&mirror) }).unwrap();
    let limit = Source::CisaKev.max_file_bytes();
    assert!(failure(&report, Source::CisaKev).ends_with(&format!("it has more than {limit} bytes")));
}

#[test]
fn one_source_alone_leaves_the_others_as_they_are() {
    let world = World::with_small_feeds(10);
    let before = world.store.status_of(Source::CisaKev).unwrap();
    let mirror = folder_mirror(&small_feeds(11));
    let only = SyncOptions { sources: vec![Source::Epss], ..from_folder(&mirror) };
    let report = world.sync_at(&only, &Silent, "2026-11-24T13:00:00Z").unwrap();
    assert_eq!(report.sources.len(), 1);
    assert_eq!(report.source(Source::Epss).unwrap().records, Some(11));
    assert_eq!(world.records(), 10);
    assert_eq!(world.store.status_of(Source::CisaKev).unwrap(), before);
    let enrichment = world.store.enrichment().unwrap().unwrap();
    assert!(enrichment.kev("CVE-2024-1009".parse().unwrap()).unwrap().is_some());
    assert!(enrichment.kev("CVE-2024-1010".parse().unwrap()).unwrap().is_none());
    assert!(enrichment.epss("CVE-2024-1010".parse().unwrap()).unwrap().is_some());
    assert!(!enrichment.cvss("CVE-2026-1009".parse().unwrap()).unwrap().is_empty());
}

#[test]
fn a_feed_that_the_new_mirror_does_not_have_stays_in_use() {
    let world = World::with_small_feeds(10);
    let mirror = folder_mirror(&[("debian-tracker/json", specimen::debian("bookworm", 12))]);
    let report = world.sync(&from_folder(&mirror)).unwrap();
    assert_eq!(outcome(&report, Source::CisaKev), &SyncOutcome::NotOnMirror);
    assert_eq!(report.source(Source::CisaKev).unwrap().records, Some(10));
    assert_eq!(world.store.status_of(Source::CisaKev).unwrap().state.word(), "failed");
    let enrichment = world.store.enrichment().unwrap().unwrap();
    assert!(enrichment.kev("CVE-2024-1009".parse().unwrap()).unwrap().is_some());
    assert_eq!(world.records(), 12);
}

#[test]
fn nothing_that_is_out_of_use_stays_on_disk() {
    let world = World::with_small_feeds(10);
    let before = tree(world.store.folder());
    put(world.store.folder(), "compiled/debian-bookworm-0000000000000000.assaydb", "left by a crash");
    put(world.store.folder(), "raw/epss/0000000000000000-old.csv", "left by a crash");
    put(world.store.folder(), "incoming/half", "left by a crash");
    let mirror = folder_mirror(&small_feeds(11));
    world.sync(&from_folder(&mirror)).unwrap();
    let after = tree(world.store.folder());
    assert_eq!(before.len(), after.len(), "{:#?}", after.keys());
}

#[test]
fn files_are_readable_to_everyone_whatever_the_umask() {
    let world = World::with_small_feeds(10);
    let root = world.store.folder();
    for (name, _) in tree(root).iter().filter(|(name, _)| *name != "lock") {
        let mode = fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o644, "{name}");
    }
    for folder in ["", "raw", "raw/epss", "compiled"] {
        let mode = fs::metadata(root.join(folder)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o755, "{folder}");
    }
}
