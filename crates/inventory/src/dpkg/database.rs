//! The files of dpkg's database, read together: the status file, its journal, and the fragments of minimal images.
//!
//! Implements the layout below `/var/lib/dpkg` of dpkg(1). Surprising: while dpkg runs, or after it was interrupted,
//! the newest states are not in the status file but in numbered files of `updates/`, which replace its stanzas.

use std::collections::BTreeMap;

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::package::{Package, RecordedAt};
use assay_model::evidence::{Problem, ProblemKind};

use super::status::{self, Layout, Parsed};

/// Where the database is: the second place is that of images whose `/var` begins empty.
pub const DIRECTORIES: &[&str] = &["/var/lib/dpkg", "/usr/lib/dpkg"];

/// Where opkg keeps its status file, which has dpkg's form.
pub const OPKG_STATUS: &[&str] = &["/usr/lib/opkg/status", "/var/lib/opkg/status"];

const MAX_STATUS: u64 = 128 * 1024 * 1024;
const MAX_FRAGMENT: u64 = 16 * 1024 * 1024;
const MAX_FILES: usize = 16_384;

/// What lies beside the fragments of `status.d` and is none.
const SUFFIXES_OF_OTHERS: &[&str] =
    &[".md5sums", ".preinst", ".postinst", ".prerm", ".postrm", ".conffiles", ".list", ".shlibs", ".triggers"];

/// Reads all packages of dpkg, sorted by name and architecture.
///
/// # Errors
///
/// The problem with the status file, when it cannot be read and there are no fragments either.
pub(super) fn read(host: &dyn Host) -> Result<(Vec<Package>, Vec<Problem>), Problem> {
    let mut first_problem = None;
    for directory in DIRECTORIES {
        match read_in(host, directory) {
            Ok(read) => return Ok(read),
            Err(problem) if problem.kind == ProblemKind::NotFound => first_problem = first_problem.or(Some(problem)),
            Err(problem) => return Err(problem),
        }
    }
    Err(first_problem.unwrap_or_else(|| not_found(DIRECTORIES)))
}

/// Reads all packages of opkg, sorted by name and architecture.
///
/// # Errors
///
/// The problem with the first status file that is there and cannot be read; without any, that none is there.
pub(super) fn read_opkg(host: &dyn Host) -> Result<(Vec<Package>, Vec<Problem>), Problem> {
    for path in OPKG_STATUS {
        match host.read(path, MAX_STATUS) {
            Ok(bytes) => {
                let mut database = Database::default();
                database.add(path, status::parse(&bytes, Layout::Opkg), Repeated::IsDefect);
                return Ok((database.packages.into_values().collect(), database.problems));
            }
            Err(HostError::NotFound { .. }) => {}
            Err(error) => return Err(error.to_problem()),
        }
    }
    Err(not_found(OPKG_STATUS))
}

fn not_found(places: &[&str]) -> Problem {
    let subject = places.first().copied().unwrap_or_default();
    Problem::new(subject, ProblemKind::NotFound, format!("none of {} exists", places.join(", ")))
}

fn read_in(host: &dyn Host, directory: &str) -> Result<(Vec<Package>, Vec<Problem>), Problem> {
    let mut database = Database::default();
    let path = format!("{directory}/status");
    let status = host.read(&path, MAX_STATUS).map(|bytes| {
        database.add(&path, status::parse(&bytes, Layout::Database), Repeated::IsDefect);
    });
    if status.is_ok() {
        let is_numbered = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let journal = format!("{directory}/updates");
        database.read_directory(host, &journal, is_numbered, Layout::Database, Repeated::Replaces);
    }
    let is_fragment = |name: &str| !SUFFIXES_OF_OTHERS.iter().any(|suffix| name.ends_with(suffix));
    let fragments = format!("{directory}/status.d");
    let fragments = database.read_directory(host, &fragments, is_fragment, Layout::Fragment, Repeated::IsDefect);
    match (status, fragments) {
        (Err(HostError::NotFound { .. }), Found::Some) | (Ok(()), _) => {}
        (Err(error), Found::Some) => database.problems.push(error.to_problem()),
        (Err(error), Found::None) => return Err(error.to_problem()),
    }
    Ok((database.packages.into_values().collect(), database.problems))
}

/// What a second stanza for the same package means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeated {
    IsDefect,
    Replaces,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Some,
    None,
}

#[derive(Default)]
struct Database {
    packages: BTreeMap<(String, String), Package>,
    problems: Vec<Problem>,
}

