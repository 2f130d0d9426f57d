//! Hosts made by hand: what kind of package it is, where it came from, which kernel runs.

use assay_advisory::Database;
use assay_advisory::matcher::{Inventory, KernelPlace, NotCoveredReason, Remedy, Status, explain, judge};
use assay_model::evidence::kernel::{InstalledKernel, Kernel, NextKernel, RunningKernel};
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState};
use assay_model::finding::FixState;

use crate::support::{all_verdicts, compile, package, packages};

const FEED: &str = r#"{
    "linux": {
        "CVE-2024-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "6.1.140-1"}}},
        "CVE-2024-2": {"releases": {"bookworm": {"status": "open"}}},
        "CVE-2024-3": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "0"}}}
    },
    "openssl": {
        "CVE-2024-4": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.15-1"}}}
    },
    "nss": {
        "CVE-2024-4": {"releases": {"bookworm": {"status": "open"}}},
        "CVE-2024-5": {"releases": {"bookworm": {"status": "undetermined"}}}
    }
}"#;

fn feed() -> Database {
    compile(FEED, "bookworm")
}

fn kernel_package(release: &str, version: &str, role: PackageRole) -> Package {
    let name = match role {
        PackageRole::KernelImage => format!("linux-image-{release}"),
        PackageRole::KernelMeta => "linux-image-amd64".to_owned(),
        _ => format!("linux-headers-{release}"),
    };
    // As on a real host: the signed source's version has `+` for the hyphen.
    let mut package = package(&name, ("linux-signed-amd64", &version.replace('-', "+")));
    package.version = version.to_owned();
    package.role = role;
    package
}

fn kernel(running: &str, owner: Option<&str>, version: &str, next: &str) -> Kernel {
    let installed = |release: &str| InstalledKernel {
        release: release.to_owned(),
        image: format!("/boot/vmlinuz-{release}"),
        package: Some(format!("linux-image-{release}")),
    };
    Kernel {
        running: Some(RunningKernel {
            release: running.to_owned(),
            version: version.to_owned(),
            machine: "x86_64".to_owned(),
            package: owner.map(str::to_owned),
        }),
        installed: vec![installed("6.1.0-30-amd64"), installed("6.1.0-37-amd64")],
        next_boot: Some(NextKernel { release: next.to_owned(), determined_by: "newest in /boot".to_owned() }),
        ..Kernel::default()
    }
}

fn places(kernel: Option<&Kernel>) -> Vec<(String, Option<KernelPlace>)> {
    let packages = packages(vec![
        kernel_package("6.1.0-30-amd64", "6.1.124-1", PackageRole::KernelImage),
        kernel_package("6.1.0-37-amd64", "6.1.140-1", PackageRole::KernelImage),
    ]);
    let database = feed();
    let judgement = judge(&database, &Inventory::of_packages(&packages, kernel)).unwrap();
    let of_open = judgement.verdicts.iter().filter(|verdict| verdict.advisory.id == "CVE-2024-2");
    of_open.map(|verdict| (verdict.installed.name().to_owned(), verdict.kernel)).collect()
}

#[test]
fn kernels_have_their_place() {
    let (old, new) = ("linux-image-6.1.0-30-amd64", "linux-image-6.1.0-37-amd64");
    let expect = |kernel: Option<&Kernel>, of_old: KernelPlace, of_new: KernelPlace| {
        assert_eq!(places(kernel), [(old.to_owned(), Some(of_old)), (new.to_owned(), Some(of_new))], "{kernel:?}");
    };
    let upgraded = kernel("6.1.0-30-amd64", Some(old), "#1 SMP", "6.1.0-37-amd64");
    expect(Some(&upgraded), KernelPlace::Running, KernelPlace::NextBoot);
    let settled = kernel("6.1.0-37-amd64", Some(new), "#1 SMP", "6.1.0-37-amd64");
    expect(Some(&settled), KernelPlace::Dormant, KernelPlace::Running);
    let unowned = kernel("6.18.44-fc", None, "#1 SMP", "6.1.0-37-amd64");
    expect(Some(&unowned), KernelPlace::Dormant, KernelPlace::NextBoot);
    let by_release = kernel("6.1.0-30-amd64", None, "#1 SMP", "6.1.0-37-amd64");
    expect(Some(&by_release), KernelPlace::Running, KernelPlace::NextBoot);
    expect(None, KernelPlace::Unknown, KernelPlace::Unknown);
    let directory = Kernel { running: None, ..kernel("x", None, "", "6.1.0-37-amd64") };
    expect(Some(&directory), KernelPlace::Dormant, KernelPlace::NextBoot);
}

#[test]
fn only_kernel_images_carry_the_kernels_vulnerabilities() {
    let check = |role: PackageRole, version: &str, expected: [Status; 3]| {
        let packages = packages(vec![kernel_package("6.1.0-37-amd64", version, role)]);
        let database = feed();
        let verdicts = all_verdicts(&database, &packages, None);
        let statuses: Vec<Status> = verdicts.iter().map(|verdict| verdict.status).collect();
        assert_eq!(statuses, expected, "{role:?} {version}");
    };
    let (fixed_in, open) = (Status::Affected(FixState::FixedIn), Status::Affected(FixState::NoFixYet));
    let none = Status::NoKernelCode;
    check(PackageRole::KernelImage, "6.1.137-1", [fixed_in, open, Status::NotAffected]);
    check(PackageRole::KernelImage, "6.1.140-1", [Status::Fixed, open, Status::NotAffected]);
    check(PackageRole::KernelCompanion, "6.1.137-1", [none, none, Status::NotAffected]);
    check(PackageRole::KernelMeta, "6.1.140-1", [Status::Fixed, none, Status::NotAffected]);
}

