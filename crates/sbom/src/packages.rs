//! Packages and libraries as package URLs, and back.
//!
//! Scanners spell the same facts differently. The source package is `upstream=NAME` or `upstream=NAME@VERSION` (Syft), a
//! file name (`upstream=bash-5.1.8-6.el9.src.rpm`, Syft), or properties of the component (Trivy); the epoch is a part of
//! the version or `epoch=1`; the distribution is `distro=debian-12` with the release's id.

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::Library;
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{Package, PackageOrigin, Provenance};

use crate::purl::Purl;

/// The package URL of a package of this operating system, whose database has this format.
pub fn purl_of_package(package: &Package, format: &str, os: Option<&OperatingSystem>) -> Purl {
    let purl_type = match format {
        "rpm" => "rpm",
        "apk" => "apk",
        "opkg" => "opkg",
        _ => "deb",
    };
    let id = os.map_or("", |os| os.id.as_str());
    let distro = os.map(|os| match &os.version_id {
        Some(version) => format!("{}-{version}", os.id),
        None => os.id.clone(),
    });
    let is_own_source = package.source_name == package.name && package.source_version == package.version;
    let upstream = match (purl_type, is_own_source) {
        (_, true) => String::new(),
        ("rpm", _) => format!("{}-{}.src.rpm", package.source_name, without_epoch(&package.source_version).1),
        _ => format!("{}@{}", package.source_name, package.source_version),
    };
    let (epoch, version) = match purl_type {
        "rpm" => without_epoch(&package.version),
        _ => ("", package.version.as_str()),
    };
    Purl::new(purl_type, &package.name, version)
        .with_namespace(id)
        .with("arch", &package.architecture)
        .with("distro", distro.as_deref().unwrap_or_default())
        .with("epoch", epoch)
        .with("upstream", &upstream)
        .with("rpmmod", package.provenance.module.as_deref().unwrap_or_default())
}

/// `1` and `2.3-4` of `1:2.3-4`.
fn without_epoch(version: &str) -> (&str, &str) {
    version.split_once(':').unwrap_or(("", version))
}

/// The package URL of a library.
pub fn purl_of_library(library: &Library) -> Purl {
    let (namespace, name) = match library.ecosystem {
        Ecosystem::Maven => library.name.split_once(':').unwrap_or(("", &library.name)),
        Ecosystem::Go | Ecosystem::Npm | Ecosystem::Packagist => {
            library.name.rsplit_once('/').unwrap_or(("", &library.name))
        }
        _ => ("", library.name.as_str()),
    };
    Purl::new(library.ecosystem.purl_type(), name, &library.version).with_namespace(namespace)
}

/// The name of a library in its ecosystem's spelling.
pub(crate) fn library_name(ecosystem: Ecosystem, purl: &Purl) -> String {
    match (ecosystem, purl.namespace.as_str()) {
        (_, "") => purl.name.clone(),
        (Ecosystem::Maven, namespace) => format!("{namespace}:{}", purl.name),
        (_, namespace) => format!("{namespace}/{}", purl.name),
    }
}

/// The source package that a component's properties name, in Trivy's spelling.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatedSource {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) epoch: Option<String>,
}

impl StatedSource {
    fn version(&self) -> Option<String> {
        let version = self.version.as_ref()?;
        let epoch = self.epoch.as_ref().filter(|epoch| epoch.as_str() != "0");
        let epoch = epoch.map(|epoch| format!("{epoch}:")).unwrap_or_default();
        let release = self.release.as_ref().map(|release| format!("-{release}")).unwrap_or_default();
        Some(format!("{epoch}{version}{release}"))
    }
}

/// The package of a package URL of a distribution.
pub(crate) fn package_of(purl: &Purl, stated: &StatedSource) -> Package {
    let epoch = purl.qualifier("epoch").filter(|epoch| *epoch != "0" && !purl.version.contains(':'));
    let epoch = epoch.map(|epoch| format!("{epoch}:")).unwrap_or_default();
    let version = format!("{epoch}{}", purl.version);
    let mut package = Package::installed(&purl.name, version, purl.qualifier("arch").unwrap_or_default());
    if let Some(upstream) = purl.qualifier("upstream") {
        let (name, version) = source_of(upstream, &epoch);
        package.source_name = name;
        if let Some(version) = version {
            package.source_version = version;
        }
    }
    if let Some(name) = &stated.name {
        package.source_name.clone_from(name);
    }
    if let Some(version) = stated.version() {
        package.source_version = version;
    }
    let module = purl.qualifier("rpmmod").or_else(|| purl.qualifier("modularitylabel"));
    package.provenance = Provenance { module: module.map(str::to_owned), ..Provenance::default() };
    package.origin = PackageOrigin::Unknown;
    package
}

