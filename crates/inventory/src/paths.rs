//! Permissions and owners of the paths that rules ask for.
//!
//! Links are resolved inside the root, so `/bin`, a link to `usr/bin`, has the facts of that directory under its own
//! name. Surprising: a link that leads nowhere does not exist, but one that leads in a circle is a problem; and where
//! `/lib` is a link to `/usr/lib` and both are asked for with all below, what is below is told once, under `/usr/lib`.

use std::collections::{BTreeMap, BTreeSet};

use assay_host::{FileKind, Host, HostError, Metadata, WalkLimits, walk_directories};
use assay_model::evidence::path::{PathFacts, PathKind, Paths};
use assay_model::evidence::{Collected, Problem, ProblemKind};

/// A system directory holds some thousand directories; a walk of `/usr` of a large desktop 60,000.
const LIMITS: WalkLimits = WalkLimits { depth: 64, entries: 1_000_000 };

/// Paths that the evidence keeps.
const MAX_FACTS: usize = 200_000;

/// What a pattern asks for, of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `/etc/ssh`: the path itself.
    Itself,
    /// `/etc/ssh/*`: what the directory holds.
    Children,
    /// `/etc/**/`: the directory and all directories below it.
    Directories,
}

/// Collects the facts of every path that a pattern of [`assay_model::evidence::request::CollectionRequest::paths`]
/// stands for.
pub fn collect(host: &dyn Host, patterns: &BTreeSet<String>) -> Collected<Paths> {
    collect_within(host, patterns, LIMITS, MAX_FACTS)
}

fn collect_within(
    host: &dyn Host,
    patterns: &BTreeSet<String>,
    limits: WalkLimits,
    max_facts: usize,
) -> Collected<Paths> {
    let mut collection = Collection {
        host,
        limits,
        max_facts,
        entries: BTreeMap::new(),
        walked: BTreeSet::new(),
        walked_ids: BTreeSet::new(),
        left_out: None,
        problems: BTreeSet::new(),
    };
    let mut parsed = Vec::new();
    for pattern in patterns {
        match parse(pattern) {
            Some(pattern) => parsed.push(pattern),
            None => {
                let detail = format!("{pattern} is no pattern: it must be a path, end in /*, or end in /**/");
                collection.problems.insert(Problem::new(pattern, ProblemKind::Malformed, detail));
            }
        }
    }
    // In order of their paths, so that a walk comes before those that start inside it; links last, so that what a link
    // leads to has been walked under its own name.
    parsed.sort_by_key(|(path, shape)| (*shape == Shape::Directories && is_link(host, path), *path));
    for (path, shape) in parsed {
        match shape {
            Shape::Itself => collection.add_path(path),
            Shape::Children => collection.add_children(path),
            Shape::Directories => collection.add_directories(path),
        }
    }
    collection.finish()
}

/// `None` for what is no pattern.
fn parse(pattern: &str) -> Option<(&str, Shape)> {
    let (path, shape) = if let Some(start) = pattern.strip_suffix("/**/") {
        (start, Shape::Directories)
    } else if let Some(directory) = pattern.strip_suffix("/*") {
        (directory, Shape::Children)
    } else {
        (pattern, Shape::Itself)
    };
    let path = if path.is_empty() && !pattern.is_empty() { "/" } else { path };
    let is_plain = path.starts_with('/') && !path.contains('*') && !path.split('/').any(|component| component == "..");
    is_plain.then_some((path, shape))
}

fn is_link(host: &dyn Host, path: &str) -> bool {
    host.link_metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::Link)
}

struct Collection<'a> {
    host: &'a dyn Host,
    limits: WalkLimits,
    max_facts: usize,
    entries: BTreeMap<String, PathFacts>,
    walked: BTreeSet<String>,
    /// Device and inode number of every directory walked.
    walked_ids: BTreeSet<(u64, u64)>,
    /// The first path for which there was no room.
    left_out: Option<String>,
    problems: BTreeSet<Problem>,
}

