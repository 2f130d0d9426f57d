//! Collects the processes of a live host.
//!
//! Yields the `processes` section of the evidence. A process that ends while it is read is left out, which is no
//! problem. Surprising: even root cannot tell everything, because the files of a container's processes are those of
//! its image; their paths would be mistaken for the host's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assay_host::{Host, HostError};
use assay_model::evidence::process::{MappedFile, Process, Processes};
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::maps::{self, Device, Mapping};
use super::proc_directory::{self, DELETED, Namespace, OwnNamespaces};
use super::{control_group, status};
use crate::ownership::{OwnedFiles, Owners};

const MAX_STATUS: u64 = 64 * 1024;
const MAX_CONTROL_GROUP: u64 = 1024 * 1024;
const MAX_MAPS: u64 = 16 * 1024 * 1024;

/// Problems with single processes that are told one by one.
const MAX_SINGLE_PROBLEMS: usize = 20;

/// Collects all processes; `users` are the names of user ids, from the accounts. The packages of mapped files are found
/// afterwards.
pub fn collect(host: &dyn Host, users: &BTreeMap<u32, String>) -> Collected<Processes> {
    if !host.is_live() {
        return Collected::unavailable(proc_directory::not_running("/proc"));
    }
    let (ids, too_many) = match proc_directory::process_ids(host) {
        Ok(ids) => ids,
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    let mut collector =
        Collector { host, users, own: OwnNamespaces::read(host), files: Files::default(), counts: Counts::default() };
    let mut problems: Vec<Problem> = too_many.into_iter().collect();
    let mut processes = Vec::new();
    for pid in ids {
        match collector.process(pid) {
            Ok(process) => processes.push(process),
            Err(HostError::NotFound { .. }) => {}
            Err(error) if problems.len() < MAX_SINGLE_PROBLEMS => problems.push(error.to_problem()),
            Err(_) => collector.counts.more_problems += 1,
        }
    }
    problems.extend(collector.counts.problems());
    let mapped_files = collector.files.finish(host, &mut processes);
    Collected::partial(Processes { processes, mapped_files }, problems)
}

/// A replaced file is asked for by the path at which its successor lies now.
impl OwnedFiles for Collected<Processes> {
    fn paths(&self) -> BTreeSet<String> {
        self.facts.iter().flat_map(|facts| &facts.mapped_files).map(|file| file.path.clone()).collect()
    }

    fn assign(&mut self, owners: &Owners, problems: &[Problem]) {
        self.problems.extend_from_slice(problems);
        for file in self.facts.iter_mut().flat_map(|facts| &mut facts.mapped_files) {
            file.package = owners.package_of(&file.path).map(str::to_owned);
        }
    }
}

#[derive(Default)]
struct Counts {
    with_memory: usize,
    not_permitted: usize,
    of_containers: usize,
    more_problems: usize,
}

impl Counts {
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.not_permitted > 0 {
            let detail = format!(
                "{} of {} processes belong to other users or are protected: their executables and mapped files may not be read",
                self.not_permitted, self.with_memory
            );
            problems.push(Problem::new("/proc/*/maps", ProblemKind::NotPermitted, detail));
        }
        if self.of_containers > 0 {
            let detail = format!(
                "{} of {} processes run in containers: their mapped files are those of their images",
                self.of_containers, self.with_memory
            );
            problems.push(Problem::new("/proc/*/maps", ProblemKind::NotSupported, detail));
        }
        if self.more_problems > 0 {
            let detail = format!("{} more processes could not be read", self.more_problems);
            problems.push(Problem::new("/proc", ProblemKind::Failed, detail));
        }
        problems
    }
}

struct Collector<'a> {
    host: &'a dyn Host,
    users: &'a BTreeMap<u32, String>,
    own: OwnNamespaces,
    files: Files,
    counts: Counts,
}