#[test]
fn the_code_in_memory_is_judged() {
    let packages = packages(vec![kernel_package("6.1.0-37-amd64", "6.1.140-1", PackageRole::KernelImage)]);
    let owner = Some("linux-image-6.1.0-37-amd64");
    let check = |version: &str, status: Status, remedy: Remedy, note: Option<&str>| {
        let kernel = kernel("6.1.0-37-amd64", owner, version, "6.1.0-37-amd64");
        let database = feed();
        let verdicts = all_verdicts(&database, &packages, Some(&kernel));
        let verdict = &verdicts[0];
        assert_eq!((verdict.status, verdict.remedy), (status, remedy), "{version}");
        let found = verdict.affected_package().and_then(|affected| affected.note);
        assert_eq!(found.as_deref(), note, "{version}");
    };
    check(
        "#1 SMP PREEMPT_DYNAMIC Debian 6.1.137-1 (2025-05-07)",
        Status::Affected(FixState::FixedIn),
        Remedy::Reboot,
        Some("running: the code in memory is 6.1.137-1, not what is installed"),
    );
    check("#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)", Status::Fixed, Remedy::None, None);
    check("#1 SMP PREEMPT_DYNAMIC @0", Status::Fixed, Remedy::None, None);
}

#[test]
fn foreign_packages_are_not_covered() {
    let with = |name: &str, version: &str, origin: PackageOrigin| Package {
        origin,
        version: version.to_owned(),
        ..package(name, ("openssl", version))
    };
    let packages = packages(vec![
        with("a", "3.0.14-1", PackageOrigin::Distribution),
        with("b", "3.0.14-1", PackageOrigin::ThirdParty { origin: "deb.sury.org".to_owned() }),
        with("c", "3.0.14-1", PackageOrigin::Local),
        with("d", "3.4.0-1~bpo12+1", PackageOrigin::Distribution),
        with("e", "3.0.14-1", PackageOrigin::Unknown),
        Package { state: PackageState::ConfigFiles, ..with("f", "1", PackageOrigin::Local) },
    ]);
    let database = feed();
    let judgement = judge(&database, &Inventory::of_packages(&packages, None)).unwrap();
    let judged: Vec<&str> = judgement.affected().map(|verdict| verdict.installed.name()).collect();
    assert_eq!(judged, ["a", "e"]);
    assert_eq!(judgement.judged, 2);
    let reasons: Vec<_> = judgement.not_covered.iter().map(|not| (not.package.name.as_str(), &not.reason)).collect();
    let sury = NotCoveredReason::ThirdParty { origin: "deb.sury.org".to_owned() };
    assert_eq!(reasons, [("b", &sury), ("c", &NotCoveredReason::Local), ("d", &NotCoveredReason::Backport)]);
    // A kernel that the archive no longer offers is still Debian's.
    let mut old_kernel = kernel_package("6.1.0-30-amd64", "6.1.124-1", PackageRole::KernelImage);
    old_kernel.origin = PackageOrigin::Local;
    let kernels = crate::support::packages(vec![old_kernel]);
    assert_eq!(judge(&database, &Inventory::of_packages(&kernels, None)).unwrap().affected().count(), 2);
}

#[test]
fn why_not_gives_one_reason() {
    let third_party = PackageOrigin::ThirdParty { origin: "deb.sury.org".to_owned() };
    let openssl = |version: &str| package("libssl3", ("openssl", version));
    let nss = package("libnss3", ("nss", "2:3.87-1"));
    let removed = Package { state: PackageState::ConfigFiles, ..openssl("3.0.14-1") };
    let never = Package { state: PackageState::NotInstalled, ..openssl("3.0.14-1") };
    let foreign = Package { origin: third_party, ..openssl("3.0.14-1") };
    let headers = kernel_package("6.1.0-37-amd64", "6.1.137-1", PackageRole::KernelCompanion);
    let check = |id: &str, installed: Vec<Package>, name: &str, text: &str| {
        let packages = packages(installed);
        let database = feed();
        let why = explain(&database, &Inventory::of_packages(&packages, None), id).unwrap();
        assert_eq!((why.name(), why.to_string().as_str()), (name, text), "{id}");
    };
    let no_fix = "libnss3: nss is affected and there is no fix yet.";
    check("cve-2024-4", vec![openssl("3.0.15-1"), nss.clone()], "affected", no_fix);
    check(
        " CVE-2024-4 ",
        vec![openssl("3.0.15-1")],
        "fixed-in-installed",
        "libssl3: openssl 3.0.15-1 is not older than 3.0.15-1, which has the fix.",
    );
    check(
        "CVE-2024-4",
        vec![foreign],
        "not-covered",
        "libssl3: It comes from deb.sury.org, whose packages no feed covers.",
    );
    check(
        "CVE-2024-4",
        vec![removed],
        "only-configuration-left",
        "libssl3 is removed; only its configuration files are left.",
    );
    check("CVE-2024-4", vec![never], "not-installed", "No package of nss or openssl is installed.");
    check(
        "CVE-2024-5",
        vec![nss],
        "unknown",
        "libnss3: The publisher has not determined whether this release is affected.",
    );
    check(
        "CVE-2024-2",
        vec![headers.clone()],
        "no-kernel-code",
        "linux-headers-6.1.0-37-amd64: linux-headers-6.1.0-37-amd64 is built from linux but holds no code of the kernel.",
    );
    check(
        "CVE-2024-3",
        vec![headers],
        "not-affected",
        "linux-headers-6.1.0-37-amd64: the publisher says that linux was never affected in this release.",
    );
    check("CVE-2024-9", vec![], "not-in-feed", "debian-tracker has no record of it for bookworm.");
}
