//! `container-manifest-2`: the list of packages that distroless images of Azure Linux have in place of a database.
//!
//! Implements the lines of `rpm -qa` that the image's build writes: name, version and release, times of installation and
//! build, vendor, epoch, size, architecture, epoch as a number, source package; parted by tabs. Surprising: neither files
//! nor signatures are in it, so no path of such an image has an owner, and a kernel's role is told by names.

use assay_host::{Host, HostError};
use assay_model::evidence::package::{Package, Provenance, RecordedAt};

use super::defects::Defects;
use super::origin::origin;
use super::package::{Installed, evr, is_key, split_source};
use super::role::role;

pub(super) const MANIFEST: &str = "/var/lib/rpmmanifest/container-manifest-2";

const MAX_MANIFEST: u64 = 16 << 20;

/// As many as of a database.
const MAX_PACKAGES: usize = 65_536;

/// Reads the list of the host; `distribution` is the `ID` of os-release.
///
/// # Errors
///
/// When it is not there or cannot be read.
pub(super) fn read(host: &dyn Host, distribution: &str) -> Result<(Vec<Installed>, Defects), HostError> {
    let bytes = host.read(MANIFEST, MAX_MANIFEST)?;
    let mut defects = Defects::new(MANIFEST);
    let mut packages = Vec::new();
    for (line, number) in String::from_utf8_lossy(&bytes).lines().zip(1_u32..) {
        if line.is_empty() {
            continue;
        }
        if packages.len() == MAX_PACKAGES {
            defects.malformed(format!("more than {MAX_PACKAGES} packages: the rest was not read"));
            break;
        }
        match parse_line(line, number, distribution) {
            Some(installed) => packages.extend(Some(installed).filter(|installed| !is_key(&installed.package.name))),
            None => defects.malformed(format!("line {number}: it does not describe a package in ten columns")),
        }
    }
    Ok((packages, defects))
}

fn parse_line(line: &str, number: u32, distribution: &str) -> Option<Installed> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [name, version, installed_at, _, vendor, _, _, architecture, epoch, source] = *columns.as_slice() else {
        return None;
    };
    if name.is_empty() || !version.contains('-') {
        return None;
    }
    let epoch = Some(epoch.parse().ok()?);
    let mut package = Package::installed(name, evr(epoch, version), architecture);
    if source != "(none)" {
        let (source_name, source_version) = split_source(source)?;
        package.source_name = source_name.to_owned();
        package.source_version = evr(epoch, source_version);
    }
    let vendor = Some(vendor).filter(|vendor| !vendor.is_empty() && *vendor != "(none)");
    package.origin = origin(distribution, vendor);
    package.provenance = Provenance { vendor: vendor.map(str::to_owned), ..Provenance::default() };
    package.role = role(name, &package.source_name, None);
    package.recorded_at = Some(RecordedAt { file: MANIFEST.to_owned(), line: number });
    Some(Installed { package, installed_at: installed_at.parse().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::package::PackageOrigin;
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::super::{collect, tests::shared};
    use super::*;

    fn host(text: &[u8]) -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory).file(MANIFEST, text)
    }

    #[test]
    fn a_real_list_is_read() {
        let text = std::fs::read(shared("syft/redhat/container-manifest-2")).unwrap();
        let collected = collect(&host(&text), "mariner");
        assert_eq!(collected.problems, []);
        let packages = collected.facts.unwrap().packages;
        let seen: Vec<[&str; 5]> = packages
            .iter()
            .map(|package| {
                let Package { name, version, architecture, source_name, source_version, .. } = package;
                [name.as_str(), version, architecture, source_name, source_version]
            })
            .collect();
        assert_eq!(
            seen,
            [
                ["filesystem", "1.1-9.cm2", "x86_64", "filesystem", "1.1-9.cm2"],
                ["glibc", "2.35-2.cm2", "x86_64", "glibc", "2.35-2.cm2"],
                ["mariner-release", "2.0-12.cm2", "noarch", "mariner-release", "2.0-12.cm2"],
                ["openssl-libs", "1.1.1k-15.cm2", "x86_64", "openssl", "1.1.1k-15.cm2"],
                ["vim", "2:9.0-1.cm2", "x86_64", "vim", "2:9.0-1.cm2"],
            ]
        );
        assert!(packages.iter().all(|package| package.origin == PackageOrigin::Distribution));
    }

    #[test]
    fn a_line_that_is_no_package_is_a_problem() {
        let good = "a\t1-2\t0\t0\t(none)\t(none)\t1\tnoarch\t0\t(none)";
        for (line, count) in [
            (good.to_owned(), 1),
            (good.replace("a\t", "gpg-pubkey\t"), 0),
            (good.replace("1-2", "1"), 0),
            (good.replace("\t0\t(none)", "\tx\t(none)"), 0),
            (good.replace("a\t", "\t"), 0),
            (format!("{good}\tmore"), 0),
            (good.replace("0\t(none)", "0\ta.rpm"), 0),
            ("a".to_owned(), 0),
        ] {
            let collected = collect(&host(line.as_bytes()), "mariner");
            assert_eq!(collected.facts.unwrap().packages.len(), count, "{line}");
            let kinds: Vec<ProblemKind> = collected.problems.iter().map(|problem| problem.kind).collect();
            let expected = match line.starts_with("gpg-pubkey") {
                true => vec![ProblemKind::NotFound],
                false if count == 1 => vec![],
                false => vec![ProblemKind::Malformed],
            };
            assert_eq!(kinds, expected, "{line}");
        }
        let denied = MemoryHost::new(SourceKind::RootDirectory).denied(MANIFEST);
        let collected = collect(&denied, "mariner");
        assert_eq!((collected.facts, collected.problems[0].kind), (None, ProblemKind::NotPermitted));
    }
}
