//! Reading: without a lock, without writing, as anyone, at any time; and what damage looks like from there.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use assay_advisory::Platform;
use assay_feeds::{FeedError, FeedStore, Progress, Silent, Source, Step, SyncOptions, SyncOutcome};

use crate::child::{Task, run};
use crate::specimen;
use crate::world::{World, block_on, folder_mirror, from_folder, now, outcome, records, small_feeds};

const DEBIAN: &[Platform] = &[Platform::Debian];

#[test]
fn an_empty_store_misses_everything_and_makes_nothing() {
    let world = World::new();
    let error = world.store.database(&"debian-bookworm".parse().unwrap()).unwrap_err();
    assert!(matches!(error, FeedError::Missing { feed: Source::DebianTracker, .. }), "{error}");
    assert!(error.remedy().contains("assay feeds sync"));
    assert!(world.store.enrichment().unwrap().is_none());
    assert!(world.store.summaries().unwrap().is_empty());
    assert!(world.store.age(DEBIAN, now()).unwrap().is_none());
    let missing = world.store.require_age(DEBIAN, Duration::MAX, now()).unwrap_err();
    assert!(matches!(missing, FeedError::Missing { .. }), "{missing}");
    for status in world.store.status().unwrap() {
        assert_eq!(status.state.word(), "missing");
    }
    assert!(!world.store.folder().exists());
}

#[test]
fn age_is_checked_against_the_limit() {
    let world = World::with_small_feeds(10);
    let day = Duration::from_secs(86_400);
    world.store.require_age(DEBIAN, day, now()).unwrap();
    let later = "2026-11-27T12:00:00Z".parse().unwrap();
    assert!(world.store.age(DEBIAN, later).unwrap().is_some_and(|age| age > day));
    match world.store.require_age(DEBIAN, day, later).unwrap_err() {
        FeedError::Stale { feed: Source::DebianTracker, age, limit } => assert!(age > limit),
        other => panic!("{other}"),
    }
    let summaries = world.store.summaries().unwrap();
    assert_eq!(summaries.len(), 4);
    assert_eq!(summaries[0].records, 10);
    assert_eq!(summaries[0].digest.len(), 64);
}

