//! Why we do not say what another scanner says: one reason a claim, judged again from the run's evidence.

use assay_advisory::AdvisoryError;
use assay_advisory::matcher::{self, Inventory, WhyNot};
use assay_assess::set_aside_in;
use assay_feeds::FeedStore;
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::Evidence;
use assay_model::evidence::library::{Libraries, Library};
use assay_model::evidence::package::{Package, Packages};
use assay_model::exclusion::Exclusion;
use assay_report::{Claim, ClaimKind, Reason, is_named, is_same_version};

use super::databases::RunDatabases;

/// The evidence and the databases that reasons come from.
#[derive(Debug)]
pub struct Reasons<'a> {
    evidence: &'a Evidence,
    /// The exclusions of the run, some of which tell what VEX documents set aside.
    exclusions: &'a [Exclusion],
    databases: RunDatabases,
}

impl<'a> Reasons<'a> {
    /// Opens the databases for the evidence; one that is missing is the reason of all claims that would need it.
    pub fn open(evidence: &'a Evidence, exclusions: &'a [Exclusion], feeds: &FeedStore) -> Reasons<'a> {
        let databases = RunDatabases::open(evidence, feeds);
        Reasons { evidence, exclusions, databases }
    }

    /// The reason why no finding makes the claim.
    ///
    /// # Errors
    ///
    /// When a database is damaged.
    pub fn reason(&self, claim: &Claim) -> Result<Reason, AdvisoryError> {
        match &claim.kind {
            ClaimKind::Other(word) => {
                Ok(reason("not-covered", format!("Assay takes no inventory of packages of the kind {word:?}.")))
            }
            ClaimKind::Library(ecosystem) => self.of_library(claim, *ecosystem),
            ClaimKind::SystemPackage | ClaimKind::SystemSource => self.of_package(claim),
        }
    }

    fn of_package(&self, claim: &Claim) -> Result<Reason, AdvisoryError> {
        let Some(all) = &self.evidence.packages.facts else {
            return Ok(reason("not-checked", "The host's package database could not be read.".into()));
        };
        let is_meant = |package: &&Package| is_named(claim, None, &package.name, &package.source_name);
        let version = |package: &Package| match claim.kind {
            ClaimKind::SystemSource => package.source_version.clone(),
            _ => package.version.clone(),
        };
        let (named, seen) = narrow(claim, all.packages.iter().filter(is_meant).collect(), version);
        let Some(first) = named.first() else {
            return Ok(reason("not-in-evidence", format!("The host's package database has no {}.", claim.package)));
        };
        let database = match &self.databases.packages {
            Ok(database) => database,
            Err(none) => return Ok(none.reason()),
        };
        let source = first.source_name.clone();
        let packages = Packages {
            format: all.format.clone(),
            packages: named.into_iter().cloned().collect(),
            repositories: all.repositories.clone(),
        };
        let whole = Inventory::of_evidence(self.evidence);
        let inventory = match whole {
            Some(whole) => Inventory { packages: &packages, ..whole },
            None => Inventory::of_packages(&packages, None),
        };
        let about = format!("{} (source {source})", claim.package);
        self.explained(claim, &about, seen, |id| matcher::explain(database, &inventory, id))
    }

    fn of_library(&self, claim: &Claim, ecosystem: Ecosystem) -> Result<Reason, AdvisoryError> {
        let Some(all) = &self.evidence.libraries.facts else {
            return Ok(reason("not-checked", "The evidence holds no libraries of programming languages.".into()));
        };
        let is_meant = |library: &&Library| is_named(claim, Some(library.ecosystem), &library.name, "");
        let (named, seen) =
            narrow(claim, all.libraries.iter().filter(is_meant).collect(), |library| library.version.clone());
        if named.is_empty() {
            let sentence = format!("No library {} of {} was found on the host.", claim.package, ecosystem.osv_name());
            return Ok(reason("not-in-evidence", sentence));
        }
        let database = match self.databases.libraries.get(&ecosystem) {
            Some(Ok(database)) => database,
            Some(Err(none)) => return Ok(none.reason()),
            None => return Ok(reason("not-checked", format!("There is no database of {}.", ecosystem.osv_name()))),
        };
        let libraries = Libraries { libraries: named.into_iter().cloned().collect() };
        let packages = self.evidence.packages.facts.as_ref();
        self.explained(claim, &claim.package, seen, |id| matcher::explain_library(database, &libraries, packages, id))
    }

    /// The most telling reason under any of the claim's ids; `seen` is our version, where they saw another.
    fn explained<'b>(
        &self,
        claim: &Claim,
        about: &str,
        seen: Option<String>,
        mut explain: impl FnMut(&str) -> Result<WhyNot<'b>, AdvisoryError>,
    ) -> Result<Reason, AdvisoryError> {
        let mut best: Option<WhyNot<'b>> = None;
        for id in &claim.ids {
            let found = explain(id)?;
            best = Some(match best {
                Some(best) => best.more_telling(found),
                None => found,
            });
        }
        let Some(best) = best else {
            return Ok(reason("not-in-feed", "The claim has no id.".into()));
        };
        let aside = best.open_vulnerability().and_then(|id| set_aside_in(self.exclusions, id));
        let (name, text) = match (&best, aside) {
            (_, Some(aside)) => ("set-aside", aside),
            // The evidence was narrowed to what the claim is about, so the feed speaks of other packages.
            (WhyNot::NotInstalled { packages }, None) => {
                ("other-package", format!("The feeds say it of {}, not of {about}.", packages.join(" or ")))
            }
            (WhyNot::Affected(_), None) => (
                best.name(),
                format!("{best} The feeds of today make it a finding; the run did not ask, or was before."),
            ),
            (other, None) => (other.name(), other.to_string()),
        };
        Ok(match seen {
            Some(seen) => {
                reason("other-version", format!("They saw {}, the host has {seen}: {name}: {text}", claim.version))
            }
            None => reason(name, text),
        })
    }
}

/// Of the packages with the right name those of the version that they saw; else all, and the versions that we saw.
fn narrow<'a, T>(claim: &Claim, named: Vec<&'a T>, version: impl Fn(&T) -> String) -> (Vec<&'a T>, Option<String>) {
    let is_same = |package: &&T| claim.version.is_empty() || is_same_version(&claim.version, &version(package));
    let same: Vec<&T> = named.iter().copied().filter(is_same).collect();
    if !same.is_empty() {
        return (same, None);
    }
    let mut versions: Vec<String> = named.iter().map(|package| version(package)).collect();
    versions.sort_unstable();
    versions.dedup();
    (named, Some(versions.join(" and ")))
}

fn reason(name: &str, sentence: String) -> Reason {
    Reason { name: name.to_owned(), sentence }
}
