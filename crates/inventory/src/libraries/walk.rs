//! One walk over all file systems of a host, which finds the files that may speak of libraries.
//!
//! Links are not followed. What the kernel makes up (`/proc`) and what lies on other machines (NFS) is not entered, nor
//! are the stores of container engines: each image is a host of its own. Surprising: nothing is opened or looked at but
//! directories, because their entries say which are files; so a walk costs little more than find(1).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::{Problem, ProblemKind};

use super::candidate::{Reading, reading_of};
use super::problem_list::ProblemList;
use crate::mounts;

/// What the walk of a host may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WalkLimits {
    /// Levels of directories below the root. The deepest trees of real hosts have about forty.
    pub(super) depth: usize,
    /// Directory entries looked at. A large build host has two million.
    pub(super) entries: usize,
}

impl WalkLimits {
    /// For a real host.
    pub(super) const DEFAULT: WalkLimits = WalkLimits { depth: 256, entries: 5_000_000 };
}

/// A file that may speak of libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its absolute path, without links.
    pub(super) path: String,
    /// How it is read.
    pub(super) reading: Reading,
}

/// Directories of the root that hold nothing installed.
const NOT_ENTERED: &[&str] = &["/dev", "/proc", "/run", "/sys"];

/// Where container engines keep images and layers; those of a user lie below the home directory.
const CONTAINER_STORES: &[&str] =
    &["/var/lib/containerd", "/var/lib/containers", "/var/lib/docker", "/var/lib/rancher/k3s/agent/containerd"];
const USERS_CONTAINER_STORES: &[&str] = &["/.local/share/containers", "/.local/share/docker"];

/// File systems that the kernel makes up.
const MADE_UP: &[&str] = &[
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fuse.lxcfs",
    "fuse.portal",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "sysfs",
    "tracefs",
];

/// File systems that lie on other machines, or of which only their program knows where they lie.
const ELSEWHERE: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// Walks over the host; `visit` ends the walk when it breaks.
pub(super) fn walk(
    host: &dyn Host,
    limits: WalkLimits,
    visit: &mut dyn FnMut(Candidate) -> ControlFlow<()>,
) -> ProblemList {
    let mut walk = Walk { host, mounts: mounts_of(host), roots: BTreeSet::new(), problems: ProblemList::default() };
    if let Ok(root) = host.metadata("/") {
        walk.roots.insert((root.device, root.inode));
    }
    let mut pending = vec![(0_usize, "/".to_owned())];
    let mut seen = 0_usize;
    'walk: while let Some((depth, directory)) = pending.pop() {
        let entries = match host.read_directory(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                walk.tell(&directory, &error);
                continue;
            }
        };
        seen = seen.saturating_add(entries.len());
        if seen > limits.entries {
            let detail = format!("the walk stops here, after {} entries: what follows is left out", limits.entries);
            walk.problems.add(Problem::new(directory, ProblemKind::TooLarge, detail));
            break;
        }
        let base = if directory == "/" { "" } else { directory.as_str() };
        for entry in entries.iter().filter(|entry| entry.kind == FileKind::File) {
            if let Some(reading) = reading_of(base, &entry.name) {
                let candidate = Candidate { path: format!("{base}/{}", entry.name), reading };
                if visit(candidate).is_break() {
                    break 'walk;
                }
            }
        }
        // The stack turns the order round, so that the first by name is the next to be taken.
        for entry in entries.iter().rev().filter(|entry| entry.kind == FileKind::Directory) {
            let path = format!("{base}/{}", entry.name);
            if !walk.is_entered(&path) {
                continue;
            }
            if depth >= limits.depth {
                let detail = format!("more than {} directories below each other: it is left out", limits.depth);
                walk.problems.add(Problem::new(path, ProblemKind::TooLarge, detail));
                continue;
            }
            pending.push((depth + 1, path));
        }
    }
    walk.problems
}

struct Walk<'a> {
    host: &'a dyn Host,
    /// What is mounted where, on a live host.
    mounts: BTreeMap<String, String>,
    /// Device and inode number of the root and of what is mounted, so that a mount of the root inside itself ends.
    roots: BTreeSet<(u64, u64)>,
    problems: ProblemList,
}

impl Walk<'_> {
    fn is_entered(&mut self, path: &str) -> bool {
        if NOT_ENTERED.contains(&path) {
            return false;
        }
        if CONTAINER_STORES.contains(&path) || USERS_CONTAINER_STORES.iter().any(|store| path.ends_with(store)) {
            let detail = "images and containers are hosts of their own and not looked into: assess each by itself";
            self.problems.add(Problem::new(path, ProblemKind::NotSupported, detail));
            return false;
        }
        let Some(file_system) = self.mounts.get(path) else {
            return true;
        };
        if MADE_UP.contains(&file_system.as_str()) {
            return false;
        }
        // `fuseblk` is a disk; any other `fuse.…` is what its program makes of it.
        if ELSEWHERE.contains(&file_system.as_str()) || file_system.starts_with("fuse.") {
            let detail = format!("it lies on a file system of the type {file_system}, which is not walked over");
            self.problems.add(Problem::new(path, ProblemKind::NotSupported, detail));
            return false;
        }
        match self.host.link_metadata(path) {
            Ok(metadata) => self.roots.insert((metadata.device, metadata.inode)),
            // Reading it tells why.
            Err(_) => true,
        }
    }

    fn tell(&mut self, directory: &str, error: &HostError) {
        match error {
            HostError::NotFound { .. } if directory.contains(char::REPLACEMENT_CHARACTER) => {
                let detail = "the name of this directory is no UTF-8";
                self.problems.add(Problem::new(directory, ProblemKind::Malformed, detail));
            }
            // Deleted, or replaced by something else, since it was listed.
            HostError::NotFound { .. } | HostError::WrongType { .. } if directory != "/" => {}
            error => self.problems.add(error.to_problem()),
        }
    }
}

