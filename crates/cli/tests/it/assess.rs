//! `assay assess`: what it finds, and that it always finds the same.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{NOW, check, document, feeds, shared_host, small_host, unpack, write};

/// The CVEs that the shared host's expected findings name, without those of packages that hold no kernel code.
fn expected_cves() -> BTreeSet<String> {
    let expected: Value = serde_json::from_slice(&unpack("hosts/debian-12.11/expected-findings.json.xz")).unwrap();
    let entries = expected.as_array().unwrap().iter();
    let is_companion = |entry: &&Value| !matches!(entry["package"].as_str(), Some("linux-libc-dev" | "linux-perf"));
    entries.filter(is_companion).map(|entry| entry["cve"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_shared_host_has_its_expected_vulnerabilities() {
    let document = document(shared_host(), &["--rules", "cve"]);
    let found: BTreeSet<String> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found, expected_cves());
    assert_eq!(found.len(), 339);
}

#[test]
fn the_same_evidence_and_knowledge_give_the_same_bytes() {
    let root = shared_host().to_str().unwrap();
    let assess = |source: &[&str]| {
        let mut arguments =
            vec!["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--offline", "--no-store", "-o", "json"];
        arguments.extend(source);
        check(&arguments, 0)
    };
    let first = assess(&["--root", root]);
    assert_eq!(first, assess(&["--root", root]));
    let folder = TempDir::new().unwrap();
    let evidence = folder.path().join("evidence.json");
    let evidence = evidence.to_str().unwrap();
    check(&["--quiet", "--now", NOW, "collect", "--root", root, "-o", evidence], 0);
    assert_eq!(first, assess(&["--evidence", evidence]));
    // Evidence of the schema before means the same.
    let text = std::fs::read_to_string(evidence).unwrap();
    let older = text.replacen("\"schema\":3,", "\"schema\":2,", 1);
    assert_ne!(text, older);
    std::fs::write(evidence, older).unwrap();
    let keys = |document: &str| {
        let document: Value = serde_json::from_str(document).unwrap();
        let findings = document["findings"].as_array().unwrap().clone();
        findings.into_iter().map(|finding| finding["assay"]["key"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&first), keys(&assess(&["--evidence", evidence])));
}

#[test]
fn findings_are_sorted_by_risk_and_have_unique_keys() {
    let document = document(shared_host(), &[]);
    let findings = document["findings"].as_array().unwrap();
    let risks: Vec<f64> = findings.iter().map(|finding| finding["assay"]["risk"].as_f64().unwrap()).collect();
    assert!(risks.windows(2).all(|pair| pair[0] >= pair[1]), "{risks:?}");
    let keys: BTreeSet<&str> = findings.iter().map(|finding| finding["assay"]["key"].as_str().unwrap()).collect();
    let arns: BTreeSet<&str> = findings.iter().map(|finding| finding["arn"].as_str().unwrap()).collect();
    assert_eq!((keys.len(), arns.len()), (findings.len(), findings.len()));
}

#[test]
fn residual_configuration_is_not_installed() {
    let document = document(small_host().path(), &["--rules", "cve"]);
    let packages: BTreeSet<&str> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|finding| finding["assay"]["packages"].as_array().unwrap())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(packages, BTreeSet::from(["libexpat1"]));
}

#[test]
fn best_practices_show_file_line_and_value() {
    let root = small_host();
    write(root.path(), "usr/sbin/sshd", b"");
    write(root.path(), "etc/ssh/sshd_config", b"Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n");
    write(root.path(), "etc/ssh/sshd_config.d/10-local.conf", b"# local\nPermitRootLogin yes\n");
    let document = document(root.path(), &["--rules", "best-practices"]);
    let findings = document["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == "Disable root login over SSH").unwrap();
    assert_eq!((finding["severity"].as_str(), finding["numericSeverity"].as_f64()), (Some("Medium"), Some(6.0)));
    let shown = finding["assay"]["evidence"].to_string();
    for part in ["/etc/ssh/sshd_config.d/10-local.conf", "\"line\":2", "yes"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    std::fs::remove_file(root.path().join("etc/ssh/sshd_config.d/10-local.conf")).unwrap();
    let document = crate::support::document(root.path(), &["--rules", "best-practices"]);
    let ids: Vec<&Value> = document["findings"].as_array().unwrap().iter().map(|finding| &finding["id"]).collect();
    assert!(!ids.iter().any(|id| *id == "Disable root login over SSH"), "{ids:?}");
}

#[test]
fn a_host_of_another_distribution_is_not_judged_by_debian() {
    let root = small_host();
    write(root.path(), "etc/os-release", b"ID=mydebian\nID_LIKE=debian\nVERSION_CODENAME=bookworm\n");
    let document = document(root.path(), &["--rules", "cve"]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 0);
    let exclusions = document["exclusions"].to_string();
    assert!(
        exclusions.contains("Rules package not supported by OS") && exclusions.contains("mydebian"),
        "{exclusions}"
    );
    assert_eq!(document["coverage"]["packages"][0]["notchecked"], 1);
}

#[test]
fn a_rules_package_without_rules_is_an_exclusion() {
    let document = document(small_host().path(), &["--rules", "cis,runtime"]);
    let titles: Vec<&str> = document["exclusions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|exclusion| exclusion["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles.iter().filter(|title| **title == "Rules package has no rules").count(), 2, "{titles:?}");
}

#[test]
fn the_run_is_a_pdf_too() {
    let host = small_host();
    let folder = TempDir::new().unwrap();
    let (data, path) = (folder.path().join("data"), folder.path().join("run.pdf"));
    let (data, root) = (data.to_str().unwrap(), host.path().to_str().unwrap());
    let common = ["--quiet", "--data", data, "--feeds", feeds(), "--now", NOW];
    let to_file = format!("pdf={}", path.to_str().unwrap());
    check(&[&common[..], &["assess", "--root", root, "--offline", "-o", &to_file]].concat(), 0);
    let written = std::fs::read(&path).unwrap();
    assert!(written.starts_with(b"%PDF-") && written.trim_ascii_end().ends_with(b"%%EOF"));
    let text = Command::new("pdftotext").args([path.to_str().unwrap(), "-"]).output().expect("install poppler-utils");
    let text = String::from_utf8(text.stdout).unwrap();
    for words in ["Findings", "CVE-20", "not checked", "small"] {
        assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words}: {text}");
    }
    // A run that was stored gives the same bytes.
    check(&[&common[..], &["report", "latest", "-o", &to_file]].concat(), 0);
    assert_eq!(std::fs::read(&path).unwrap(), written);
}
