//! Where each package came from, by the lists that apt keeps of the repositories it knows.
//!
//! Joins `/var/lib/apt/lists/*_Packages` to the Release file of the same repository by the file names apt gives them
//! (sources.list(5), apt-get(8)). A backport or another vendor's rebuild has the distribution's name and a version of
//! its own, so the exact version decides where both offer the name. Surprising: a Debian security update is offered by
//! a repository whose `Origin` is `Debian` too, but a backport by one whose `Origin` is `Debian Backports`.

use std::collections::HashMap;
use std::io::Read;

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::package::{Package, PackageOrigin};
use assay_model::evidence::{Problem, ProblemKind};
use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder;

use super::package_list;
use super::release_file;

const LISTS: &str = "/var/lib/apt/lists";
const MAX_LISTS: usize = 1024;

/// The head of a Release file is under 2 KB; its checksums are of no interest.
const RELEASE_HEAD: u64 = 64 * 1024;

/// No list is longer unpacked (Debian 12's `main` has 50 MB): a small file that unpacks without end must end.
const MAX_LIST: u64 = 1024 * 1024 * 1024;

/// Origins that are the distribution's own beside the one that is spelled like its os-release `ID`: Ubuntu's extended
/// maintenance, which comes from the same publisher and is judged by the same feed.
const MORE_DISTRIBUTION_ORIGINS: &[(&str, &[&str])] = &[("ubuntu", &["UbuntuESM", "UbuntuESMApps", "UbuntuESMInfra"])];

/// Decides the origin of every package; they must be sorted by name. `distribution` is os-release's `ID`.
///
/// Without any list every origin stays unknown, and that is no problem: an image seldom keeps its lists. Where a list
/// could not be read, or none is the distribution's, a package that no list offers is unknown, not local.
pub fn assign(host: &dyn Host, distribution: &str, packages: &mut [Package]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lists = match find_lists(host, distribution, &mut problems) {
        Ok(lists) => lists,
        Err(HostError::NotFound { .. }) => return problems,
        Err(error) => return vec![error.to_problem()],
    };
    if lists.is_empty() {
        return problems;
    }
    let index = index_by_name(packages);
    let mut offered = vec![Offered::default(); packages.len()];
    let mut completeness = match lists.iter().any(|list| list.publisher == Publisher::Distribution) {
        true => Completeness::Complete,
        false => Completeness::Partial,
    };
    for list in &lists {
        let is_wanted = |name: &[u8]| index.contains_key(name);
        let offer = |name: &[u8], version: &[u8]| {
            let Some(range) = index.get(name) else { return };
            let instances = packages.iter().zip(&mut offered).skip(range.start).take(range.len());
            for (package, offered) in instances {
                offered.add(&list.publisher, package.version.as_bytes() == version);
            }
        };
        if let Err(problem) = read_list(host, &list.path, is_wanted, offer) {
            completeness = Completeness::Partial;
            problems.push(problem);
        }
    }
    for (package, offered) in packages.iter_mut().zip(offered) {
        package.origin = offered.origin(completeness);
    }
    problems
}

/// Who publishes a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Publisher {
    Distribution,
    Other(String),
}

/// One Packages list.
#[derive(Debug)]
struct List {
    path: String,
    publisher: Publisher,
}

/// Whether the lists show all that the host's repositories offer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Complete,
    Partial,
}

/// Who offers a package: by name, and in exactly the installed version.
#[derive(Clone, Debug, Default)]
struct Offered {
    by_distribution: bool,
    version_by_distribution: bool,
    by_other: Option<String>,
    version_by_other: Option<String>,
}

impl Offered {
    /// Counts one stanza of a list; of several other publishers the first one counts.
    fn add(&mut self, publisher: &Publisher, is_this_version: bool) {
        match publisher {
            Publisher::Distribution => {
                self.by_distribution = true;
                self.version_by_distribution |= is_this_version;
            }
            Publisher::Other(origin) => {
                self.by_other.get_or_insert_with(|| origin.clone());
                if is_this_version {
                    self.version_by_other.get_or_insert_with(|| origin.clone());
                }
            }
        }
    }

