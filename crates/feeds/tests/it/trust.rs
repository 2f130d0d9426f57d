//! Feeds that are not to be trusted: they are put aside, the old ones stay in use, and it is said loudly.

use std::fs;

use assay_advisory::Scope;
use assay_feeds::{FeedError, FeedState, QuarantineReason, Shrunk, Silent, Source, SyncOptions, SyncOutcome};

use crate::specimen;
use crate::world::{Folder, World, folder_mirror, from_folder, outcome, put, small_feeds, tree};

/// What is in use has 100 records; this comes for a source, and must not be used.
fn check_put_aside(source: Source, name: &str, content: impl AsRef<[u8]>, expected: &str) {
    let world = World::with_small_feeds(100);
    let compiled = tree(&world.store.folder().join("compiled"));
    let mirror = folder_mirror(&small_feeds(100));
    put(&mirror.path, name, content);
    let report = world.sync(&from_folder(&mirror)).unwrap();
    let SyncOutcome::Quarantined { files, folder } = outcome(&report, source) else { panic!("{report:#?}") };
    let reason = files[0].1.to_string();
    assert!(reason.contains(expected), "{name}: {reason}");
    assert!(report.has_quarantined());
    assert!(report.source(source).unwrap().needs_attention());
    assert_eq!(tree(&world.store.folder().join("compiled")), compiled, "{name}");
    assert_eq!(world.records(), 100);

    let note = fs::read_to_string(world.store.folder().join(folder).join("reason.json")).unwrap();
    assert!(note.contains(source.name()), "{note}");
    let aside = tree(&world.store.folder().join(folder));
    assert_eq!(aside.len(), 2, "the file and the note: {:?}", aside.keys());
    let status = world.store.status_of(source).unwrap();
    assert_eq!(status.state.word(), "quarantined");
    assert!(status.is_in_use());
    let others = report.sources.iter().filter(|other| other.source != source);
    assert!(others.clone().all(|other| other.outcome == SyncOutcome::Unchanged), "{report:#?}");
}

#[test]
fn garbage_is_put_aside() {
    use Source::{CisaKev, CveRecords, DebianTracker, Epss};
    let parse = "it does not parse: ";
    let html = "<!DOCTYPE html><html><body>Please log in to the hotel's network</body></html>";
    for (source, name) in [
        (DebianTracker, "debian-tracker/json"),
        (CisaKev, "cisa-kev/known_exploited_vulnerabilities.json"),
        (Epss, "epss/epss_scores-current.csv"),
        (CveRecords, "nvd/nvdcve-2.0-2026.json"),
    ] {
        check_put_aside(source, name, html, parse);
        check_put_aside(source, name, "", parse);
        check_put_aside(source, name, b"\xff\xfe\x00\x01", parse);
        check_put_aside(source, name, b"\xfd7zXZ\x00 but no more of it", parse);
        check_put_aside(source, name, b"\x1f\x8b\x08 but no more of it", parse);
    }
    let whole = specimen::debian("bookworm", 100);
    check_put_aside(DebianTracker, "debian-tracker/json", &whole[..whole.len() - 1], parse);
    let whole = specimen::kev(100);
    check_put_aside(CisaKev, "cisa-kev/known_exploited_vulnerabilities.json", &whole[..whole.len() - 1], parse);
}

#[test]
fn an_empty_feed_is_put_aside() {
    check_put_aside(Source::DebianTracker, "debian-tracker/json", "{}", "");
    check_put_aside(Source::CisaKev, "cisa-kev/known_exploited_vulnerabilities.json", specimen::kev(0), "");
    check_put_aside(Source::Epss, "epss/epss_scores-current.csv", specimen::epss(0), "");
}

#[test]
fn a_feed_that_shrank_is_put_aside() {
    check_put_aside(
        Source::DebianTracker,
        "debian-tracker/json",
        specimen::debian("bookworm", 80),
        "it shrank from 100 to 80 records for debian-bookworm",
    );
    check_put_aside(
        Source::CisaKev,
        "cisa-kev/known_exploited_vulnerabilities.json",
        specimen::kev(80),
        "it shrank from 100 to 80 records",
    );
    check_put_aside(Source::Epss, "epss/epss_scores-current.csv", specimen::epss(1), "it shrank from 100 to 1 records");
    check_put_aside(
        Source::CveRecords,
        "nvd/nvdcve-2.0-2026.json",
        specimen::nvd(2026, 50),
        "it shrank from 200 to 150 records",
    );
}

#[test]
fn a_release_name_cannot_lead_out_of_the_folder() {
    check_put_aside(Source::DebianTracker, "debian-tracker/json", specimen::debian("../../evil", 100), "");
}

#[test]
fn a_shrunk_feed_can_be_accepted() {
    let world = World::with_small_feeds(100);
    let mirror = folder_mirror(&small_feeds(50));
    let refused = world.sync(&from_folder(&mirror)).unwrap();
    assert!(refused.sources.iter().all(|source| matches!(source.outcome, SyncOutcome::Quarantined { .. })));
    assert_eq!(world.records(), 100);
    let accepted = world.sync(&SyncOptions { shrunk: Shrunk::Accept, ..from_folder(&mirror) }).unwrap();
    for source in &accepted.sources {
        assert_eq!(source.outcome, SyncOutcome::Updated, "{source:?}");
    }
    assert_eq!(world.records(), 50);
    let status = world.store.status_of(Source::DebianTracker).unwrap();
    assert_eq!((status.records, status.previous_records), (Some(50), Some(100)));
    assert_eq!(status.state, FeedState::Ok);
}

