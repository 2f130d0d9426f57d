//! The collector against dpkg's own reader: every package of a database, field by field.
//!
//! Surprising: `dpkg-query -W` leaves out what is not installed but keeps residual configuration, so the comparison
//! leaves out the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_host::RootedHost;
use assay_model::evidence::package::{PackageOrigin, PackageRole, PackageState, Packages};

use super::collect;

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

#[test]
fn dpkg_reads_the_same_of_odd_databases() {
    for specimen in
        ["residual-configuration", "hold", "half-installed", "not-installed", "source-with-version", "multi-arch"]
    {
        let path = format!("{}/testdata/dpkg/{specimen}", env!("CARGO_MANIFEST_DIR"));
        check(&fs::read(path).unwrap());
    }
}
