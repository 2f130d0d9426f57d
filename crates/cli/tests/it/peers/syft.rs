//! Syft: the same packages in the same root directories, or a reason (`syft-differences.toml`).

use std::collections::BTreeSet;
use std::path::Path;

use assay_sbom::Purl;
use serde_json::Value;

use crate::support::{check, shared_host};

use super::differences::{self, Items};
use super::program::{ask, syft};
use super::roots;

#[test]
fn packages_of_dpkg() {
    compare("debian-12.11", shared_host(), 869);
}

#[test]
fn packages_of_apk() {
    compare("alpine-3.20", roots::alpine().path(), 14);
}

#[test]
fn packages_of_rpm() {
    let sqlite = roots::rpm("cbl-mariner-2.0/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite", "mariner");
    compare("mariner", sqlite.path(), 129);
    let ndb = roots::rpm("sle15-bci/Packages.db", "usr/lib/sysimage/rpm/Packages.db", "sles");
    compare("sle-15", ndb.path(), 35);
}

#[test]
fn libraries() {
    compare("libraries", roots::libraries().path(), 500);
}

/// Compares the lists of one root directory, of which at least so many packages are in both.
fn compare(comparison: &str, root: &Path, both: usize) {
    let (ours, theirs) = (ours(root), theirs(root));
    differences::check("syft-differences.toml", comparison, &ours, &theirs);
    let agreed = ours.keys().filter(|name| theirs.contains_key(*name)).count();
    assert!(agreed >= both, "{comparison}: only {agreed} packages are in both lists");
}

/// Our bill: packages by type, name, version and epoch, and where they are.
fn ours(root: &Path) -> Items {
    let text = check(&["--quiet", "sbom", "--root", root.to_str().unwrap()], 0);
    let bill: Value = serde_json::from_str(&text).unwrap();
    let mut items = Items::new();
    for component in bill["components"].as_array().unwrap() {
        let Some(purl) = component["purl"].as_str() else { continue };
        let places = component["evidence"]["occurrences"].as_array();
        let places = places.into_iter().flatten().filter_map(|place| place["location"].as_str());
        items.entry(name(purl)).or_default().extend(places.map(str::to_owned));
    }
    items
}

/// Syft's list: the same, and which of its parts found them.
fn theirs(root: &Path) -> Items {
    let text = ask(syft().args(["scan", "--quiet", "--output", "syft-json"]).arg(format!("dir:{}", root.display())));
    let list: Value = serde_json::from_slice(&text).unwrap();
    let mut items = Items::new();
    for artifact in list["artifacts"].as_array().unwrap() {
        let text = |key: &str| artifact[key].as_str().unwrap_or_default().to_owned();
        let places = artifact["locations"].as_array().unwrap().iter();
        let places: BTreeSet<String> = places.map(|place| place["path"].as_str().unwrap().to_owned()).collect();
        let name = match text("purl") {
            purl if purl.is_empty() => format!("{} {} {}", text("type"), text("name"), text("version")),
            purl => name(&purl),
        };
        items.entry(name).or_default().extend(places.into_iter().chain([text("foundBy")]));
    }
    items
}

fn name(purl: &str) -> String {
    let Ok(parsed) = purl.parse::<Purl>() else { return purl.to_owned() };
    let Purl { purl_type, namespace, name, version, .. } = &parsed;
    let slash = if namespace.is_empty() { "" } else { "/" };
    let epoch = parsed.qualifier("epoch").map(|epoch| format!("{epoch}:")).unwrap_or_default();
    format!("{purl_type} {namespace}{slash}{name} {epoch}{version}")
}
