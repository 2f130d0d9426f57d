//! The collector on real databases: a root file system of Alpine, and the specimens of another reader's tests.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_host::{MemoryHost, RootedHost};
use assay_model::evidence::package::{PackageOrigin, PackageRole, PackageState};
use assay_model::evidence::{ProblemKind, SourceKind};

use super::{collect, installed, owners};
use crate::text::LineProblems;

fn shared_data() -> PathBuf {
    match std::env::var_os("ASSAY_SHARED") {
        Some(shared) => Path::new(&shared).join("data"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

/// Alpine's own root file system, unpacked by tar.
fn alpine() -> (tempfile::TempDir, RootedHost) {
    let folder = tempfile::tempdir().unwrap();
    let archive = shared_data().join("hosts/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    let status = Command::new("tar").args(["-C", folder.path().to_str().unwrap(), "-xzf"]).arg(&archive).status();
    assert!(status.expect("tar is needed").success(), "{}", archive.display());
    let host = RootedHost::root_directory(folder.path()).unwrap();
    (folder, host)
}

/// Names and versions as the release's own notes of the image list them.
#[test]
fn a_root_of_alpine_has_its_packages() {
    let (_folder, host) = alpine();
    let collected = collect(&host);
    assert_eq!(collected.problems, []);
    let packages = collected.facts.unwrap();
    assert_eq!(packages.format, "apk");
    let seen: Vec<(&str, &str, &str)> = packages
        .packages
        .iter()
        .map(|package| (package.name.as_str(), package.version.as_str(), package.source_name.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("alpine-baselayout", "3.6.5-r0", "alpine-baselayout"),
            ("alpine-baselayout-data", "3.6.5-r0", "alpine-baselayout"),
            ("alpine-keys", "2.4-r1", "alpine-keys"),
            ("apk-tools", "2.14.4-r0", "apk-tools"),
            ("busybox", "1.36.1-r29", "busybox"),
            ("busybox-binsh", "1.36.1-r29", "busybox"),
            ("ca-certificates-bundle", "20240705-r0", "ca-certificates"),
            ("libcrypto3", "3.3.2-r0", "openssl"),
            ("libssl3", "3.3.2-r0", "openssl"),
            ("musl", "1.2.5-r0", "musl"),
            ("musl-utils", "1.2.5-r0", "musl"),
            ("scanelf", "1.3.7-r2", "pax-utils"),
            ("ssl_client", "1.36.1-r29", "busybox"),
            ("zlib", "1.3.1-r1", "zlib"),
        ]
    );
    assert!(packages.packages.iter().all(|package| {
        package.architecture == "x86_64"
            && package.state == PackageState::Installed
            && package.origin == PackageOrigin::Unknown
            && package.role == PackageRole::Ordinary
            && package.source_version == package.version
    }));
}

/// Every file has its owner, and the few without one are named.
#[test]
fn the_files_of_a_root_have_owners() {
    let (folder, host) = alpine();
    let find = Command::new("find").arg(folder.path()).args(["-type", "f", "-printf", "/%P\\n"]).output();
    let wanted: BTreeSet<String> =
        String::from_utf8(find.expect("find is needed").stdout).unwrap().lines().map(str::to_owned).collect();
    let owners = owners::collect(&host, &wanted).facts.unwrap();
    for (path, package) in [
        ("/bin/busybox", Some("busybox")),
        ("/lib/libcrypto.so.3", Some("libcrypto3")),
        ("/lib/ld-musl-x86_64.so.1", Some("musl")),
        ("/etc/os-release", None),
        ("/lib/apk/db/installed", None),
    ] {
        assert_eq!(owners.package_of(path), package, "{path}");
    }
    // What was made with the image, of no package.
    let unowned: Vec<&str> =
        wanted.iter().map(String::as_str).filter(|path| owners.package_of(path).is_none()).collect();
    assert_eq!(
        unowned,
        [
            "/etc/alpine-release",
            "/etc/apk/arch",
            "/etc/apk/repositories",
            "/etc/apk/world",
            "/etc/issue",
            "/etc/os-release",
            "/etc/secfixes.d/alpine",
            "/lib/apk/db/installed",
            "/lib/apk/db/lock",
            "/lib/apk/db/scripts.tar",
            "/lib/apk/db/triggers",
        ]
    );
}

/// The specimens are cut after a last line that does not end, which is told.
#[test]
fn specimens_of_others_are_read() {
    for (specimen, packages, problems) in [
        ("base", 1, 1),
        ("single", 1, 1),
        ("empty-deps-and-provides", 1, 0),
        ("extra-file-attributes", 1, 0),
        ("multiple-1/lib/apk/db/installed", 4, 0),
        ("multiple-2/lib/apk/db/installed", 14, 0),
        ("corrupt/lib/apk/db/installed", 1, 1),
        ("glob-paths/lib/apk/db/installed", 0, 2),
    ] {
        let path = shared_data().join("hosts/pkgdb/syft/alpine").join(specimen);
        let bytes = std::fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
        let mut told = LineProblems::new(specimen);
        let read = installed::parse(specimen, &bytes, &mut told);
        let told = told.into_problems();
        assert_eq!((read.len(), told.len()), (packages, problems), "{specimen}: {told:?}");
    }
}

#[test]
fn every_beginning_of_a_database_is_read_or_named() {
    let mut bytes = Vec::new();
    let (_folder, host) = alpine();
    assay_host::Host::open(&host, "/lib/apk/db/installed").unwrap().take(4096).read_to_end(&mut bytes).unwrap();
    for end in 1..bytes.len() {
        let mut told = LineProblems::new("db");
        let packages = installed::parse("db", &bytes[..end], &mut told);
        assert!(packages.len() <= 14);
        assert_eq!(bytes[end - 1] != b'\n', told.into_problems().iter().any(|each| each.detail.contains("ends, in")));
    }
}

#[test]
fn the_database_is_found_in_both_places_or_is_one_problem() {
    let host = || MemoryHost::new(SourceKind::RootDirectory);
    let stanza = "P:a\nV:1\nA:noarch\n\n";
    let count = |host: &MemoryHost| collect(host).facts.map(|packages| packages.packages.len());
    assert_eq!(count(&host().file("/lib/apk/db/installed", stanza)), Some(1));
    assert_eq!(count(&host().file("/usr/lib/apk/db/installed", stanza).link("/lib", "usr/lib")), Some(1));
    assert_eq!(count(&host().file("/usr/lib/apk/db/installed", stanza)), Some(1));
    for (host, kind) in [
        (host(), ProblemKind::NotFound),
        (host().denied("/lib/apk/db/installed"), ProblemKind::NotPermitted),
        (host().fifo("/lib/apk/db/installed").file("/usr/lib/apk/db/installed", stanza), ProblemKind::WrongType),
        (host().link("/lib/apk/db/installed", "installed"), ProblemKind::LinkLoop),
    ] {
        let collected = collect(&host);
        assert_eq!((collected.facts, collected.problems[0].kind), (None, kind));
        let wanted = ["/bin/x".to_owned()].into();
        assert_eq!(owners::collect(&host, &wanted).problems[0].kind, kind);
    }
    let pinned = host().file("/lib/apk/db/installed", "P:a\nV:1\n\nP:b\nV:1\n\n").file("/etc/apk/world", "a b=1\n");
    let held: Vec<bool> = collect(&pinned).facts.unwrap().packages.iter().map(|package| package.held).collect();
    assert_eq!(held, [false, true]);
    let denied = collect(&pinned.denied("/etc/apk/world"));
    assert_eq!((denied.facts.unwrap().packages.len(), denied.problems[0].kind), (2, ProblemKind::NotPermitted));
    let twice = collect(&host().file("/lib/apk/db/installed", stanza.repeat(3)));
    assert_eq!(twice.facts.unwrap().packages.len(), 1);
    assert_eq!(twice.problems[0].detail, "2 packages are there twice: the last of each counts");
}
