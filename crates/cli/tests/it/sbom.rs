//! Bills of materials: what is written, and that it is judged as the host itself.

use std::fs;

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
