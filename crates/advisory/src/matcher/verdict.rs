//! Verdict: how one installed package or library stands to one vulnerability, and by which comparison.

use std::borrow::Cow;
use std::cmp::Ordering;

use assay_model::finding::{AffectedPackage, Confidence, FixState};
use assay_model::trace::Comparison;

use super::installed::Installed;
use super::kernel_place::KernelPlace;
use crate::database::Advisory;

/// How a package stands to an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is vulnerable; the state says whether and how a fix can be had.
    Affected(FixState),
    /// It may be vulnerable: somebody should look at it. No finding.
    Suspected(SuspectedReason),
    /// It cannot be decided. This is never "not affected".
    Unknown(UnknownReason),
    /// It would be affected, but the package holds no code of the kernel: headers, tools, or a dependency only.
    NoKernelCode,
    /// It has the fix.
    Fixed,
    /// It was never affected: the publisher says so, or its version is outside of every range.
    NotAffected,
}

/// Why it is only suspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuspectedReason {
    /// The publisher names the package but no version.
    RangeUnknown,
    /// The record was derived from something else than a statement about this package.
    Derived,
    /// The record or the package does not say of which module stream it is.
    ModuleUnknown,
}

impl SuspectedReason {
    /// The reason as a sentence.
    pub fn to_sentence(self) -> &'static str {
        match self {
            SuspectedReason::RangeUnknown => {
                "The publisher names the package but does not say which versions are affected."
            }
            SuspectedReason::Derived => "The record matches by name only.",
            SuspectedReason::ModuleUnknown => "It is not known of which module stream the record or the package is.",
        }
    }
}

/// Why it cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownReason {
    /// The publisher does not know whether the release is affected.
    Undetermined,
    /// The publisher's status is a word that this version does not know.
    UnrecognisedStatus,
    /// The publisher says resolved, but not in which version.
    NoFixedVersion,
    /// The installed version is no version.
    InstalledVersion,
    /// A version of the record is no version.
    FixedVersion,
}

impl UnknownReason {
    /// The reason as a sentence.
    pub fn to_sentence(self) -> &'static str {
        match self {
            UnknownReason::Undetermined => "The publisher has not determined whether this release is affected.",
            UnknownReason::UnrecognisedStatus => "The publisher's status is no word that this version knows.",
            UnknownReason::NoFixedVersion => "The publisher says resolved, but not in which version.",
            UnknownReason::InstalledVersion => "The installed version cannot be read as a version of its kind.",
            UnknownReason::FixedVersion => "A version of the advisory cannot be read as a version of its kind.",
        }
    }
}

/// What the left operand of a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The source version of the installed package.
    InstalledSource,
    /// The version of the installed package, or library, itself.
    InstalledBinary,
    /// The version of the kernel that runs, which differs from the installed one until the next boot.
    RunningKernel,
    /// The version that was installed before, whose code processes still run.
    OldCode,
}

/// The comparison behind a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared<'a> {
    /// What the left operand is.
    pub operand: Operand,
    /// Left operand.
    pub installed: Cow<'a, str>,
    /// Right operand: the version that has the fix, or the last affected one; absent where nothing was compared.
    pub fixed: Option<&'a str>,
    /// How they compare; absent where nothing was compared.
    pub order: Option<Ordering>,
}

/// What makes an affected package sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Upgrade it.
    Upgrade,
    /// The fix is installed: reboot into it.
    Reboot,
    /// The fix is installed: restart the processes that run the old code.
    Restart,
    /// Enable the channel that has the fix, then upgrade.
    EnableChannel,
    /// There is no fix to install.
    None,
}

