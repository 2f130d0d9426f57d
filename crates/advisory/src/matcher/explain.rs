//! Why a vulnerability is, or is not, a finding on a host: exactly one reason.

use std::fmt;

use assay_model::evidence::library::Libraries;
use assay_model::evidence::package::{Package, PackageState, Packages};

use super::applicability::Inapplicable;
use super::coverage::{NotCovered, not_covered};
use super::host::HostFacts;
use super::installed::Installed;
use super::inventory::Inventory;
use super::judged_package::JudgedPackage;
use super::libraries::{OwnedLibrary, Owners, verdict};
use super::ruling::Ruling;
use super::subject::subject;
use super::verdict::{Status, Verdict};
use crate::AdvisoryError;
use crate::database::{Advisory, Database};
use crate::entry::Level;
use crate::platform::Platform;

/// The one reason, the most telling first: where several packages give several reasons, the first of these wins, and
/// within one kind the first package.
#[derive(Clone, Debug)]
pub enum WhyNot<'a> {
    /// It is a finding.
    Affected(Verdict<'a>),
    /// It may be affected; somebody should look.
    Suspected(Verdict<'a>),
    /// It cannot be decided: the publisher has not determined it, or a version cannot be read.
    Unknown(Verdict<'a>),
    /// The package is there, but comes from where no feed covers it.
    NotCovered(NotCovered<'a>),
    /// Only packages without code of the kernel are there: headers, tools.
    NoKernelCode(Verdict<'a>),
    /// The installed version has the fix.
    FixedInInstalled(Verdict<'a>),
    /// It was never affected.
    NotAffected(Verdict<'a>),
    /// The records are about other builds than the installed package.
    DoesNotApply {
        /// The package.
        package: &'a Package,
        /// Why.
        reason: Inapplicable,
    },
    /// The library is a part of a package, whose publisher judges it.
    JudgedByOwner(OwnedLibrary<'a>),
    /// Only configuration files of the package are left.
    OnlyConfigurationLeft {
        /// The package.
        package: &'a Package,
    },
    /// No package of these names is installed.
    NotInstalled {
        /// The packages that the feed names, sorted.
        packages: Vec<&'a str>,
    },
    /// The feeds do not know the vulnerability.
    NotInFeed {
        /// The feeds.
        feeds: String,
        /// The release, or the ecosystem.
        scope: String,
    },
}

/// Gives the one reason for a vulnerability: a CVE id, an alias or the id of a notice, in any letter case.
///
/// # Errors
///
/// When the database is damaged.
pub fn explain<'a>(database: &'a Database, inventory: &Inventory<'a>, id: &str) -> Result<WhyNot<'a>, AdvisoryError> {
    let Some((advisories, mut best)) = begin(database, id)? else {
        return Ok(not_in_feed(database));
    };
    let facts = HostFacts::new(database.header().scope.platform(), inventory);
    for package in &inventory.packages.packages {
        if let Some(reason) = reason(package, &advisories, &facts)? {
            best = best.more_telling(reason);
        }
    }
    Ok(best)
}

/// The reason that a package gives; absent where no advisory is about it.
pub(super) fn reason<'a>(
    package: &'a Package,
    advisories: &[Advisory<'a>],
    facts: &HostFacts<'a>,
) -> Result<Option<WhyNot<'a>>, AdvisoryError> {
    // Of thousands of packages a handful is meant, so the rest is passed over before anything is made of it.
    let subject = subject(facts.platform, package);
    let is_about_it = |advisory: &&Advisory<'a>| match advisory.level {
        Level::Source => advisory.package == subject.source,
        Level::Binary => advisory.package == package.name,
    };
    if package.state == PackageState::NotInstalled || !advisories.iter().any(|advisory| is_about_it(&advisory)) {
        return Ok(None);
    }
    if !package.state.has_files() {
        return Ok(Some(WhyNot::OnlyConfigurationLeft { package }));
    }
    if let Some(reason) = not_covered(package) {
        return Ok(Some(WhyNot::NotCovered(NotCovered { package, reason })));
    }
    let order = facts.platform.version_order();
    let rulings = advisories.iter().filter(is_about_it).map(|advisory| Ruling::new(*advisory, order));
    let rulings = rulings.collect::<Result<Vec<_>, _>>()?;
    let rulings: Vec<&Ruling<'_>> = rulings.iter().collect();
    let judged = JudgedPackage::new(package, facts);
    Ok(Some(match judged.verdict(&rulings, &judged.versions(order), facts) {
        Ok(verdict) => WhyNot::of(verdict),
        Err(reason) => WhyNot::DoesNotApply { package, reason },
    }))
}

/// As [`explain`], for the libraries of the database's ecosystem.
///
/// # Errors
///
/// When the database is damaged.
pub fn explain_library<'a>(
    database: &'a Database,
    libraries: &'a Libraries,
    packages: Option<&'a Packages>,
    id: &str,
) -> Result<WhyNot<'a>, AdvisoryError> {
    let Platform::Library(ecosystem) = database.header().scope.platform() else {
        return Ok(not_in_feed(database));
    };
    let Some((advisories, mut best)) = begin(database, id)? else {
        return Ok(not_in_feed(database));
    };
    let owners = Owners::new(packages);
    let order = Platform::Library(ecosystem).version_order();
    for library in libraries.libraries.iter().filter(|library| library.ecosystem == ecosystem) {
        let about_it = advisories.iter().filter(|advisory| advisory.package == library.name);
        let rulings = about_it.map(|advisory| Ruling::new(*advisory, order)).collect::<Result<Vec<_>, _>>()?;
        let rulings: Vec<&Ruling<'_>> = rulings.iter().collect();
        let reason = match owners.judge_of(library) {
            _ if rulings.is_empty() => continue,
            Some(owner) => WhyNot::JudgedByOwner(OwnedLibrary { library, owner }),
            None => match verdict(&rulings, library, owners.distribution_of(library).is_some(), order) {
                Some(verdict) => WhyNot::of(verdict),
                None => continue,
            },
        };
        best = best.more_telling(reason);
    }
    Ok(best)
}

/// The advisories about a vulnerability, and the reason where nothing of them is installed.
pub(super) fn begin<'a>(
    database: &'a Database,
    id: &str,
) -> Result<Option<(Vec<Advisory<'a>>, WhyNot<'a>)>, AdvisoryError> {
    let id = id.trim();
    let mut advisories = database.advisories_of_id(&id.to_ascii_uppercase())?;
    if advisories.is_empty() {
        // The ids of GitHub's advisories have lower-case letters.
        advisories = database.advisories_of_id(id)?;
    }
    if advisories.is_empty() {
        return Ok(None);
    }
    let mut packages: Vec<&str> = advisories.iter().map(|advisory| advisory.package).collect();
    packages.sort_unstable();
    packages.dedup();
    Ok(Some((advisories, WhyNot::NotInstalled { packages })))
}

pub(super) fn not_in_feed(database: &Database) -> WhyNot<'_> {
    let scope = &database.header().scope;
    let scope = if scope.release().is_empty() { scope.to_string() } else { scope.release().to_owned() };
    WhyNot::NotInFeed { feeds: database.feeds(), scope }
}

impl<'a> WhyNot<'a> {
    fn of(verdict: Verdict<'a>) -> WhyNot<'a> {
        match verdict.status {
            Status::Affected(_) => WhyNot::Affected(verdict),
            Status::Suspected(_) => WhyNot::Suspected(verdict),
            Status::Unknown(_) => WhyNot::Unknown(verdict),
            Status::NoKernelCode => WhyNot::NoKernelCode(verdict),
            Status::Fixed => WhyNot::FixedInInstalled(verdict),
            Status::NotAffected => WhyNot::NotAffected(verdict),
        }
    }

    /// The more telling of two reasons; this one where they are alike.
    pub fn more_telling(self, other: WhyNot<'a>) -> WhyNot<'a> {
        if other.rank() < self.rank() { other } else { self }
    }

    /// The vulnerability's id where something installed is affected or may be: what a document of the user's own can set
    /// aside.
    pub fn open_vulnerability(&self) -> Option<&'a str> {
        match self {
            WhyNot::Affected(verdict) | WhyNot::Suspected(verdict) | WhyNot::Unknown(verdict) => {
                Some(verdict.advisory.id)
            }
            _ => None,
        }
    }

    /// A name for scripts, in kebab case.
    pub fn name(&self) -> &'static str {
        match self {
            WhyNot::Affected(_) => "affected",
            WhyNot::Suspected(_) => "suspected",
            WhyNot::Unknown(_) => "unknown",
            WhyNot::NotCovered(_) => "not-covered",
            WhyNot::NoKernelCode(_) => "no-kernel-code",
            WhyNot::FixedInInstalled(_) => "fixed-in-installed",
            WhyNot::NotAffected(_) => "not-affected",
            WhyNot::DoesNotApply { .. } => "does-not-apply",
            WhyNot::JudgedByOwner(_) => "judged-by-owner",
            WhyNot::OnlyConfigurationLeft { .. } => "only-configuration-left",
            WhyNot::NotInstalled { .. } => "not-installed",
            WhyNot::NotInFeed { .. } => "not-in-feed",
        }
    }

    /// Its place among the kinds, the most telling first.
    pub(super) fn rank(&self) -> u8 {
        match self {
            WhyNot::Affected(_) => 0,
            WhyNot::Suspected(_) => 1,
            WhyNot::Unknown(_) => 2,
            WhyNot::NotCovered(_) => 3,
            WhyNot::NoKernelCode(_) => 4,
            WhyNot::FixedInInstalled(_) => 5,
            WhyNot::NotAffected(_) => 6,
            WhyNot::DoesNotApply { .. } => 7,
            WhyNot::JudgedByOwner(_) => 8,
            WhyNot::OnlyConfigurationLeft { .. } => 9,
            WhyNot::NotInstalled { .. } => 10,
            WhyNot::NotInFeed { .. } => 11,
        }
    }
}

impl fmt::Display for WhyNot<'_> {
    /// Writes the reason as one sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhyNot::Affected(verdict)
            | WhyNot::Suspected(verdict)
            | WhyNot::Unknown(verdict)
            | WhyNot::NoKernelCode(verdict)
            | WhyNot::FixedInInstalled(verdict)
            | WhyNot::NotAffected(verdict) => {
                let conclusion = verdict.comparison().conclusion;
                write!(f, "{}: {}.", verdict.installed.name(), conclusion.trim_end_matches('.'))?;
                match verdict.installed {
                    Installed::Library(library) => write!(f, " It is at {}.", library.location),
                    Installed::Package(_) => Ok(()),
                }
            }
            WhyNot::NotCovered(not_covered) => {
                write!(f, "{}: {}", not_covered.package.name, not_covered.reason.to_sentence())
            }
            WhyNot::DoesNotApply { package, reason } => write!(f, "{}: {}", package.name, reason.to_sentence()),
            WhyNot::JudgedByOwner(OwnedLibrary { library, owner }) => write!(
                f,
                "{} {} at {} is a part of the package {}, which its publisher judges.",
                library.name, library.version, library.location, owner.name
            ),
            WhyNot::OnlyConfigurationLeft { package } => {
                write!(f, "{} is removed; only its configuration files are left.", package.name)
            }
            WhyNot::NotInstalled { packages } => {
                write!(f, "No package of {} is installed.", packages.join(" or "))
            }
            WhyNot::NotInFeed { feeds, scope } => write!(f, "{feeds} has no record of it for {scope}."),
        }
    }
}
