//! Collects the packages of the host's own database with the enabled repositories, and tells of every other database.

use assay_host::Host;
use assay_model::evidence::package::Packages;
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::format::{Databases, Format};
use crate::{apk, dpkg, repositories, rpm};

/// Collects all packages; `distribution` is the `ID` of os-release, empty where there is none.
///
/// A host without os-release still has its packages: whoever judges them has to know that the release is unknown.
pub fn collect(host: &dyn Host, distribution: &str, databases: &Databases) -> Collected<Packages> {
    let Some(own) = databases.own else {
        return Collected::unavailable(no_database());
    };
    let mut collected = collect_of(own, host, distribution);
    if let Some(packages) = &mut collected.facts {
        let (repositories, problems) = repositories::collect(host, own);
        packages.repositories = repositories;
        collected.problems.extend(problems);
    }
    for other in &databases.others {
        collected.problems.extend(problem_of_other(host, *other, own));
    }
    collected
}

fn collect_of(format: Format, host: &dyn Host, distribution: &str) -> Collected<Packages> {
    match format {
        Format::Dpkg => dpkg::collect(host, distribution),
        Format::Rpm => rpm::collect(host, distribution),
        Format::Apk => apk::collect(host),
        Format::Opkg => dpkg::collect_opkg(host),
    }
}

fn no_database() -> Problem {
    let places: Vec<String> =
        [Format::Dpkg, Format::Rpm, Format::Apk, Format::Opkg].into_iter().flat_map(|format| format.places()).collect();
    let detail = format!("no package database was found: none of {} exists", places.join(", "));
    Problem::new("package database", ProblemKind::NotFound, detail)
}

/// A second database whose packages are not assessed; one without packages is only what a tool left there.
fn problem_of_other(host: &dyn Host, other: Format, own: Format) -> Option<Problem> {
    let collected = collect_of(other, host, "");
    let (subject, count) = match (collected.facts, collected.problems.into_iter().next()) {
        (Some(packages), _) => {
            let installed = packages.packages.iter().filter(|package| package.state.has_files());
            let first = packages.packages.first().and_then(|package| package.recorded_at.as_ref());
            let subject = first.map_or_else(|| other.name().to_owned(), |recorded| recorded.file.clone());
            (subject, installed.count())
        }
        (None, Some(problem)) => {
            let detail =
                format!("the host also has a database of {}, which cannot be read: {}", other.name(), problem.detail);
            return Some(Problem::new(problem.subject, problem.kind, detail));
        }
        (None, None) => return None,
    };
    (count > 0).then(|| {
        let (other, own) = (other.name(), own.name());
        let detail = format!(
            "the host also has a database of {other} with {count} packages: those of {own} are taken for the host's own, the others are not assessed"
        );
        Problem::new(subject, ProblemKind::NotSupported, detail)
    })
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;
    use assay_model::evidence::operating_system::OperatingSystem;

    use super::*;

    const DPKG: &str = "Package: one\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";
    const APK: &str = "P:two\nV:2\nA:noarch\n\n";

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    /// Format and packages as `name version`, and the problems as kind and details.
    #[track_caller]
    fn check(host: &MemoryHost, id: &str, expected: Option<(&str, &[&str])>, problems: &[(ProblemKind, &str)]) {
        let os = OperatingSystem { id: id.to_owned(), ..OperatingSystem::default() };
        let databases = Databases::find(host, Some(&os).filter(|_| !id.is_empty()));
        let collected = collect(host, id, &databases);
        let seen = collected.facts.map(|facts| {
            let name =
                |package: &assay_model::evidence::package::Package| format!("{} {}", package.name, package.version);
            (facts.format.clone(), facts.packages.iter().map(name).collect::<Vec<_>>())
        });
        let expected = expected
            .map(|(format, packages)| (format.to_owned(), packages.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(seen, expected);
        assert_eq!(collected.problems.len(), problems.len(), "{:?}", collected.problems);
        for (problem, (kind, part)) in collected.problems.iter().zip(problems) {
            assert_eq!(problem.kind, *kind, "{problem:?}");
            assert!(problem.detail.contains(part), "{problem:?} should say {part:?}");
        }
    }

    #[test]
    fn the_hosts_own_database_is_collected_with_and_without_os_release() {
        let debian = host().file("/var/lib/dpkg/status", DPKG);
        for id in ["debian", "", "alpine"] {
            check(&debian, id, Some(("dpkg", &["one 1"])), &[]);
        }
        let alpine = host().file("/lib/apk/db/installed", APK);
        for id in ["alpine", "", "wolfi"] {
            check(&alpine, id, Some(("apk", &["two 2"])), &[]);
        }
        let router = host().file("/usr/lib/opkg/status", DPKG.replace(" ok ", " user "));
        check(&router, "openwrt", Some(("opkg", &["one 1"])), &[]);
        let elsewhere = host().file("/usr/lib/dpkg/status", DPKG);
        check(&elsewhere, "debian", Some(("dpkg", &["one 1"])), &[]);
    }

    #[test]
    fn an_image_without_a_package_manager_has_fragments() {
        let image = host()
            .file("/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n")
            .file("/var/lib/dpkg/status.d/base.md5sums", "00aabb  etc/debian_version\n")
            .file("/var/lib/dpkg/status.d/base.preinst", "#!/bin/sh\n")
            .file("/var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a-0\nArchitecture: all\n");
        check(&image, "debian", Some(("dpkg", &["base-files 12.4", "tzdata 2024a-0"])), &[]);
    }

    #[test]
    fn a_second_database_is_told_of() {
        let both = host().file("/var/lib/dpkg/status", DPKG).file("/lib/apk/db/installed", APK);
        let told = |other: &str| format!("a database of {other} with 1 packages");
        check(&both, "debian", Some(("dpkg", &["one 1"])), &[(ProblemKind::NotSupported, &told("apk"))]);
        check(&both, "alpine", Some(("apk", &["two 2"])), &[(ProblemKind::NotSupported, &told("dpkg"))]);
        let empty = host().file("/var/lib/dpkg/status", DPKG).file("/lib/apk/db/installed", "");
        check(&empty, "debian", Some(("dpkg", &["one 1"])), &[]);
        let unreadable = host().file("/var/lib/dpkg/status", DPKG).denied("/lib/apk/db/installed");
        check(&unreadable, "debian", Some(("dpkg", &["one 1"])), &[(ProblemKind::NotPermitted, "cannot be read")]);
    }

    #[test]
    fn the_own_database_is_not_replaced_by_another_when_it_cannot_be_read() {
        let host = host().denied("/var/lib/dpkg/status").file("/lib/apk/db/installed", APK);
        let second = (ProblemKind::NotSupported, "apk with 1 packages");
        check(&host, "debian", None, &[(ProblemKind::NotPermitted, "no permission"), second]);
    }

    #[test]
    fn without_a_database_the_places_are_named() {
        check(&host(), "debian", None, &[(ProblemKind::NotFound, "/var/lib/dpkg/status, /var/lib/dpkg/status.d")]);
        check(&host(), "", None, &[(ProblemKind::NotFound, "/lib/apk/db/installed, /usr/lib/apk/db/installed")]);
    }
}