    fn origin(self, completeness: Completeness) -> PackageOrigin {
        if self.version_by_distribution {
            return PackageOrigin::Distribution;
        }
        if let Some(origin) = self.version_by_other {
            return PackageOrigin::ThirdParty { origin };
        }
        if self.by_distribution {
            return PackageOrigin::Distribution;
        }
        match (completeness, self.by_other) {
            (Completeness::Partial, _) => PackageOrigin::Unknown,
            (Completeness::Complete, Some(origin)) => PackageOrigin::ThirdParty { origin },
            (Completeness::Complete, None) => PackageOrigin::Local,
        }
    }
}

/// The lists of all repositories, by file name, each with its publisher.
fn find_lists(host: &dyn Host, distribution: &str, problems: &mut Vec<Problem>) -> Result<Vec<List>, HostError> {
    let entries = host.read_directory(LISTS)?;
    let files: Vec<&str> =
        entries.iter().filter(|entry| entry.kind == FileKind::File).map(|entry| entry.name.as_str()).collect();
    let releases: Vec<&str> =
        files.iter().copied().filter(|name| name.ends_with("_InRelease") || name.ends_with("_Release")).collect();
    let mut origins: HashMap<&str, Option<String>> = HashMap::new();
    let mut lists = Vec::new();
    for name in files.into_iter().filter(|name| is_list(name)) {
        if lists.len() >= MAX_LISTS {
            let detail = format!("more than {MAX_LISTS} lists: the rest was not read");
            problems.push(Problem::new(LISTS, ProblemKind::TooLarge, detail));
            break;
        }
        let origin = release_of(name, &releases)
            .and_then(|release| origins.entry(release).or_insert_with(|| read_origin(host, release, problems)).clone())
            .unwrap_or_else(|| host_name_of(name).to_owned());
        let publisher = match is_distribution_origin(distribution, &origin) {
            true => Publisher::Distribution,
            false => Publisher::Other(origin),
        };
        lists.push(List { path: format!("{LISTS}/{name}"), publisher });
    }
    Ok(lists)
}

fn is_list(name: &str) -> bool {
    let stem = match name.rsplit_once('.') {
        Some((stem, "lz4" | "gz" | "xz" | "bz2" | "zst" | "lzma")) => stem,
        _ => name,
    };
    stem.ends_with("_Packages")
}

/// The Release file whose name begins like the list's, up to `InRelease` or `Release`; the longest such beginning,
/// because one repository's address may begin with another's.
fn release_of<'a>(list: &str, releases: &[&'a str]) -> Option<&'a str> {
    let repository = |release: &'a str| release.strip_suffix("InRelease").or_else(|| release.strip_suffix("Release"));
    releases
        .iter()
        .copied()
        .filter(|release| repository(release).is_some_and(|beginning| list.starts_with(beginning)))
        .max_by_key(|release| repository(release).map(str::len))
}

fn read_origin(host: &dyn Host, release: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let path = format!("{LISTS}/{release}");
    let mut head = Vec::new();
    let read = host.open(&path).and_then(|reader| {
        reader.take(RELEASE_HEAD).read_to_end(&mut head).map_err(|cause| HostError::Io { path: path.clone(), cause })
    });
    if let Err(error) = read {
        problems.push(error.to_problem());
    }
    release_file::parse(&head)
}

/// apt's file names begin with the host name of the address (or with its first folder, for `file:`).
fn host_name_of(list: &str) -> &str {
    list.split('_').find(|part| !part.is_empty()).unwrap_or(list)
}