/// How one installed package or library stands to one vulnerability.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// The package or library.
    pub installed: Installed<'a>,
    /// The advisory that counts.
    pub advisory: Advisory<'a>,
    /// How it stands.
    pub status: Status,
    /// By which comparison.
    pub compared: Compared<'a>,
    /// Where its kernel stands; for packages that hold one.
    pub kernel: Option<KernelPlace>,
    /// What makes it sound, where it is affected.
    pub remedy: Remedy,
    /// How sure it is.
    pub confidence: Confidence,
    /// The live patch in force, where it is the running kernel: it may have closed this in memory.
    pub live_patch: Option<&'a str>,
    /// Whether another record of the feeds says that the version is not affected.
    pub contradicted: bool,
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
            FixState::FixedIn | FixState::OtherChannel | FixState::RestartNeeded => {
                self.compared.fixed.map(str::to_owned)
            }
            _ => None,
        };
        Some(AffectedPackage {
            name: self.installed.name().to_owned(),
            version: self.installed.version().to_owned(),
            architecture: self.installed.architecture().to_owned(),
            source_name: self.installed.source_name().to_owned(),
            source_version: self.installed.source_version().to_owned(),
            fixed_version,
            state,
            note: self.note(),
            confidence: self.confidence,
            purl: None,
            location: self.installed.library().map(|library| library.location.clone()),
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
            package: self.installed.name().to_owned(),
            installed: self.compared.installed.clone().into_owned(),
            order: order.map(str::to_owned),
            fixed: self.compared.fixed.map(str::to_owned),
            conclusion: self.conclusion(),
        }
    }

    fn note(&self) -> Option<String> {
        let mut notes = Vec::new();
        if let Some(place) = self.kernel {
            notes.push(match self.compared.operand {
                Operand::RunningKernel => {
                    format!(
                        "{}: the code in memory is {}, not what is installed",
                        place.as_str(),
                        self.compared.installed
                    )
                }
                _ => place.as_str().to_owned(),
            });
        }
        if self.compared.operand == Operand::OldCode {
            notes.push(format!("processes still run {}", self.compared.installed));
        }
        if let Some(patch) = self.live_patch {
            notes.push(format!("live patch {patch} is in force and may have closed it in memory"));
        }
        if let Some(channel) = self.advisory.channel {
            notes.push(format!("the fix is in {channel}"));
        }
        if self.contradicted {
            notes.push("another record of the feed says that this version is not affected".to_owned());
        }
        (!notes.is_empty()).then(|| notes.join("; "))
    }

    fn conclusion(&self) -> String {
        let (package, installed) = (self.advisory.package, &self.compared.installed);
        let subject = match self.compared.operand {
            Operand::InstalledSource | Operand::InstalledBinary => format!("{package} {installed}"),
            Operand::RunningKernel => format!("the running kernel, {package} {installed},"),
            Operand::OldCode => format!("{package} {installed}"),
        };
        let bound = self.compared.fixed.unwrap_or_default();
        match self.status {
            Status::Affected(FixState::FixedIn) if self.remedy == Remedy::Reboot => {
                format!("{subject} is older than {bound}, which has the fix and is installed: it takes a reboot")
            }
            Status::Affected(FixState::FixedIn) => format!("{subject} is older than {bound}, which has the fix"),
            Status::Affected(FixState::OtherChannel) => {
                let channel = self.advisory.channel.unwrap_or("another channel");
                format!(
                    "{subject} is older than {bound}, which has the fix and comes by {channel}, which is not enabled here"
                )
            }
            Status::Affected(FixState::RestartNeeded) => {
                format!("{bound} has the fix and is installed, but processes still run {subject}")
            }
            Status::Affected(state) => {
                let affected = match self.compared.order {
                    Some(Ordering::Equal) => format!("{subject} is affected"),
                    Some(_) => format!("{subject} is affected, as everything up to {bound}"),
                    None => format!("{package} is affected"),
                };
                match state {
                    FixState::NoDsa => format!("{affected}; the publisher plans no security advisory for it"),
                    FixState::Ignored => format!("{affected} and will not be fixed in this release"),
                    FixState::EndOfLife => format!("{affected} and gets no security support in this release"),
                    _ => format!("{affected} and there is no fix yet"),
                }
            }
            Status::Fixed => match self.compared.order {
                Some(Ordering::Greater) if self.is_past_last() => {
                    format!("{subject} is newer than {bound}, the last affected version")
                }
                _ => format!("{subject} is not older than {bound}, which has the fix"),
            },
            Status::NotAffected => self.never_affected(&subject),
            Status::NoKernelCode => {
                format!("{} is built from {package} but holds no code of the kernel", self.installed.name())
            }
            Status::Suspected(reason) => reason.to_sentence().to_owned(),
            Status::Unknown(reason) => reason.to_sentence().to_owned(),
        }
    }

    fn is_past_last(&self) -> bool {
        use crate::database::End;
        let ranges = self.advisory.ranges().unwrap_or_default();
        ranges.iter().any(|range| matches!(range.end, End::LastAffected(last) if Some(last) == self.compared.fixed))
    }

    fn never_affected(&self, subject: &str) -> String {
        use crate::database::StatementKind;
        if self.advisory.statement != StatementKind::NotAffected {
            return format!("{subject} is outside of every affected range");
        }
        let package = self.advisory.package;
        match self.advisory.note() {
            Ok(note) if !note.is_empty() => format!("the publisher says that {package} is not affected: {note}"),
            _ => format!("the publisher says that {package} was never affected in this release"),
        }
    }
}
