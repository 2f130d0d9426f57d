//! The collector against rpm itself: databases whose lists `rpm -qa` or their owners' tests made, and databases that
//! rpm makes here.
//!
//! Surprising: Debian's rpm writes SQLite alone, so the other two formats have only the lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_host::{MemoryHost, RootedHost};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, Packages, Provenance};
use assay_model::evidence::{Problem, SourceKind};

use super::specimen::ndb;
use super::{collect, owners};
use crate::kernel;
use crate::packages::{self, Format};

pub(super) fn shared(path: &str) -> PathBuf {
    let data = match std::env::var_os("ASSAY_SHARED") {
        Some(shared) => Path::new(&shared).join("data"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    data.join("hosts/pkgdb").join(path)
}

fn collect_shared(file: &str, name: &str, distribution: &str) -> Packages {
    let host = MemoryHost::new(SourceKind::RootDirectory)
        .file(&format!("/var/lib/rpm/{name}"), fs::read(shared(file)).unwrap());
    let collected = collect(&host, distribution);
    assert_eq!(collected.problems, []);
    collected.facts.unwrap()
}

/// As `rpm -qa` prints it with `%{NAME}`, `%{EPOCHNUM}`, `%{VERSION}`, `%{RELEASE}`, `%{ARCH}`, `%{SOURCERPM}` and
/// `%{MODULARITYLABEL}`, as far as the evidence has it.
fn line(package: &Package) -> String {
    let (epoch, version) = package.version.split_once(':').unwrap_or(("0", &package.version));
    let (version, release) = version.rsplit_once('-').unwrap();
    let (source_epoch, source_version) =
        package.source_version.split_once(':').unwrap_or(("0", &package.source_version));
    assert_eq!(source_epoch, epoch);
    let source = format!("{}-{source_version}.src.rpm", package.source_name);
    let module = package.provenance.module.as_deref().unwrap_or("(none)");
    [&package.name, epoch, version, release, &package.architecture, &source, module].join("\t")
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

#[test]
fn databases_are_read_as_rpm_reads_them() {
    for (file, list, name, count) in [
        ("go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite", "rpmdb.sqlite.rpm-qa.tsv", "rpmdb.sqlite", 129),
        ("go-rpmdb/libuuid/Packages", "Packages.rpm-qa.tsv", "Packages", 1),
        ("syft/redhat/Packages", "Packages.rpm-qa.tsv", "Packages", 1),
        ("osv-scalibr/os/rpm/testdata/Packages_epoch", "Packages_epoch.rpm-qa.tsv", "Packages", 1),
    ] {
        let packages = collect_shared(file, name, "rhel");
        let expected = fs::read_to_string(shared(file).with_file_name(list)).unwrap();
        let is_key = |line: &&str| line.starts_with("gpg-pubkey\t");
        let expected = sorted(expected.lines().filter(|line| !is_key(line)).map(str::to_owned));
        assert_eq!(sorted(packages.packages.iter().map(line)), expected, "{file}");
        assert_eq!(expected.len(), count, "{file}");
    }
}

#[test]
fn an_ndb_database_is_read_as_its_owners_read_it() {
    let packages = collect_shared("go-rpmdb/sle15-bci/Packages.db", "Packages.db", "sles");
    let list = fs::read_to_string(shared("go-rpmdb/sle15-bci/Packages.db.expected.tsv")).unwrap();
    let expected = list.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let epoch = if columns[0].is_empty() { "0" } else { columns[0] };
        let columns = [columns[1], epoch, columns[2], columns[3], columns[4], columns[5], "(none)"];
        (columns[0] != "gpg-pubkey").then(|| columns.join("\t"))
    });
    let expected = sorted(expected);
    assert_eq!(sorted(packages.packages.iter().map(line)), expected);
    assert!(expected.len() > 30);
    // SUSE's own vendor and key on all of it.
    for package in &packages.packages {
        assert_eq!(package.origin, PackageOrigin::Distribution, "{package:?}");
        assert_eq!(package.provenance.signing_key.as_deref(), Some("70af9e8139db7c82"), "{package:?}");
    }
}

/// A header whose last directory index is one too high.
#[test]
fn a_damaged_file_list_leaves_the_package() {
    let blob = fs::read(shared("go-rpmdb/blob.bin")).unwrap();
    let host = MemoryHost::new(SourceKind::RootDirectory).file("/var/lib/rpm/Packages.db", ndb(&[&blob]));
    let collected = collect(&host, "fedora");
    let details: Vec<String> = collected.problems.into_iter().map(|problem| problem.detail).collect();
    let expected =
        "package 1 (publicsuffix-list-dafsa): the file list contradicts itself: a directory index is out of range";
    assert_eq!(details, [expected]);
    let packages = collected.facts.unwrap().packages;
    let expected =
        "publicsuffix-list-dafsa\t0\t20210518\t2.fc35\tnoarch\tpublicsuffix-list-20210518-2.fc35.src.rpm\t(none)";
    assert_eq!(packages.iter().map(line).collect::<Vec<_>>(), [expected]);
    assert_eq!(packages[0].origin, PackageOrigin::Distribution);
    assert_eq!(packages[0].provenance.signing_key.as_deref(), Some("db4639719867c58f"));
}

#[test]
fn what_is_no_database_is_a_problem() {
    for (file, name) in [
        ("osv-scalibr/os/rpm/testdata/empty.sqlite", "rpmdb.sqlite"),
        ("osv-scalibr/os/rpm/testdata/invalid", "rpmdb.sqlite"),
        ("osv-scalibr/os/rpm/testdata/invalid", "Packages.db"),
        ("osv-scalibr/os/rpm/testdata/invalid", "Packages"),
    ] {
        let path = format!("/var/lib/rpm/{name}");
        let host = MemoryHost::new(SourceKind::RootDirectory).file(&path, fs::read(shared(file)).unwrap());
        let collected = collect(&host, "rhel");
        assert_eq!(collected.facts, None);
        let subjects: Vec<&str> = collected.problems.iter().map(|problem| problem.subject.as_str()).collect();
        assert_eq!(subjects, [path]);
    }
}

/// A root directory whose rpm database the machine's own rpm made, with its packages installed.
struct Live {
    tree: tempfile::TempDir,
}

const INSTALL: &str = "install Debian's package rpm: this test asks the real rpm and rpmbuild";

const SPECS: [(&str, &str); 4] = [
    ("alpha", "Epoch: 3\nVendor: Red Hat, Inc.\nModularityLabel: alpha:1:20260101:abcd"),
    ("kernel", "Vendor: CentOS"),
    ("nothing", ""),
    ("zero", "Epoch: 0"),
];

impl Live {
    fn new() -> Live {
        let live = Live { tree: tempfile::tempdir().unwrap() };
        for (name, tags) in SPECS {
            let spec = format!(
                "Name: {name}\nVersion: 1.2~rc1\nRelease: 4.el9\nSummary: S\nLicense: MIT\nBuildArch: noarch\n{tags}\n\
                 %description\nD\n%install\nmkdir -p %{{buildroot}}/usr/bin %{{buildroot}}/lib/modules/1.2\n\
                 echo {name} > %{{buildroot}}/usr/bin/{name}\ntouch %{{buildroot}}/lib/modules/1.2/vmlinuz\n\
                 %package extra\nSummary: S\n%description extra\nD\n%files extra\n%files\n/usr/bin/{name}\n{}\n",
                if name == "kernel" { "/lib/modules/1.2/vmlinuz" } else { "%exclude /lib/modules/1.2/vmlinuz" }
            );
            fs::write(live.path(&format!("{name}.spec")), spec).unwrap();
            let top = format!("_topdir {}", live.path("build").display());
            let rpmbuild = Command::new("rpmbuild")
                .args(["-bb", "--quiet", "--define", &top])
                .arg(live.path(&format!("{name}.spec")))
                .output()
                .expect(INSTALL);
            assert!(rpmbuild.status.success(), "{}", String::from_utf8_lossy(&rpmbuild.stderr));
        }
        fs::create_dir_all(live.path("root/var/lib/rpm")).unwrap();
        live.rpm(&["--initdb"]);
        let packages = live.path("build/RPMS/noarch");
        let mut files: Vec<String> =
            fs::read_dir(packages).unwrap().map(|entry| entry.unwrap().path().display().to_string()).collect();
        files.sort();
        let options = ["-i", "--justdb", "--nodeps", "--nosignature"];
        live.rpm(&options.into_iter().chain(files.iter().map(String::as_str)).collect::<Vec<_>>());
        live.rpm(&["-e", "--justdb", "--nodeps", "nothing"]);
        live
    }

    fn path(&self, name: &str) -> PathBuf {
        self.tree.path().join(name)
    }

    /// What the real rpm says of this database.
    fn rpm(&self, arguments: &[&str]) -> String {
        let output = Command::new("rpm").arg("--dbpath").arg(self.path("root/var/lib/rpm")).args(arguments).output();
        let output = output.expect(INSTALL);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn collect(&self) -> (Packages, Vec<Problem>) {
        let host = RootedHost::root_directory(&self.path("root")).unwrap();
        let collected = collect(&host, "rhel");
        (collected.facts.unwrap(), collected.problems)
    }
}

#[test]
fn rpm_and_the_collector_agree_on_what_rpm_writes() {
    let live = Live::new();
    let format = "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{MODULARITYLABEL}\\n";
    let expected = live.rpm(&["-qa", "--qf", format]);
    let (packages, problems) = live.collect();
    assert_eq!(problems, []);
    let expected = sorted(expected.lines().map(str::to_owned));
    assert_eq!(sorted(packages.packages.iter().map(line)), expected);
    assert_eq!(expected.len(), 7);
    let facts: Vec<(&str, &PackageOrigin, PackageRole)> =
        packages.packages.iter().map(|package| (package.name.as_str(), &package.origin, package.role)).collect();
    let centos = PackageOrigin::ThirdParty { origin: "CentOS".to_owned() };
    assert_eq!(
        facts,
        [
            ("alpha", &PackageOrigin::Distribution, PackageRole::Ordinary),
            ("alpha-extra", &PackageOrigin::Distribution, PackageRole::Ordinary),
            ("kernel", &centos, PackageRole::KernelImage),
            ("kernel-extra", &centos, PackageRole::KernelMeta),
            ("nothing-extra", &PackageOrigin::Local, PackageRole::Ordinary),
            ("zero", &PackageOrigin::Local, PackageRole::Ordinary),
            ("zero-extra", &PackageOrigin::Local, PackageRole::Ordinary),
        ],
    );
    let host = RootedHost::root_directory(&live.path("root")).unwrap();
    let wanted: BTreeSet<String> = ["/usr/bin/alpha", "/usr/bin/nothing"].map(str::to_owned).into();
    let found = owners::collect(&host, &wanted).facts.unwrap();
    assert_eq!((found.package_of("/usr/bin/alpha"), found.package_of("/usr/bin/nothing")), (Some("alpha"), None));
}

#[test]
fn the_host_is_asked_as_any_other() {
    let live = Live::new();
    let root = live.path("root");
    fs::create_dir_all(root.join("usr/lib/modules/1.2")).unwrap();
    fs::write(root.join("usr/lib/modules/1.2/vmlinuz"), "").unwrap();
    symlink("usr/lib", root.join("lib")).unwrap();
    let host = RootedHost::root_directory(&root).unwrap();
    let os = OperatingSystem { id: "rhel".to_owned(), ..OperatingSystem::default() };
    let databases = packages::Databases::find(&host, Some(&os));
    assert_eq!((databases.own, databases.others.as_slice()), (Some(Format::Rpm), &[][..]));
    let collected = packages::collect(&host, &os.id, &databases).facts.unwrap();
    assert_eq!((collected.format.as_str(), collected.packages), ("rpm", live.collect().0.packages));
    let mut kernel = kernel::collect(&host);
    packages::assign(&host, databases.own, &mut [&mut kernel]);
    let kernels = kernel.facts.unwrap().installed;
    let kernels: Vec<(&str, Option<&str>)> =
        kernels.iter().map(|kernel| (kernel.release.as_str(), kernel.package.as_deref())).collect();
    assert_eq!(kernels, [("1.2", Some("kernel"))]);
}

#[test]
fn vendors_and_keys_are_those_that_rpm_names() {
    let file = shared("go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite");
    let tree = tempfile::tempdir().unwrap();
    fs::copy(&file, tree.path().join("rpmdb.sqlite")).unwrap();
    let query = ["-qa", "--qf", "%{NAME}\\t%{VENDOR}\\t%{RSAHEADER:pgpsig}\\n"];
    let output = Command::new("rpm").arg("--dbpath").arg(tree.path()).args(query).output().expect(INSTALL);
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = sorted(text.lines().map(|line| {
        let (package, signature) = line.rsplit_once('\t').unwrap();
        format!("{package}\t{}", signature.rsplit_once("Key ID ").unwrap().1)
    }));
    let packages = collect_shared("go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite", "rpmdb.sqlite", "mariner").packages;
    let seen = packages.iter().map(|package| {
        let Provenance { vendor, signing_key, .. } = &package.provenance;
        format!("{}\t{}\t{}", package.name, vendor.as_deref().unwrap(), signing_key.as_deref().unwrap())
    });
    assert_eq!(sorted(seen), expected);
    assert!(packages.iter().all(|package| package.origin == PackageOrigin::Distribution));
}

#[test]
fn every_path_of_a_real_database_has_the_owner_that_rpm_names() {
    let file = shared("go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite");
    let tree = tempfile::tempdir().unwrap();
    fs::copy(&file, tree.path().join("rpmdb.sqlite")).unwrap();
    let query = ["-qa", "--qf", "[%{FILENAMES}\\t%{FILESTATES}\\t%{=NAME}\\n]"];
    let output = Command::new("rpm").arg("--dbpath").arg(tree.path()).args(query).output().expect(INSTALL);
    let text = String::from_utf8(output.stdout).unwrap();
    let listed: Vec<[&str; 3]> =
        text.lines().map(|line| <[&str; 3]>::try_from(line.split('\t').collect::<Vec<_>>()).unwrap()).collect();
    assert!(listed.len() > 1000, "{}", String::from_utf8_lossy(&output.stderr));
    let wanted = listed.iter().map(|[path, ..]| (*path).to_owned()).collect();
    let host = MemoryHost::new(SourceKind::RootDirectory).file("/var/lib/rpm/rpmdb.sqlite", fs::read(&file).unwrap());
    let found = owners::collect(&host, &wanted).facts.unwrap();
    let mut expected: BTreeMap<&str, &str> = BTreeMap::new();
    for [path, _, package] in listed.iter().filter(|[_, state, _]| matches!(*state, "0" | "4")) {
        let owner = expected.entry(path).or_insert(package);
        *owner = (*owner).min(package);
    }
    for [path, ..] in &listed {
        assert_eq!(found.package_of(path), expected.get(path).copied(), "{path}");
    }
}

#[test]
fn changes_that_are_only_in_the_log_are_seen() {
    let live = Live::new();
    let database = live.path("root/var/lib/rpm/rpmdb.sqlite");
    // A process that leaves without closing the database, as one that was killed: its change stays in the log.
    let script = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
                  c.execute('PRAGMA journal_mode = WAL')\nc.execute('PRAGMA wal_autocheckpoint = 0')\n\
                  c.execute('DELETE FROM Packages WHERE hnum = (SELECT hnum FROM Name WHERE key = \"alpha\")')\n\
                  c.execute('BEGIN')\nc.execute('DELETE FROM Packages')\nos._exit(0)\n";
    let before = live.collect().0.packages;
    let status = Command::new("python3").args(["-c", script]).arg(&database).status();
    assert!(status.expect("install Debian's package python3").success());
    assert!(fs::metadata(database.with_extension("sqlite-wal")).unwrap().len() > 0);
    let (packages, problems) = live.collect();
    assert_eq!(problems, []);
    assert_eq!(before[0].name, "alpha");
    assert_eq!(packages.packages, before[1..]);
}
