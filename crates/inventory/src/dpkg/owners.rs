//! Which package owns a path, by dpkg's file lists.
//!
//! Implements the lists of `/var/lib/dpkg/info/*.list`, the checksums that minimal images keep instead, and the
//! diversions of dpkg-divert(1). One pass over the lists, which ends when every path is found. Surprising: opkg's lists
//! are the same, so that this module answers for it too.

use std::collections::{BTreeSet, HashMap};

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::{Collected, Problem, ProblemKind};
use memchr::memchr;

use crate::ownership::{Owners, WantedPaths};

/// Where dpkg keeps what belongs to each package.
pub const INFO: &str = "/var/lib/dpkg/info";

const DIVERSIONS: &str = "/var/lib/dpkg/diversions";

/// The longest list of Debian 12 has 2 MB.
pub const MAX_FILE_LIST: u64 = 64 * 1024 * 1024;

const MAX_DIVERSIONS: u64 = 16 * 1024 * 1024;

/// A directory with one file list for each package.
struct Lists {
    directory: &'static str,
    form: Form,
}

/// What a file list looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `NAME.list` or `NAME:ARCHITECTURE.list`: one absolute path a line.
    Paths,
    /// `NAME.md5sums`: a checksum, two spaces, and a path without its first slash.
    Checksums,
}

const DPKG_LISTS: &[Lists] = &[
    Lists { directory: INFO, form: Form::Paths },
    Lists { directory: "/usr/lib/dpkg/info", form: Form::Paths },
    Lists { directory: "/var/lib/dpkg/status.d", form: Form::Checksums },
    Lists { directory: "/usr/lib/dpkg/status.d", form: Form::Checksums },
];

const OPKG_LISTS: &[Lists] = &[
    Lists { directory: "/usr/lib/opkg/info", form: Form::Paths },
    Lists { directory: "/var/lib/opkg/info", form: Form::Paths },
];

/// Finds the owners of absolute paths whose links are resolved, as `/proc/PID/exe` has them.
pub fn collect(host: &dyn Host, wanted: &BTreeSet<String>) -> Collected<Owners> {
    let mut problems = Vec::new();
    let diversions = if wanted.is_empty() { Vec::new() } else { read_diversions(host, &mut problems) };
    look_up(host, DPKG_LISTS, wanted, &diversions, problems)
}

/// As [`collect`], by opkg's lists.
pub fn collect_of_opkg(host: &dyn Host, wanted: &BTreeSet<String>) -> Collected<Owners> {
    look_up(host, OPKG_LISTS, wanted, &[], Vec::new())
}

fn look_up(
    host: &dyn Host,
    all_lists: &[Lists],
    wanted: &BTreeSet<String>,
    diversions: &[Diversion],
    mut problems: Vec<Problem>,
) -> Collected<Owners> {
    let mut owners = Owners::default();
    if wanted.is_empty() {
        return Collected::complete(owners);
    }
    let search = Search::new(host, wanted, diversions);
    let mut first_missing = None;
    let mut directories_read = 0;
    for lists in all_lists {
        match search.look_through_all(host, lists, &mut owners, &mut problems) {
            Ok(()) => directories_read += 1,
            Err(error @ HostError::NotFound { .. }) => first_missing = first_missing.or(Some(error)),
            Err(error) => problems.push(error.to_problem()),
        }
    }
    if directories_read > 0 {
        return Collected::partial(owners, problems);
    }
    problems.extend(first_missing.map(|error| error.to_problem()));
    Collected { facts: None, problems }
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

/// The paths to look for, and what else must be known to read a file list.
struct Search<'a> {
    wanted: WantedPaths<'a>,
    diverted: HashMap<&'a [u8], &'a Diversion>,
}

impl<'a> Search<'a> {
    fn new(host: &dyn Host, wanted: &'a BTreeSet<String>, diversions: &'a [Diversion]) -> Search<'a> {
        let mut search = Search { wanted: WantedPaths::new(host, wanted), diverted: HashMap::new() };
        for diversion in diversions {
            search.wanted.expect_length(diversion.from.len());
            search.diverted.insert(&diversion.from, diversion);
        }
        search
    }

    fn look_through_all(
        &self,
        host: &dyn Host,
        lists: &Lists,
        owners: &mut Owners,
        problems: &mut Vec<Problem>,
    ) -> Result<(), HostError> {
        let suffix = match lists.form {
            Form::Paths => ".list",
            Form::Checksums => ".md5sums",
        };
        for entry in host.read_directory(lists.directory)? {
            let Some(instance) = entry.name.strip_suffix(suffix).filter(|_| entry.kind == FileKind::File) else {
                continue;
            };
            if owners.count() == self.wanted.count() {
                break;
            }
            // `libc6:amd64` where several architectures may be installed side by side.
            let package = instance.split_once(':').map_or(instance, |(package, _)| package);
            match host.read(&format!("{}/{}", lists.directory, entry.name), MAX_FILE_LIST) {
                Ok(list) => self.look_through(package, &list, lists.form, owners),
                Err(HostError::NotFound { .. }) => {}
                Err(error) => problems.push(error.to_problem()),
            }
        }
        Ok(())
    }

    fn look_through(&self, package: &str, list: &[u8], form: Form, owners: &mut Owners) {
        let mut rest = list;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default();
            rest = rest.get(end + 1..).unwrap_or_default();
            let found = match form {
                Form::Paths => self.wanted_path(package, line),
                Form::Checksums => checksum_path(line).and_then(|path| self.wanted_path(package, &path)),
            };
            if let Some(path) = found {
                owners.add(path, package);
            }
        }
    }

    fn wanted_path(&self, package: &str, line: &[u8]) -> Option<&'a str> {
        if !self.wanted.may_have_length(line.len()) {
            return None;
        }
        match self.diverted.get(line) {
            Some(diversion) if diversion.package != package.as_bytes() => self.wanted.find(&diversion.to),
            _ => self.wanted.find(line),
        }
    }
}

fn checksum_path(line: &[u8]) -> Option<Vec<u8>> {
    let (checksum, path) = line.split_at_checked(memchr(b' ', line)?)?;
    let path = path.trim_ascii_start();
    (!checksum.is_empty() && !path.is_empty()).then(|| [b"/", path].concat())
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
    fn minimal_images_and_opkg_have_lists_too() {
        let image = MemoryHost::new(SourceKind::RootDirectory)
            .file("/var/lib/dpkg/status.d/base", "Package: base\nVersion: 1\n")
            .file("/var/lib/dpkg/status.d/base.md5sums", "00aa  etc/a\n00bb  usr/bin/b c\nnonsense\n")
            .file("/usr/lib/dpkg/info/more.list", "/opt/more\n");
        check(&image, &[("/etc/a", Some("base")), ("/usr/bin/b c", Some("base")), ("/opt/more", Some("more"))], 0);
        let router =
            MemoryHost::new(SourceKind::RootDirectory).file("/usr/lib/opkg/info/dropbear.list", "/usr/sbin/dropbear\n");
        let owners = collect_of_opkg(&router, &["/usr/sbin/dropbear".to_owned()].into()).facts.unwrap();
        assert_eq!(owners.package_of("/usr/sbin/dropbear"), Some("dropbear"));
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
