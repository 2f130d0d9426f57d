//! A sync in a process of its own, for tests that end it or confine it.
//!
//! The tests start their own binary once more with `--exact child::as_told` and tell it by an environment variable what
//! to do. Without the variable it does what it does when it is told nothing special, as a test of its own.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use assay_feeds::{FeedError, FeedStore, Mirror, Progress, Silent, Step};
use camino::Utf8Path;

use crate::world::{Folder, block_on, folder_mirror, now, options, records, small_feeds};

const VARIABLE: &str = "ASSAY_FEEDS_CHILD";

/// What a child is told.
#[derive(Clone, Debug)]
pub(crate) enum Task<'a> {
    /// Sync from a mirror, and end without any clean-up before this step, the first being 0.
    Abort { store: &'a Utf8Path, mirror: &'a Utf8Path, before: usize },
    /// Read from a folder that cannot be written to, and fail to sync there.
    Read { store: &'a Utf8Path },
    /// Sync over HTTP and fail to sync over HTTPS, on a machine without certificate authorities.
    Distrust { store: &'a Utf8Path, mirror: &'a str },
    /// Sync from a mirror on a disk that may be too small for it.
    Squeeze { store: &'a Utf8Path, mirror: &'a Utf8Path },
}

/// Starts a child under a shell script, whose `"$@"` starts it; other arguments come first.
pub(crate) fn run(task: &Task<'_>, wrapper: &[&str]) -> Output {
    let told = match task {
        Task::Abort { store, mirror, before } => format!("abort\n{store}\n{mirror}\n{before}"),
        Task::Read { store } => format!("read\n{store}"),
        Task::Distrust { store, mirror } => format!("distrust\n{store}\n{mirror}"),
        Task::Squeeze { store, mirror } => format!("squeeze\n{store}\n{mirror}"),
    };
    let program = std::env::current_exe().unwrap();
    let mut command = match wrapper {
        [] => Command::new(&program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(&program);
            command
        }
    };
    command.args(["--exact", "child::as_told", "--nocapture"]).env(VARIABLE, told);
    command.output().unwrap_or_else(|error| panic!("failed to start {wrapper:?}: {error}"))
}

/// Ends the process before a step.
struct Aborting {
    steps: AtomicUsize,
    before: usize,
}

impl Progress for Aborting {
    fn step(&self, _: Step) {
        if self.steps.fetch_add(1, Ordering::Relaxed) == self.before {
            std::process::abort();
        }
    }
}

#[test]
fn as_told() {
    let told = std::env::var(VARIABLE).unwrap_or_default();
    let lines: Vec<&str> = told.lines().collect();
    match lines.as_slice() {
        ["abort", store, mirror, before] => sync(store, mirror, before.parse().unwrap()).map(|_| ()).unwrap(),
        ["squeeze", store, mirror] => squeeze(store, mirror),
        ["read", store] => {
            let store = FeedStore::open(*store);
            assert_eq!(records(&store), 10);
            store.enrichment().unwrap().unwrap().verify().unwrap();
            let mirror = folder_mirror(&small_feeds(20));
            let error = sync(store.folder().as_str(), mirror.path.as_str(), usize::MAX).unwrap_err();
            assert!(matches!(error, FeedError::Write { .. }), "{error:?}");
            assert!(error.remedy().contains("the feeds in use are unchanged"), "{}", error.remedy());
        }
        ["distrust", store, mirror] => {
            let over = |mirror: &str| {
                block_on(FeedStore::open(*store).sync(&options(mirror.parse().unwrap()), &Silent, now()))
            };
            assert!(over(mirror).unwrap().is_up_to_date());
            let error = over("https://127.0.0.1:1").unwrap_err();
            assert!(matches!(error, FeedError::Client { .. }), "{error:?}");
            assert!(error.remedy().contains("ca-certificates"), "{}", error.remedy());
        }
        _ => {
            let (folder, mirror) = (Folder::new(), folder_mirror(&small_feeds(10)));
            assert_eq!(sync(folder.path.as_str(), mirror.path.as_str(), usize::MAX).unwrap(), 10);
        }
    }
}

fn sync(store: &str, mirror: &str, before: usize) -> Result<u64, FeedError> {
    let store = FeedStore::open(store);
    let progress = Aborting { steps: AtomicUsize::new(0), before };
    block_on(store.sync(&options(Mirror::Directory(mirror.into())), &progress, now()))?;
    Ok(records(&store))
}

/// Either the disk is full and the old feeds of 10 records are in use, at least for a part, or the new ones are.
fn squeeze(store: &str, mirror: &str) {
    let result = sync(store, mirror, usize::MAX);
    let store = FeedStore::open(store);
    match result {
        Ok(records) => {
            assert_ne!(records, 10);
            println!("fits");
        }
        Err(error @ FeedError::DiskFull { .. }) => {
            assert!(error.remedy().contains("space"), "{}", error.remedy());
            let in_use = records(&store);
            store.enrichment().unwrap().unwrap().verify().unwrap();
            assert!(!store.folder().join("incoming").exists(), "what came is still in the way");
            println!("full with {in_use}");
        }
        Err(other) => panic!("{other:?}"),
    }
}
