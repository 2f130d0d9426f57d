//! OSV-Scanner's report: `osv-scanner --format json`.
//!
//! Packages of the operating system go by the name of their source, unless version 2 says the binary's. A group joins
//! the records that are one vulnerability; without groups each record's aliases do.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::claim::{Claim, ClaimKind, Claims, OtherReport, Scanner};

#[derive(Deserialize)]
pub(super) struct Report {
    results: Option<Vec<SourceResult>>,
}

#[derive(Deserialize)]
struct SourceResult {
    source: Option<Source>,
    packages: Option<Vec<Found>>,
}

#[derive(Deserialize)]
struct Source {
    path: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    package: Option<Package>,
    vulnerabilities: Option<Vec<Record>>,
    groups: Option<Vec<Group>>,
}

#[derive(Default, Deserialize)]
struct Package {
    name: Option<String>,
    os_package_name: Option<String>,
    version: Option<String>,
    ecosystem: Option<String>,
    commit: Option<String>,
}

#[derive(Deserialize)]
struct Record {
    id: Option<String>,
    aliases: Option<Vec<String>>,
    upstream: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Group {
    ids: Option<Vec<String>>,
    aliases: Option<Vec<String>>,
}

pub(super) fn claims(report: Report) -> OtherReport {
    let mut claims = Claims::default();
    for result in report.results.unwrap_or_default() {
        let path = result.source.and_then(|source| source.path);
        let Some(packages) = result.packages else {
            claims.problem(format!("The result of {:?} has no list of packages.", path.unwrap_or_default()));
            continue;
        };
        for found in packages {
            let package = found.package.unwrap_or_default();
            let (kind, name) = identity(&package);
            for ids in vulnerabilities(found.groups.unwrap_or_default(), found.vulnerabilities.unwrap_or_default()) {
                claims.push(Claim {
                    ids,
                    kind: kind.clone(),
                    package: name.clone(),
                    version: package.version.clone().unwrap_or_default(),
                    location: path.clone().filter(|_| matches!(kind, ClaimKind::Library(_) | ClaimKind::Other(_))),
                    fixed_version: None,
                });
            }
        }
    }
    claims.into_report(Scanner::OsvScanner)
}

/// The ids of each vulnerability; a record that no group holds stands for itself.
fn vulnerabilities(groups: Vec<Group>, records: Vec<Record>) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::with_capacity(groups.len());
    let mut group_of = std::collections::HashMap::new();
    for group in groups {
        let ids = group.ids.unwrap_or_default();
        group_of.extend(ids.iter().map(|id| (id.clone(), all.len())));
        all.push(ids.into_iter().chain(group.aliases.unwrap_or_default()).collect());
    }
    for record in records {
        let id = record.id.unwrap_or_default();
        let others = record.aliases.unwrap_or_default().into_iter().chain(record.upstream.unwrap_or_default());
        match group_of.get(&id).and_then(|index| all.get_mut(*index)) {
            Some(ids) => ids.extend(others),
            None => all.push(std::iter::once(id).chain(others).collect()),
        }
    }
    all
}

/// By the name of the ecosystem without its release: `Debian:12`, `npm`.
fn identity(package: &Package) -> (ClaimKind, String) {
    let name = package.name.clone().unwrap_or_default();
    let word = package.ecosystem.as_deref().unwrap_or_default();
    let family = word.split(':').next().unwrap_or_default();
    if let Some(ecosystem) = Ecosystem::from_osv_name(family) {
        return (ClaimKind::Library(ecosystem), name);
    }
    if SYSTEMS.contains(&family) {
        return match package.os_package_name.clone().filter(|name| !name.is_empty()) {
            Some(binary) => (ClaimKind::SystemPackage, binary),
            None => (ClaimKind::SystemSource, name),
        };
    }
    if family.is_empty() {
        // What is vendored or a submodule has a commit, and often no name.
        let name = Some(name).filter(|name| !name.is_empty()).or_else(|| package.commit.clone());
        return (ClaimKind::Other("commit".to_owned()), name.unwrap_or_default());
    }
    (ClaimKind::Other(word.to_owned()), name)
}

/// The ecosystems that are distributions (OSV schema 1.7, "Defined ecosystems").
const SYSTEMS: [&str; 17] = [
    "AlmaLinux",
    "Alpine",
    "Alpaquita",
    "Azure Linux",
    "BellSoft Hardened Containers",
    "Chainguard",
    "Debian",
    "Echo",
    "Mageia",
    "MinimOS",
    "openEuler",
    "openSUSE",
    "Red Hat",
    "Rocky Linux",
    "SUSE",
    "Ubuntu",
    "Wolfi",
];
