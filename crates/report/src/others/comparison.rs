//! Comparison: what another scanner and we agree on, what only one of us says, and why we do not say the rest.
//!
//! What is compared is a pair of vulnerability and package. A vulnerability is the same under any of its ids. A library
//! is the same by ecosystem, name and version; a package by name, since a host has most of them once, but where it has
//! several versions of one (kernels), the version decides.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::ecosystem::Ecosystem;
use assay_model::finding::{AffectedPackage, Finding};
use serde::Serialize;

use super::claim::{Claim, ClaimKind, OtherReport, Scanner};
use super::names::{is_named, is_same_version};

/// Why we say, or do not say, that a vulnerability affects a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// A name for scripts, in kebab case; those of `assay why-not` and a few more.
    pub name: String,
    /// A sentence.
    pub sentence: String,
}

/// One vulnerability of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The id that the scanner shows; our own where it has none.
    pub id: String,
    /// Name of the package, ours where we have it.
    pub package: String,
    /// Version as we saw it; theirs where only they say it.
    pub version: String,
    /// The file that names a library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Version as they saw it, where we saw another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub their_version: Option<String>,
    /// The version that has the fix, as whoever says it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_version: Option<String>,
    /// Our reason; absent where both agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// The report of another scanner beside our findings of the same host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whose report it is.
    pub scanner: Scanner,
    /// Pairs that both say, by their ids.
    pub agreed: Vec<Pair>,
    /// Pairs that only we say, with what our verdict rests on.
    pub only_ours: Vec<Pair>,
    /// Pairs that only they say, with why we do not.
    pub only_theirs: Vec<Pair>,
    /// What could not be read of their report, one sentence each.
    pub problems: Vec<String>,
}

/// A package of one of our findings.
#[derive(Clone, Copy)]
struct Ours<'a> {
    finding: &'a Finding,
    package: &'a AffectedPackage,
}

/// Compares a report with the findings of a run; `explain` gives our reason for a claim that no finding makes.
///
/// # Errors
///
/// The first error of `explain`.
pub fn compare<E>(
    report: &OtherReport,
    findings: &[Finding],
    mut explain: impl FnMut(&Claim) -> Result<Reason, E>,
) -> Result<Comparison, E> {
    let ours: Vec<Ours<'_>> = findings
        .iter()
        .filter(|finding| finding.vulnerability.is_some())
        .flat_map(|finding| finding.packages.iter().map(move |package| Ours { finding, package }))
        .collect();
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, ours) in ours.iter().enumerate() {
        for id in ids(ours.finding) {
            by_id.entry(id.to_ascii_uppercase()).or_default().push(index);
        }
    }
    let mut comparison = Comparison {
        scanner: report.scanner,
        agreed: Vec::new(),
        only_ours: Vec::new(),
        only_theirs: Vec::new(),
        problems: report.problems.clone(),
    };
    let mut said: BTreeSet<usize> = BTreeSet::new();
    for claim in &report.claims {
        let indices = claim.ids.iter().filter_map(|id| by_id.get(&id.to_ascii_uppercase())).flatten();
        let candidates = indices.filter_map(|index| Some((*index, *ours.get(*index)?)));
        let same = same(claim, candidates.filter(|(_, ours)| is_about(claim, ours.package)).collect());
        said.extend(same.iter().map(|(index, _)| *index));
        match same.first() {
            Some((_, ours)) => comparison.agreed.push(agreed(claim, ours.package)),
            None => comparison.only_theirs.push(theirs(claim, explain(claim)?)),
        }
    }
    let unsaid = ours.iter().enumerate().filter(|(index, _)| !said.contains(index));
    comparison.only_ours = unsaid.map(|(_, ours)| only_ours(ours)).collect();
    Ok(comparison)
}

/// The ids of a finding: the one that it shows, and the CVE.
fn ids(finding: &Finding) -> BTreeSet<&str> {
    let cve = finding.vulnerability.as_ref().map(|vulnerability| vulnerability.cve.as_str());
    cve.into_iter().chain([finding.rule_id.as_str()]).collect()
}

fn is_about(claim: &Claim, package: &AffectedPackage) -> bool {
    match (&claim.kind, &package.location) {
        // A finding does not name a library's ecosystem; an id is given in one only, or the names differ.
        (ClaimKind::Library(ecosystem), Some(_)) => {
            is_named(claim, Some(ecosystem_of(package).unwrap_or(*ecosystem)), &package.name, "")
                && (claim.version.is_empty() || is_same_version(&claim.version, &package.version))
        }
        (_, None) => is_named(claim, None, &package.name, &package.source_name),
        _ => false,
    }
}

fn ecosystem_of(package: &AffectedPackage) -> Option<Ecosystem> {
    let (kind, _) = package.purl.as_deref()?.strip_prefix("pkg:")?.split_once('/')?;
    Ecosystem::from_purl_type(kind)
}

/// Of packages with the right name those with the claim's version, where there is one.
fn same<'a>(claim: &Claim, named: Vec<(usize, Ours<'a>)>) -> Vec<(usize, Ours<'a>)> {
    let has_version = |ours: &Ours<'_>| version_of(claim, ours.package).is_some();
    if named.iter().any(|(_, ours)| has_version(ours)) {
        named.into_iter().filter(|(_, ours)| has_version(ours)).collect()
    } else {
        named
    }
}

/// The version of ours that the claim's is, where it is one: of the package, or of its source.
fn version_of<'a>(claim: &Claim, package: &'a AffectedPackage) -> Option<&'a str> {
    let versions = match claim.kind {
        ClaimKind::SystemSource => [&package.source_version, &package.version],
        _ => [&package.version, &package.version],
    };
    versions.into_iter().map(String::as_str).find(|version| is_same_version(&claim.version, version))
}

fn agreed(claim: &Claim, package: &AffectedPackage) -> Pair {
    let is_same = claim.version.is_empty() || version_of(claim, package).is_some();
    Pair {
        id: claim.id().to_owned(),
        package: package.name.clone(),
        version: package.version.clone(),
        location: package.location.clone(),
        their_version: (!is_same).then(|| claim.version.clone()),
        fixed_version: package.fixed_version.clone(),
        reason: None,
    }
}

fn theirs(claim: &Claim, reason: Reason) -> Pair {
    Pair {
        id: claim.id().to_owned(),
        package: claim.package.clone(),
        version: claim.version.clone(),
        location: claim.location.clone(),
        their_version: None,
        fixed_version: claim.fixed_version.clone(),
        reason: Some(reason),
    }
}

fn only_ours(ours: &Ours<'_>) -> Pair {
    let Ours { finding, package } = ours;
    let compared = finding.trace.comparisons.iter().find(|compared| compared.package == package.name);
    let conclusion = compared.map(|compared| compared.conclusion.as_str());
    let sentence = conclusion.unwrap_or_else(|| package.state.as_str()).trim_end_matches('.');
    Pair {
        id: finding.rule_id.clone(),
        package: package.name.clone(),
        version: package.version.clone(),
        location: package.location.clone(),
        their_version: None,
        fixed_version: package.fixed_version.clone(),
        reason: Some(Reason { name: "affected".to_owned(), sentence: format!("{sentence}.") }),
    }
}