impl Collector<'_> {
    fn process(&mut self, pid: u32) -> Result<Process, HostError> {
        let path = format!("/proc/{pid}/status");
        let Some(status) = status::parse(&self.host.read(&path, MAX_STATUS)?) else {
            let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, "a field is missing or is no number");
            return Err(HostError::Io { path, cause });
        };
        let mut process = Process {
            pid,
            parent_pid: status.parent_pid,
            name: status.name,
            executable: None,
            executable_replaced: false,
            uid: status.effective_uid,
            user: self.users.get(&status.effective_uid).cloned(),
            unit: None,
            mapped: Some(Vec::new()),
        };
        if !status.has_memory {
            return Ok(process);
        }
        self.counts.with_memory += 1;
        let control_group = self.host.read(&format!("/proc/{pid}/cgroup"), MAX_CONTROL_GROUP)?;
        process.unit = control_group::parse(&control_group);
        process.mapped = None;
        match self.mapped(&mut process) {
            Ok(()) => Ok(process),
            Err(HostError::NotPermitted { .. }) => {
                self.counts.not_permitted += 1;
                Ok(process)
            }
            Err(error) => Err(error),
        }
    }

    /// Fills in what only the owner of a process and root may read.
    fn mapped(&mut self, process: &mut Process) -> Result<(), HostError> {
        let executable = proc_directory::executable(self.host, process.pid)?;
        process.executable = Some(executable.path);
        process.executable_replaced = executable.is_deleted;
        if self.own.process_namespace_of(self.host, process.pid) == Namespace::Other {
            self.counts.of_containers += 1;
            return Ok(());
        }
        let maps = self.host.read(&format!("/proc/{}/maps", process.pid), MAX_MAPS)?;
        let namespace = self.own.mount_namespace_of(self.host, process.pid);
        let mapped: BTreeSet<u32> = maps::parse(&maps).map(|mapping| self.files.add(mapping, namespace)).collect();
        process.mapped = Some(mapped.into_iter().collect());
        Ok(())
    }
}

/// One mapped file, before it is known whether it was replaced.
struct Candidate {
    path: String,
    has_deleted_suffix: bool,
    is_text: bool,
    device: Device,
    inode: u64,
    /// Some process that maps it sees the same file system tree as we do.
    is_in_own_tree: bool,
}

impl Candidate {
    fn new(mapping: Mapping<'_>) -> Candidate {
        let path = unescape(mapping.path);
        Candidate {
            has_deleted_suffix: path.ends_with(DELETED.as_bytes()),
            is_text: std::str::from_utf8(&path).is_ok(),
            path: String::from_utf8_lossy(&path).into_owned(),
            device: mapping.device,
            inode: mapping.inode,
            is_in_own_tree: false,
        }
    }

    /// Decided with caution, because a wrong "replaced" sends someone to restart a service in vain: inodes are only
    /// compared on the same device (btrfs and overlayfs give other device numbers here than stat(2) does), and absence
    /// only counts for a process that sees the same tree. What the package manager replaces, by a rename over the old
    /// file, the kernel marks as deleted by itself.
    fn finish(self, host: &dyn Host) -> MappedFile {
        let on_disk = if self.is_text { Some(host.metadata(&self.path)) } else { None };
        let is_same_device = |device: u64| Device::from_st_dev(device) == self.device;
        if self.has_deleted_suffix {
            let is_its_name =
                matches!(&on_disk, Some(Ok(found)) if found.inode == self.inode && is_same_device(found.device));
            let path = if is_its_name { &self.path } else { self.path.strip_suffix(DELETED).unwrap_or(&self.path) };
            return MappedFile { path: path.to_owned(), replaced: !is_its_name, package: None };
        }
        let replaced = self.is_in_own_tree
            && match on_disk {
                Some(Ok(found)) => is_same_device(found.device) && found.inode != self.inode,
                Some(Err(HostError::NotFound { .. })) => true,
                Some(Err(_)) | None => false,
            };
        MappedFile { path: self.path, replaced, package: None }
    }
}

/// All mapped files, each once.
#[derive(Default)]
struct Files {
    index: HashMap<(Device, u64, Vec<u8>), u32>,
    candidates: Vec<Candidate>,
}

