//! Collects the packages of dpkg: the database, then the role, the origin and the version before of each.
//!
//! Yields the `packages` section of the evidence. Surprising: reading the database takes a millisecond, and finding
//! out where packages came from takes fifty times as long, because apt keeps 50 MB of lists.

use assay_host::{Host, HostError};
use assay_model::evidence::package::{Package, PackageRole, Packages};
use assay_model::evidence::{Collected, Problem};

use super::owners::{INFO, MAX_FILE_LIST};
use super::{database, log, origin, role};

/// Collects all packages; `distribution` is the `ID` of os-release, for example `debian`; empty or `linux` where the
/// host does not say.
pub fn collect(host: &dyn Host, distribution: &str) -> Collected<Packages> {
    let (mut packages, mut problems) = match database::read(host) {
        Ok(read) => read,
        Err(problem) => return Collected::unavailable(problem),
    };
    for package in &mut packages {
        package.role = find_role(host, package, &mut problems);
    }
    // Without a distribution there is no saying which of the repositories is its own: every origin stays unknown.
    if !matches!(distribution, "" | "linux") {
        problems.extend(origin::assign(host, distribution, &mut packages));
    }
    problems.extend(log::assign(host, &mut packages));
    Collected::partial(Packages { format: "dpkg".to_owned(), packages, ..Packages::default() }, problems)
}

/// Collects the packages of opkg. Nothing it keeps tells their origin or role.
pub fn collect_opkg(host: &dyn Host) -> Collected<Packages> {
    match database::read_opkg(host) {
        Ok((packages, problems)) => {
            Collected::partial(Packages { format: "opkg".to_owned(), packages, ..Packages::default() }, problems)
        }
        Err(problem) => Collected::unavailable(problem),
    }
}

fn find_role(host: &dyn Host, package: &Package, problems: &mut Vec<Problem>) -> PackageRole {
    let by_name = role::role_by_name(&package.name, &package.source_name);
    let is_plain = package.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte));
    if by_name == PackageRole::Ordinary || !package.state.has_files() || !is_plain {
        return by_name;
    }
    // The architecture is part of the file's name where a package may be installed for several.
    let candidates =
        [format!("{INFO}/{}.list", package.name), format!("{INFO}/{}:{}.list", package.name, package.architecture)];
    for path in candidates {
        match host.read(&path, MAX_FILE_LIST) {
            Ok(list) => return role::role_by_files(&package.name, &package.source_name, &list),
            Err(HostError::NotFound { .. }) => {}
            Err(error) => problems.push(error.to_problem()),
        }
    }
    by_name
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;
    use assay_model::evidence::package::PackageOrigin;

    use super::*;

    #[test]
    fn role_and_origin_are_joined() {
        let stanza = |name: &str, source: &str| {
            format!(
                "Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: 6.1-1\n\n"
            )
        };
        let status = stanza("linux-image-6.1.0-1-amd64", "linux-signed-amd64 (6.1+1)")
            + &stanza("linux-image-6.1.0-2-amd64", "linux-signed-amd64")
            + &stanza("linux-libc-dev", "linux");
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/var/lib/dpkg/status", status)
            .file("/var/lib/dpkg/info/linux-image-6.1.0-1-amd64.list", "/boot/vmlinuz-6.1.0-1-amd64\n")
            .file("/var/lib/dpkg/info/linux-image-6.1.0-2-amd64.list", "/usr/share/doc/x\n")
            .file("/var/lib/dpkg/info/linux-libc-dev:amd64.list", "/usr/include/linux/a.h\n")
            .file("/var/lib/apt/lists/d_dists_x_InRelease", "Origin: Debian\n")
            .file("/var/lib/apt/lists/d_dists_x_main_Packages", "Package: linux-libc-dev\nVersion: 6.1-2\n");
        let collected = collect(&host, "debian");
        assert_eq!(collected.problems, []);
        let packages = collected.facts.unwrap().packages;
        let seen: Vec<(&str, PackageRole, &PackageOrigin)> =
            packages.iter().map(|package| (package.name.as_str(), package.role, &package.origin)).collect();
        assert_eq!(
            seen,
            [
                ("linux-image-6.1.0-1-amd64", PackageRole::KernelImage, &PackageOrigin::Local),
                ("linux-image-6.1.0-2-amd64", PackageRole::KernelMeta, &PackageOrigin::Local),
                ("linux-libc-dev", PackageRole::KernelCompanion, &PackageOrigin::Distribution),
            ]
        );
        for unknown in ["", "linux"] {
            let packages = collect(&host, unknown).facts.unwrap().packages;
            assert!(packages.iter().all(|package| package.origin == PackageOrigin::Unknown), "{packages:?}");
        }
    }
}
