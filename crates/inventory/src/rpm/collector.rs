//! Collects the packages of rpm: every header of the database as a package with role and origin, or the list that
//! stands in for a database.
//!
//! Yields the `packages` section of the evidence. Surprising: a kernel is there once for each version that is installed,
//! under one name and architecture; the order of such packages is that of their installation.

use assay_host::{Host, HostError};
use assay_model::evidence::package::Packages;
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::database::{self, Visited};
use super::defects::Defects;
use super::header::Header;
use super::manifest::{self, MANIFEST};
use super::package::{self, Installed};

/// Collects all packages; `distribution` is the `ID` of os-release, for example `rhel`.
pub fn collect(host: &dyn Host, distribution: &str) -> Collected<Packages> {
    let mut found: Vec<Installed> = Vec::new();
    let mut read = |number: u32, header: &Header<'_>, defects: &mut Defects| match package::read(
        header,
        number,
        distribution,
        defects,
    ) {
        Ok(installed) => found.extend(installed),
        Err(error) => defects.malformed(format!("package {number}: {error}")),
    };
    let visited = database::visit(host, &mut read);
    let (path, mut problems) = match visited {
        Ok(Visited { path, problems }) => (path, problems),
        Err(problems) if problems.iter().any(|problem| problem.kind != ProblemKind::NotFound) => {
            return Collected { facts: None, problems };
        }
        Err(problems) => match manifest::read(host, distribution) {
            Ok((listed, defects)) => {
                found = listed;
                (MANIFEST.to_owned(), defects.into_problems())
            }
            Err(HostError::NotFound { .. }) => return Collected { facts: None, problems },
            Err(error) => return Collected::unavailable(error.to_problem()),
        },
    };
    if found.is_empty() && problems.is_empty() {
        // An image whose database was emptied has packages nevertheless.
        problems.push(Problem::new(path, ProblemKind::NotFound, "the package database has no package"));
    }
    found.sort_by(|one, other| key(one).cmp(&key(other)));
    let packages = found.into_iter().map(|installed| installed.package).collect();
    Collected::partial(Packages { format: "rpm".to_owned(), packages, ..Packages::default() }, problems)
}

fn key(installed: &Installed) -> (&str, &str, u32, &str) {
    let package = &installed.package;
    (&package.name, &package.architecture, installed.installed_at, &package.version)
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::super::header::Tag;
    use super::super::specimen::{Value, header, ndb, package};
    use super::*;

    fn host(blobs: &[&[u8]]) -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory).file("/var/lib/rpm/Packages.db", ndb(blobs))
    }

    #[test]
    fn packages_are_sorted_and_versions_of_one_by_installation() {
        let kernel = |version, time: u32| {
            header(&[
                (Tag::Name, Value::Text("kernel")),
                (Tag::Version, Value::Text(version)),
                (Tag::Release, Value::Text("1")),
                (Tag::InstallTime, Value::Numbers(&[time])),
            ])
        };
        let blobs = [package("zsh", "5", "1"), kernel("10", 3), kernel("9", 2), package("bash", "5", "1")];
        let collected = collect(&host(&blobs.each_ref().map(Vec::as_slice)), "rhel");
        assert_eq!(collected.problems, []);
        let packages = collected.facts.unwrap().packages;
        let seen: Vec<(&str, &str)> =
            packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(seen, [("bash", "5-1"), ("kernel", "9-1"), ("kernel", "10-1"), ("zsh", "5-1")]);
    }

    #[test]
    fn a_database_without_packages_is_a_problem() {
        for blobs in [&[][..], &[package("gpg-pubkey", "fd431d51", "4ae0493b").as_slice()]] {
            let collected = collect(&host(blobs), "rhel");
            assert_eq!(collected.facts.unwrap().packages, []);
            let problems: Vec<(&str, ProblemKind)> =
                collected.problems.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect();
            assert_eq!(problems, [("/var/lib/rpm/Packages.db", ProblemKind::NotFound)]);
        }
    }
}