impl Files {
    fn add(&mut self, mapping: Mapping<'_>, namespace: Namespace) -> u32 {
        let key = (mapping.device, mapping.inode, mapping.path.to_vec());
        let position = *self.index.entry(key).or_insert_with(|| {
            self.candidates.push(Candidate::new(mapping));
            u32::try_from(self.candidates.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(candidate) = self.candidates.get_mut(position as usize) {
            candidate.is_in_own_tree |= namespace == Namespace::Own;
        }
        position
    }

    /// Decides on every file, sorts them, and points the processes to their places.
    fn finish(self, host: &dyn Host, processes: &mut [Process]) -> Vec<MappedFile> {
        let finished: Vec<MappedFile> = self.candidates.into_iter().map(|candidate| candidate.finish(host)).collect();
        let key = |file: &MappedFile| (file.path.clone(), file.replaced);
        let places_by_file: BTreeMap<(String, bool), u32> =
            finished.iter().map(key).collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
        let moved: Vec<u32> = finished.iter().filter_map(|file| places_by_file.get(&key(file)).copied()).collect();
        for process in processes {
            let Some(mapped) = &mut process.mapped else { continue };
            let places: BTreeSet<u32> =
                mapped.iter().filter_map(|position| moved.get(*position as usize).copied()).collect();
            *mapped = places.into_iter().collect();
            let Some(executable) = &process.executable else { continue };
            let replaced = places_by_file.get(&(executable.clone(), true));
            process.executable_replaced |= replaced.is_some_and(|place| mapped.contains(place));
        }
        places_by_file.into_keys().map(|(path, replaced)| MappedFile { path, replaced, package: None }).collect()
    }
}

/// A line feed in a path is written as `\012`; nothing else is escaped.
fn unescape(path: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some(found) = memchr::memmem::find(rest, br"\012") {
        result.extend_from_slice(rest.get(..found).unwrap_or_default());
        result.push(b'\n');
        rest = rest.get(found + 4..).unwrap_or_default();
    }
    result.extend_from_slice(rest);
    result
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Child, Command, Stdio};

    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;
    use crate::packages::{self, Format};

    const STATUS: &str = "Name:\tname\nPPid:\t1\nUid:\t0\t33\t33\t33\nVmSize:\t 5 kB\n";

    fn with_process(host: MemoryHost, pid: u32, executable: &str, maps: &str) -> MemoryHost {
        host.file(&format!("/proc/{pid}/status"), STATUS)
            .file(&format!("/proc/{pid}/cgroup"), "0::/system.slice/x.service\n")
            .file(&format!("/proc/{pid}/maps"), maps)
            .link(&format!("/proc/{pid}/exe"), executable)
            .link(&format!("/proc/{pid}/ns/mnt"), "mnt:[1]")
            .link(&format!("/proc/{pid}/ns/pid"), "pid:[1]")
    }

    fn live() -> MemoryHost {
        MemoryHost::new(SourceKind::LiveHost).link("/proc/self/ns/mnt", "mnt:[1]").link("/proc/self/ns/pid", "pid:[1]")
    }

    fn files(processes: &Processes) -> Vec<(&str, bool)> {
        processes.mapped_files.iter().map(|file| (file.path.as_str(), file.replaced)).collect()
    }

    #[test]
    fn files_are_shared_sorted_and_judged_with_caution() {
        let host = live().file("/lib/same", "").file("/lib/other-device", "").file("/lib/other-inode", "");
        let inode = |path: &str| host.metadata(path).unwrap().inode;
        let maps = format!(
            "0-1 r-xp 0 00:01 {} /lib/other-inode\n0-1 r-xp 0 00:01 {} /lib/same\n0-1 r-xp 0 00:02 77 /lib/other-device\n\
             0-1 r-xp 0 00:01 5 /lib/gone\n0-1 r-xp 0 00:01 6 /lib/x (deleted)\n0-1 r-xp 0 00:01 7 /lib/a\\012b\n",
            inode("/lib/other-inode") + 1000,
            inode("/lib/same"),
        );
        // Inodes of this host are places in its sorted paths; `/proc` comes after `/lib` and moves none.
        let host = with_process(host, 7, "/lib/same", &maps);
        let users = [(33, "www-data".to_owned())].into();
        let collected = collect(&host, &users);
        assert_eq!(collected.problems, []);
        let processes = collected.facts.unwrap();
        assert_eq!(
            files(&processes),
            [
                ("/lib/a\nb", true),
                ("/lib/gone", true),
                ("/lib/other-device", false),
                ("/lib/other-inode", true),
                ("/lib/same", false),
                ("/lib/x", true)
            ]
        );
        let process = &processes.processes[0];
        assert_eq!(
            (process.uid, process.user.as_deref(), process.unit.as_deref()),
            (33, Some("www-data"), Some("x.service"))
        );
        assert_eq!(process.mapped, Some(vec![0, 1, 2, 3, 4, 5]));
        assert!(!process.executable_replaced);
    }

    #[test]
    fn mapped_files_have_packages_also_where_they_were_replaced() {
        let host = live()
            .link("/lib", "usr/lib")
            .link("/bin", "usr/bin")
            .file("/usr/lib/libc.so.6", "")
            .file("/var/lib/dpkg/info/libc6:amd64.list", "/lib/libc.so.6\n/usr/lib/libm.so.6\n")
            .file("/var/lib/dpkg/info/bash.list", "/bin/bash\n");
        let maps = "0-1 r-xp 0 00:02 1 /usr/lib/libc.so.6\n0-1 r-xp 0 00:02 2 /usr/lib/libm.so.6 (deleted)\n\
                    0-1 r-xp 0 00:02 3 /usr/bin/bash (deleted)\n0-1 r-xp 0 00:02 4 /opt/own (deleted)\n";
        let host = with_process(host, 7, "/usr/bin/bash", maps);
        let files_with_packages = |format: Option<Format>| {
            let mut collected = collect(&host, &BTreeMap::new());
            packages::assign(&host, format, &mut [&mut collected]);
            assert_eq!(collected.problems, []);
            let files = collected.facts.unwrap().mapped_files;
            files.into_iter().map(|file| (file.path, file.replaced, file.package)).collect::<Vec<_>>()
        };
        let file =
            |path: &str, replaced, package: Option<&str>| (path.to_owned(), replaced, package.map(str::to_owned));
        assert_eq!(
            files_with_packages(Some(Format::Dpkg)),
            [
                file("/opt/own", true, None),
                file("/usr/bin/bash", true, Some("bash")),
                file("/usr/lib/libc.so.6", false, Some("libc6")),
                file("/usr/lib/libm.so.6", true, Some("libc6")),
            ]
        );
        assert!(files_with_packages(None).iter().all(|(_, _, package)| package.is_none()));
    }

    #[test]
    fn what_is_not_permitted_is_one_problem() {
        let mut host = live();
        for pid in 1..=300 {
            host = with_process(host, pid, "/bin/x", "").denied(&format!("/proc/{pid}/maps"));
        }
        host = with_process(host, 301, "/bin/x", "")
            .file("/proc/302/status", "Name:\tkthread\nPPid:\t2\nUid:\t0\t0\t0\t0\n");
        let collected = collect(&host, &BTreeMap::new());
        assert_eq!(collected.problems.len(), 1);
        assert_eq!(collected.problems[0].kind, ProblemKind::NotPermitted);
        assert!(collected.problems[0].detail.starts_with("300 of 301 processes "), "{}", collected.problems[0].detail);
        let processes = collected.facts.unwrap().processes;
        assert_eq!(processes.len(), 302);
        assert_eq!(
            (&processes[0].mapped, &processes[300].mapped, &processes[301].mapped),
            (&None, &Some(vec![]), &Some(vec![]))
        );
    }

    #[test]
    fn files_of_containers_are_not_the_hosts() {
        let host = with_process(live(), 5, "/bin/x (deleted)", "0-1 r-xp 0 00:01 5 /lib/gone\n")
            .link("/proc/5/ns/pid", "pid:[2]");
        let collected = collect(&host, &BTreeMap::new());
        assert_eq!(collected.problems.len(), 1);
        assert_eq!(collected.problems[0].kind, ProblemKind::NotSupported);
        let processes = collected.facts.unwrap();
        assert_eq!(files(&processes), []);
        assert_eq!(processes.processes[0].mapped, None);
        assert!(processes.processes[0].executable_replaced);
    }

    #[test]
    fn odd_processes_do_no_harm() {
        let host = live()
            .file("/proc/1/status", "garbage")
            .file("/proc/2/status", STATUS)
            .directory("/proc/3", 0o555, 0, 0)
            .fifo("/proc/4/status");
        let collected = collect(&host, &BTreeMap::new());
        assert_eq!(collected.facts.unwrap().processes, []);
        let kinds: Vec<ProblemKind> = collected.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::Failed, ProblemKind::WrongType]);
        let nothing = collect(&MemoryHost::new(SourceKind::RootDirectory), &BTreeMap::new());
        assert_eq!((nothing.facts, nothing.problems[0].kind), (None, ProblemKind::NotSupported));
    }

