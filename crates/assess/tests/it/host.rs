//! A made-up host, a made-up feed, and the assessment of the one by the other.

use assay_advisory::import::DebianTracker;
use assay_advisory::{Database, FeedOrigin, Limits};
use assay_assess::{FeedGap, Knowledge, LibraryDatabases, Session, VexFile, assess};
use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_model::evidence::kernel::{InstalledKernel, Kernel, NextKernel, RunningKernel};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, Packages};
use assay_model::evidence::{Collected, Evidence, HostIdentity, SourceKind};
use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;
use assay_rules::KnowledgeBase;

/// An installed package of the distribution, built from a source of the same name and version.
pub(crate) fn package(name: &str, source: &str, version: &str) -> Package {
    Package {
        source_name: source.to_owned(),
        origin: PackageOrigin::Distribution,
        ..Package::installed(name, version, "amd64")
    }
}

/// A kernel image of a release such as `6.1.0-30-amd64`.
pub(crate) fn kernel_image(release: &str, version: &str) -> Package {
    Package { role: PackageRole::KernelImage, ..package(&format!("linux-image-{release}"), "linux", version) }
}

/// Kernels as collected: installed images, the one that runs (with its version) and the one that boots next.
pub(crate) fn kernels(installed: &[&str], running: (&str, &str), next: &str) -> Kernel {
    let image = |release: &&str| InstalledKernel {
        release: (*release).to_owned(),
        image: format!("/boot/vmlinuz-{release}"),
        package: Some(format!("linux-image-{release}")),
    };
    Kernel {
        running: Some(RunningKernel {
            release: running.0.to_owned(),
            version: format!("#1 SMP PREEMPT_DYNAMIC Debian {} (2025-01-01)", running.1),
            machine: "x86_64".to_owned(),
            package: installed.contains(&running.0).then(|| format!("linux-image-{}", running.0)),
        }),
        installed: installed.iter().map(image).collect(),
        next_boot: Some(NextKernel { release: next.to_owned(), determined_by: "test".to_owned() }),
        ..Kernel::default()
    }
}

/// A Debian 12 host with these packages and kernels.
pub(crate) fn host(packages: Vec<Package>, kernel: Option<Kernel>) -> Evidence {
    let os = OperatingSystem {
        id: "debian".to_owned(),
        version_id: Some("12".to_owned()),
        version_codename: Some("bookworm".to_owned()),
        ..OperatingSystem::default()
    };
    let host = HostIdentity { agent_id: "i-0".to_owned(), hostname: "web1".to_owned(), ipv4_addresses: Vec::new() };
    Evidence {
        os: Collected::complete(os),
        packages: Collected::complete(Packages { format: "dpkg".to_owned(), packages, ..Packages::default() }),
        kernel: kernel.map_or_else(Collected::default, Collected::complete),
        ..Evidence::empty(SourceKind::LiveHost, host, "test", now())
    }
}

/// The database of a feed in the tracker's form; each entry is (source, CVE, members of the release).
pub(crate) fn feed(entries: &[(&str, &str, &str)]) -> Database {
    let mut sources = serde_json::Map::new();
    for (source, cve, members) in entries {
        let release: serde_json::Value = serde_json::from_str(&format!("{{{members}}}")).unwrap();
        let record = serde_json::json!({ "description": "Made up.", "releases": { "bookworm": release } });
        let of_source = sources.entry(*source).or_insert_with(|| serde_json::json!({}));
        of_source.as_object_mut().unwrap().insert((*cve).to_owned(), record);
    }
    let json = serde_json::to_vec(&sources).unwrap();
    let origin = FeedOrigin {
        feed: "debian-tracker".to_owned(),
        source: "test".to_owned(),
        fetched_at: now(),
        digest: "00".to_owned(),
    };
    let tracker = DebianTracker::read(json.as_slice(), &Limits::default()).unwrap();
    Database::from_bytes(tracker.compile("bookworm", &origin).unwrap()).unwrap()
}

/// Judges a host by the CVE package.
pub(crate) fn judge(evidence: &Evidence, database: Result<&Database, &FeedGap>) -> Assessment {
    judge_with(evidence, database, &[])
}

/// As [`judge`], with documents of the user's own.
pub(crate) fn judge_with(evidence: &Evidence, database: Result<&Database, &FeedGap>, vex: &[VexFile]) -> Assessment {
    let rules = KnowledgeBase::embedded().unwrap();
    let knowledge = Knowledge {
        rules: &rules,
        database,
        libraries: &LibraryDatabases::new(),
        enrichment: None,
        feeds: &[],
        gaps: &[],
        vex,
    };
    let packages = [RulesPackageKind::Cve];
    let session = Session::new(&Realm::local(), &evidence.host, &packages, None, now(), 0);
    assess(session, evidence, "digest", &knowledge, &packages, now())
}

/// The only finding of an assessment.
#[track_caller]
pub(crate) fn only_finding(assessment: &Assessment) -> &Finding {
    assert_eq!(assessment.findings.len(), 1, "{:?}", assessment.findings);
    &assessment.findings[0]
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}
