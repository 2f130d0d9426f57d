//! Claim: what another scanner says, one package that one vulnerability affects.

use std::collections::BTreeSet;
use std::fmt;

use assay_model::ecosystem::Ecosystem;

/// A scanner whose reports can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Trivy, schema version 2 and the array of before.
    Trivy,
    /// Grype.
    Grype,
    /// OSV-Scanner, versions 1 and 2.
    OsvScanner,
    /// Vuls, JSON version 4.
    Vuls,
}

impl Scanner {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Scanner::Trivy => "Trivy",
            Scanner::Grype => "Grype",
            Scanner::OsvScanner => "OSV-Scanner",
            Scanner::Vuls => "Vuls",
        }
    }
}

impl fmt::Display for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What kind of package a claim is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A package of the operating system, by its binary name.
    SystemPackage,
    /// A package of the operating system, by the name of its source.
    SystemSource,
    /// A library.
    Library(Ecosystem),
    /// Something of which Assay takes no inventory, in the scanner's own word.
    Other(String),
}

/// One vulnerability of one package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The ids of the vulnerability: the one that the scanner shows, then the others, each once.
    pub ids: Vec<String>,
    /// What kind of package it is.
    pub kind: ClaimKind,
    /// Name of the package, of a library as [`Library::name`](assay_model::evidence::library::Library::name).
    pub package: String,
    /// Version as the scanner saw it; empty where it does not say.
    pub version: String,
    /// The file that the scanner found it in.
    pub location: Option<String>,
    /// The version that has the fix, as the scanner says.
    pub fixed_version: Option<String>,
}

impl Claim {
    /// The id that the scanner shows.
    pub fn id(&self) -> &str {
        self.ids.first().map(String::as_str).unwrap_or_default()
    }
}

/// A report as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherReport {
    /// Who made it.
    pub scanner: Scanner,
    /// Its claims, sorted, each once.
    pub claims: Vec<Claim>,
    /// What could not be read of it: one sentence each.
    pub problems: Vec<String>,
}

/// Claims being gathered, with what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    claims: Vec<Claim>,
    problems: Vec<String>,
    /// Problems that are counted only.
    more_problems: usize,
}

/// Most problems that are told one by one.
const MAX_PROBLEMS: usize = 100;

impl Claims {
    /// Takes a claim, or the problem that it names no vulnerability or no package.
    pub(super) fn push(&mut self, mut claim: Claim) {
        let mut known = BTreeSet::new();
        claim.ids.retain(|id| !id.trim().is_empty() && known.insert(id.to_ascii_uppercase()));
        if claim.ids.is_empty() {
            self.problem(format!("An entry about the package {:?} names no vulnerability.", claim.package));
        } else if claim.package.is_empty() {
            self.problem(format!("An entry about {} names no package.", claim.id()));
        } else {
            self.claims.push(claim);
        }
    }

    pub(super) fn problem(&mut self, problem: String) {
        if self.problems.len() < MAX_PROBLEMS { self.problems.push(problem) } else { self.more_problems += 1 }
    }

    pub(super) fn into_report(mut self, scanner: Scanner) -> OtherReport {
        self.claims.sort_unstable();
        self.claims.dedup();
        if self.more_problems > 0 {
            self.problems.push(format!("There are {} more such problems.", self.more_problems));
        }
        OtherReport { scanner, claims: self.claims, problems: self.problems }
    }
}
