//! The collector against dpkg's own reader, every package of a database field by field, and against apt.
//!
//! Surprising: `dpkg-query -W` leaves out what is not installed but keeps residual configuration, so the comparison
//! leaves out the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_host::RootedHost;
use assay_model::evidence::ProblemKind;
use assay_model::evidence::package::{PackageOrigin, PackageRole, PackageState, Packages};

use super::status::{self, Layout};
use super::{collect, owners};

const FORMAT: &str = "${Package}\\t${Architecture}\\t${Version}\\t${source:Package}\\t${source:Version}\\t${db:Status-Want}\\t${db:Status-Status}\\n";

fn shared_data() -> PathBuf {
    match std::env::var_os("ASSAY_SHARED") {
        Some(shared) => Path::new(&shared).join("data"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

fn asked_of_dpkg(admin_directory: &Path) -> Vec<String> {
    let output = Command::new("dpkg-query")
        .arg("--admindir")
        .arg(admin_directory)
        .args(["-W", "-f", FORMAT])
        .output()
        .expect("dpkg-query is needed: this test runs on Debian");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn state(state: PackageState) -> String {
    serde_json::to_value(state).unwrap().as_str().unwrap().to_owned()
}

fn as_dpkg_writes(packages: &Packages, want: impl Fn(bool) -> String) -> Vec<String> {
    let known = packages.packages.iter().filter(|package| package.state != PackageState::NotInstalled);
    let mut lines: Vec<String> = known
        .map(|package| {
            [
                package.name.as_str(),
                &package.architecture,
                &package.version,
                &package.source_name,
                &package.source_version,
                &want(package.held),
                &state(package.state),
            ]
            .join("\t")
        })
        .collect();
    lines.sort();
    lines
}

/// Collects a root directory with this status file and compares each package with what dpkg says of it.
#[track_caller]
fn check(status: &[u8]) -> Packages {
    let root = tempfile::tempdir().unwrap();
    let admin_directory = root.path().join("var/lib/dpkg");
    fs::create_dir_all(admin_directory.join("info")).unwrap();
    fs::create_dir_all(admin_directory.join("updates")).unwrap();
    fs::write(admin_directory.join("status"), status).unwrap();
    let collected = collect(&RootedHost::root_directory(root.path()).unwrap(), "debian");
    assert_eq!(collected.problems, []);
    let packages = collected.facts.unwrap();
    // Of dpkg's five wishes the evidence keeps only whether it is `hold`.
    let hold_or_not = |line: &String| {
        let mut fields: Vec<&str> = line.split('\t').collect();
        fields[5] = if fields[5] == "hold" { "hold" } else { "-" };
        fields.join("\t")
    };
    let asked: Vec<String> = asked_of_dpkg(&admin_directory).iter().map(hold_or_not).collect();
    let read = as_dpkg_writes(&packages, |held| if held { "hold" } else { "-" }.to_owned());
    assert_eq!(read, asked);
    packages
}

#[test]
fn dpkg_reads_the_same_on_this_machine() {
    let packages = check(&fs::read("/var/lib/dpkg/status").expect("this test runs on Debian"));
    assert!(packages.packages.len() > 50);
}

#[test]
fn dpkg_reads_the_same_on_a_server_with_updates_pending() {
    let packed = shared_data().join("hosts/debian-12.11/dpkg-status.xz");
    let packed = fs::File::open(&packed).unwrap_or_else(|cause| panic!("{}: {cause}", packed.display()));
    let mut status = Vec::new();
    std::io::copy(&mut liblzma::read::XzDecoder::new(packed), &mut status).unwrap();
    let packages = check(&status).packages;
    assert_eq!(packages.iter().filter(|package| package.state == PackageState::Installed).count(), 870);
    assert!(packages.iter().all(|package| package.origin == PackageOrigin::Unknown), "the host keeps no lists");
    let of_kernels: Vec<(&str, PackageRole)> = packages
        .iter()
        .filter(|package| package.role != PackageRole::Ordinary)
        .map(|package| (package.name.as_str(), package.role))
        .collect();
    assert_eq!(
        of_kernels,
        [("linux-libc-dev", PackageRole::KernelCompanion), ("linux-perf", PackageRole::KernelCompanion)]
    );
}

const SPECIMENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/dpkg");

#[test]
fn dpkg_reads_the_same_of_odd_databases() {
    for specimen in
        ["residual-configuration", "hold", "half-installed", "not-installed", "source-with-version", "multi-arch"]
    {
        check(&fs::read(format!("{SPECIMENS}/{specimen}")).unwrap());
    }
}

#[test]
fn every_beginning_of_a_database_is_read_or_named() {
    for specimen in fs::read_dir(SPECIMENS).unwrap() {
        let bytes = fs::read(specimen.unwrap().path()).unwrap();
        let whole = status::parse(&bytes, Layout::Database).packages;
        for end in 0..bytes.len() {
            let parsed = status::parse(&bytes[..end], Layout::Database);
            assert!(parsed.packages.len() <= whole.len());
            let is_cut_in_a_line = end > 0 && bytes[end - 1] != b'\n';
            assert!(!is_cut_in_a_line || !parsed.defects.is_empty(), "{}", String::from_utf8_lossy(&bytes[..end]));
        }
    }
}

#[test]
fn a_status_file_of_five_gigabytes_is_refused() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("var/lib/dpkg")).unwrap();
    // Sparse, so that the test needs no space.
    fs::File::create(root.path().join("var/lib/dpkg/status")).unwrap().set_len(5 << 30).unwrap();
    let collected = collect(&RootedHost::root_directory(root.path()).unwrap(), "debian");
    assert_eq!((collected.facts, collected.problems[0].kind), (None, ProblemKind::TooLarge));
}

/// What apt offers, with or without lists: a name that it offers has an origin, and no other name has one. Apt itself
/// leaves out the lists of repositories that are configured no longer; they still tell where a package came from.
#[test]
fn apt_offers_the_packages_that_have_an_origin() {
    let packages = collect(&RootedHost::live().unwrap(), "debian").facts.expect("this test runs on Debian").packages;
    let installed: Vec<&str> =
        packages.iter().filter(|package| package.state.has_files()).map(|package| package.name.as_str()).collect();
    let output = Command::new("apt-cache").arg("madison").args(&installed).output().expect("apt-cache is needed: apt");
    let text = String::from_utf8(output.stdout).unwrap();
    let offered: Vec<&str> = text
        .lines()
        .filter(|line| line.ends_with("Packages"))
        .filter_map(|line| line.split('|').next().map(str::trim))
        .collect();
    for package in packages.iter().filter(|package| package.state.has_files()) {
        let has_origin = matches!(package.origin, PackageOrigin::Distribution | PackageOrigin::ThirdParty { .. });
        let is_left_behind = matches!(package.origin, PackageOrigin::ThirdParty { .. }) && has_lists_left_behind();
        let is_offered = offered.contains(&package.name.as_str());
        assert!(has_origin == is_offered || is_left_behind, "{} {:?}", package.name, package.origin);
    }
}

/// Whether apt has a package list of a repository that is configured no longer.
fn has_lists_left_behind() -> bool {
    let output = Command::new("apt-get").args(["indextargets", "--format", "$(FILENAME)"]).output();
    let in_use = String::from_utf8(output.expect("apt-get is needed: apt").stdout).unwrap();
    let lists = fs::read_dir("/var/lib/apt/lists").into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut names = lists.filter_map(|path| path.to_str().map(str::to_owned));
    names.any(|list| list.contains("_Packages") && !in_use.lines().any(|line| line == list))
}

#[test]
fn dpkg_names_the_same_owners() {
    let paths =
        ["/usr/bin/ls", "/usr/bin/bash", "/usr/bin/dpkg", "/usr/sbin/useradd", "/usr/bin/perl", "/usr/bin/none"];
    let wanted = paths.iter().map(|path| (*path).to_owned()).collect();
    let owners = owners::collect(&RootedHost::live().unwrap(), &wanted).facts.unwrap();
    for path in paths {
        // dpkg asks for the name in the list, which since the merge of `/usr` may lack it.
        let asked: Vec<String> = [path, path.strip_prefix("/usr").unwrap()]
            .iter()
            .filter_map(|path| {
                let output = Command::new("dpkg-query").args(["-S", path]).output().expect("dpkg-query is needed");
                let text = String::from_utf8(output.stdout).unwrap();
                let owner = text.lines().find(|line| !line.starts_with("diversion"))?;
                owner.split(':').next().map(str::to_owned)
            })
            .collect();
        assert_eq!(owners.package_of(path), asked.first().map(String::as_str), "{path}");
    }
}