    /// A child process that is ended with the test.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn a_replaced_executable_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("cat with (odd) name!");
        fs::copy("/bin/cat", &program).unwrap();
        let mut child = Running(Command::new(&program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
        // `spawn` returns while the kernel still maps the program; what has answered is mapped whole.
        child.0.stdin.as_mut().unwrap().write_all(b"x").unwrap();
        child.0.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let host = RootedHost::live().unwrap();
        let find = || {
            let processes = collect(&host, &BTreeMap::new()).facts.unwrap();
            let process = processes.processes.iter().find(|process| process.pid == child.0.id()).unwrap().clone();
            let place = |place: &u32| processes.mapped_files[*place as usize].clone();
            let mapped: Vec<MappedFile> = process.mapped.as_ref().unwrap().iter().map(place).collect();
            (process, mapped)
        };
        let path = program.canonicalize().unwrap().to_str().unwrap().to_owned();
        let (before, mapped) = find();
        assert_eq!(before.executable.as_ref(), Some(&path));
        assert_eq!((before.name.as_str(), before.parent_pid), ("cat with (odd) ", std::process::id()));
        assert!(!before.executable_replaced);
        assert!(mapped.contains(&MappedFile { path: path.clone(), replaced: false, package: None }));
        assert!(mapped.iter().any(|file| file.path.contains("/libc.so.6") && !file.replaced), "{mapped:?}");

        let newer = folder.path().join("newer");
        fs::copy("/bin/cat", &newer).unwrap();
        fs::set_permissions(&newer, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(&newer, &program).unwrap();
        let (after, mapped) = find();
        assert_eq!(after.executable.as_ref(), Some(&path));
        assert!(after.executable_replaced);
        assert!(mapped.contains(&MappedFile { path, replaced: true, package: None }));
    }
}
