//! The shared data, and a host to write bills of.

use std::path::{Path, PathBuf};
use std::process::Command;

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::{Libraries, Library, LibraryKind};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{Package, PackageState, Packages};
use assay_model::evidence::{Collected, Evidence, HostIdentity, SourceKind};

/// A file or folder of the shared data.
pub(crate) fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("ASSAY_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = root.join("data").join(path);
    assert!(path.exists(), "{} is missing; set ASSAY_SHARED", path.display());
    path
}

/// Unpacks an archive of the shared data into a temporary folder.
pub(crate) fn unpacked(archive: &str) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().unwrap();
    let status = Command::new("tar").arg("-C").arg(folder.path()).arg("-xf").arg(shared(archive)).status().unwrap();
    assert!(status.success(), "{archive}");
    folder
}

pub(crate) fn host(format: &str, id: &str, version: &str, packages: Vec<Package>) -> Evidence {
    let os = OperatingSystem {
        id: id.to_owned(),
        version_id: Some(version.to_owned()),
        pretty_name: Some(format!("{id} {version}")),
        ..OperatingSystem::default()
    };
    let identity = HostIdentity { agent_id: "i-0".to_owned(), hostname: "web1".to_owned(), ipv4_addresses: Vec::new() };
    let library = |ecosystem, name: &str, version: &str, location: &str| Library {
        ecosystem,
        name: name.to_owned(),
        version: version.to_owned(),
        location: location.to_owned(),
        kind: LibraryKind::Installed,
        owner: None,
        development: false,
    };
    let mut libraries = vec![
        library(Ecosystem::Npm, "@angular/core", "17.0.1", "/srv/a/node_modules/@angular/core/package.json"),
        library(Ecosystem::Maven, "org.apache.logging.log4j:log4j-core", "2.14.1", "/srv/app.jar!/lib/log4j-core.jar"),
        library(Ecosystem::Go, "golang.org/x/net", "v0.17.0", "/usr/bin/tool"),
        library(
            Ecosystem::Pypi,
            "requests",
            "2.31.0",
            "/usr/lib/python3/dist-packages/requests-2.31.0.dist-info/METADATA",
        ),
        library(Ecosystem::Packagist, "symfony/http-kernel", "6.4.0", "/srv/b/composer.lock"),
        library(Ecosystem::CratesIo, "time", "0.3.20", "/usr/bin/other"),
    ];
    libraries.sort();
    Evidence {
        os: Collected::complete(os),
        packages: Collected::complete(Packages { format: format.to_owned(), packages, ..Packages::default() }),
        libraries: Collected::complete(Libraries { libraries }),
        ..Evidence::empty(SourceKind::LiveHost, identity, "test", "2026-11-24T10:00:00Z".parse().unwrap())
    }
}

/// Hosts of the three package managers.
pub(crate) fn hosts() -> Vec<Evidence> {
    let with_source = |package: Package, name: &str, version: &str| Package {
        source_name: name.to_owned(),
        source_version: version.to_owned(),
        ..package
    };
    let debian = vec![
        with_source(Package::installed("libssl3", "3.0.16-1~deb12u1", "amd64"), "openssl", "3.0.16-1~deb12u1"),
        Package::installed("openssh-server", "1:9.2p1-2+deb12u5", "amd64"),
        with_source(Package::installed("python3-x", "1.0-1+b2", "amd64"), "x", "1.0-1"),
        Package { state: PackageState::ConfigFiles, ..Package::installed("removed", "1", "amd64") },
    ];
    let rpm = vec![
        with_source(Package::installed("openssl-libs", "1:3.0.7-24.el9", "x86_64"), "openssl", "1:3.0.7-24.el9"),
        Package::installed("bash", "5.1.8-6.el9_1", "x86_64"),
    ];
    let apk = vec![with_source(Package::installed("ssl_client", "1.36.1-r29", "x86_64"), "busybox", "1.36.1-r29")];
    vec![host("dpkg", "debian", "12", debian), host("rpm", "rhel", "9.2", rpm), host("apk", "alpine", "3.20.3", apk)]
}