fn is_distribution_origin(distribution: &str, origin: &str) -> bool {
    origin.eq_ignore_ascii_case(distribution)
        || MORE_DISTRIBUTION_ORIGINS
            .iter()
            .any(|(id, origins)| id.eq_ignore_ascii_case(distribution) && origins.contains(&origin))
}

/// The instances of each name (one for each architecture) are neighbours, because the packages are sorted.
fn index_by_name(packages: &[Package]) -> HashMap<&[u8], std::ops::Range<usize>> {
    let mut index: HashMap<&[u8], std::ops::Range<usize>> = HashMap::with_capacity(packages.len());
    for (position, package) in packages.iter().enumerate() {
        index.entry(package.name.as_bytes()).or_insert(position..position).end = position + 1;
    }
    index
}

fn read_list(
    host: &dyn Host,
    path: &str,
    is_wanted: impl Fn(&[u8]) -> bool,
    offer: impl FnMut(&[u8], &[u8]),
) -> Result<(), Problem> {
    let file = host.open(path).map_err(|error| error.to_problem())?;
    let unpacked: Box<dyn Read + '_> = match path.rsplit_once('.') {
        Some((_, "lz4")) => Box::new(FrameDecoder::new(file)),
        Some((_, "gz")) => Box::new(MultiGzDecoder::new(file)),
        Some((_, "xz" | "bz2" | "zst" | "lzma")) => {
            let detail = "this compression is not read; apt keeps lists plain or as lz4 unless told otherwise";
            return Err(Problem::new(path, ProblemKind::NotSupported, detail));
        }
        _ => file,
    };
    let mut limited = unpacked.take(MAX_LIST);
    let parsed = package_list::parse(&mut limited, is_wanted, offer);
    if limited.limit() == 0 {
        let detail = format!("unpacks to more than {MAX_LIST} bytes: the rest was not read");
        return Err(Problem::new(path, ProblemKind::TooLarge, detail));
    }
    parsed.map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        Problem::new(path, ProblemKind::Malformed, format!("{error}{cause}"))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;
    use assay_model::evidence::package::{PackageRole, PackageState};

    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            architecture: "amd64".to_owned(),
            source_name: name.to_owned(),
            source_version: version.to_owned(),
            state: PackageState::Installed,
            held: false,
            origin: PackageOrigin::Unknown,
            role: PackageRole::Ordinary,
            recorded_at: None,
            previous_version: None,
            provenance: Default::default(),
        }
    }

    fn third(origin: &str) -> PackageOrigin {
        PackageOrigin::ThirdParty { origin: origin.to_owned() }
    }

    #[track_caller]
    fn check(host: &MemoryHost, cases: &[(&str, &str, PackageOrigin)], problems: &[ProblemKind]) {
        let mut packages: Vec<Package> = cases.iter().map(|(name, version, _)| package(name, version)).collect();
        let seen = assign(host, "debian", &mut packages);
        for (package, (name, version, origin)) in packages.iter().zip(cases) {
            assert_eq!(package.origin, *origin, "{name} {version}");
        }
        assert_eq!(seen.iter().map(|problem| problem.kind).collect::<Vec<_>>(), problems, "{seen:?}");
    }

    const MAIN: &str = "/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm";
    const BACKPORTS: &str = "/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm-backports";
    const VENDOR: &str = "/var/lib/apt/lists/packages.example.com_apt_dists_stable";

    fn debian() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
            .file(&format!("{MAIN}_InRelease"), "Origin: Debian\nSuite: oldstable\nSHA256:\n")
            .file(
                &format!("{MAIN}_main_binary-amd64_Packages"),
                "Package: bash\nVersion: 5.2-1\n\nPackage: curl\nVersion: 7.88-1\n",
            )
    }

    fn with_others() -> MemoryHost {
        debian()
            .file(&format!("{BACKPORTS}_InRelease"), "Origin: Debian Backports\n")
            .file(&format!("{BACKPORTS}_main_binary-amd64_Packages"), "Package: curl\nVersion: 8.1-1~bpo12+1\n")
            .file(&format!("{VENDOR}_Release"), "Label: no origin\n")
            .file(
                &format!("{VENDOR}_main_binary-amd64_Packages"),
                "Package: agent\nVersion: 1\n\nPackage: bash\nVersion: 5.2-1\n",
            )
    }

    #[test]
    fn the_exact_version_decides_where_both_offer_the_name() {
        check(
            &with_others(),
            &[
                ("agent", "0.9", third("packages.example.com")),
                ("bash", "5.2-1", PackageOrigin::Distribution),
                ("curl", "8.1-1~bpo12+1", third("Debian Backports")),
                ("mine", "1", PackageOrigin::Local),
            ],
            &[],
        );
        check(&with_others(), &[("curl", "7.80-1", PackageOrigin::Distribution)], &[]);
    }

    #[test]
    fn without_lists_or_with_a_part_of_them_unknown_stays_unknown() {
        check(&MemoryHost::new(SourceKind::RootDirectory), &[("bash", "1", PackageOrigin::Unknown)], &[]);
        let only_vendor = MemoryHost::new(SourceKind::RootDirectory)
            .file(&format!("{VENDOR}_Packages"), "Package: agent\nVersion: 1\n\nPackage: bash\nVersion: 6\n");
        check(
            &only_vendor,
            &[
                ("agent", "1", third("packages.example.com")),
                ("bash", "5", PackageOrigin::Unknown),
                ("mine", "1", PackageOrigin::Unknown),
            ],
            &[],
        );
        let denied = debian().denied(&format!("{MAIN}_contrib_binary-amd64_Packages"));
        check(
            &denied,
            &[("bash", "5.2-1", PackageOrigin::Distribution), ("mine", "1", PackageOrigin::Unknown)],
            &[ProblemKind::NotPermitted],
        );
    }

    #[test]
    fn packed_lists_are_read_or_named() {
        let list = b"Package: zebra\nVersion: 1\n\n";
        let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
        lz4.write_all(list).unwrap();
        let lz4 = lz4.finish().unwrap();
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(list).unwrap();
        let gz = gz.finish().unwrap();
        let cut_lz4 = &lz4[..lz4.len() - 6];
        for (extension, content, origin, problems) in [
            ("lz4", lz4.as_slice(), PackageOrigin::Distribution, &[][..]),
            ("gz", gz.as_slice(), PackageOrigin::Distribution, &[]),
            ("lz4", cut_lz4, PackageOrigin::Unknown, &[ProblemKind::Malformed]),
            ("gz", b"not gzip", PackageOrigin::Unknown, &[ProblemKind::Malformed]),
            ("xz", b"", PackageOrigin::Unknown, &[ProblemKind::NotSupported]),
        ] {
            let host = debian().file(&format!("{MAIN}_non-free_binary-amd64_Packages.{extension}"), content);
            check(&host, &[("zebra", "1", origin)], problems);
        }
    }

    #[test]
    fn the_publisher_is_found_by_the_longest_beginning() {
        let releases = ["a_dists_x_InRelease", "a_dists_x_y_Release", "a_dists_x-updates_InRelease"];
        for (list, release) in [
            ("a_dists_x_main_binary-amd64_Packages.lz4", Some("a_dists_x_InRelease")),
            ("a_dists_x_y_main_binary-amd64_Packages", Some("a_dists_x_y_Release")),
            ("a_dists_x-updates_main_binary-all_Packages", Some("a_dists_x-updates_InRelease")),
            ("b_dists_x_main_Packages", None),
        ] {
            assert_eq!(release_of(list, &releases), release, "{list}");
        }
        assert!(is_distribution_origin("ubuntu", "UbuntuESM"));
        assert!(!is_distribution_origin("debian", "UbuntuESM"));
        assert!(!is_distribution_origin("debian", "Debian Backports"));
    }
}
