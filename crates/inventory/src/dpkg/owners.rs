//! Which package owns a path, by dpkg's file lists.
//!
//! Implements the lists of `/var/lib/dpkg/info/*.list` and the diversions of dpkg-divert(1). All wanted paths are
//! looked up in one pass, which ends when every one is found. Surprising: since the merge of `/usr` a package may list
//! `/bin/ls` while the process runs `/usr/bin/ls`, and dpkg itself does not know that both are one file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::{Collected, Problem, ProblemKind};
use memchr::memchr;

/// Where dpkg keeps what belongs to each package.
pub const INFO: &str = "/var/lib/dpkg/info";

const DIVERSIONS: &str = "/var/lib/dpkg/diversions";

/// The longest list of Debian 12 has 2 MB.
pub const MAX_FILE_LIST: u64 = 64 * 1024 * 1024;

const MAX_DIVERSIONS: u64 = 16 * 1024 * 1024;

/// Top directories that the merge of `/usr` made links to directories of the same name in `/usr`.
const MERGED: &[&str] = &["bin", "sbin", "lib", "lib32", "lib64", "libx32", "libo32"];

/// The owners of the paths that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    by_path: BTreeMap<String, String>,
}

impl Owners {
    /// The name of the package that owns a path which was asked for; its architecture is left out.
    pub fn package_of(&self, path: &str) -> Option<&str> {
        self.by_path.get(path).map(String::as_str)
    }
}

/// Finds the owners of absolute paths whose links are resolved, as `/proc/PID/exe` has them.
pub fn collect(host: &dyn Host, wanted: &BTreeSet<String>) -> Collected<Owners> {
    if wanted.is_empty() {
        return Collected::complete(Owners::default());
    }
    let entries = match host.read_directory(INFO) {
        Ok(entries) => entries,
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    let mut problems = Vec::new();
    let diversions = read_diversions(host, &mut problems);
    let search = Search::new(wanted, &merged_directories(host), &diversions);
    let mut owners = Owners::default();
    for entry in entries.iter().filter(|entry| entry.kind == FileKind::File) {
        let Some(instance) = entry.name.strip_suffix(".list") else {
            continue;
        };
        if owners.by_path.len() == wanted.len() {
            break;
        }
        // `libc6:amd64` where several architectures may be installed side by side.
        let package = instance.split_once(':').map_or(instance, |(package, _)| package);
        match host.read(&format!("{INFO}/{}", entry.name), MAX_FILE_LIST) {
            Ok(list) => search.look_through(package, &list, &mut owners),
            Err(HostError::NotFound { .. }) => {}
            Err(error) => problems.push(error.to_problem()),
        }
    }
    Collected::partial(owners, problems)
}

/// One diversion: the file that every package but one calls `from` lies at `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diversion {
    /// The path in file lists.
    pub from: Vec<u8>,
    /// Where the file lies instead.
    pub to: Vec<u8>,
    /// The package whose own file stays at `from`; `:` where the administrator diverted it from all packages.
    pub package: Vec<u8>,
}

/// Reads dpkg's diversions: three lines each. `None` when the number of lines does not fit.
pub fn parse(bytes: &[u8]) -> Option<Vec<Diversion>> {
    let lines: Vec<&[u8]> = bytes
        .strip_suffix(b"\n")
        .unwrap_or(bytes)
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    let (triples, rest) = lines.as_chunks::<3>();
    let diversion = |[from, to, package]: &[&[u8]; 3]| Diversion {
        from: from.to_vec(),
        to: to.to_vec(),
        package: package.to_vec(),
    };
    rest.is_empty().then(|| triples.iter().map(diversion).collect())
}

fn read_diversions(host: &dyn Host, problems: &mut Vec<Problem>) -> Vec<Diversion> {
    match host.read(DIVERSIONS, MAX_DIVERSIONS) {
        Ok(bytes) => parse(&bytes).unwrap_or_else(|| {
            let detail = "the number of lines is no multiple of three: no diversion was taken into account";
            problems.push(Problem::new(DIVERSIONS, ProblemKind::Malformed, detail));
            Vec::new()
        }),
        Err(HostError::NotFound { .. }) => Vec::new(),
        Err(error) => {
            problems.push(error.to_problem());
            Vec::new()
        }
    }
}

fn merged_directories(host: &dyn Host) -> Vec<&'static str> {
    let is_merged = |name: &&&str| {
        let target = host.read_link(&format!("/{name}"));
        target.is_ok_and(|target| target.trim_start_matches('/').trim_end_matches('/') == format!("usr/{name}"))
    };
    MERGED.iter().filter(is_merged).copied().collect()
}

