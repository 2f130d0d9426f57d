//! Databases of others, as a host has them, through the dispatcher.

use std::fs;
use std::path::{Path, PathBuf};

use assay_host::{MemoryHost, RootedHost};
use assay_model::evidence::SourceKind;
use assay_model::evidence::package::Packages;

use super::{Databases, Format, collect, owners};

fn shared_data() -> PathBuf {
    match std::env::var_os("ASSAY_SHARED") {
        Some(shared) => Path::new(&shared).join("data/hosts/pkgdb"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hosts/pkgdb"),
    }
}

fn specimen(path: &str) -> Vec<u8> {
    let path = shared_data().join(path);
    fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

fn with_files(packages: &Packages) -> Vec<String> {
    let installed = packages.packages.iter().filter(|package| package.state.has_files());
    installed.map(|package| format!("{} {}", package.name, package.version)).collect()
}

/// The packages whose files are there, and how many problems are told, of a file at its place in a host.
#[test]
fn single_files_are_read_as_their_owners_tests_say() {
    let opkg = "/usr/lib/opkg/status";
    let dpkg = "/var/lib/dpkg/status";
    let apk = "/lib/apk/db/installed";
    for (path, place, format, packages, problems) in [
        ("osv-scalibr/os/apk/testdata/installed", apk, "apk", 15, 0),
        ("osv-scalibr/os/apk/testdata/single", apk, "apk", 1, 0),
        ("osv-scalibr/os/apk/testdata/no-origin", apk, "apk", 1, 0),
        ("osv-scalibr/os/apk/testdata/different-arch", apk, "apk", 1, 0),
        ("osv-scalibr/os/apk/testdata/empty", apk, "apk", 0, 0),
        ("osv-scalibr/os/apk/testdata/invalid", apk, "apk", 0, 2),
        ("osv-scalibr/os/dpkg/testdata/opkg/valid", opkg, "opkg", 3, 0),
        ("osv-scalibr/os/dpkg/testdata/opkg/single", opkg, "opkg", 1, 0),
        ("osv-scalibr/os/dpkg/testdata/opkg/trailingnewlines", opkg, "opkg", 1, 0),
        // What has a status of its own is not installed; a stanza without one says nothing.
        ("osv-scalibr/os/dpkg/testdata/opkg/statusfield", opkg, "opkg", 3, 1),
        ("osv-scalibr/os/dpkg/testdata/opkg/nopackage", opkg, "opkg", 2, 1),
        ("osv-scalibr/os/dpkg/testdata/opkg/noversion", opkg, "opkg", 2, 1),
        ("osv-scalibr/os/dpkg/testdata/opkg/empty", opkg, "opkg", 0, 0),
        ("syft/debian/var/lib/opkg/status", opkg, "opkg", 3, 0),
        ("osv-scalibr/os/dpkg/testdata/dpkg/statusfield", dpkg, "dpkg", 5, 1),
    ] {
        let host = MemoryHost::new(SourceKind::RootDirectory).file(place, specimen(path));
        let collected = collect(&host, "", &Databases::find(&host, None));
        let facts = collected.facts.unwrap();
        let seen = (facts.format.as_str(), with_files(&facts).len(), collected.problems.len());
        assert_eq!(seen, (format, packages, problems), "{path}: {:?}", collected.problems);
    }
}

#[test]
fn an_image_without_a_package_manager_has_packages_and_owners() {
    let root = shared_data().join("syft/debian/image-distroless-deb");
    let host = RootedHost::root_directory(&root).unwrap();
    let databases = Databases::find(&host, None);
    assert_eq!(databases, Databases { own: Some(Format::Dpkg), others: Vec::new() });
    let collected = collect(&host, "debian", &databases);
    assert_eq!(collected.problems, []);
    let facts = collected.facts.unwrap();
    assert_eq!(with_files(&facts), ["libsqlite3-0 3.34.1-3"]);
    assert_eq!(facts.packages[0].source_name, "sqlite3");
    let library = "/usr/lib/aarch64-linux-gnu/libsqlite3.so.0.8.6".to_owned();
    let found = owners(&host, databases.own, &[library.clone()].into());
    assert_eq!((found.facts.unwrap().package_of(&library), found.problems), (Some("libsqlite3-0"), Vec::new()));
}

#[test]
fn a_root_with_databases_of_two_managers_has_one_of_its_own() {
    let root = shared_data().join("syft/debian/glob-paths");
    let host = RootedHost::root_directory(&root).unwrap();
    let databases = Databases::find(&host, None);
    assert_eq!(databases, Databases { own: Some(Format::Dpkg), others: vec![Format::Opkg] });
    let collected = collect(&host, "debian", &databases);
    assert_eq!(collected.facts.unwrap().format, "dpkg");
}