/// That mounts cannot be read is told by their own section.
fn mounts_of(host: &dyn Host) -> BTreeMap<String, String> {
    if !host.is_live() {
        return BTreeMap::new();
    }
    let mounted = mounts::collect(host).facts.and_then(|mounts| mounts.mounted).unwrap_or_default();
    mounted.into_iter().map(|mount| (mount.target, mount.file_system)).collect()
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    #[track_caller]
    fn check(host: &dyn Host, limits: WalkLimits, expected: &[&str], problems: &[(&str, ProblemKind)]) {
        let mut found = Vec::new();
        let told = walk(host, limits, &mut |candidate| {
            found.push(candidate.path);
            ControlFlow::Continue(())
        });
        assert_eq!(found, expected);
        let told: Vec<(String, ProblemKind)> =
            told.finish().into_iter().map(|problem| (problem.subject, problem.kind)).collect();
        let told: Vec<(&str, ProblemKind)> = told.iter().map(|(subject, kind)| (subject.as_str(), *kind)).collect();
        assert_eq!(told, problems);
    }

    fn host(source: SourceKind) -> MemoryHost {
        MemoryHost::new(source)
            .file("/a/b/c/Cargo.lock", "")
            .file("/a/b/readme.txt", "")
            .file("/a/z.jar", "")
            .file("/ls", "")
            .file("/proc/x/Cargo.lock", "")
            .file("/srv/proc/Cargo.lock", "")
            .link("/a/up", "..")
    }

    #[test]
    fn files_come_in_order_and_links_are_left_alone() {
        let all = ["/ls", "/a/z.jar", "/a/b/c/Cargo.lock", "/srv/proc/Cargo.lock"];
        check(&host(SourceKind::RootDirectory), WalkLimits::DEFAULT, &all, &[]);
    }

    #[test]
    fn limits_are_told() {
        let root = host(SourceKind::RootDirectory);
        let shallow = WalkLimits { depth: 2, ..WalkLimits::DEFAULT };
        let above = ["/ls", "/a/z.jar", "/srv/proc/Cargo.lock"];
        check(&root, shallow, &above, &[("/a/b/c", ProblemKind::TooLarge)]);
        let few = WalkLimits { entries: 7, ..WalkLimits::DEFAULT };
        check(&root, few, &["/ls", "/a/z.jar"], &[("/a/b", ProblemKind::TooLarge)]);
    }

    #[test]
    fn stores_of_containers_are_told_and_not_entered() {
        let root = host(SourceKind::RootDirectory)
            .file("/var/lib/docker/overlay2/x/Cargo.lock", "")
            .file("/home/me/.local/share/containers/storage/Cargo.lock", "");
        let all = ["/ls", "/a/z.jar", "/a/b/c/Cargo.lock", "/srv/proc/Cargo.lock"];
        let problems = [
            ("/home/me/.local/share/containers", ProblemKind::NotSupported),
            ("/var/lib/docker", ProblemKind::NotSupported),
        ];
        check(&root, WalkLimits::DEFAULT, &all, &problems);
    }

    #[test]
    fn a_live_host_enters_disks_only() {
        let line = |target: &str, file_system: &str| format!("1 1 0:1 / {target} rw - {file_system} none rw\n");
        let mounts = [
            line("/", "ext4"),
            line("/a", "xfs"),
            line("/srv", "nfs4"),
            line("/mnt", "cgroup2"),
            line("/opt", "fuse.sshfs"),
        ];
        let live = host(SourceKind::LiveHost)
            .file("/mnt/Cargo.lock", "")
            .file("/opt/Cargo.lock", "")
            .file("/proc/self/mountinfo", mounts.concat());
        let mut found = Vec::new();
        let told = walk(&live, WalkLimits::DEFAULT, &mut |candidate| {
            found.push(candidate.path);
            ControlFlow::Continue(())
        });
        assert!(!found.iter().any(|path| path.starts_with("/srv") || path.starts_with("/opt")), "{found:?}");
        let told: Vec<String> = told.finish().into_iter().map(|problem| problem.subject).collect();
        assert_eq!(told, ["/opt", "/srv"]);
    }

    #[test]
    fn what_cannot_be_entered_is_told() {
        let root = MemoryHost::new(SourceKind::RootDirectory).file("/a/Cargo.lock", "").denied("/secret/x");
        check(&root, WalkLimits::DEFAULT, &["/a/Cargo.lock", "/secret/x"], &[]);
        let nothing = MemoryHost::new(SourceKind::RootDirectory);
        check(&nothing, WalkLimits::DEFAULT, &[], &[("/", ProblemKind::NotFound)]);
    }
}