#[test]
fn one_bad_year_does_not_hold_up_the_others() {
    let world = World::with_small_feeds(100);
    let mut feeds = small_feeds(100);
    feeds.retain(|(name, _)| !name.contains("-2025"));
    let mirror = folder_mirror(&feeds);
    put(&mirror.path, "nvd/nvdcve-2.0-2025.json", "{\"vulnerabilities\":[{\"cve\"");
    put(&mirror.path, "nvd/nvdcve-2.0-2026.json", specimen::nvd(2026, 110));
    let report = world.sync(&from_folder(&mirror)).unwrap();
    let SyncOutcome::Quarantined { files, .. } = outcome(&report, Source::CveRecords) else { panic!("{report:#?}") };
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].0, "nvdcve-2.0-2025.json");
    assert_eq!(report.source(Source::CveRecords).unwrap().records, Some(210));
    let enrichment = world.store.enrichment().unwrap().unwrap();
    for id in ["CVE-2026-1109", "CVE-2025-1099"] {
        assert!(!enrichment.cvss(id.parse().unwrap()).unwrap().is_empty(), "{id}");
    }
}

#[test]
fn two_bad_sources_leave_the_third_one_to_be_updated() {
    let world = World::with_small_feeds(100);
    let mirror = folder_mirror(&small_feeds(100));
    put(&mirror.path, "cisa-kev/known_exploited_vulnerabilities.json", specimen::kev(10));
    put(&mirror.path, "epss/epss_scores-current.csv", specimen::epss(10));
    put(&mirror.path, "nvd/nvdcve-2.0-2026.json", specimen::nvd(2026, 110));
    let report = world.sync(&from_folder(&mirror)).unwrap();
    for source in [Source::CisaKev, Source::Epss] {
        assert!(matches!(outcome(&report, source), SyncOutcome::Quarantined { .. }), "{report:#?}");
        assert_eq!(report.source(source).unwrap().records, Some(100));
    }
    assert_eq!(outcome(&report, Source::CveRecords), &SyncOutcome::Updated);
    let enrichment = world.store.enrichment().unwrap().unwrap();
    assert!(enrichment.kev("CVE-2024-1099".parse().unwrap()).unwrap().is_some());
    assert!(enrichment.epss("CVE-2024-1099".parse().unwrap()).unwrap().is_some());
    assert!(!enrichment.cvss("CVE-2026-1109".parse().unwrap()).unwrap().is_empty());
}

#[test]
fn a_first_feed_that_is_garbage_is_missing_and_not_empty() {
    let world = World::new();
    let mirror = folder_mirror(&[("debian-tracker/json", "garbage".to_owned())]);
    let report = world.sync(&from_folder(&mirror)).unwrap();
    assert!(!report.source(Source::DebianTracker).unwrap().is_in_use());
    match world.store.database(&"debian-bookworm".parse().unwrap()).unwrap_err() {
        FeedError::Missing { feed: Source::DebianTracker, reason: Some(reason) } => {
            assert!(reason.starts_with("json: it does not parse: "), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

fn names(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(Scope::to_string).collect()
}

#[test]
fn a_retired_release_is_told_and_no_longer_covered() {
    let world = World::new();
    let with = |releases: &[(&str, usize)]| folder_mirror(&[("debian-tracker/json", specimen::debian_of(releases))]);
    world.sync(&from_folder(&with(&[("bookworm", 100), ("buster", 100)]))).unwrap();
    let report = world.sync(&from_folder(&with(&[("bookworm", 100), ("trixie", 5)]))).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    assert_eq!(names(&report.dropped_scopes), ["debian-buster"]);
    assert_eq!(names(&world.store.scopes().unwrap()), ["debian-bookworm", "debian-trixie"]);
    match world.store.database(&"debian-buster".parse().unwrap()).unwrap_err() {
        FeedError::ScopeNotCovered { covered, .. } => assert_eq!(covered, ["debian-bookworm", "debian-trixie"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_the_newest_few_are_kept() {
    let world = World::with_small_feeds(100);
    let mirror = folder_mirror(&[("epss/epss_scores-current.csv", "garbage".to_owned())]);
    let only = SyncOptions { sources: vec![Source::Epss], ..from_folder(&mirror) };
    for hour in 10..16 {
        world.sync_at(&only, &Silent, &format!("2026-11-25T{hour}:00:00Z")).unwrap();
    }
    let kept: Vec<String> = world
        .store
        .folder()
        .join("quarantine")
        .read_dir_utf8()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect();
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert!(kept.contains(&"epss-20261125T150000Z".to_owned()), "{kept:?}");
}

#[test]
fn reasons_carry_nothing_into_a_terminal() {
    let world = World::new();
    let mirror: Folder = folder_mirror(&[("debian-tracker/json", "{\"\u{1b}[31mred\u{7}\": 1}".to_owned())]);
    let report = world.sync(&from_folder(&mirror)).unwrap();
    let SyncOutcome::Quarantined { files, .. } = outcome(&report, Source::DebianTracker) else { panic!() };
    let QuarantineReason::DoesNotParse { detail } = &files[0].1 else { panic!("{files:?}") };
    assert!(!detail.chars().any(char::is_control), "{detail:?}");
}
