//! Why a vulnerability is, or is not, a finding on a host: exactly one reason.

use std::fmt;

use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::package::{Package, PackageState, Packages};

use super::coverage::{NotCovered, not_covered};
use super::judge::{JudgedPackage, Ruling};
use super::subject::subject;
use super::verdict::{Status, Verdict};
use crate::AdvisoryError;
use crate::database::Database;

/// The one reason, the most telling first: where several packages give several reasons, the first of these wins, and
/// within one kind the first package.
#[derive(Clone, Debug)]
pub enum WhyNot<'a> {
    /// It is a finding.
    Affected(Verdict<'a>),
    /// It cannot be decided: the tracker has not determined it, or a version cannot be read.
    Unknown(Verdict<'a>),
    /// The package is there, but comes from where no feed covers it.
    NotCovered(NotCovered<'a>),
    /// Only packages without code of the kernel are there: headers, tools.
    NoKernelCode(Verdict<'a>),
    /// The installed version has the fix.
    FixedInInstalled(Verdict<'a>),
    /// The release was never affected.
    NotAffected(Verdict<'a>),
    /// Only configuration files of the package are left.
    OnlyConfigurationLeft {
        /// The package.
        package: &'a Package,
    },
    /// No package of these source packages is installed.
    SourceNotInstalled {
        /// The source packages that the feed names, sorted.
        sources: Vec<&'a str>,
    },
    /// The feed does not know the vulnerability at this release.
    NotInFeed {
        /// The feed.
        feed: &'a str,
        /// The release.
        release: &'a str,
    },
}

/// Gives the one reason for a vulnerability, a CVE id in any letter case or the tracker's `TEMP-…`.
///
/// # Errors
///
/// When the database is damaged.
pub fn explain<'a>(
    database: &'a Database,
    packages: &'a Packages,
    kernel: Option<&'a Kernel>,
    id: &str,
) -> Result<WhyNot<'a>, AdvisoryError> {
    let advisories = database.advisories_of_id(&id.trim().to_ascii_uppercase())?;
    if advisories.is_empty() {
        let header = database.header();
        return Ok(WhyNot::NotInFeed { feed: &header.origin.feed, release: &header.release });
    }
    let sources = advisories.iter().map(|advisory| advisory.source).collect();
    let mut best = WhyNot::SourceNotInstalled { sources };
    for package in &packages.packages {
        let Some(&advisory) = advisories.iter().find(|advisory| advisory.source == subject(package).source) else {
            continue;
        };
        let reason = if package.state == PackageState::NotInstalled {
            continue;
        } else if !package.state.has_files() {
            WhyNot::OnlyConfigurationLeft { package }
        } else if let Some(reason) = not_covered(package) {
            WhyNot::NotCovered(NotCovered { package, reason })
        } else {
            let judged = JudgedPackage::new(package, kernel);
            let verdict = judged.verdict(&Ruling::new(advisory), &judged.order());
            match verdict.status {
                Status::Affected(_) => WhyNot::Affected(verdict),
                Status::Unknown(_) => WhyNot::Unknown(verdict),
                Status::NoKernelCode => WhyNot::NoKernelCode(verdict),
                Status::Fixed => WhyNot::FixedInInstalled(verdict),
                Status::NotAffected => WhyNot::NotAffected(verdict),
            }
        };
        if reason.rank() < best.rank() {
            best = reason;
        }
    }
    Ok(best)
}

impl WhyNot<'_> {
    /// A name for scripts, in kebab case.
    pub fn name(&self) -> &'static str {
        match self {
            WhyNot::Affected(_) => "affected",
            WhyNot::Unknown(_) => "unknown",
            WhyNot::NotCovered(_) => "not-covered",
            WhyNot::NoKernelCode(_) => "no-kernel-code",
            WhyNot::FixedInInstalled(_) => "fixed-in-installed",
            WhyNot::NotAffected(_) => "not-affected",
            WhyNot::OnlyConfigurationLeft { .. } => "only-configuration-left",
            WhyNot::SourceNotInstalled { .. } => "source-not-installed",
            WhyNot::NotInFeed { .. } => "not-in-feed",
        }
    }

    fn rank(&self) -> u8 {
        match self {
            WhyNot::Affected(_) => 0,
            WhyNot::Unknown(_) => 1,
            WhyNot::NotCovered(_) => 2,
            WhyNot::NoKernelCode(_) => 3,
            WhyNot::FixedInInstalled(_) => 4,
            WhyNot::NotAffected(_) => 5,
            WhyNot::OnlyConfigurationLeft { .. } => 6,
            WhyNot::SourceNotInstalled { .. } => 7,
            WhyNot::NotInFeed { .. } => 8,
        }
    }
}

impl fmt::Display for WhyNot<'_> {
    /// Writes the reason as one sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhyNot::Affected(verdict)
            | WhyNot::Unknown(verdict)
            | WhyNot::NoKernelCode(verdict)
            | WhyNot::FixedInInstalled(verdict)
            | WhyNot::NotAffected(verdict) => {
                let conclusion = verdict.comparison().conclusion;
                write!(f, "{}: {}.", verdict.package.name, conclusion.trim_end_matches('.'))
            }
            WhyNot::NotCovered(not_covered) => {
                write!(f, "{}: {}", not_covered.package.name, not_covered.reason.to_sentence())
            }
            WhyNot::OnlyConfigurationLeft { package } => {
                write!(f, "{} is removed; only its configuration files are left.", package.name)
            }
            WhyNot::SourceNotInstalled { sources } => {
                write!(f, "No package built from {} is installed.", sources.join(" or "))
            }
            WhyNot::NotInFeed { feed, release } => write!(f, "{feed} has no record of it for {release}."),
        }
    }
}
