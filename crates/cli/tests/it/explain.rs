//! Runs and findings afterwards: list, show, why, why-not, report.

use tempfile::TempDir;

use crate::support::{NOW, check, feeds, small_host, write};

/// A data folder that holds one run of the small host.
fn stored() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let root = small_host();
    let root = root.path().to_str().unwrap();
    check(&["--quiet", "--data", &data, "--feeds", feeds(), "--now", NOW, "assess", "--root", root, "--offline"], 0);
    (folder, data)
}

#[test]
fn a_run_can_be_listed_shown_and_reported() {
    let (folder, data) = stored();
    let list = check(&["--data", &data, "runs", "list"], 0);
    assert!(list.contains("small") && list.contains("COMPLETED"), "{list}");
    let json: serde_json::Value =
        serde_json::from_str(&check(&["--data", &data, "runs", "list", "--json"], 0)).unwrap();
    assert_eq!(json["state"], "COMPLETED");
    let shown = check(&["--data", &data, "runs", "show", "-o", "json"], 0);
    let document: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(document["run"]["arn"], json["arn"]);
    let report = folder.path().join("report.html");
    check(&["--data", &data, "report", "latest", "-o", &format!("html={}", report.display())], 0);
    assert!(std::fs::read_to_string(report).unwrap().contains("CVE-2023-52425"));
}

#[test]
fn the_same_time_gives_another_run() {
    let (_folder, data) = stored();
    let root = small_host();
    let root = root.path().to_str().unwrap();
    check(&["--quiet", "--data", &data, "--feeds", feeds(), "--now", NOW, "assess", "--root", root, "--offline"], 0);
    assert_eq!(check(&["--data", &data, "runs", "list", "--json"], 0).lines().count(), 2);
}

#[test]
fn findings_can_be_filtered() {
    let (_folder, data) = stored();
    let count = |arguments: &[&str]| {
        let base = ["--data", data.as_str(), "findings", "list", "--json"];
        check(&[&base[..], arguments].concat(), 0).lines().count()
    };
    let all = count(&[]);
    let high = count(&["--severity", "high"]);
    assert!(all > high && high > 0, "{all} {high}");
    assert_eq!(count(&["--rule", "CVE-2023-52425"]), 1);
    assert_eq!(count(&["--package", "expat"]), count(&["--package", "libexpat1"]));
    assert_eq!(count(&["--package", "zip"]), 0);
    assert_eq!(count(&["--rules", "cve"]) + count(&["--rules", "best-practices"]), all);
    assert_eq!(count(&["--state", "fixed-in"]), count(&["--rules", "cve"]));
    assert_eq!(count(&["--limit", "1"]), 1);
}

#[test]
fn a_finding_is_shown_in_full_and_explained() {
    let (_folder, data) = stored();
    let shown = check(&["--data", &data, "findings", "show", "CVE-2023-52425"], 0);
    for part in [
        "small",
        "cve,best-practices",
        "2026-11-24T10:00:00Z",
        "COMPLETED",
        "Common Vulnerabilities and Exposures",
        "High",
        "libexpat1",
        "2.5.0-1+deb12u2",
        "apt-get update && apt-get install --only-upgrade libexpat1",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let why = check(&["--data", &data, "why", "CVE-2023-52425"], 0);
    for part in ["/var/lib/dpkg/status:1", "debian-tracker", "2.5.0-1+deb12u1 < 2.5.0-1+deb12u2", "CVSS"] {
        assert!(why.contains(part), "{part} in\n{why}");
    }
    let why = check(&["--data", &data, "why", "Configure password maximum age"], 0);
    assert!(why.contains("parameters.maximum_days") || why.contains("PASS_MAX_DAYS"), "{why}");
}

#[test]
fn a_vulnerability_that_was_not_found_has_exactly_one_reason() {
    let (_folder, data) = stored();
    let cases = [
        ("CVE-2023-52425", "affected"),
        ("CVE-2018-13410", "only-configuration-left"),
        ("CVE-2025-0838", "not-installed"),
        ("CVE-2013-0340", "fixed-in-installed"),
        ("CVE-1999-0001", "not-in-feed"),
    ];
    for (cve, reason) in cases {
        let text = check(&["--quiet", "--data", &data, "--feeds", feeds(), "why-not", cve], 0);
        assert!(text.starts_with(&format!("{cve} on small: {reason}: ")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    check(&["--data", &data, "why-not", "not-a-cve"], 64);
}

#[test]
fn packages_that_nothing_judges_are_the_reason_though_libraries_are_judged() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let metadata = "usr/lib/python3/dist-packages/requests-2.0.dist-info/METADATA";
    for (run, os) in [("not-covered", Some("ID=slackware\nVERSION_ID=15.0\n")), ("not-checked", None)] {
        let root = small_host();
        match os {
            Some(os) => write(root.path(), "etc/os-release", os.as_bytes()),
            None => std::fs::remove_file(root.path().join("etc/os-release")).unwrap(),
        }
        write(root.path(), metadata, b"Metadata-Version: 2.1\nName: requests\nVersion: 2.0\n\n");
        let root = root.path().to_str().unwrap();
        let common = ["--quiet", "--data", &data, "--feeds", feeds(), "--now", NOW];
        check(&[&common[..], &["assess", "--root", root, "--offline", "--run-name", run]].concat(), 0);
        let text = check(&[&common[..], &["why-not", "CVE-1999-0001", "--run", run]].concat(), 0);
        assert!(text.starts_with(&format!("CVE-1999-0001 on small: {run}: ")), "{text}");
    }
}

#[test]
fn what_is_not_there_is_a_clear_error() {
    let (_folder, data) = stored();
    check(&["--data", &data, "findings", "show", "CVE-1999-0001"], 1);
    check(&["--data", &data, "runs", "show", "0-nothing0"], 1);
    check(&["--data", &data, "why", "zzzz"], 1);
}