/// The paths to look for in file lists, each with the wanted path that it stands for.
struct Search<'a> {
    wanted: HashMap<Vec<u8>, &'a str>,
    diverted: HashMap<&'a [u8], &'a Diversion>,
    /// By length: whether a line of it can be one of these. Spares nine lookups of ten.
    lengths: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a BTreeSet<String>, merged: &[&str], diversions: &'a [Diversion]) -> Search<'a> {
        let mut search = Search { wanted: HashMap::new(), diverted: HashMap::new(), lengths: Vec::new() };
        for path in wanted {
            search.add(path.as_bytes().to_vec(), path);
            for name in merged {
                let short = format!("/{name}/");
                let long = format!("/usr/{name}/");
                if let Some(rest) = path.strip_prefix(&long) {
                    search.add(format!("{short}{rest}").into_bytes(), path);
                } else if let Some(rest) = path.strip_prefix(&short) {
                    search.add(format!("{long}{rest}").into_bytes(), path);
                }
            }
        }
        for diversion in diversions {
            search.mark_length(diversion.from.len());
            search.diverted.insert(&diversion.from, diversion);
        }
        search
    }

    fn add(&mut self, listed: Vec<u8>, path: &'a str) {
        self.mark_length(listed.len());
        self.wanted.insert(listed, path);
    }

    fn mark_length(&mut self, length: usize) {
        if self.lengths.len() <= length {
            self.lengths.resize(length + 1, false);
        }
        if let Some(is_used) = self.lengths.get_mut(length) {
            *is_used = true;
        }
    }

    fn look_through(&self, package: &str, list: &[u8], owners: &mut Owners) {
        let mut rest = list;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default();
            rest = rest.get(end + 1..).unwrap_or_default();
            if !self.lengths.get(line.len()).is_some_and(|is_used| *is_used) {
                continue;
            }
            let lies_at = match self.diverted.get(line) {
                Some(diversion) if diversion.package != package.as_bytes() => &diversion.to,
                _ => line,
            };
            if let Some(path) = self.wanted.get(lies_at) {
                owners.by_path.entry((*path).to_owned()).or_insert_with(|| package.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
            .link("/bin", "usr/bin")
            .link("/lib", "/usr/lib")
            .directory("/sbin", 0o755, 0, 0)
            .file("/var/lib/dpkg/info/coreutils.list", "/.\n/bin\n/bin/ls\n/usr/bin/env\n")
            .file("/var/lib/dpkg/info/libc6:amd64.list", "/lib/ld.so\n/usr/lib/libc.so.6")
            .file("/var/lib/dpkg/info/dash.list", "/bin/sh\n/sbin/tool\n")
            .file("/var/lib/dpkg/info/bash-as-sh.list", "/bin/sh\n")
            .file("/var/lib/dpkg/diversions", "/bin/sh\n/bin/sh.distrib\nbash-as-sh\n/usr/bin/env\n/opt/env\n:\n")
    }

    #[track_caller]
    fn check(host: &MemoryHost, cases: &[(&str, Option<&str>)], problems: usize) {
        let wanted = cases.iter().map(|(path, _)| (*path).to_owned()).collect();
        let collected = collect(host, &wanted);
        let owners = collected.facts.unwrap();
        for (path, package) in cases {
            assert_eq!(owners.package_of(path), *package, "{path}");
        }
        assert_eq!(collected.problems.len(), problems, "{:?}", collected.problems);
    }

    #[test]
    fn merged_directories_and_diversions_are_seen_through() {
        check(
            &host(),
            &[
                ("/usr/bin/ls", Some("coreutils")),
                ("/usr/lib/ld.so", Some("libc6")),
                ("/usr/lib/libc.so.6", Some("libc6")),
                ("/usr/bin/sh", Some("bash-as-sh")),
                ("/usr/bin/sh.distrib", Some("dash")),
                ("/sbin/tool", Some("dash")),
                ("/usr/sbin/tool", None),
                ("/opt/env", Some("coreutils")),
                ("/usr/bin/env", None),
                ("/usr/local/bin/mine", None),
            ],
            0,
        );
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        check(&host().denied("/var/lib/dpkg/info/secret.list"), &[("/opt/mine", None)], 1);
        check(&host().file("/var/lib/dpkg/diversions", "/bin/sh\n/x\n"), &[("/usr/bin/ls", Some("coreutils"))], 1);
        let nothing = collect(&MemoryHost::new(SourceKind::RootDirectory), &["/bin/ls".to_owned()].into());
        assert_eq!(nothing.facts, None);
        assert_eq!(nothing.problems[0].kind, ProblemKind::NotFound);
    }
}
