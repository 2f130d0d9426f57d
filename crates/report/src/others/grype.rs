//! Grype's report: `grype -o json`.
//!
//! An artifact of Java has only the name of the artifact; its group is in the package URL. Related vulnerabilities are
//! the same vulnerability under another id: the CVE of a GHSA.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::claim::{Claim, ClaimKind, Claims, OtherReport, Scanner};

#[derive(Deserialize)]
pub(super) struct Report {
    matches: Option<Vec<Match>>,
}

#[derive(Deserialize)]
struct Match {
    vulnerability: Option<Vulnerability>,
    #[serde(rename = "relatedVulnerabilities")]
    related: Option<Vec<Related>>,
    artifact: Option<Artifact>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: Option<String>,
    fix: Option<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    versions: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Related {
    id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Artifact {
    name: Option<String>,
    version: Option<String>,
    r#type: Option<String>,
    purl: Option<String>,
    locations: Option<Vec<Location>>,
}

#[derive(Deserialize)]
struct Location {
    path: Option<String>,
}

pub(super) fn claims(report: Report) -> OtherReport {
    let mut claims = Claims::default();
    for found in report.matches.unwrap_or_default() {
        let artifact = found.artifact.unwrap_or_default();
        let kind = kind(artifact.r#type.as_deref().unwrap_or_default());
        let name = artifact.name.unwrap_or_default();
        let group = artifact.purl.as_deref().and_then(maven_group).filter(|_| !name.contains(':'));
        let (id, fix) = found.vulnerability.map_or((None, None), |found| (found.id, found.fix));
        let related = found.related.unwrap_or_default().into_iter().filter_map(|related| related.id);
        let place = artifact.locations.unwrap_or_default().into_iter().find_map(|location| location.path);
        claims.push(Claim {
            ids: id.into_iter().chain(related).collect(),
            location: place.filter(|_| kind != ClaimKind::SystemPackage),
            kind,
            package: match group {
                Some(group) => format!("{group}:{name}"),
                None => name,
            },
            version: artifact.version.unwrap_or_default(),
            fixed_version: fix.and_then(|fix| fix.versions?.into_iter().find(|version| !version.is_empty())),
        });
    }
    claims.into_report(Scanner::Grype)
}

fn kind(word: &str) -> ClaimKind {
    ClaimKind::Library(match word {
        "apk" | "deb" | "rpm" | "alpm" | "portage" => return ClaimKind::SystemPackage,
        "dotnet" => Ecosystem::Nuget,
        "gem" => Ecosystem::Rubygems,
        "go-module" => Ecosystem::Go,
        "java-archive" | "jenkins-plugin" => Ecosystem::Maven,
        "npm" => Ecosystem::Npm,
        "php-composer" => Ecosystem::Packagist,
        "python" => Ecosystem::Pypi,
        "rust-crate" => Ecosystem::CratesIo,
        _ => return ClaimKind::Other(word.to_owned()),
    })
}

/// The namespace of `pkg:maven/GROUP/ARTIFACT@VERSION`.
fn maven_group(purl: &str) -> Option<&str> {
    let (group, _) = purl.strip_prefix("pkg:maven/")?.split_once('/')?;
    (!group.is_empty()).then_some(group)
}
