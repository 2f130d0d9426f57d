//! A fleet says of each host what the plain way says: made-up hosts, real advisories.

use std::collections::BTreeSet;
use std::io::Read;

use assay_advisory::database::{DatabaseBuilder, End};
use assay_advisory::import::{errata, ubuntu_cve_tracker};
use assay_advisory::matcher::{Fleet, Inventory, WhyNot, explain};
use assay_advisory::{Database, Limits, open_packed};
use assay_model::evidence::kernel::{InstalledKernel, Kernel, NextKernel, RunningKernel};
use assay_model::evidence::package::{
    Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance, RecordedAt, Repository,
};
use assay_model::evidence::process::{MappedFile, Process, Processes};

use crate::samples::{Collected, sample};
use crate::support::{compile, origin, package, packages, read_shared, shared};

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What the hosts of a database are made of: packages that it names, with versions that it names.
struct Stock {
    sources: Vec<(String, Vec<String>)>,
    modules: Vec<Option<String>>,
    repositories: Vec<&'static str>,
    ids: Vec<String>,
}

impl Stock {
    fn of(database: &Database, special: &[&str], repositories: &[&'static str]) -> Stock {
        let names = database.packages().unwrap();
        let spread = names.iter().step_by(names.len().div_ceil(60)).copied();
        let (mut sources, mut modules, mut ids) = (Vec::new(), BTreeSet::from([None]), BTreeSet::new());
        for name in spread.chain(special.iter().copied()).collect::<BTreeSet<_>>() {
            let mut versions = BTreeSet::from(["0".to_owned(), "9:99-1".to_owned(), "no_version".to_owned()]);
            for advisory in database.advisories_of_package(name).unwrap().iter().take(12) {
                ids.insert(advisory.id.to_owned());
                modules.insert(advisory.module);
                for range in advisory.ranges().unwrap() {
                    versions.extend(match range.end {
                        End::Fixed(text) | End::LastAffected(text) | End::Exactly(text) => Some(text.to_owned()),
                        End::Open => None,
                    });
                }
            }
            sources.push((name.to_owned(), versions.into_iter().collect()));
        }
        ids.extend(["CVE-1999-0000", "cve-2023-0464", " nothing "].map(str::to_owned));
        let modules = modules.into_iter().map(|module| module.map(|module| format!("{module}:1:2"))).collect();
        Stock { sources, modules, repositories: repositories.to_vec(), ids: ids.into_iter().collect() }
    }

    fn host(&self, dice: &mut Dice) -> Host {
        let mut list: Vec<Package> = Vec::new();
        for _ in 0..dice.below(60) {
            let again = if list.is_empty() { None } else { Some(dice.pick(&list).clone()) };
            list.push(again.filter(|_| dice.one_in(8)).unwrap_or_else(|| self.package(dice)));
        }
        let repository = |id: &&str| Repository { id: (*id).to_owned(), location: String::new() };
        let repositories = self.repositories.iter().filter(|_| dice.one_in(2)).map(repository).collect();
        let mapped_files: Vec<MappedFile> = list
            .iter()
            .map(|package| MappedFile {
                path: "/usr/lib/x".to_owned(),
                replaced: dice.one_in(2),
                package: Some(package.name.clone()),
            })
            .collect();
        let process = Process {
            pid: 1,
            parent_pid: 0,
            name: "init".to_owned(),
            executable: None,
            executable_replaced: false,
            uid: 0,
            user: None,
            unit: None,
            mapped: Some((0..mapped_files.len() as u32).collect()),
        };
        Host {
            kernel: (!dice.one_in(3)).then(|| kernel(dice)),
            processes: dice.one_in(2).then(|| Processes { processes: vec![process], mapped_files }),
            packages: Packages { repositories, ..packages(list) },
        }
    }

    fn package(&self, dice: &mut Dice) -> Package {
        let (source, versions) = dice.pick(&self.sources);
        let version = dice.pick(versions);
        let name = if dice.one_in(2) { source.clone() } else { format!("lib{source}{}", dice.below(2)) };
        let plain = package(&name, (source, version));
        if dice.one_in(2) {
            return plain;
        }
        let roles = [PackageRole::KernelImage, PackageRole::KernelMeta, PackageRole::KernelCompanion];
        let origins = [PackageOrigin::Local, PackageOrigin::ThirdParty { origin: "example.org".to_owned() }];
        Package {
            version: if dice.one_in(6) { format!("{version}~bpo12+1") } else { version.clone() },
            architecture: dice.pick(&["amd64", "all", "x86_64", "noarch", "riscv64"]).to_string(),
            state: dice
                .pick(&[PackageState::Installed, PackageState::ConfigFiles, PackageState::NotInstalled])
                .to_owned(),
            origin: if dice.one_in(4) { dice.pick(&origins).clone() } else { PackageOrigin::Distribution },
            role: if dice.one_in(4) { *dice.pick(&roles) } else { PackageRole::Ordinary },
            previous_version: dice.one_in(2).then(|| dice.pick(versions).clone()),
            provenance: Provenance { module: dice.pick(&self.modules).clone(), ..Provenance::default() },
            name: if source.starts_with("linux") { format!("linux-image-6.1.0-{}-amd64", dice.below(3)) } else { name },
            ..plain
        }
    }
}

fn kernel(dice: &mut Dice) -> Kernel {
    let release = format!("6.1.0-{}-amd64", dice.below(3));
    let package = format!("linux-image-{release}");
    let running = RunningKernel {
        release: release.clone(),
        version: format!("#1 SMP Debian 6.1.{}-1 (2025-05-22)", dice.below(200)),
        machine: "x86_64".to_owned(),
        package: dice.one_in(2).then(|| package.clone()),
    };
    Kernel {
        running: (!dice.one_in(4)).then_some(running),
        installed: vec![InstalledKernel {
            release: release.clone(),
            image: "/boot/x".to_owned(),
            package: Some(package),
        }],
        next_boot: dice.one_in(2).then(|| NextKernel { release, determined_by: "newest in /boot".to_owned() }),
        live_patches: if dice.one_in(4) { vec!["patch".to_owned()] } else { Vec::new() },
        command_line: Vec::new(),
    }
}

struct Host {
    packages: Packages,
    kernel: Option<Kernel>,
    processes: Option<Processes>,
}

impl Host {
    fn inventory(&self, version_id: &'static str) -> Inventory<'_> {
        Inventory {
            packages: &self.packages,
            kernel: self.kernel.as_ref(),
            processes: self.processes.as_ref(),
            version_id: Some(version_id),
        }
    }
}

/// All that a reason says, and the package that it is about.
fn told<'a>(reason: &WhyNot<'a>) -> (String, Option<&'a Package>) {
    let verdict = match reason {
        WhyNot::Affected(verdict)
        | WhyNot::Suspected(verdict)
        | WhyNot::Unknown(verdict)
        | WhyNot::NoKernelCode(verdict)
        | WhyNot::FixedInInstalled(verdict)
        | WhyNot::NotAffected(verdict) => verdict,
        WhyNot::NotCovered(not_covered) => return (format!("{:?}", not_covered.reason), Some(not_covered.package)),
        WhyNot::DoesNotApply { package, reason } => return (format!("{reason:?}"), Some(package)),
        WhyNot::OnlyConfigurationLeft { package } => return (reason.name().to_owned(), Some(package)),
        WhyNot::NotInstalled { .. } | WhyNot::NotInFeed { .. } | WhyNot::JudgedByOwner(_) => {
            return (reason.to_string(), None);
        }
    };
    let advisory = verdict.advisory;
    let said = format!(
        "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
        advisory.id,
        advisory.package,
        advisory.channel,
        verdict.status,
        verdict.compared,
        verdict.kernel,
        verdict.remedy,
        verdict.confidence,
        verdict.live_patch,
        verdict.contradicted,
        advisory.ranges().unwrap(),
    );
    (said, verdict.installed.package())
}

/// Compares both ways over 200 hosts; all of the expected kinds of reason, or states of what is affected, must come up.
fn check(database: &Database, special: &[&str], repositories: &[&'static str], expected: &[&str]) {
    let stock = Stock::of(database, special, repositories);
    let mut dice = Dice(7);
    let hosts: Vec<Host> = (0..200).map(|_| stock.host(&mut dice)).collect();
    let mut fleet = Fleet::new();
    let releases = ["9.2", "9.4"];
    for (number, host) in hosts.iter().enumerate() {
        assert_eq!(fleet.add(&host.inventory(releases[number % 2])), number);
    }
    assert_eq!(fleet.hosts(), hosts.len());
    let mut kinds = BTreeSet::new();
    for id in &stock.ids {
        let answer = fleet.explain(database, id).unwrap();
        assert_eq!(answer.reasons().count(), hosts.len());
        for (number, host) in hosts.iter().enumerate() {
            let plain = explain(database, &host.inventory(releases[number % 2]), id).unwrap();
            let quick = answer.reason(number).unwrap();
            assert_eq!(told(quick), told(&plain), "{id} on host {number}");
            let first = told(&plain).1.map(|package| {
                let is_it = |other: &Package| std::ptr::eq(other, package);
                host.packages.packages.iter().position(is_it).unwrap()
            });
            assert_eq!(answer.position(number), first, "{id} on host {number}");
            kinds.insert(plain.name().to_owned());
            if let WhyNot::Affected(verdict) = plain {
                kinds.insert(format!("{:?}", verdict.status));
            }
        }
    }
    for kind in expected {
        assert!(kinds.contains(*kind), "no host is {kind}: {kinds:?}");
    }
}

fn build(scope: &str, found: &Collected) -> Database {
    let mut builder = DatabaseBuilder::new(scope.parse().unwrap());
    let index = builder.add_origin(origin("test")).unwrap();
    for (of, entry) in &found.entries {
        if of.to_string() == scope {
            builder.add(index, entry).unwrap();
        }
    }
    Database::from_bytes(builder.compile().unwrap()).unwrap()
}

#[test]
fn debian_hosts_are_judged_alike_both_ways() {
    let database = compile(&read_shared("feeds/debian-tracker/json.xz"), "bookworm");
    let special = ["linux", "linux-signed-amd64", "grub-efi-amd64-signed", "grub2", "openssl"];
    let expected = [
        "affected",
        "Affected(FixedIn)",
        "Affected(RestartNeeded)",
        "unknown",
        "not-covered",
        "no-kernel-code",
        "fixed-in-installed",
        "only-configuration-left",
        "not-installed",
        "not-in-feed",
    ];
    check(&database, &special, &[], &expected);
}

#[test]
fn ubuntu_hosts_are_judged_alike_both_ways() {
    let mut archive = Vec::new();
    let path = shared("feeds/ubuntu-cve-tracker/ubuntu-cve-tracker.tar.xz");
    open_packed(&path, &Limits::default()).unwrap().read_to_end(&mut archive).unwrap();
    let mut found = Collected::default();
    ubuntu_cve_tracker::read_tar(&archive[..], &Limits::default(), &mut found).unwrap();
    let repositories = ["jammy-apps-security", "jammy-infra-security", "jammy"];
    let special = ["linux", "linux-signed", "linux-aws", "linux-signed-aws", "xmltooling"];
    let expected = ["affected", "Affected(OtherChannel)", "unknown", "not-affected"];
    check(&build("ubuntu-22.04", &found), &special, &repositories, &expected);
}

#[test]
fn hosts_with_module_streams_are_judged_alike_both_ways() {
    let mut found = Collected::default();
    for path in [
        "vuls-data-update/alma/errata/testdata/fixtures/errata.full.json",
        "vuln-list-update/alma/testdata/errata.json",
    ] {
        let scope = "almalinux-8".parse().unwrap();
        errata::read_almalinux(&sample(path)[..], &scope, &Limits::default(), &mut found).unwrap();
    }
    let expected = ["affected", "suspected", "does-not-apply", "fixed-in-installed"];
    check(&build("almalinux-8", &found), &[], &[], &expected);
}

#[test]
fn a_package_is_the_same_wherever_it_is_recorded() {
    let json = r#"{"a": {"CVE-2024-1": {"releases": {"bookworm": {"status": "open"}}}}}"#;
    let database = compile(json, "bookworm");
    let mut fleet = Fleet::new();
    for line in [3, 9] {
        let recorded_at = Some(RecordedAt { file: "/var/lib/dpkg/status".to_owned(), line });
        let list = packages(vec![package("b", ("b", "1")), Package { recorded_at, ..package("a", ("a", "1")) }]);
        fleet.add(&Inventory::of_packages(&list, None));
    }
    fleet.add(&Inventory::of_packages(&packages(Vec::new()), None));
    let answer = fleet.explain(&database, "CVE-2024-1").unwrap();
    let reasons: Vec<&str> = answer.reasons().map(WhyNot::name).collect();
    assert_eq!(reasons, ["affected", "affected", "not-installed"]);
    assert_eq!([0, 1, 2, 3].map(|host| answer.position(host)), [Some(1), Some(1), None, None]);
    assert!(std::ptr::eq(told(answer.reason(0).unwrap()).1.unwrap(), told(answer.reason(1).unwrap()).1.unwrap()));
    assert!(answer.reason(3).is_none());
}
