//! Trivy's report: `trivy --format json`.
//!
//! The array of results is the whole document before schema version 2. Results of other kinds (secrets,
//! misconfigurations, licences) have no vulnerabilities and say nothing here.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::claim::{Claim, ClaimKind, Claims, OtherReport, Scanner};

#[derive(Deserialize)]
pub(super) struct Report {
    #[serde(rename = "Results")]
    pub(super) results: Option<Vec<TrivyResult>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TrivyResult {
    target: Option<String>,
    class: Option<String>,
    r#type: Option<String>,
    vulnerabilities: Option<Vec<Detected>>,
}

#[derive(Deserialize)]
struct Detected {
    #[serde(rename = "VulnerabilityID")]
    id: Option<String>,
    #[serde(rename = "PkgName")]
    package: Option<String>,
    #[serde(rename = "PkgPath")]
    path: Option<String>,
    #[serde(rename = "InstalledVersion")]
    installed: Option<String>,
    #[serde(rename = "FixedVersion")]
    fixed: Option<String>,
}

pub(super) fn claims(results: Vec<TrivyResult>) -> OtherReport {
    let mut claims = Claims::default();
    for result in results {
        let kind = kind(result.class.as_deref(), result.r#type.as_deref().unwrap_or_default());
        let is_system = kind == ClaimKind::SystemPackage;
        let target = result.target.filter(|_| !is_system);
        for found in result.vulnerabilities.unwrap_or_default() {
            let location = found.path.filter(|path| !path.is_empty() && !is_system).or_else(|| target.clone());
            claims.push(Claim {
                ids: found.id.into_iter().collect(),
                kind: kind.clone(),
                package: found.package.unwrap_or_default(),
                version: found.installed.unwrap_or_default(),
                location,
                fixed_version: found.fixed.filter(|version| !version.is_empty()),
            });
        }
    }
    claims.into_report(Scanner::Trivy)
}

/// By class and type; a result of before the classes is of the operating system where its type is none of a library.
fn kind(class: Option<&str>, word: &str) -> ClaimKind {
    let ecosystem = match word {
        "bundler" | "gemspec" => Some(Ecosystem::Rubygems),
        "cargo" | "rustbinary" | "rust-binary" => Some(Ecosystem::CratesIo),
        "composer" | "composer-vendor" => Some(Ecosystem::Packagist),
        "gobinary" | "gomod" => Some(Ecosystem::Go),
        "jar" | "pom" | "gradle" | "gradle-lockfile" | "sbt" | "sbt-lockfile" => Some(Ecosystem::Maven),
        "npm" | "node-pkg" | "yarn" | "pnpm" | "bun" | "javascript" => Some(Ecosystem::Npm),
        "nuget" | "nuget-config" | "dotnet-core" | "packages-props" => Some(Ecosystem::Nuget),
        "pip" | "pipenv" | "poetry" | "python-pkg" | "uv" | "pylock" => Some(Ecosystem::Pypi),
        _ => None,
    };
    match (ecosystem, class) {
        (_, Some("os-pkgs")) => ClaimKind::SystemPackage,
        (Some(ecosystem), _) => ClaimKind::Library(ecosystem),
        (None, None) if OLD_SYSTEMS.contains(&word) => ClaimKind::SystemPackage,
        (None, _) => ClaimKind::Other(word.to_owned()),
    }
}

/// The operating systems of reports without classes.
const OLD_SYSTEMS: [&str; 12] = [
    "alpine",
    "amazon",
    "centos",
    "cbl-mariner",
    "debian",
    "opensuse.leap",
    "oracle",
    "photon",
    "redhat",
    "rocky",
    "suse linux enterprise server",
    "ubuntu",
];
