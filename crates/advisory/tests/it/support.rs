//! What the tests share: where the data lies, a database made of it, packages of a dpkg status file.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use assay_advisory::import::DebianTracker;
use assay_advisory::matcher::{Inventory, Judgement, Status, Verdict, for_each_verdict, judge};
use assay_advisory::{Database, FeedOrigin, Limits, open_packed};
use assay_host::MemoryHost;
use assay_model::evidence::SourceKind;
use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance};

/// The folder of shared data: `$ASSAY_SHARED/data`, else beside the workspace.
pub(crate) fn shared(path: &str) -> PathBuf {
    let root = match std::env::var_os("ASSAY_SHARED") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let path = root.join("data").join(path);
    assert!(path.exists(), "{} is missing: set ASSAY_SHARED to the folder of shared data", path.display());
    path
}

/// The content of a file of shared data, unpacked.
pub(crate) fn read_shared(path: &str) -> String {
    let mut content = String::new();
    open_packed(&shared(path), &Limits::default()).unwrap().read_to_string(&mut content).unwrap();
    content
}

pub(crate) fn origin(feed: &str) -> FeedOrigin {
    FeedOrigin {
        feed: feed.to_owned(),
        source: "test".to_owned(),
        fetched_at: "2026-11-20T06:00:00Z".parse().unwrap(),
        digest: "00".repeat(32),
    }
}

/// The database of one release of a tracker's JSON.
pub(crate) fn compile(json: &str, release: &str) -> Database {
    let tracker = DebianTracker::read(json.as_bytes(), &Limits::default()).unwrap();
    Database::from_bytes(tracker.compile(release, &origin("debian-tracker")).unwrap()).unwrap()
}

/// The packages of a dpkg status file, as the collector reads them from a host without apt's lists.
pub(crate) fn packages_of_status(status: &str) -> Packages {
    let host = MemoryHost::new(SourceKind::RootDirectory).file("/var/lib/dpkg/status", status);
    let collected = assay_inventory::dpkg::collect(&host, "debian");
    assert_eq!(collected.problems, []);
    collected.facts.unwrap()
}

/// (binary package, vulnerability).
pub(crate) type Pair = (String, String);

/// Every verdict, those that say fixed or not affected included.
pub(crate) fn all_verdicts<'a>(
    database: &'a Database,
    packages: &'a Packages,
    kernel: Option<&'a Kernel>,
) -> Vec<Verdict<'a>> {
    let mut verdicts = Vec::new();
    for_each_verdict(database, &Inventory::of_packages(packages, kernel), |verdict| verdicts.push(verdict)).unwrap();
    let judgement = judge(database, &Inventory::of_packages(packages, kernel)).unwrap();
    let count = |status: Status| verdicts.iter().filter(|verdict| verdict.status == status).count();
    assert_eq!((judgement.fixed, judgement.not_affected), (count(Status::Fixed), count(Status::NotAffected)));
    assert_eq!(judgement.verdicts.len() + judgement.fixed + judgement.not_affected, verdicts.len());
    verdicts
}

/// The pairs whose verdict has such a status.
pub(crate) fn pairs_of(judgement: &Judgement<'_>, wanted: impl Fn(Status) -> bool) -> BTreeSet<Pair> {
    let verdicts = judgement.verdicts.iter().filter(|verdict| wanted(verdict.status));
    verdicts.map(|verdict| (verdict.installed.name().to_owned(), verdict.advisory.id.to_owned())).collect()
}

/// The pairs that are affected.
pub(crate) fn affected_pairs(judgement: &Judgement<'_>) -> BTreeSet<Pair> {
    pairs_of(judgement, |status| matches!(status, Status::Affected(_)))
}

/// The packages of `dpkg-query -W`; the source of each is what the Debian 12.11 host says, else its own name.
pub(crate) fn packages_of_manifest(manifest: &str) -> Packages {
    let known = packages_of_status(&read_shared("hosts/debian-12.11/dpkg-status.xz"));
    let packages_of_line = |line: &str| {
        let (name, version) = line.split_once('\t').unwrap();
        let name = name.split(':').next().unwrap();
        let source = known.packages.iter().find(|package| package.name == name).map(|package| &package.source_name);
        package(name, (source.map_or(name, String::as_str), version))
    };
    packages(manifest.lines().map(packages_of_line).collect())
}

/// A dpkg status file of packages.
pub(crate) fn status_of_packages(packages: &Packages) -> String {
    let stanza = |package: &Package| {
        format!(
            "Package: {}\nStatus: install ok installed\nArchitecture: {}\nSource: {} ({})\nVersion: {}\n\n",
            package.name, package.architecture, package.source_name, package.source_version, package.version
        )
    };
    packages.packages.iter().map(stanza).collect()
}

/// A specimen of the tracker's JSON.
pub(crate) fn specimen(state: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/debian-tracker/{state}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An installed package of a source package and version, of unknown origin.
pub(crate) fn package(name: &str, source: (&str, &str)) -> Package {
    Package {
        name: name.to_owned(),
        version: source.1.to_owned(),
        architecture: "amd64".to_owned(),
        source_name: source.0.to_owned(),
        source_version: source.1.to_owned(),
        state: PackageState::Installed,
        held: false,
        origin: PackageOrigin::Unknown,
        role: PackageRole::Ordinary,
        recorded_at: None,
        previous_version: None,
        provenance: Provenance::default(),
    }
}

pub(crate) fn packages(packages: Vec<Package>) -> Packages {
    Packages { format: "dpkg".to_owned(), packages, ..Packages::default() }
}