/// Name and version of a source package in any of its spellings.
fn source_of(upstream: &str, epoch: &str) -> (String, Option<String>) {
    let file = upstream.strip_suffix(".src.rpm").or_else(|| upstream.strip_suffix(".nosrc.rpm"));
    if let Some(file) = file {
        let mut parts = file.rsplitn(3, '-');
        if let (Some(release), Some(version), Some(name)) = (parts.next(), parts.next(), parts.next()) {
            return (name.to_owned(), Some(format!("{epoch}{version}-{release}")));
        }
    }
    match upstream.split_once('@') {
        Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
        None => (upstream.to_owned(), None),
    }
}

/// Puts packages into the order of evidence; one that is told of twice stays once.
pub(crate) fn sort_packages(packages: &mut Vec<Package>) {
    packages.sort_by(|left, right| {
        (&left.name, &left.architecture, &left.version).cmp(&(&right.name, &right.architecture, &right.version))
    });
    packages.dedup();
}

/// The operating system that `distro=debian-12.1` names.
pub(crate) fn os_of_distro(distro: &str) -> Option<OperatingSystem> {
    let (name, version) = match distro.rsplit_once('-') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => (name, Some(version)),
        _ => (distro, None),
    };
    (!name.is_empty()).then(|| operating_system(name, version))
}

/// An operating system of a name and version in any scanner's spelling.
pub(crate) fn operating_system(name: &str, version: Option<&str>) -> OperatingSystem {
    let name = name.to_ascii_lowercase();
    let id = match name.as_str() {
        "redhat" | "red hat" => "rhel",
        "alma" => "almalinux",
        "oracle" => "ol",
        "amazon" => "amzn",
        "suse linux enterprise server" | "sle" => "sles",
        "opensuse.leap" => "opensuse-leap",
        "opensuse.tumbleweed" => "opensuse-tumbleweed",
        name => name,
    };
    let mut os = OperatingSystem { id: id.to_owned(), ..OperatingSystem::default() };
    if id == "debian" {
        // Scanners give the point release; `VERSION_ID` has none.
        let major = version.map(|version| version.split('.').next().unwrap_or(version).to_owned());
        os.version_id = major.filter(|major| major.bytes().all(|byte| byte.is_ascii_digit()));
        os.debian_version = version.map(str::to_owned);
    } else {
        os.version_id = version.map(str::to_owned);
    }
    os
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(purl: &str, expected: (&str, &str, &str, &str)) {
        let package = package_of(&purl.parse().unwrap(), &StatedSource::default());
        let found = (&*package.name, &*package.version, &*package.source_name, &*package.source_version);
        assert_eq!(found, expected, "{purl}");
    }

    #[test]
    fn sources_are_read_in_every_spelling() {
        check(
            "pkg:deb/debian/libssl3@3.0.16-1?arch=amd64&distro=debian-12&upstream=openssl",
            ("libssl3", "3.0.16-1", "openssl", "3.0.16-1"),
        );
        check("pkg:deb/debian/x@1.0-1%2Bb2?upstream=src%401.0-1", ("x", "1.0-1+b2", "src", "1.0-1"));
        check(
            "pkg:deb/debian/perl-base@5.36.0-7?epoch=1&distro=debian-12.1",
            ("perl-base", "1:5.36.0-7", "perl-base", "1:5.36.0-7"),
        );
        check(
            "pkg:rpm/rhel/bash@5.1.8-6.el9_1?arch=x86_64&distro=rhel-9.2&upstream=bash-5.1.8-6.el9_1.src.rpm",
            ("bash", "5.1.8-6.el9_1", "bash", "5.1.8-6.el9_1"),
        );
        check(
            "pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm",
            ("openssl-libs", "1:3.0.7-24.el9", "openssl", "1:3.0.7-24.el9"),
        );
        check(
            "pkg:apk/alpine/ssl_client@1.36.1-r29?upstream=busybox",
            ("ssl_client", "1.36.1-r29", "busybox", "1.36.1-r29"),
        );
    }

    #[test]
    fn distributions_are_read_in_every_spelling() {
        for (distro, id, version) in [
            ("debian-12.1", "debian", Some("12")),
            ("rhel-9.2", "rhel", Some("9.2")),
            ("redhat-9.2", "rhel", Some("9.2")),
            ("opensuse-leap-15.5", "opensuse-leap", Some("15.5")),
            ("opensuse.leap-15.5", "opensuse-leap", Some("15.5")),
            ("amazon-2023", "amzn", Some("2023")),
            ("arch", "arch", None),
        ] {
            let os = os_of_distro(distro).unwrap();
            assert_eq!((&*os.id, os.version_id.as_deref()), (id, version), "{distro}");
        }
    }
}
