//! `assay compare`: the reports of other scanners beside a run of the small host.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{NOW, check, feeds, run, small_host};

/// A data folder that holds one run of the small host, and a place for reports.
fn stored() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let root = small_host();
    let root = root.path().to_str().unwrap();
    check(&["--quiet", "--data", &data, "--feeds", feeds(), "--now", NOW, "assess", "--root", root, "--offline"], 0);
    (folder, data)
}

/// Claims about packages of the small host, in Trivy's form: one of ours, and one for each reason.
fn trivy() -> Value {
    let found = |id: &str, package: &str, version: &str| json!({"VulnerabilityID": id, "PkgName": package, "InstalledVersion": version});
    json!({
        "SchemaVersion": 2,
        "Results": [
            {"Target": "small (debian 12)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [
                found("CVE-2023-52425", "libexpat1", "2.5.0-1+deb12u1"),
                found("CVE-2013-0340", "libexpat1", "2.5.0-1+deb12u1"),
                found("CVE-2013-0340", "libexpat1", "2.4.0-1"),
                found("CVE-2018-13410", "zip", "3.0-13"),
                found("CVE-2018-13410", "libexpat1", "2.5.0-1+deb12u1"),
                found("CVE-1999-0001", "libexpat1", "2.5.0-1+deb12u1"),
                found("CVE-2024-3094", "liblzma5", "5.6.0"),
            ]},
            {"Target": "app/yarn.lock", "Class": "lang-pkgs", "Type": "yarn", "Vulnerabilities": [
                found("CVE-2021-44906", "minimist", "1.2.5"),
            ]},
            {"Target": "conan.lock", "Class": "lang-pkgs", "Type": "conan", "Vulnerabilities": [
                found("CVE-2021-1", "zlib", "1.2"),
            ]},
        ],
    })
}

#[test]
fn every_claim_of_another_scanner_is_agreed_with_or_has_one_reason() {
    let (folder, data) = stored();
    let path = folder.path().join("trivy.json");
    std::fs::write(&path, trivy().to_string()).unwrap();
    let base = ["--quiet", "--data", data.as_str(), "--feeds", feeds(), "compare", path.to_str().unwrap()];
    let text = check(&[&base[..], &["--json"]].concat(), 0);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (counts, pairs) = lines.split_last().unwrap();
    let of = |verdict: &str| pairs.iter().filter(|pair| pair["verdict"] == verdict).collect::<Vec<_>>();
    assert_eq!(of("agreed").len(), 1, "{text}");
    assert_eq!(of("agreed")[0]["id"], "CVE-2023-52425");
    let findings = check(&["--data", &data, "findings", "list", "--json", "--rules", "cve"], 0);
    assert_eq!(of("only-ours").len(), findings.lines().count() - 1, "{text}");
    assert!(of("only-ours").iter().all(|pair| pair["reason"]["sentence"].as_str().unwrap().len() > 10), "{text}");
    let reasons: Vec<_> = of("only-theirs")
        .iter()
        .map(|pair| {
            (pair["id"].as_str().unwrap(), pair["package"].as_str().unwrap(), pair["reason"]["name"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("CVE-1999-0001", "libexpat1", "not-in-feed"),
        ("CVE-2013-0340", "libexpat1", "other-version"),
        ("CVE-2013-0340", "libexpat1", "fixed-in-installed"),
        ("CVE-2018-13410", "libexpat1", "other-package"),
        ("CVE-2018-13410", "zip", "only-configuration-left"),
        ("CVE-2021-1", "zlib", "not-covered"),
        ("CVE-2021-44906", "minimist", "not-in-evidence"),
        ("CVE-2024-3094", "liblzma5", "not-in-evidence"),
    ];
    for reason in expected {
        assert!(reasons.contains(&reason), "{reason:?} in {reasons:?}");
    }
    assert_eq!(reasons.len(), expected.len());
    assert_eq!(
        (&counts["scanner"], &counts["agreed"], &counts["only_theirs"]),
        (&json!("Trivy"), &json!(1), &json!(8))
    );
    let text = check(&base, 0);
    for part in ["Assay and Trivy on small", "Only theirs", "fixed-in-installed: libexpat1", "--all shows them"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(check(&[&base[..], &["--all"]].concat(), 0).contains("\nAgreed\n  CVE-2023-52425"));
}

#[test]
fn what_is_no_report_is_a_clear_error() {
    let (folder, data) = stored();
    let path = folder.path().join("report.json");
    for (content, message) in [
        ("", "is empty"),
        ("{", "no JSON"),
        ("{\"bomFormat\": \"CycloneDX\"}", "none of Trivy, Grype, OSV-Scanner or Vuls"),
        ("{\"matches\": [{\"artifact\": 7}]}", "the report of Grype"),
        ("{\"ClusterName\": \"c\"}", "cluster"),
    ] {
        std::fs::write(&path, content).unwrap();
        let output = run(&["--data", &data, "compare", path.to_str().unwrap()]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && stderr.contains(message), "{content}: {stderr}");
    }
    check(&["--data", &data, "compare", folder.path().to_str().unwrap()], 1);
    check(&["--data", &data, "compare", "/nonexistent"], 1);
}
