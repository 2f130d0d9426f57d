//! debsecan, fed with the same records in its own format, on three hosts and on a feed with a known answer.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use assay_advisory::matcher::{Inventory, judge};
use serde_json::Value;

use crate::differences::check_differences;
use crate::known_answer;
use crate::support::{Pair, compile, packages_of_manifest, packages_of_status, read_shared, status_of_packages};

/// Writes the tracker's JSON as debsecan's data file: zlib over names, then records, then binary packages.
fn write_debsecan_data(json: &str, release: &str, folder: &Path) {
    let feed: Value = serde_json::from_str(json).unwrap();
    let mut records = String::new();
    let mut ids: Vec<&str> = Vec::new();
    for (source, vulnerabilities) in feed.as_object().unwrap() {
        for (id, vulnerability) in vulnerabilities.as_object().unwrap() {
            let state = &vulnerability["releases"][release];
            let fixed = state["fixed_version"].as_str().unwrap_or_default();
            let is_vulnerable = match state["status"].as_str() {
                Some("resolved") => fixed != "0",
                Some("open") => true,
                _ => false,
            };
            if is_vulnerable {
                let flag = if fixed.is_empty() { ' ' } else { 'F' };
                writeln!(records, "{source},{},S ?{flag},{fixed},", ids.len()).unwrap();
                ids.push(id);
            }
        }
    }
    let names: String = ids.iter().map(|id| format!("{id},,\n")).collect();
    let text = format!("VERSION 1\n{names}\n{records}\n\n");
    let file = std::fs::File::create(folder.join(release)).unwrap();
    let mut encoder = flate2::write::ZlibEncoder::new(file, flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
}

fn ask_debsecan(json: &str, release: &str, status: &str) -> BTreeSet<Pair> {
    let folder = tempfile::tempdir().unwrap();
    write_debsecan_data(json, release, folder.path());
    let status_path = folder.path().join("status");
    std::fs::write(&status_path, status).unwrap();
    let output = Command::new("debsecan")
        .args(["--config", "/dev/null", "--suite", release, "--format", "simple", "--whitelist", "", "--history", ""])
        .arg("--source")
        .arg(format!("file://{}/", folder.path().display()))
        .arg("--status")
        .arg(&status_path)
        .output()
        .expect("debsecan must be installed: apt-get install debsecan");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split_once(' ').unwrap()).map(|(id, name)| (name.into(), id.into())).collect()
}

fn check(comparison: &str, json: &str, release: &str, status: &str, least: usize) {
    let packages = packages_of_status(status);
    let database = compile(json, release);
    let judgement = judge(&database, &Inventory::of_packages(&packages, None)).unwrap();
    let theirs = ask_debsecan(json, release, status);
    assert!(theirs.len() >= least, "{comparison}: debsecan reports only {} pairs", theirs.len());
    check_differences(comparison, &judgement, &theirs);
}

#[test]
fn real_host() {
    let json = read_shared("feeds/debian-tracker/json.xz");
    let status = read_shared("hosts/debian-12.11/dpkg-status.xz");
    check("debsecan debian-12.11", &json, "bookworm", &status, 5000);
}

/// Debian 11 as Debian's own tool makes it, so that source names and versions are those of real packages.
#[test]
fn older_root_directory() {
    let root = tempfile::tempdir().unwrap();
    let output = Command::new("debootstrap")
        .args(["--variant=minbase", "bullseye"])
        .arg(root.path())
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .output()
        .expect("debootstrap must be installed: apt-get install debootstrap");
    assert!(output.status.success(), "debootstrap needs root: {}", String::from_utf8_lossy(&output.stderr));
    let status = std::fs::read_to_string(root.path().join("var/lib/dpkg/status")).unwrap();
    let made_up = known_answer::generate(&packages_of_status(&status), 20_000, 13);
    check("debsecan bullseye root", &as_bullseye(&made_up.json), "bullseye", &status, 100);
    let real = read_shared("feeds/debian-tracker/json.xz");
    check("debsecan bullseye root", &as_bullseye(&real), "bullseye", &status, 100);
}

/// The feeds at hand speak of bookworm; what both tools are asked about is the same under another name.
fn as_bullseye(json: &str) -> String {
    json.replace("\"bookworm\"", "\"bullseye\"")
}

#[test]
fn older_image_manifest() {
    let json = as_bullseye(&read_shared("feeds/debian-tracker/json.xz"));
    let manifest = read_shared("hosts/debian-image-manifests/bullseye/rootfs.manifest");
    let packages = packages_of_manifest(&manifest);
    assert_eq!(packages.packages.len(), 96);
    check("debsecan bullseye", &json, "bullseye", &status_of_packages(&packages), 100);
}

/// The second feed is made up for this very host, so that there is something to find however well it is kept.
#[test]
fn this_machine() {
    let status = std::fs::read_to_string("/var/lib/dpkg/status")
        .expect("the tests run on a Debian host, whose package database they read");
    let packages = packages_of_status(&status);
    let made_up = known_answer::generate(&packages, 20_000, 11);
    check("debsecan this-machine", &made_up.json, "bookworm", &status, 100);
    let real = read_shared("feeds/debian-tracker/json.xz");
    check("debsecan this-machine", &real, "bookworm", &status, 0);
}

#[test]
fn known_answer_feed() {
    let status = read_shared("hosts/debian-12.11/dpkg-status.xz");
    let packages = packages_of_status(&status);
    let made_up = known_answer::generate(&packages, 45_000, 7);
    check("debsecan known-answer", &made_up.json, "bookworm", &status, 1000);
}
