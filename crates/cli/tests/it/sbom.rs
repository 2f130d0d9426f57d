//! Bills of materials: what is written, and that it is judged as the host itself.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{NOW, check, feeds, run, shared_host};

/// (vulnerability, package, version, state) of every finding about one.
fn affected(arguments: &[&str]) -> Vec<(String, String, String, String)> {
    let global = ["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--offline", "--no-store", "--rules", "cve"];
    let text = check(&[&global[..], arguments, &["-o", "json"]].concat(), 0);
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    for finding in document["findings"].as_array().unwrap() {
        for package in finding["assay"]["packages"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            found.push((
                text(&finding["id"]),
                text(&package["name"]),
                text(&package["version"]),
                text(&package["state"]),
            ));
        }
    }
    found.sort();
    found
}

#[test]
fn a_host_gets_the_same_verdicts_by_its_bill() {
    let root = shared_host().to_str().unwrap();
    // Whether a kernel runs is not in a bill, and changes no verdict about a package.
    let by_root = affected(&["--root", root]);
    assert!(by_root.len() > 100, "{}", by_root.len());
    let folder = TempDir::new().unwrap();
    for format in ["cyclonedx", "spdx", "spdx3"] {
        let bill = folder.path().join(format);
        let output = format!("{format}={}", bill.display());
        check(&["--quiet", "--now", NOW, "sbom", "--root", root, "-o", &output], 0);
        assert_eq!(affected(&["--sbom", bill.to_str().unwrap()]), by_root, "{format}");
    }
}

#[test]
fn a_host_gets_the_same_verdicts_by_its_package_list() {
    let root = shared_host().to_str().unwrap();
    let by_root = affected(&["--root", root]);
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("list");
    let columns =
        "-f=${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n";
    let output = Command::new("dpkg-query")
        .args(["--admindir", &format!("{root}/var/lib/dpkg"), "-W", columns])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // What `dpkg-query` would print of installed packages alone.
    let text = String::from_utf8(output.stdout).unwrap();
    let installed = text.lines().filter_map(|line| line.strip_prefix("ii \t")).map(|line| format!("{line}\n"));
    fs::write(&list, installed.collect::<String>()).unwrap();
    let by_list = affected(&["--package-list", list.to_str().unwrap(), "--distro", "debian-12"]);
    assert_eq!(by_list, by_root);
}

#[test]
fn a_package_list_wants_its_distribution() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("list");
    fs::write(&list, "bash\t5.2.15-2\n").unwrap();
    let list = list.to_str().unwrap();
    check(&["assess", "--package-list", list], 64);
    check(&["assess", "--distro", "debian-12"], 64);
    check(&["assess", "--package-list", list, "--distro", "debian-12", "--root", "/"], 64);
    fs::write(list, "what is this\n").unwrap();
    let output = run(&["assess", "--offline", "--no-store", "--package-list", list, "--distro", "debian-12"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is no list of dpkg-query -W"));
}

#[test]
fn what_is_no_bill_is_refused() {
    let folder = TempDir::new().unwrap();
    for (name, content) in [("empty", ""), ("text", "hello"), ("other", "{\"a\": 1}")] {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        let output = run(&["assess", "--offline", "--no-store", "--sbom", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("is no bill of materials"), "{name}");
    }
    check(&["sbom", "-o", "word"], 64);
}
