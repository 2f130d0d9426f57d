//! The process directories of `/proc`: what several collectors ask of them.
//!
//! Implements `/proc/PID`, `/proc/PID/exe` and `/proc/PID/ns` of proc(5). Surprising: the link of a deleted executable
//! reads `/usr/bin/x (deleted)`, and nothing tells it apart from a file of that name but the file's own absence.

use assay_host::{Host, HostError};
use assay_model::evidence::{Problem, ProblemKind};

/// As many as Linux allows by default on a large machine (`kernel.pid_max` is 32,768 on most).
const MAX_PROCESSES: usize = 65_536;

/// What the kernel appends to the name of a file that no directory holds any more.
pub(crate) const DELETED: &str = " (deleted)";

/// The problem of a source that does not run.
pub(crate) fn not_running(subject: &str) -> Problem {
    Problem::new(subject, ProblemKind::NotSupported, "this source does not run: only a live host can tell")
}

/// Ids of all processes, ascending; and a problem where there are too many.
pub(crate) fn process_ids(host: &dyn Host) -> Result<(Vec<u32>, Option<Problem>), HostError> {
    let mut ids: Vec<u32> = host.read_directory("/proc")?.iter().filter_map(|entry| entry.name.parse().ok()).collect();
    ids.sort_unstable();
    let problem = (ids.len() > MAX_PROCESSES).then(|| {
        let detail = format!("{} processes: only the first {MAX_PROCESSES} were looked at", ids.len());
        Problem::new("/proc", ProblemKind::TooLarge, detail)
    });
    ids.truncate(MAX_PROCESSES);
    Ok((ids, problem))
}

/// The executable of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    /// Its path, without what the kernel appends.
    pub(crate) path: String,
    /// Whether it is no longer on disk. What never was there (a memfd) is not deleted.
    pub(crate) is_deleted: bool,
}

/// The executable of a process that has one.
pub(crate) fn executable(host: &dyn Host, pid: u32) -> Result<Executable, HostError> {
    let target = host.read_link(&format!("/proc/{pid}/exe"))?;
    let Some(path) = target.strip_suffix(DELETED) else {
        return Ok(Executable { path: target, is_deleted: false });
    };
    if host.metadata(&target).is_ok() {
        return Ok(Executable { path: target, is_deleted: false });
    }
    let is_deleted = !is_memory_only(path.as_bytes());
    Ok(Executable { path: path.to_owned(), is_deleted })
}

/// Whether a mapped "file" never was on disk: shared memory and memfds, which always read as deleted.
pub(crate) fn is_memory_only(path: &[u8]) -> bool {
    const BEGINNINGS: &[&str] = &[
        "/memfd:",
        "/SYSV",
        "/dev/zero",
        "/dev/shm/",
        "/anon_hugepage",
        "/[aio]",
        "/[perf_event]",
        "/drm mm object",
        "/i915",
    ];
    BEGINNINGS.iter().any(|beginning| path.starts_with(beginning.as_bytes()))
}

/// In which namespace a process is, compared with the program that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// In the same one.
    Own,
    /// In another one, or it may not be known.
    Other,
}

/// The namespaces of the program that asks.
#[derive(Clone, Debug)]
pub(crate) struct OwnNamespaces {
    mount: Option<String>,
    process: Option<String>,
}

impl OwnNamespaces {
    /// Reads them.
    pub(crate) fn read(host: &dyn Host) -> OwnNamespaces {
        let read = |kind: &str| host.read_link(&format!("/proc/self/ns/{kind}")).ok();
        OwnNamespaces { mount: read("mnt"), process: read("pid") }
    }

    /// Whether a path means the same file to a process as to us. Services that systemd sandboxes are elsewhere, too.
    pub(crate) fn mount_namespace_of(&self, host: &dyn Host, pid: u32) -> Namespace {
        compare(self.mount.as_deref(), host.read_link(&format!("/proc/{pid}/ns/mnt")).ok())
    }

    /// Whether a process is a container's: another namespace of processes is what all containers have and sandboxed
    /// services have not, and its files are those of its image.
    pub(crate) fn process_namespace_of(&self, host: &dyn Host, pid: u32) -> Namespace {
        compare(self.process.as_deref(), host.read_link(&format!("/proc/{pid}/ns/pid")).ok())
    }
}

fn compare(own: Option<&str>, other: Option<String>) -> Namespace {
    if own.is_some() && own == other.as_deref() { Namespace::Own } else { Namespace::Other }
}