impl Collection<'_> {
    fn add_path(&mut self, path: &str) {
        match self.host.metadata(path) {
            Ok(metadata) => self.keep(path, &metadata),
            Err(error) => self.tell(&error),
        }
    }

    fn add_children(&mut self, directory: &str) {
        let entries = match self.host.read_directory(directory) {
            Ok(entries) => entries,
            Err(error) => return self.tell(&error),
        };
        for entry in entries {
            let path = format!("{}/{}", directory.trim_end_matches('/'), entry.name);
            if entry.name.contains(char::REPLACEMENT_CHARACTER) && self.host.link_metadata(&path).is_err() {
                self.problems.insert(Problem::new(path, ProblemKind::Malformed, "the name of this entry is no UTF-8"));
                continue;
            }
            self.add_path(&path);
            if self.left_out.is_some() {
                break;
            }
        }
    }

    fn add_directories(&mut self, start: &str) {
        if self.walked.contains(start) {
            return;
        }
        if is_link(self.host, start) && self.is_walked(start) {
            return self.add_path(start);
        }
        let walked = match walk_directories(self.host, start, self.limits) {
            Ok(walked) => walked,
            Err(error) => return self.tell(&error),
        };
        self.limits.entries = self.limits.entries.saturating_sub(walked.entries);
        self.problems.extend(walked.problems);
        for path in walked.other_file_systems {
            let detail = format!("another file system is mounted on {path}, which the walk of {start} does not enter");
            self.problems.insert(Problem::new(path, ProblemKind::NotSupported, detail));
        }
        for directory in walked.directories {
            self.keep(&directory.path, &directory.metadata);
            if self.left_out.is_some() {
                break;
            }
            self.walked_ids.insert((directory.metadata.device, directory.metadata.inode));
            self.walked.insert(directory.path);
        }
    }

    /// Whether this directory has been walked under another name.
    fn is_walked(&self, path: &str) -> bool {
        let id = self.host.metadata(path).map(|metadata| (metadata.device, metadata.inode));
        id.is_ok_and(|id| self.walked_ids.contains(&id))
    }

    fn keep(&mut self, path: &str, metadata: &Metadata) {
        if self.entries.len() >= self.max_facts && !self.entries.contains_key(path) {
            self.left_out.get_or_insert_with(|| path.to_owned());
            return;
        }
        let kind = match metadata.kind {
            FileKind::File => PathKind::File,
            FileKind::Directory => PathKind::Directory,
            FileKind::Link => PathKind::Link,
            FileKind::Other => PathKind::Other,
        };
        let facts =
            PathFacts { path: path.to_owned(), kind, mode: metadata.mode, uid: metadata.uid, gid: metadata.gid };
        self.entries.insert(path.to_owned(), facts);
    }

    /// What does not exist is no problem: it is simply not among the facts.
    fn tell(&mut self, error: &HostError) {
        if !matches!(error, HostError::NotFound { .. }) {
            self.problems.insert(error.to_problem());
        }
    }

    fn finish(mut self) -> Collected<Paths> {
        if let Some(path) = self.left_out {
            let detail = format!("more than {} paths are asked for; {path} and others are left out", self.max_facts);
            self.problems.insert(Problem::new(path, ProblemKind::TooLarge, detail));
        }
        let entries = self.entries.into_values().collect();
        Collected::partial(Paths { entries }, self.problems.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
            .file_with("/etc/ssh/ssh_host_key", "", 0o600, 0, 101)
            .file("/etc/ssh/sshd_config", "")
            .directory("/etc/ssh/sshd_config.d", 0o1777, 5, 6)
            .link("/etc/ssh/dangling", "nothing")
            .file("/usr/bin/su", "")
            .directory("/usr/bin", 0o775, 0, 50)
            .link("/bin", "usr/bin")
            .fifo("/run/pipe")
    }

    fn request(patterns: &[&str]) -> BTreeSet<String> {
        patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
    }

    fn check(host: &dyn Host, patterns: &[&str], expected: &[&str], problems: &[(&str, ProblemKind)]) {
        let collected = collect(host, &request(patterns));
        let entries = collected.facts.unwrap().entries;
        assert_eq!(entries.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), expected, "{patterns:?}");
        let told: Vec<_> = collected.problems.iter().map(|each| (each.subject.as_str(), each.kind)).collect();
        assert_eq!(told, problems, "{patterns:?}");
    }

    #[test]
    fn patterns_stand_for_what_they_say() {
        let ssh = ["/etc/ssh/ssh_host_key", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"];
        check(&host(), &[], &[], &[]);
        check(&host(), &["/etc/ssh"], &["/etc/ssh"], &[]);
        check(&host(), &["/etc/ssh/*"], &ssh, &[]);
        check(&host(), &["/etc/**/"], &["/etc", "/etc/ssh", "/etc/ssh/sshd_config.d"], &[]);
        check(&host(), &["/etc/**/", "/etc/ssh", "/etc/ssh/**/"], &["/etc", "/etc/ssh", "/etc/ssh/sshd_config.d"], &[]);
        check(&host(), &["/*"], &["/bin", "/etc", "/run", "/usr"], &[]);
        check(&host(), &["/bin", "/bin/**/", "/bin/*"], &["/bin", "/bin/su"], &[]);
        check(&host(), &["/run/pipe", "/"], &["/", "/run/pipe"], &[]);
        check(&host(), &["/none", "/none/*", "/none/**/", "/etc/ssh/dangling"], &[], &[]);
    }

    #[test]
    fn what_a_link_leads_to_is_walked_once() {
        let merged = host().directory("/usr/lib/ssl", 0o755, 0, 0).link("/lib", "usr/lib");
        check(&merged, &["/lib/**/", "/usr/lib/**/"], &["/lib", "/usr/lib", "/usr/lib/ssl"], &[]);
        check(&merged, &["/lib/**/", "/usr/**/"], &["/lib", "/usr", "/usr/bin", "/usr/lib", "/usr/lib/ssl"], &[]);
        check(&merged, &["/lib/**/"], &["/lib", "/lib/ssl"], &[]);
    }

    #[test]
    fn facts_are_those_of_what_a_link_leads_to() {
        let facts = |path: &str| collect(&host(), &request(&[path])).facts.unwrap().entries.remove(0);
        let expected = |path: &str, kind, mode, uid, gid| PathFacts { path: path.to_owned(), kind, mode, uid, gid };
        assert_eq!(facts("/bin"), expected("/bin", PathKind::Directory, 0o775, 0, 50));
        assert_eq!(facts("/etc/ssh/ssh_host_key"), expected("/etc/ssh/ssh_host_key", PathKind::File, 0o600, 0, 101));
        let directory = expected("/etc/ssh/sshd_config.d", PathKind::Directory, 0o1777, 5, 6);
        assert_eq!(facts("/etc/ssh/sshd_config.d"), directory);
        assert_eq!(facts("/run/pipe").kind, PathKind::Other);
    }

    #[test]
    fn what_cannot_be_looked_at_is_told() {
        let hostile = host().denied("/etc/closed").link("/etc/loop", "loop");
        check(
            &hostile,
            &["/etc/loop", "/etc/*"],
            &["/etc/closed", "/etc/ssh"],
            &[("/etc/loop", ProblemKind::LinkLoop)],
        );
        check(&hostile, &["/etc/closed/x"], &[], &[("/etc/closed/x", ProblemKind::NotPermitted)]);
        check(&hostile, &["/etc/closed/*"], &[], &[("/etc/closed", ProblemKind::NotPermitted)]);
        check(&hostile, &["/usr/bin/su/**/"], &[], &[("/usr/bin/su", ProblemKind::WrongType)]);
        check(&hostile, &["/usr/bin/su/*"], &[], &[("/usr/bin/su", ProblemKind::WrongType)]);
        for pattern in ["", "etc", "/etc/**", "/e*c", "/*/x", "/etc/../root", "/etc/../**/", "*"] {
            check(&hostile, &[pattern], &[], &[(pattern, ProblemKind::Malformed)]);
        }
    }

    #[test]
    fn limits_are_told() {
        let check = |limits: WalkLimits, facts: usize, pattern: &str, expected: usize, problem: Option<&str>| {
            let collected = collect_within(&host(), &request(&[pattern]), limits, facts);
            assert_eq!(collected.facts.unwrap().entries.len(), expected, "{pattern}");
            let told: Vec<_> = collected.problems.iter().map(|each| each.subject.as_str()).collect();
            assert_eq!(told, problem.as_slice(), "{pattern}");
            assert!(collected.problems.iter().all(|each| each.kind == ProblemKind::TooLarge));
        };
        check(LIMITS, 3, "/etc/**/", 3, None);
        check(LIMITS, 2, "/etc/**/", 2, Some("/etc/ssh/sshd_config.d"));
        check(LIMITS, 2, "/etc/ssh/*", 2, Some("/etc/ssh/sshd_config.d"));
        check(LIMITS, 3, "/etc/ssh/*", 3, None);
        check(WalkLimits { depth: 1, ..LIMITS }, 9, "/etc/**/", 2, Some("/etc/ssh/sshd_config.d"));
        check(WalkLimits { entries: 1, ..LIMITS }, 9, "/etc/**/", 2, Some("/etc/ssh"));
    }

    #[test]
    fn this_machine_is_seen_as_it_is() {
        let host = RootedHost::live().unwrap();
        let entries = collect(&host, &request(&["/etc/**/", "/bin", "/etc/*"])).facts.unwrap().entries;
        assert!(entries.len() > 50, "{}", entries.len());
        for entry in entries {
            let seen = std::fs::metadata(&entry.path).unwrap();
            assert_eq!((entry.mode, entry.uid, entry.gid), (seen.mode() & 0o7777, seen.uid(), seen.gid()), "{entry:?}");
        }
    }
}
