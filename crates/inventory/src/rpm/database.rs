//! Finds the package database and visits every header in it.
//!
//! Implements the places of rpm's `%_dbpath` in the distributions that have it, and its three backends. Surprising: a
//! host can have several of them, left over from a change of backend or of place; the first in the order below is the
//! one that rpm uses, and that another is there too is told.

use std::collections::BTreeSet;

use assay_host::{Host, HostError};
use assay_model::evidence::{Problem, ProblemKind};

use super::defects::Defects;
use super::header::Header;
use super::manifest::MANIFEST;
use super::records::{Records, Unreadable};
use super::snapshot::{self, Log, Snapshot};
use super::{bdb, ndb, sqlite};

/// Fedora since 36, SUSE and Azure Linux; RHEL and its kin, often a link to the first; images of OSTree.
const DIRECTORIES: [&str; 3] = ["/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm"];

const FORMATS: [(&str, Format); 3] =
    [("rpmdb.sqlite", Format::Sqlite), ("Packages.db", Format::Ndb), ("Packages", Format::BerkeleyDb)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Sqlite,
    Ndb,
    BerkeleyDb,
}

/// Called for each header, with the number that the database gives it.
pub(super) type Visit<'a> = dyn FnMut(u32, &Header<'_>, &mut Defects) + 'a;

/// The files that are databases of rpm, in the order in which they are looked for, and the list that stands in for one.
pub fn places() -> Vec<String> {
    candidates().map(|(path, _)| path).chain([MANIFEST.to_owned()]).collect()
}

/// The database that was read, and what of it could not be.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) path: String,
    pub(super) problems: Vec<Problem>,
}

/// Visits every header of the host's database that can be read, and tells what could not be.
///
/// # Errors
///
/// The problems with all databases, when none can be read; that there is none, when there is none.
pub(super) fn visit(host: &dyn Host, visit: &mut Visit<'_>) -> Result<Visited, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    let mut read_from: Option<String> = None;
    for (path, format) in candidates() {
        match host.metadata(&path) {
            Ok(metadata) if !known.insert((metadata.device, metadata.inode)) => continue,
            Err(HostError::NotFound { .. }) => continue,
            _ => {}
        }
        if let Some(used) = &read_from {
            let detail = format!("a second package database: {used} was read, this one was not");
            problems.push(Problem::new(path, ProblemKind::NotSupported, detail));
            continue;
        }
        let mut defects = Defects::new(&path);
        match read(host, &path, format, &mut defects, visit) {
            Ok(()) => read_from = Some(path),
            Err(problem) => problems.push(problem),
        }
        problems.extend(defects.into_problems());
    }
    match read_from {
        Some(path) => Ok(Visited { path, problems }),
        None if problems.is_empty() => {
            let [first, ..] = DIRECTORIES;
            let detail = "there is no package database of rpm";
            Err(vec![Problem::new(first, ProblemKind::NotFound, detail)])
        }
        None => Err(problems),
    }
}

fn candidates() -> impl Iterator<Item = (String, Format)> {
    let in_directory = |directory| FORMATS.map(|(name, format)| (format!("{directory}/{name}"), format));
    DIRECTORIES.into_iter().flat_map(in_directory)
}

