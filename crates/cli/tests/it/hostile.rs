//! Bad input: nothing hangs, nothing panics, and an exclusion or an error names the path.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{check, document, feeds, run, small_host, write};

/// Assesses a spoiled host: it must end, and say what is wrong with `path`.
#[track_caller]
fn check_names(spoil: impl FnOnce(&Path), path: &str, words: &str) {
    let root = small_host();
    spoil(root.path());
    let document = document(root.path(), &[]);
    let exclusions = document["exclusions"].to_string();
    assert!(exclusions.contains(path) && exclusions.contains(words), "{path}, {words} in {exclusions}");
}

const STATUS: &str = "var/lib/dpkg/status";

fn replace_with(path: &str, make: impl FnOnce(&Path)) -> impl FnOnce(&Path) {
    move |root: &Path| {
        let path = root.join(path);
        let _ = fs::remove_file(&path);
        make(&path);
    }
}

#[test]
fn files_that_are_no_files_are_exclusions() {
    let fifo = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    check_names(replace_with(STATUS, fifo), "/var/lib/dpkg/status", "not a");
    check_names(replace_with(STATUS, |path| fs::create_dir(path).unwrap()), "/var/lib/dpkg/status", "directory");
    let link_loop = |path: &Path| std::os::unix::fs::symlink("status", path).unwrap();
    check_names(replace_with(STATUS, link_loop), "/var/lib/dpkg/status", "symbolic links");
    let device = |path: &Path| std::os::unix::fs::symlink("/dev/zero", path).unwrap();
    check_names(replace_with(STATUS, device), "/var/lib/dpkg/status", "does not exist");
}

#[test]
fn a_file_of_5_gigabytes_is_an_exclusion() {
    let huge = |path: &Path| fs::File::create(path).unwrap().set_len(5 << 30).unwrap();
    check_names(replace_with(STATUS, huge), "/var/lib/dpkg/status", "over the limit");
    check_names(replace_with("etc/passwd", huge), "/etc/passwd", "over the limit");
    check_names(replace_with("etc/login.defs", huge), "/etc/login.defs", "over the limit");
}

#[test]
fn damaged_databases_keep_what_can_be_read() {
    let root = small_host();
    let mut status = fs::read(root.path().join(STATUS)).unwrap();
    status.extend(b"Package: trunc\xff\xfe\nStatus: install ok insta");
    write(root.path(), STATUS, &status);
    let document = document(root.path(), &[]);
    assert!(document["findings"].to_string().contains("CVE-2023-52425"));
    assert!(document["exclusions"].to_string().contains("/var/lib/dpkg/status"), "{}", document["exclusions"]);
}

#[test]
fn links_lead_nowhere_outside_the_root() {
    let outside = tempfile::TempDir::new().unwrap();
    write(outside.path(), "os-release", b"ID=debian\nPRETTY_NAME=\"Outside\"\n");
    let target = outside.path().join("os-release");
    for link in [target.to_str().unwrap().to_owned(), format!("../../../../../../../..{}", target.display())] {
        let root = small_host();
        fs::remove_file(root.path().join("etc/os-release")).unwrap();
        std::os::unix::fs::symlink(&link, root.path().join("etc/os-release")).unwrap();
        write(root.path(), "usr/lib/os-release", b"ID=debian\nPRETTY_NAME=\"Inside\"\n");
        let document = document(root.path(), &[]);
        assert_eq!(document["assay"]["host"]["operatingSystem"], "Inside", "{link}");
    }
}

#[test]
fn an_empty_root_is_all_exclusions() {
    let root = tempfile::TempDir::new().unwrap();
    let document = document(root.path(), &[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 0, "{}", document["findings"]);
    let exclusions = document["exclusions"].to_string();
    for path in ["/etc/os-release", "/var/lib/dpkg/status"] {
        assert!(exclusions.contains(path), "{path} in {exclusions}");
    }
}

#[test]
fn evidence_that_is_none_is_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    for (name, content, words) in [
        ("empty", &b""[..], "no evidence document"),
        ("text", b"hello", "no evidence document"),
        ("old", b"{\"schema\": 99}", "schema 99"),
        ("half", b"{\"schema\": 2}", "no evidence document"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        let output =
            run(&["--feeds", feeds(), "assess", "--no-store", "--offline", "--evidence", file.to_str().unwrap()]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(stderr.contains(words), "{name}: {stderr}");
    }
}

#[test]
fn a_corrupt_store_costs_no_findings() {
    let root = small_host();
    let folder = tempfile::TempDir::new().unwrap();
    let store = folder.path().join("assay.db");
    fs::write(&store, vec![0x5a; 8192]).unwrap();
    let data = folder.path().to_str().unwrap();
    let output =
        run(&["--data", data, "--feeds", feeds(), "assess", "--offline", "--root", root.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("CVE-2023-52425"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("assay.db"));
    check(&["--data", data, "runs", "list"], 1);
}

#[test]
fn terminal_escapes_of_a_host_stay_text() {
    let root = small_host();
    write(root.path(), "etc/hostname", b"evil\x1b[31m\n");
    write(root.path(), "etc/os-release", b"ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"D\x1b]0;owned\x07\"\n");
    let root = root.path().to_str().unwrap();
    let table = check(&["--feeds", feeds(), "assess", "--offline", "--no-store", "--root", root], 0);
    assert!(!table.contains('\x1b') && !table.contains('\x07'), "{table:?}");
}
