//! Vuls' report: the JSON file of a server that `vuls report -format-json` writes (`models.ScanResult`, JSON version 4).
//!
//! A vulnerability names packages without versions; those are in another part of the document. What was matched by a
//! CPE that the administrator configured names no package at all, and is told of as such.

use std::collections::BTreeMap;

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::claim::{Claim, ClaimKind, Claims, OtherReport, Scanner};

#[derive(Deserialize)]
pub(super) struct Report {
    #[serde(rename = "scannedCves")]
    vulnerabilities: Option<BTreeMap<String, Vulnerability>>,
    packages: Option<BTreeMap<String, Package>>,
    libraries: Option<Vec<LibraryFile>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability {
    affected_packages: Option<Vec<Fix>>,
    library_fixed_ins: Option<Vec<Fix>>,
    #[serde(rename = "cpeURIs")]
    cpe_uris: Option<Vec<String>>,
}

/// A package or a library with its fix; only a library has a key and a path.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    key: Option<String>,
    name: Option<String>,
    fixed_in: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    version: Option<String>,
    release: Option<String>,
}

#[derive(Deserialize)]
struct LibraryFile {
    #[serde(alias = "Path", alias = "LockfilePath")]
    path: Option<String>,
    #[serde(rename = "Type", alias = "type")]
    kind: Option<String>,
    #[serde(rename = "Libs", alias = "libs")]
    libraries: Option<Vec<Library>>,
}

#[derive(Deserialize)]
struct Library {
    #[serde(rename = "Name", alias = "name")]
    name: Option<String>,
    #[serde(rename = "Version", alias = "version")]
    version: Option<String>,
}

pub(super) fn claims(report: Report) -> OtherReport {
    let mut claims = Claims::default();
    let packages = report.packages.unwrap_or_default();
    let libraries = index(report.libraries.unwrap_or_default());
    for (id, vulnerability) in report.vulnerabilities.unwrap_or_default() {
        let (affected, fixed_ins) =
            (vulnerability.affected_packages.unwrap_or_default(), vulnerability.library_fixed_ins.unwrap_or_default());
        if affected.is_empty() && fixed_ins.is_empty() {
            let cpes = vulnerability.cpe_uris.unwrap_or_default();
            let how = cpes.first().map(|cpe| format!("; it was matched by {cpe}")).unwrap_or_default();
            claims.problem(format!("{id} names no package{how}."));
        }
        for fix in affected {
            let name = fix.name.unwrap_or_default();
            claims.push(Claim {
                ids: vec![id.clone()],
                kind: ClaimKind::SystemPackage,
                version: packages.get(&name).map(full_version).unwrap_or_default(),
                package: name,
                location: None,
                fixed_version: fix.fixed_in.filter(|version| !version.is_empty()),
            });
        }
        for fix in fixed_ins {
            let (name, path) = (fix.name.unwrap_or_default(), fix.path.unwrap_or_default());
            let known = libraries.get(&(path.clone(), name.clone()));
            let word = fix.key.filter(|key| !key.is_empty()).or_else(|| known.map(|known| known.kind.clone()));
            claims.push(Claim {
                ids: vec![id.clone()],
                kind: kind(&word.unwrap_or_default()),
                package: name,
                version: known.map(|known| known.version.clone()).unwrap_or_default(),
                location: Some(path).filter(|path| !path.is_empty()),
                fixed_version: fix.fixed_in.filter(|version| !version.is_empty()),
            });
        }
    }
    claims.into_report(Scanner::Vuls)
}

struct KnownLibrary {
    kind: String,
    version: String,
}

/// The libraries by path and name.
fn index(files: Vec<LibraryFile>) -> BTreeMap<(String, String), KnownLibrary> {
    let mut index = BTreeMap::new();
    for file in files {
        let (path, kind) = (file.path.unwrap_or_default(), file.kind.unwrap_or_default());
        for library in file.libraries.unwrap_or_default() {
            let known = KnownLibrary { kind: kind.clone(), version: library.version.unwrap_or_default() };
            index.insert((path.clone(), library.name.unwrap_or_default()), known);
        }
    }
    index
}

/// dpkg's version is whole; rpm's has its release beside it.
fn full_version(package: &Package) -> String {
    let version = package.version.clone().unwrap_or_default();
    match package.release.as_deref().filter(|release| !release.is_empty()) {
        Some(release) => format!("{version}-{release}"),
        None => version,
    }
}

/// By the key, which was a language before it became Trivy's type.
fn kind(word: &str) -> ClaimKind {
    ClaimKind::Library(match word {
        "bundler" | "gemspec" | "ruby" => Ecosystem::Rubygems,
        "cargo" | "rust" | "rustbinary" => Ecosystem::CratesIo,
        "composer" | "php" => Ecosystem::Packagist,
        "go" | "gobinary" | "gomod" => Ecosystem::Go,
        "gradle" | "jar" | "java" | "pom" => Ecosystem::Maven,
        "node" | "node-pkg" | "npm" | "pnpm" | "yarn" => Ecosystem::Npm,
        "dotnet" | "dotnet-core" | "nuget" => Ecosystem::Nuget,
        "pip" | "pipenv" | "poetry" | "python" | "python-pkg" | "uv" => Ecosystem::Pypi,
        _ => return ClaimKind::Other(word.to_owned()),
    })
}