fn read(
    host: &dyn Host,
    path: &str,
    format: Format,
    defects: &mut Defects,
    visit: &mut Visit<'_>,
) -> Result<(), Problem> {
    let has_log = if format == Format::Sqlite { Log::Beside } else { Log::None };
    let Snapshot { file, log } = snapshot::read(host, path, has_log, defects)?;
    let mut visit_blob = |number: u32, blob: &[u8], defects: &mut Defects| match Header::parse(blob) {
        Ok(header) => visit(number, &header, defects),
        Err(error) => defects.malformed(format!("package {number}: {error}")),
    };
    let mut records = Records::new(file.len() + log.len(), defects, &mut visit_blob);
    let result = match format {
        Format::Sqlite => sqlite::read(&file, &log, &mut records),
        Format::Ndb => ndb::read(&file, &mut records),
        Format::BerkeleyDb => bdb::read(&file, &mut records),
    };
    result.map_err(|Unreadable { kind, detail }| Problem::new(path, kind, detail))
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::super::bytes::Order;
    use super::super::header::Tag;
    use super::super::specimen::{bdb, ndb, package, sqlite, wal};
    use super::*;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    /// The names seen, and subjects and kinds of problems; as error when there was no database.
    #[track_caller]
    fn check(host: &MemoryHost, expected: Result<&[&str], ()>, problems: &[(&str, ProblemKind)]) {
        let mut names = Vec::new();
        let result = visit(host, &mut |_, header, _| names.extend(header.text(Tag::Name).unwrap()));
        assert_eq!(result.is_ok(), expected.is_ok(), "{result:?}");
        assert_eq!(names, expected.unwrap_or_default());
        let seen = result.map_or_else(|problems| problems, |visited| visited.problems);
        let seen: Vec<_> = seen.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect();
        assert_eq!(seen, problems);
    }

    #[test]
    fn each_place_and_format_is_found() {
        let blob = package("bash", "5", "1");
        for directory in DIRECTORIES {
            for (name, content) in [
                ("rpmdb.sqlite", sqlite(&[&[&blob]])),
                ("Packages.db", ndb(&[&blob])),
                ("Packages", bdb(&[&blob], Order::Little)),
            ] {
                let host = host().file(&format!("{directory}/{name}"), content);
                check(&host, Ok(&["bash"]), &[]);
            }
        }
        check(&host(), Err(()), &[(DIRECTORIES[0], ProblemKind::NotFound)]);
    }

    #[test]
    fn one_database_is_read_and_others_are_told() {
        let (bash, zsh) = (package("bash", "5", "1"), package("zsh", "5", "1"));
        let linked = host()
            .file("/usr/lib/sysimage/rpm/rpmdb.sqlite", sqlite(&[&[&bash]]))
            .link("/var/lib/rpm", "../../usr/lib/sysimage/rpm");
        check(&linked, Ok(&["bash"]), &[]);
        let left_over = linked.file("/usr/share/rpm/Packages", bdb(&[&zsh], Order::Little));
        check(&left_over, Ok(&["bash"]), &[("/usr/share/rpm/Packages", ProblemKind::NotSupported)]);
        let damaged = host().file("/var/lib/rpm/rpmdb.sqlite", "").file("/var/lib/rpm/Packages.db", ndb(&[&zsh]));
        check(&damaged, Ok(&["zsh"]), &[("/var/lib/rpm/rpmdb.sqlite", ProblemKind::Malformed)]);
        let denied = host().denied("/var/lib/rpm/Packages");
        check(&denied, Err(()), &[("/var/lib/rpm/Packages", ProblemKind::NotPermitted)]);
    }

    #[test]
    fn the_log_belongs_to_the_database() {
        let path = "/var/lib/rpm/rpmdb.sqlite";
        let (old, new) = (sqlite(&[&[&package("old", "5", "1")]]), sqlite(&[&[&package("new", "5", "1")]]));
        let whole: Vec<(u32, u32, &[u8])> =
            new.chunks(512).zip(1..).map(|(page, number)| (number, u32::from(number == 3) * 3, page)).collect();
        let logged = host().file(path, &old).file("/var/lib/rpm/rpmdb.sqlite-wal", wal(&whole));
        check(&logged, Ok(&["new"]), &[]);
        let denied = host().file(path, &old).denied("/var/lib/rpm/rpmdb.sqlite-wal");
        check(&denied, Ok(&["old"]), &[(path, ProblemKind::NotPermitted)]);
    }

    #[test]
    fn a_damaged_header_is_not_the_end() {
        let host = host().file(
            "/var/lib/rpm/Packages.db",
            ndb(&[&package("bash", "5", "1"), b"no header", &package("zsh", "5", "1")]),
        );
        check(&host, Ok(&["bash", "zsh"]), &[("/var/lib/rpm/Packages.db", ProblemKind::Malformed)]);
    }
}
