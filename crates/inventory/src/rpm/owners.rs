//! Which package owns a path, by the file lists in rpm's headers.
//!
//! All wanted paths are looked up in one pass over the database, as `rpm -qf` asks for files that are in place. A file
//! that several packages share has the first of them by name. Surprising: since the merge of `/usr` a package may list
//! `/bin/bash` or `/usr/sbin/ip` while the file is `/usr/bin/bash` or `/usr/bin/ip`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assay_host::Host;
use assay_model::evidence::Collected;
use memchr::memrchr;

use super::database;
use super::defects::Defects;
use super::files::Files;
use super::header::{Header, HeaderError, Tag};
use crate::ownership::{Owners, WantedPaths};

/// Finds the owners of absolute paths whose links are resolved, as `/proc/PID/exe` has them.
pub fn collect(host: &dyn Host, wanted: &BTreeSet<String>) -> Collected<Owners> {
    if wanted.is_empty() {
        return Collected::complete(Owners::default());
    }
    let wanted = WantedPaths::new(host, wanted);
    let search = Search::new(&wanted);
    let mut by_path = BTreeMap::new();
    let visited = database::visit(host, &mut |number, header, defects: &mut Defects| {
        if let Err(error) = search.look_through(header, &mut by_path) {
            defects.malformed(format!("package {number}: {error}"));
        }
    });
    let mut owners = Owners::default();
    for (path, package) in &by_path {
        owners.add(path, package);
    }
    match visited {
        Ok(visited) => Collected::partial(owners, visited.problems),
        Err(problems) => Collected { facts: None, problems },
    }
}

/// The wanted paths by directory (with its slash) and name, each under every spelling that a package may list.
struct Search<'a> {
    by_directory: HashMap<&'a [u8], HashMap<&'a [u8], &'a str>>,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a WantedPaths<'_>) -> Search<'a> {
        let mut search = Search { by_directory: HashMap::new() };
        for (listed, path) in wanted.spellings() {
            let name_at = memrchr(b'/', listed).map_or(0, |slash| slash + 1);
            if let Some((directory, name)) = listed.split_at_checked(name_at) {
                search.by_directory.entry(directory).or_default().insert(name, path);
            }
        }
        search
    }

    fn look_through(&self, header: &Header<'_>, owners: &mut BTreeMap<&'a str, String>) -> Result<(), HeaderError> {
        let files = Files::of(header)?;
        let directories: Vec<_> =
            files.directories().iter().map(|directory| self.by_directory.get(*directory)).collect();
        if directories.iter().all(Option::is_none) {
            return Ok(());
        }
        let package = header.required_text(Tag::Name)?;
        for file in files.iter().filter(|file| file.is_installed) {
            let directory = directories.get(file.directory).copied().flatten();
            let Some(path) = directory.and_then(|directory| directory.get(file.name)) else {
                continue;
            };
            let owner = owners.entry(*path).or_insert_with(|| package.clone());
            if package < *owner {
                owner.clone_from(&package);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::super::specimen::{Value, header, ndb};
    use super::*;

    /// Files of a package, each with its state.
    fn package(name: &str, files: &[(&str, u8)]) -> Vec<u8> {
        let (directories, names): (Vec<&str>, Vec<&str>) =
            files.iter().map(|(path, _)| path.split_at(path.rfind('/').unwrap() + 1)).unzip();
        let indexes: Vec<u32> = (0..u32::try_from(files.len()).unwrap()).collect();
        let states: Vec<u8> = files.iter().map(|(_, state)| *state).collect();
        header(&[
            (Tag::Name, Value::Text(name)),
            (Tag::BaseNames, Value::Texts(&names)),
            (Tag::DirectoryNames, Value::Texts(&directories)),
            (Tag::DirectoryIndexes, Value::Numbers(&indexes)),
            (Tag::FileStates, Value::Bytes(&states)),
        ])
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
    fn merged_directories_and_states_are_seen_through() {
        let database = ndb(&[
            &package("glibc", &[("/lib64/libc.so.6", 0), ("/usr/lib64/libm.so.6", 4), ("/sbin/ldconfig", 0)]),
            &package("bash", &[("/bin/bash", 0), ("/etc/skel/.bashrc", 0)]),
            &package("iproute", &[("/usr/sbin/ip", 0), ("/etc/skel/.bashrc", 0)]),
            &package("other-bash", &[("/usr/bin/bash", 1)]),
            b"damaged",
        ]);
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .link("/bin", "usr/bin")
            .link("/sbin", "usr/sbin")
            .link("/lib64", "/usr/lib64/")
            .link("/usr/sbin", "bin")
            .file("/var/lib/rpm/Packages.db", database);
        check(
            &host,
            &[
                ("/usr/bin/bash", Some("bash")),
                ("/usr/bin/ip", Some("iproute")),
                ("/usr/bin/ldconfig", Some("glibc")),
                ("/usr/lib64/libc.so.6", Some("glibc")),
                ("/lib64/libm.so.6", Some("glibc")),
                ("/etc/skel/.bashrc", Some("bash")),
                ("/usr/local/bin/bash", None),
                ("/lib/libc.so.6", None),
            ],
            1,
        );
    }

    #[test]
    fn no_database_is_a_problem_unless_nothing_is_asked() {
        let host = MemoryHost::new(SourceKind::RootDirectory);
        assert_eq!(collect(&host, &BTreeSet::new()), Collected::complete(Owners::default()));
        let nothing = collect(&host, &["/bin/ls".to_owned()].into());
        assert_eq!(nothing.facts, None);
        assert_eq!(nothing.problems[0].kind, ProblemKind::NotFound);
    }
}
