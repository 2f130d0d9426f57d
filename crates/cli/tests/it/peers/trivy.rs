//! Trivy, with a database made of the same records: the same verdicts, or a reason (`trivy-differences.toml`).

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::support::{NOW, check, feeds, shared, shared_host, unpack};

use super::differences::{self, Items};
use super::program::{ask, trivy};

#[test]
fn verdicts_of_dpkg() {
    let folder = TempDir::new().unwrap();
    let tracker: Value = serde_json::from_slice(&unpack("feeds/debian-tracker/json.xz")).unwrap();
    write_database(&tracker, folder.path());
    let report = folder.path().join("report.json");
    fs::write(&report, scan(folder.path(), shared_host())).unwrap();

    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let root = shared_host().to_str().unwrap();
    let global = ["--quiet", "--data", data.as_str(), "--feeds", feeds(), "--now", NOW];
    check(&[&global[..], &["assess", "--root", root, "--offline", "--rules", "cve"]].concat(), 0);
    let text = check(&[&global[..], &["compare", report.to_str().unwrap(), "--json"]].concat(), 0);
    let (mut ours, mut theirs) = (Items::new(), Items::new());
    for line in text.lines() {
        let pair: Value = serde_json::from_str(line).unwrap();
        let Some(verdict) = pair["verdict"].as_str() else { continue };
        let name = format!("{} {}", pair["package"].as_str().unwrap(), pair["id"].as_str().unwrap());
        let reason = vec![pair["reason"]["name"].as_str().unwrap_or_default().to_owned()];
        if verdict != "only-theirs" {
            ours.insert(name.clone(), reason.clone());
        }
        if verdict != "only-ours" {
            theirs.insert(name, reason);
        }
    }
    differences::check("trivy-differences.toml", "debian-12.11", &ours, &theirs);
    let agreed = ours.keys().filter(|name| theirs.contains_key(*name)).count();
    assert_eq!(agreed, 1277);
}

/// The tracker's records of bookworm as Trivy's own database. What was never affected is left out, as Trivy's builder does.
fn write_database(tracker: &Value, folder: &Path) {
    let (mut packages, mut vulnerabilities) = (Map::new(), Map::new());
    for (package, records) in tracker.as_object().unwrap() {
        for (id, record) in records.as_object().unwrap() {
            let fixed = record["releases"]["bookworm"]["fixed_version"].as_str().unwrap();
            if fixed != "0" {
                let records = packages.entry(package.as_str()).or_insert_with(|| json!({}));
                records[id.as_str()] = json!({ "FixedVersion": fixed });
                vulnerabilities.insert(id.clone(), json!({ "Title": id, "Severity": "MEDIUM" }));
            }
        }
    }
    let feed = folder.join("feed.json");
    let document = json!({ "platforms": { "debian 12": packages }, "vulnerability": vulnerabilities });
    fs::write(&feed, document.to_string()).unwrap();
    let tool = shared().join("../tools/mktrivydb.py");
    ask(Command::new("python3").arg(tool).arg(feed).arg(folder.join("cache")));
}

fn scan(folder: &Path, root: &Path) -> Vec<u8> {
    let arguments = ["rootfs", "--scanners", "vuln", "--pkg-types", "os", "--skip-db-update", "--skip-java-db-update"];
    let more = ["--offline-scan", "--quiet", "--format", "json", "--cache-dir"];
    ask(trivy().args(arguments).args(more).arg(folder.join("cache")).arg(root))
}
