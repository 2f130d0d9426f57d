//! What the tests share: a store in a temporary folder, mirrors, a runtime, and what to expect of a sync.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use assay_advisory::Platform;
use assay_feeds::{
    FeedError, FeedStore, Mirror, Patience, Progress, Silent, Source, SyncOptions, SyncOutcome, SyncReport,
};
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::server::{Answer, Server};
use crate::specimen;

/// When the tests take place.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Patience for tests: no waiting between attempts, and what hangs is given up soon.
pub(crate) fn hasty() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        idle: Duration::from_secs(5),
        total: Duration::from_secs(60),
        retries: 3,
        first_pause: Duration::ZERO,
    }
}

/// The data that the project is tested with.
pub(crate) fn shared_feeds() -> Utf8PathBuf {
    let shared = std::env::var("ASSAY_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let feeds = Utf8PathBuf::from(shared).join("data/feeds");
    assert!(feeds.is_dir(), "{feeds} is not there: set ASSAY_SHARED to the folder of shared data");
    feeds
}

/// A temporary folder.
pub(crate) struct Folder {
    _guard: TempDir,
    pub(crate) path: Utf8PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().to_owned();
        Folder { _guard: guard, path }
    }
}

/// A mirror that is a folder, with small feeds.
pub(crate) fn folder_mirror(files: &[(&str, String)]) -> Folder {
    let folder = Folder::new();
    for (name, content) in files {
        put(&folder.path, name, content);
    }
    folder
}

pub(crate) fn put(root: &Utf8Path, name: &str, content: impl AsRef<[u8]>) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Small feeds of every source.
pub(crate) fn small_feeds(count: usize) -> Vec<(&'static str, String)> {
    vec![
        ("debian-tracker/json", specimen::debian("bookworm", count)),
        ("cisa-kev/known_exploited_vulnerabilities.json", specimen::kev(count)),
        ("epss/epss_scores-current.csv", specimen::epss(count)),
        ("nvd/nvdcve-2.0-2026.json", specimen::nvd(2026, count)),
        ("nvd/nvdcve-2.0-2025.json", specimen::nvd(2025, count)),
    ]
}

/// A server with these files and nothing else.
pub(crate) fn file_server(files: Vec<(&'static str, String)>) -> Server {
    let files: BTreeMap<&str, String> = files.into_iter().collect();
    Server::start(move |asked| match files.get(asked.path.as_str()) {
        Some(content) => Answer::ok(content.as_str()),
        None => Answer::status(404),
    })
}

/// A store in a temporary folder.
pub(crate) struct World {
    _folder: Folder,
    pub(crate) store: FeedStore,
}

impl World {
    pub(crate) fn new() -> World {
        let folder = Folder::new();
        let store = FeedStore::open(folder.path.join("feeds"));
        World { _folder: folder, store }
    }

    /// A store that has the small feeds already.
    pub(crate) fn with_small_feeds(count: usize) -> World {
        let world = World::new();
        let mirror = folder_mirror(&small_feeds(count));
        let report = world.sync(&from_folder(&mirror)).unwrap();
        assert!(report.sources.iter().all(|source| source.outcome == SyncOutcome::Updated), "{report:#?}");
        world
    }

    pub(crate) fn sync(&self, options: &SyncOptions) -> Result<SyncReport, FeedError> {
        self.sync_with(options, &Silent)
    }

    pub(crate) fn sync_with(&self, options: &SyncOptions, progress: &dyn Progress) -> Result<SyncReport, FeedError> {
        self.sync_at(options, progress, NOW)
    }

    pub(crate) fn sync_at(
        &self,
        options: &SyncOptions,
        progress: &dyn Progress,
        at: &str,
    ) -> Result<SyncReport, FeedError> {
        block_on(self.store.sync(options, progress, at.parse().unwrap()))
    }

    /// How many records the database of bookworm has.
    pub(crate) fn records(&self) -> u64 {
        records(&self.store)
    }
}

/// How many records the database of bookworm has; every reference in it is checked.
pub(crate) fn records(store: &FeedStore) -> u64 {
    let database = store.database(&"debian-bookworm".parse().unwrap()).unwrap();
    database.verify().unwrap();
    database.header().record_count
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn from_folder(mirror: &Folder) -> SyncOptions {
    options(Mirror::Directory(mirror.path.clone()))
}

pub(crate) fn from_server(server: &Server) -> SyncOptions {
    options(server.mirror())
}

/// Only the Debian tracker, which is enough where the transfer is what is tested.
pub(crate) fn tracker_from(server: &Server) -> SyncOptions {
    SyncOptions { sources: vec![Source::DebianTracker], ..from_server(server) }
}

pub(crate) fn options(mirror: Mirror) -> SyncOptions {
    let platforms = vec![Platform::Debian];
    let sources = SyncOptions::sources_of(&platforms);
    SyncOptions { mirror, sources, platforms, patience: hasty(), ..SyncOptions::default() }
}

/// The outcome for one source.
pub(crate) fn outcome(report: &SyncReport, source: Source) -> &SyncOutcome {
    &report.source(source).unwrap_or_else(|| panic!("{source} is not in {report:#?}")).outcome
}

/// The only problem of a source that could not be got.
pub(crate) fn failure(report: &SyncReport, source: Source) -> String {
    match outcome(report, source) {
        SyncOutcome::Failed { problems } | SyncOutcome::Incomplete { problems } if problems.len() == 1 => {
            problems[0].clone()
        }
        other => panic!("{source}: {other:?}"),
    }
}

/// Every file below a folder with its content, by relative path.
pub(crate) fn tree(root: &Utf8Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path().to_owned());
            } else {
                let relative = entry.path().strip_prefix(root).unwrap().to_string();
                files.insert(relative, fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}
