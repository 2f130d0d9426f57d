//! The bytes of one database, all of the same moment.
//!
//! Surprising: rpm may write while a live host is read. SQLite moves pages from its log to the database file, so that one
//! of them read before and the other after lacks packages without being damaged. So the log is read on both sides of the
//! file, and what changed in between is read again.

use std::io::Read as _;

use assay_host::{Host, HostError, Metadata};
use assay_model::evidence::Problem;

use super::defects::Defects;

/// The database is read whole, as hosts are not read at offsets. Workstations with 5,000 packages have 300 MB.
const MAX_DATABASE: u64 = 512 << 20;

const MAX_LOG: u64 = 256 << 20;

/// How often a database that changes is read.
const ATTEMPTS: u32 = 3;

/// What a rollback journal of SQLite begins with while a change is not complete.
const JOURNAL_MAGIC: &[u8] = &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// A database file, and the log that belongs to it (empty where there is none).
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) file: Vec<u8>,
    pub(super) log: Vec<u8>,
}

/// Whether a format has a log beside the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    Beside,
    None,
}

/// Reads a database.
///
/// # Errors
///
/// When the file cannot be read. What is wrong with the log is a defect.
pub(super) fn read(host: &dyn Host, path: &str, log: Log, defects: &mut Defects) -> Result<Snapshot, Problem> {
    let read_log = || match log {
        Log::Beside => host.read(&format!("{path}-wal"), MAX_LOG),
        Log::None => Ok(Vec::new()),
    };
    let mut attempts = ATTEMPTS;
    let (file, log) = loop {
        let (before, log_before) = (state(host, path), read_log());
        let file = host.read(path, MAX_DATABASE).map_err(|error| error.to_problem())?;
        let is_same_log = match (&log_before, &read_log()) {
            (Ok(before), Ok(after)) => before == after,
            (Err(before), Err(after)) => before.kind() == after.kind(),
            _ => false,
        };
        attempts -= 1;
        if is_same_log && before == state(host, path) {
            break (file, log_before);
        }
        if attempts == 0 {
            defects.malformed(format!("it changed each of {ATTEMPTS} times that it was read: packages may be missing"));
            break (file, log_before);
        }
    };
    if is_interrupted(host, path) {
        defects.malformed("a change was interrupted and is not taken back: packages may be missing or be there twice");
    }
    let log = log.unwrap_or_else(|error| {
        if !matches!(error, HostError::NotFound { .. }) {
            let detail = format!("its latest changes are not known: {}", error.to_problem().detail);
            defects.add(error.kind(), detail);
        }
        Vec::new()
    });
    Ok(Snapshot { file, log })
}

/// What changes when a file is written.
fn state(host: &dyn Host, path: &str) -> Option<(u64, u64, i64)> {
    let Metadata { inode, size, modified, .. } = host.metadata(path).ok()?;
    Some((inode, size, modified))
}

/// Whether SQLite's other way to keep changes, a rollback journal, is in use.
fn is_interrupted(host: &dyn Host, path: &str) -> bool {
    let Ok(journal) = host.open(&format!("{path}-journal")) else {
        return false;
    };
    let mut start = Vec::new();
    journal.take(JOURNAL_MAGIC.len() as u64).read_to_end(&mut start).is_ok() && start == JOURNAL_MAGIC
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use assay_host::{DirectoryEntry, FileReader, MemoryHost};
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::*;

    const PATH: &str = "/var/lib/rpm/rpmdb.sqlite";

    /// A host that is another one after each number of reads.
    struct Changing {
        hosts: Vec<MemoryHost>,
        reads_of_each: usize,
        reads: AtomicUsize,
    }

    impl Changing {
        fn now(&self) -> &MemoryHost {
            let at = self.reads.load(Ordering::Relaxed) / self.reads_of_each;
            self.hosts.get(at).unwrap_or(self.hosts.last().unwrap())
        }
    }

    impl Host for Changing {
        fn source(&self) -> SourceKind {
            self.now().source()
        }

        fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError> {
            self.now().open(path)
        }

        fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
            let bytes = self.now().read(path, limit);
            self.reads.fetch_add(1, Ordering::Relaxed);
            bytes
        }

        fn metadata(&self, path: &str) -> Result<Metadata, HostError> {
            self.now().metadata(path)
        }

        fn link_metadata(&self, path: &str) -> Result<Metadata, HostError> {
            self.now().link_metadata(path)
        }

        fn read_link(&self, path: &str) -> Result<String, HostError> {
            self.now().read_link(path)
        }

        fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
            self.now().read_directory(path)
        }
    }

    fn host(file: &str, log: &str) -> MemoryHost {
        MemoryHost::new(SourceKind::LiveHost).file(PATH, file).file("/var/lib/rpm/rpmdb.sqlite-wal", log)
    }

    /// File, log, and kinds of defects.
    #[track_caller]
    fn check(host: &dyn Host, file: &str, log: &str, expected: &[ProblemKind]) {
        let mut defects = Defects::new(PATH);
        let snapshot = read(host, PATH, Log::Beside, &mut defects).unwrap();
        assert_eq!((snapshot.file.as_slice(), snapshot.log.as_slice()), (file.as_bytes(), log.as_bytes()));
        let kinds: Vec<ProblemKind> = defects.into_problems().iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, expected);
    }

    #[test]
    fn what_changed_is_read_again() {
        check(&host("old", "new pages"), "old", "new pages", &[]);
        // Each attempt reads three times; the change comes after the log, then after the file.
        for reads_of_each in [1, 2] {
            let hosts = vec![host("old", "new pages"), host("newer", "")];
            check(&Changing { hosts, reads_of_each, reads: AtomicUsize::new(0) }, "newer", "", &[]);
        }
        let hosts = (0..20).map(|round| host(&"x".repeat(round), "")).collect();
        let restless = Changing { hosts, reads_of_each: 1, reads: AtomicUsize::new(0) };
        check(&restless, "xxxxxxx", "", &[ProblemKind::Malformed]);
    }

    #[test]
    fn a_log_or_journal_that_is_there_is_never_passed_over() {
        let alone = MemoryHost::new(SourceKind::LiveHost).file(PATH, "db");
        check(&alone, "db", "", &[]);
        let denied = alone.clone().denied("/var/lib/rpm/rpmdb.sqlite-wal");
        check(&denied, "db", "", &[ProblemKind::NotPermitted]);
        let interrupted = alone.clone().file("/var/lib/rpm/rpmdb.sqlite-journal", JOURNAL_MAGIC);
        check(&interrupted, "db", "", &[ProblemKind::Malformed]);
        let ended = alone.file("/var/lib/rpm/rpmdb.sqlite-journal", [0; 28]);
        check(&ended, "db", "", &[]);
        let mut defects = Defects::new(PATH);
        let error = read(&MemoryHost::new(SourceKind::LiveHost), PATH, Log::None, &mut defects).unwrap_err();
        assert_eq!(error.kind, ProblemKind::NotFound);
    }
}
