//! A bounded walk over the directories below a path.
//!
//! Links are never followed and no other file system is entered, so a walk of `/` leaves out `/proc`, `/sys` and
//! everything mounted over the network by itself. Surprising: a directory that is mounted a second time on the same
//! file system has the same device number, so only the depth limit ends a walk through such a cycle.

use assay_model::evidence::{Problem, ProblemKind};

use crate::error::HostError;
use crate::view::{FileKind, Host, Metadata};

/// What a walk may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkLimits {
    /// Levels below the start.
    pub depth: usize,
    /// Directory entries looked at, of every kind.
    pub entries: usize,
}

/// A directory that a walk came through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Its path: the start as it was given, or what was found below it.
    pub path: String,
    /// Its metadata.
    pub metadata: Metadata,
}

/// What a walk found, and where it could not go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// The start and all directories below it, parents first, siblings by name.
    pub directories: Vec<Directory>,
    /// Directories that were not entered because another file system is mounted on them.
    pub other_file_systems: Vec<String>,
    /// Entries that were looked at, of every kind.
    pub entries: usize,
    /// What could not be read, and the limits that were reached.
    pub problems: Vec<Problem>,
}

/// Walks over `start`, to which links are followed, and all directories below it, to which they are not.
///
/// # Errors
///
/// When `start` itself cannot be looked at, or is no directory.
pub fn walk_directories(host: &dyn Host, start: &str, limits: WalkLimits) -> Result<Walked, HostError> {
    let metadata = host.metadata(start)?;
    if metadata.kind != FileKind::Directory {
        return Err(HostError::WrongType { path: start.to_owned(), found: "no directory", expected: "a directory" });
    }
    let device = metadata.device;
    let mut walked = Walked::default();
    let mut pending = vec![(0, Directory { path: start.to_owned(), metadata })];
    while let Some((depth, directory)) = pending.pop() {
        let path = directory.path.clone();
        walked.directories.push(directory);
        let entries = match host.read_directory(&path) {
            Ok(entries) => entries,
            Err(error) => {
                walked.problems.push(error.to_problem());
                continue;
            }
        };
        walked.entries += entries.len();
        if walked.entries > limits.entries {
            let detail = format!("the walk of {start} stops here, after {} entries", limits.entries);
            walked.problems.push(Problem::new(path, ProblemKind::TooLarge, detail));
            break;
        }
        let below = entries.iter().filter(|entry| entry.kind == FileKind::Directory);
        // The stack turns the order round, so that the first by name is the next to be taken.
        for entry in below.rev() {
            let child = format!("{}/{}", path.trim_end_matches('/'), entry.name);
            match host.link_metadata(&child) {
                Ok(metadata) if metadata.kind != FileKind::Directory => {}
                Ok(metadata) if metadata.device != device => walked.other_file_systems.push(child),
                Ok(_) if depth == limits.depth => {
                    let detail = format!("more than {} directories below {start}", limits.depth);
                    walked.problems.push(Problem::new(child, ProblemKind::TooLarge, detail));
                }
                Ok(metadata) => pending.push((depth + 1, Directory { path: child, metadata })),
                Err(HostError::NotFound { .. }) if child.contains(char::REPLACEMENT_CHARACTER) => {
                    let problem = Problem::new(child, ProblemKind::Malformed, "the name of this directory is no UTF-8");
                    walked.problems.push(problem);
                }
                // Deleted since it was listed.
                Err(HostError::NotFound { .. }) => {}
                Err(error) => walked.problems.push(error.to_problem()),
            }
        }
    }
    walked.other_file_systems.sort();
    walked.problems.sort();
    Ok(walked)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use assay_model::evidence::SourceKind;

    use super::*;
    use crate::{MemoryHost, RootedHost};

    const WIDE: WalkLimits = WalkLimits { depth: 64, entries: 1000 };

    fn check(host: &dyn Host, start: &str, limits: WalkLimits, directories: &[&str], problems: &[(&str, ProblemKind)]) {
        let walked = walk_directories(host, start, limits).unwrap();
        assert_eq!(
            walked.directories.iter().map(|each| each.path.as_str()).collect::<Vec<_>>(),
            directories,
            "{start}"
        );
        let found: Vec<_> = walked.problems.iter().map(|each| (each.subject.as_str(), each.kind)).collect();
        assert_eq!(found, problems, "{start}");
    }

    fn etc() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
            .file("/etc/b/one", "")
            .file("/etc/a/deep/two", "")
            .link("/etc/c", "/usr")
            .link("/etc/self", ".")
            .file("/usr/x/y", "")
            .link("/bin", "usr")
    }

    #[test]
    fn directories_come_in_order_and_links_are_left_alone() {
        let all = ["/etc", "/etc/a", "/etc/a/deep", "/etc/b"];
        check(&etc(), "/etc", WIDE, &all, &[]);
        check(&etc(), "/bin", WIDE, &["/bin", "/bin/x"], &[]);
        check(&etc(), "/etc/", WIDE, &["/etc/", "/etc/a", "/etc/a/deep", "/etc/b"], &[]);
        check(&MemoryHost::new(SourceKind::RootDirectory).file("/a/b", ""), "/", WIDE, &["/", "/a"], &[]);
    }

    #[test]
    fn limits_are_told() {
        let shallow = WalkLimits { depth: 1, entries: 1000 };
        check(&etc(), "/etc", shallow, &["/etc", "/etc/a", "/etc/b"], &[("/etc/a/deep", ProblemKind::TooLarge)]);
        let few = WalkLimits { depth: 64, entries: 4 };
        check(&etc(), "/etc", few, &["/etc", "/etc/a"], &[("/etc/a", ProblemKind::TooLarge)]);
    }

    #[test]
    fn a_start_that_is_no_directory_is_an_error() {
        for (start, kind) in [
            ("/none", ProblemKind::NotFound),
            ("/etc/b/one", ProblemKind::WrongType),
            ("/etc/denied/x", ProblemKind::NotPermitted),
        ] {
            let host = etc().denied("/etc/denied");
            assert_eq!(walk_directories(&host, start, WIDE).unwrap_err().kind(), kind, "{start}");
        }
    }

    #[test]
    fn names_that_are_no_utf8_are_told() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join("etc/fine")).unwrap();
        fs::create_dir(directory.path().join("etc").join(Path::new(std::ffi::OsStr::from_bytes(b"odd\xff")))).unwrap();
        symlink("..", directory.path().join("etc/up")).unwrap();
        let host = RootedHost::root_directory(directory.path()).unwrap();
        check(&host, "/etc", WIDE, &["/etc", "/etc/fine"], &[("/etc/odd\u{fffd}", ProblemKind::Malformed)]);
    }

    #[test]
    fn other_file_systems_are_not_entered() {
        let host = RootedHost::live().unwrap();
        let walked = walk_directories(&host, "/", WalkLimits { depth: 0, entries: 1000 }).unwrap();
        assert!(walked.other_file_systems.iter().any(|path| path == "/proc"), "{:?}", walked.other_file_systems);
        assert!(walked.problems.iter().any(|each| each.subject == "/etc" && each.kind == ProblemKind::TooLarge));
        let inside = walk_directories(&host, "/proc/sys/kernel", WIDE).unwrap();
        assert!(inside.directories.iter().any(|each| each.path == "/proc/sys/kernel/random"));
    }
}