#[test]
fn a_read_only_folder_is_read_and_not_written_to() {
    let world = World::with_small_feeds(10);
    // As root the permissions alone would not stop a write, so the folder is mounted read-only, where nothing can.
    let script = format!(
        r#"mount --bind {store} {store} && mount -o remount,ro,bind {store} && exec "$@""#,
        store = world.store.folder()
    );
    let output = run(&Task::Read { store: world.store.folder() }, &["unshare", "-rm", "sh", "-ec", &script, "sh"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn opening_reads_no_more_than_the_header() {
    let world = World::with_small_feeds(10);
    let folder = world.store.folder().join("compiled");
    for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
        let mut bytes = fs::read(entry.path()).unwrap();
        let last = bytes.iter().rposition(|byte| *byte != 0).unwrap();
        bytes[last] ^= 1;
        fs::write(entry.path(), bytes).unwrap();
    }
    let database = world.store.database(&"debian-bookworm".parse().unwrap()).unwrap();
    assert!(database.verify().is_err(), "the damage is far behind the header");
    assert!(world.store.enrichment().unwrap().unwrap().verify().is_err());
}

/// Opens the databases before every step of a sync.
struct Reader {
    store: FeedStore,
    seen: Mutex<Vec<u64>>,
}

impl Progress for Reader {
    fn step(&self, _: Step) {
        self.seen.lock().unwrap().push(records(&self.store));
        self.store.enrichment().unwrap().unwrap().verify().unwrap();
    }
}

#[test]
fn readers_see_the_old_feed_or_the_new_one() {
    let world = World::with_small_feeds(10);
    let held = world.store.database(&"debian-bookworm".parse().unwrap()).unwrap();
    let reader = Reader { store: world.store.clone(), seen: Mutex::default() };
    world.sync_with(&from_folder(&folder_mirror(&small_feeds(20))), &reader).unwrap();
    let mut seen = reader.seen.into_inner().unwrap();
    seen.dedup();
    assert_eq!(seen, [10, 20]);
    held.verify().unwrap();
    assert_eq!(held.header().record_count, 10, "a database that is open stays as it is");
}

/// Tries a second sync in the middle of the first.
struct Intruder {
    store: FeedStore,
    options: SyncOptions,
    refusals: Mutex<Vec<FeedError>>,
}

impl Progress for Intruder {
    fn step(&self, _: Step) {
        // A runtime cannot be entered from within another one, but from a thread of its own.
        let result = std::thread::scope(|scope| {
            scope.spawn(|| block_on(self.store.sync(&self.options, &Silent, now()))).join().unwrap()
        });
        self.refusals.lock().unwrap().push(result.unwrap_err());
    }
}

#[test]
fn two_syncs_at_once_are_refused() {
    let world = World::with_small_feeds(10);
    let mirror = folder_mirror(&small_feeds(20));
    let options = from_folder(&mirror);
    let intruder = Intruder { store: world.store.clone(), options: options.clone(), refusals: Mutex::default() };
    world.sync_with(&options, &intruder).unwrap();
    let refusals = intruder.refusals.into_inner().unwrap();
    assert!(refusals.len() > 5);
    for refusal in refusals {
        let FeedError::Locked { holder, .. } = &refusal else { panic!("{refusal}") };
        assert_eq!(holder.as_deref(), Some(std::process::id().to_string().as_str()));
    }
    assert_eq!(world.records(), 20);
    world.sync(&options).unwrap();
}

#[test]
fn damage_is_an_error_and_heals_with_a_sync() {
    let mirror = folder_mirror(&small_feeds(10));
    let damage = |part: &str, how: fn(Vec<u8>) -> Vec<u8>| {
        let world = World::with_small_feeds(10);
        let folder = world.store.folder().join(part);
        for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
            let bytes = fs::read(entry.path()).unwrap();
            fs::write(entry.path(), how(bytes)).unwrap();
        }
        world
    };
    let cut: fn(Vec<u8>) -> Vec<u8> = |bytes| bytes[..bytes.len() / 2].to_vec();
    let garbage: fn(Vec<u8>) -> Vec<u8> = |bytes| vec![b'x'; bytes.len()];
    let empty: fn(Vec<u8>) -> Vec<u8> = |_| Vec::new();
    for how in [cut, garbage, empty] {
        let world = damage("compiled", how);
        let error = world.store.database(&"debian-bookworm".parse().unwrap()).unwrap_err();
        assert!(matches!(error, FeedError::Corrupt { .. }), "{error}");
        assert!(world.store.enrichment().is_err());
        // What is stored is enough: nothing has to come.
        block_on(world.store.rebuild(&Silent, now())).unwrap();
        assert_eq!(world.records(), 10);
        world.store.enrichment().unwrap().unwrap().verify().unwrap();

        let world = damage("raw/debian-tracker", how);
        assert_eq!(world.records(), 10, "what was compiled from it is in use");
        world.sync(&from_folder(&mirror)).unwrap();
        let raw = world.store.folder().join("raw/debian-tracker");
        let entry = raw.read_dir_utf8().unwrap().next().unwrap().unwrap();
        assert_eq!(fs::read_to_string(entry.path()).unwrap(), specimen::debian("bookworm", 10));
    }
}

#[test]
fn a_compiled_file_that_is_gone_is_made_again() {
    let world = World::with_small_feeds(10);
    fs::remove_dir_all(world.store.folder().join("compiled")).unwrap();
    assert!(matches!(
        world.store.database(&"debian-bookworm".parse().unwrap()).unwrap_err(),
        FeedError::Corrupt { .. }
    ));
    let empty = folder_mirror(&[]);
    let report = world.sync(&from_folder(&empty)).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::NotOnMirror);
    assert_eq!(world.records(), 10, "compiled from what is stored");
}

#[test]
fn a_damaged_status_is_an_error_and_heals_with_a_sync() {
    let mirror = folder_mirror(&small_feeds(10));
    for content in ["", "{", "null", "{\"version\":2}", "\u{0}\u{0}"] {
        let world = World::with_small_feeds(10);
        fs::write(world.store.folder().join("status.json"), content).unwrap();
        for error in [
            world.store.database(&"debian-bookworm".parse().unwrap()).unwrap_err(),
            world.store.status().unwrap_err(),
            world.store.age(DEBIAN, now()).unwrap_err(),
        ] {
            assert!(matches!(error, FeedError::Corrupt { .. }), "{error}");
            assert!(error.remedy().contains("assay feeds sync"));
        }
        let report = world.sync(&from_folder(&mirror)).unwrap();
        assert_eq!(report.repairs.len(), 1);
        assert_eq!(world.records(), 10);
    }
}

#[test]
fn the_status_of_a_newer_assay_is_left_alone() {
    let world = World::with_small_feeds(10);
    let path = world.store.folder().join("status.json");
    let newer = fs::read_to_string(&path).unwrap().replace("\"version\": 2", "\"version\": 7");
    fs::write(&path, &newer).unwrap();
    let error = world.sync(&from_folder(&folder_mirror(&small_feeds(10)))).unwrap_err();
    assert!(matches!(error, FeedError::Incompatible { version: 7, .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}