impl Database {
    fn add(&mut self, file: &str, parsed: Parsed, repeated: Repeated) {
        for defect in parsed.defects {
            let detail = format!("line {}: {}", defect.line, defect.detail);
            self.problems.push(Problem::new(file, ProblemKind::Malformed, detail));
        }
        if parsed.more_defects > 0 {
            let detail = format!("{} more defects are not listed", parsed.more_defects);
            self.problems.push(Problem::new(file, ProblemKind::Malformed, detail));
        }
        for (mut package, line) in parsed.packages.into_iter().zip(parsed.lines) {
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            package.recorded_at = Some(RecordedAt { file: file.to_owned(), line });
            let key = (package.name.clone(), package.architecture.clone());
            let earlier = self.packages.insert(key, package);
            let Some(earlier) = earlier.filter(|_| repeated == Repeated::IsDefect) else {
                continue;
            };
            let detail = format!("{} ({}) is there twice: the last one counts", earlier.name, earlier.architecture);
            self.problems.push(Problem::new(file, ProblemKind::Malformed, detail));
        }
    }

    fn read_directory(
        &mut self,
        host: &dyn Host,
        directory: &str,
        is_part: impl Fn(&str) -> bool,
        layout: Layout,
        repeated: Repeated,
    ) -> Found {
        let entries = match host.read_directory(directory) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => return Found::None,
            Err(error) => {
                self.problems.push(error.to_problem());
                return Found::None;
            }
        };
        let mut found = Found::None;
        let parts = entries.iter().filter(|entry| entry.kind != FileKind::Directory && is_part(&entry.name));
        for (count, entry) in parts.enumerate() {
            if count >= MAX_FILES {
                let detail = format!("more than {MAX_FILES} files: the rest was not read");
                self.problems.push(Problem::new(directory, ProblemKind::TooLarge, detail));
                break;
            }
            let path = format!("{directory}/{}", entry.name);
            match host.read(&path, MAX_FRAGMENT) {
                Ok(bytes) => {
                    found = Found::Some;
                    self.add(&path, status::parse(&bytes, layout), repeated);
                }
                // dpkg empties its journal while it runs.
                Err(HostError::NotFound { .. }) => {}
                Err(error) => self.problems.push(error.to_problem()),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;
    use assay_model::evidence::package::PackageState;

    use super::*;

    const ONE: &str = "Package: one\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    #[track_caller]
    fn check(host: &MemoryHost, packages: &[(&str, &str, PackageState)], problems: &[(&str, ProblemKind)]) {
        let (seen, seen_problems) = read(host).unwrap();
        let seen: Vec<(&str, &str, PackageState)> =
            seen.iter().map(|package| (package.name.as_str(), package.version.as_str(), package.state)).collect();
        assert_eq!(seen, packages);
        let seen: Vec<(&str, ProblemKind)> =
            seen_problems.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect();
        assert_eq!(seen, problems);
    }

    #[test]
    fn the_journal_replaces_stanzas() {
        let host = host()
            .file("/var/lib/dpkg/status", ONE)
            .file(
                "/var/lib/dpkg/updates/0000",
                ONE.replace("Version: 1", "Version: 2").replace("ok installed", "ok unpacked"),
            )
            .file("/var/lib/dpkg/updates/tmp.i", "garbage");
        check(&host, &[("one", "2", PackageState::Unpacked)], &[]);
    }

    #[test]
    fn fragments_alone_are_a_database() {
        let host = host()
            .file("/var/lib/dpkg/status.d/base-files", "Package: base-files\nVersion: 12\nArchitecture: amd64\n")
            .file("/var/lib/dpkg/status.d/base-files.md5sums", "00  etc/x\n");
        check(&host, &[("base-files", "12", PackageState::Installed)], &[]);
    }

    #[test]
    fn a_package_that_is_there_twice_is_a_problem() {
        let host = host().file("/var/lib/dpkg/status", format!("{ONE}\n{}", ONE.replace("Version: 1", "Version: 2")));
        check(&host, &[("one", "2", PackageState::Installed)], &[("/var/lib/dpkg/status", ProblemKind::Malformed)]);
    }

    #[test]
    fn no_database_is_one_problem() {
        for (host, kind) in [
            (host(), ProblemKind::NotFound),
            (host().denied("/var/lib/dpkg/status"), ProblemKind::NotPermitted),
            (host().fifo("/var/lib/dpkg/status"), ProblemKind::WrongType),
            (host().link("/var/lib/dpkg/status", "status"), ProblemKind::LinkLoop),
            (host().directory("/var/lib/dpkg/status.d", 0o755, 0, 0), ProblemKind::NotFound),
        ] {
            assert_eq!(read(&host).unwrap_err().kind, kind);
        }
    }
}
