//! Verdict: how one installed package stands to one advisory, and by which comparison.

use std::borrow::Cow;
use std::cmp::Ordering;

use assay_model::evidence::package::Package;
use assay_model::finding::{AffectedPackage, Confidence, FixState};
use assay_model::trace::Comparison;

use super::kernel_place::KernelPlace;
use crate::database::{Advisory, TrackerStatus};

/// How a package stands to an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is vulnerable; the state says whether and how a fix can be had.
    Affected(FixState),
    /// It cannot be decided. This is never "not affected".
    Unknown(UnknownReason),
    /// It would be affected, but the package holds no code of the kernel: headers, tools, or a dependency only.
    NoKernelCode,
    /// It has the fix.
    Fixed,
    /// The release was never affected (fixed version `0`, which is not compared).
    NotAffected,
}

/// Why it cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownReason {
    /// The tracker does not know whether the release is affected: suspected, no finding.
    Undetermined,
    /// The tracker's status is a word that this version does not know.
    UnrecognisedStatus,
    /// The tracker says resolved, but not in which version.
    NoFixedVersion,
    /// The installed version is no version.
    InstalledVersion,
    /// The fixed version is no version.
    FixedVersion,
}

impl UnknownReason {
    /// The reason as a sentence.
    pub fn to_sentence(self) -> &'static str {
        match self {
            UnknownReason::Undetermined => "The tracker has not determined whether this release is affected.",
            UnknownReason::UnrecognisedStatus => "The tracker's status is no word that this version knows.",
            UnknownReason::NoFixedVersion => "The tracker says resolved, but not in which version.",
            UnknownReason::InstalledVersion => "The installed version cannot be read as a Debian version.",
            UnknownReason::FixedVersion => "The tracker's fixed version cannot be read as a Debian version.",
        }
    }
}

/// What the left operand of a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The source version of the installed package.
    InstalledSource,
    /// The version of the code that runs, which differs from the installed one until the next boot.
    RunningKernel,
}

/// The comparison behind a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared<'a> {
    /// What the left operand is.
    pub operand: Operand,
    /// Left operand: a source version.
    pub installed: Cow<'a, str>,
    /// How it compares with the advisory's fixed version; absent where nothing was compared.
    pub order: Option<Ordering>,
}

/// What makes an affected package sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Upgrade it.
    Upgrade,
    /// The fix is installed: reboot into it.
    Reboot,
    /// There is no fix to install.
    None,
}

/// How one installed package stands to one advisory.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// The package.
    pub package: &'a Package,
    /// The advisory.
    pub advisory: Advisory<'a>,
    /// How it stands.
    pub status: Status,
    /// By which comparison.
    pub compared: Compared<'a>,
    /// Where its kernel stands; for packages that hold one.
    pub kernel: Option<KernelPlace>,
    /// What makes it sound, where it is affected.
    pub remedy: Remedy,
}

impl Verdict<'_> {
    /// Whether the package is vulnerable.
    pub fn is_affected(&self) -> bool {
        matches!(self.status, Status::Affected(_))
    }

    /// The package in the vocabulary of findings; absent when it is not affected.
    pub fn affected_package(&self) -> Option<AffectedPackage> {
        let Status::Affected(state) = self.status else {
            return None;
        };
        let fixed_version = match state {
            FixState::FixedIn => self.advisory.fixed_version.map(str::to_owned),
            _ => None,
        };
        Some(AffectedPackage {
            name: self.package.name.clone(),
            version: self.package.version.clone(),
            architecture: self.package.architecture.clone(),
            source_name: self.package.source_name.clone(),
            source_version: self.package.source_version.clone(),
            fixed_version,
            state,
            note: self.note(),
            confidence: Confidence::Certain,
            purl: None,
            location: None,
        })
    }

    /// The comparison in the vocabulary of traces.
    pub fn comparison(&self) -> Comparison {
        let order = self.compared.order.map(|order| match order {
            Ordering::Less => "<",
            Ordering::Equal => "=",
            Ordering::Greater => ">",
        });
        Comparison {
            package: self.package.name.clone(),
            installed: self.compared.installed.clone().into_owned(),
            order: order.map(str::to_owned),
            fixed: self.advisory.fixed_version.map(str::to_owned),
            conclusion: self.conclusion(),
        }
    }

    fn note(&self) -> Option<String> {
        let place = self.kernel?;
        Some(match self.compared.operand {
            Operand::InstalledSource => place.as_str().to_owned(),
            Operand::RunningKernel => {
                format!("{}: the code in memory is {}, not what is installed", place.as_str(), self.compared.installed)
            }
        })
    }

    fn conclusion(&self) -> String {
        let (source, installed) = (self.advisory.source, &self.compared.installed);
        let subject = match self.compared.operand {
            Operand::InstalledSource => format!("{source} {installed}"),
            Operand::RunningKernel => format!("the running kernel, {source} {installed},"),
        };
        let fixed = self.advisory.fixed_version.unwrap_or_default();
        match self.status {
            Status::Affected(FixState::FixedIn) if self.remedy == Remedy::Reboot => {
                format!("{subject} is older than {fixed}, which has the fix and is installed: it takes a reboot")
            }
            Status::Affected(FixState::FixedIn) => format!("{subject} is older than {fixed}, which has the fix"),
            Status::Affected(FixState::NoFixYet) => format!("{source} is affected and there is no fix yet"),
            Status::Affected(FixState::NoDsa) => {
                format!("{source} is affected; the tracker plans no security advisory for it")
            }
            Status::Affected(FixState::Ignored) => {
                format!("{source} is affected and will not be fixed in this release")
            }
            Status::Affected(FixState::EndOfLife) => {
                format!("{source} is affected and gets no security support in this release")
            }
            Status::Affected(FixState::OtherChannel) => {
                format!(
                    "{subject} is older than {fixed}, which has the fix but comes by a channel that the host does not have"
                )
            }
            Status::Affected(FixState::RestartNeeded) => {
                format!("{fixed} has the fix and is installed, but processes still run {subject}")
            }
            Status::Fixed => format!("{subject} is not older than {fixed}, which has the fix"),
            Status::NotAffected => {
                format!("{source} was never affected in this release (fixed version 0, not compared)")
            }
            Status::NoKernelCode => {
                format!("{} is built from {source} but holds no code of the kernel", self.package.name)
            }
            Status::Unknown(reason) => reason.to_sentence().to_owned(),
        }
    }
}

/// The status that an advisory gives by itself; absent when its fixed version has to be compared.
pub(crate) fn status_without_comparison(advisory: &Advisory<'_>) -> Option<Status> {
    use crate::database::{NoDsaReason, Urgency};
    match advisory.status {
        TrackerStatus::Resolved => match advisory.fixed_version {
            Some("0") => Some(Status::NotAffected),
            Some(_) => None,
            None => Some(Status::Unknown(UnknownReason::NoFixedVersion)),
        },
        TrackerStatus::Open => Some(Status::Affected(match (advisory.urgency, advisory.no_dsa) {
            (Urgency::EndOfLife, _) => FixState::EndOfLife,
            (_, Some(NoDsaReason::Ignored)) => FixState::Ignored,
            (_, Some(NoDsaReason::Postponed | NoDsaReason::Unstated)) => FixState::NoDsa,
            (_, None) => FixState::NoFixYet,
        })),
        TrackerStatus::Undetermined => Some(Status::Unknown(UnknownReason::Undetermined)),
        TrackerStatus::Unrecognised => Some(Status::Unknown(UnknownReason::UnrecognisedStatus)),
    }
}
