//! An installed package, prepared to be judged by many advisories.

use std::borrow::Cow;

use assay_model::evidence::package::{Package, PackageRole};
use assay_model::finding::{Confidence, FixState};

use super::applicability::{Inapplicable, ModuleMatch, match_module, matches_architecture, matches_flavour};
use super::channel::Reach;
use super::host::HostFacts;
use super::installed::Installed;
use super::kernel_place::{KernelPlace, kernel_place, running_version};
use super::opinion::{Opinion, settle};
use super::ruling::{Ruling, Standing};
use super::subject::{Subject, subject};
use super::verdict::{Compared, Operand, Remedy, Status, SuspectedReason, Verdict};
use crate::entry::Level;
use crate::version::{Version, VersionOrder};

/// An installed package, and what is known of the code of it that runs.
#[derive(Debug)]
pub(crate) struct JudgedPackage<'a> {
    pub(crate) package: &'a Package,
    pub(crate) subject: Subject<'a>,
    kernel: Option<KernelPlace>,
    /// The version of the kernel in memory, where it is another than the installed one.
    running: Option<&'a str>,
    /// The source version that processes still run, where it is another than the installed one and known.
    previous: Option<&'a str>,
}

/// The versions of a package, parsed; absent where one cannot be read.
#[derive(Debug)]
pub(crate) struct Versions<'v> {
    source: Option<Version<'v>>,
    binary: Option<Version<'v>>,
    running: Option<Version<'v>>,
    previous: Option<Version<'v>>,
}

impl<'a> JudgedPackage<'a> {
    pub(crate) fn new(package: &'a Package, facts: &HostFacts<'a>) -> JudgedPackage<'a> {
        let subject = subject(facts.platform, package);
        let kernel = facts.kernel;
        let place = (package.role == PackageRole::KernelImage).then(|| kernel_place(package, kernel));
        let running = match place {
            Some(KernelPlace::Running) => kernel.and_then(running_version),
            _ => None,
        };
        let running = running.filter(|&running| running != subject.version);
        let previous = package.previous_version.as_deref();
        let previous = previous.filter(|&previous| place.is_none() && previous != package.version);
        // Only where binary and source have the same version is the version of before known for the source too.
        let previous =
            previous.filter(|_| subject.version == package.version && facts.old_code.contains(&package.name));
        JudgedPackage { package, subject, kernel: place, running, previous }
    }

    pub(crate) fn versions(&self, order: VersionOrder) -> Versions<'_> {
        let parse = |text| order.parse(text).ok();
        Versions {
            source: parse(&self.subject.version),
            binary: parse(&self.package.version),
            running: self.running.and_then(parse),
            previous: self.previous.and_then(parse),
        }
    }

    /// The verdict that rulings about one vulnerability come to; the reason where none of them is about the package.
    pub(crate) fn verdict(
        &self,
        rulings: &[&Ruling<'a>],
        versions: &Versions<'_>,
        facts: &HostFacts<'a>,
    ) -> Result<Verdict<'a>, Inapplicable> {
        let mut opinions = Vec::with_capacity(rulings.len());
        let mut reason = Inapplicable::Architecture;
        for ruling in rulings {
            match self.opinion(ruling, versions, facts) {
                Ok(opinion) => opinions.push(opinion),
                Err(inapplicable) => reason = reason.max(inapplicable),
            }
        }
        let (opinion, contradicted) = settle(opinions, facts.platform.version_order()).ok_or(reason)?;
        Ok(self.conclude(opinion, contradicted, facts))
    }

    fn opinion(
        &self,
        ruling: &Ruling<'a>,
        versions: &Versions<'_>,
        facts: &HostFacts<'a>,
    ) -> Result<Opinion<'a>, Inapplicable> {
        let advisory = ruling.advisory;
        if !matches_architecture(&advisory, self.package) {
            return Err(Inapplicable::Architecture);
        }
        let module = match_module(facts.platform, &advisory, self.package);
        if module == ModuleMatch::Other {
            return Err(Inapplicable::Module);
        }
        let reach = facts.channels.reach(advisory.channel);
        if reach == Reach::OtherBuilds {
            return Err(Inapplicable::Channel);
        }
        let (version, operand) = match advisory.level {
            Level::Source => (versions.source.as_ref(), Operand::InstalledSource),
            Level::Binary => (versions.binary.as_ref(), Operand::InstalledBinary),
        };
        // A channel of its own (ESM's fips) may bring another flavour: without the channel it is no fix for this build.
        if !matches_flavour(&ruling.ranges, &self.package.version) {
            return Err(Inapplicable::Flavour);
        }
        let (standing, operand, is_installed) = self.stand(ruling, version, operand, versions);
        let mut opinion = Opinion {
            advisory,
            reach,
            status: standing.status,
            compared: self.compared(operand, standing),
            confidence: advisory.confidence,
            is_installed,
        };
        if reach == Reach::NotEnabled {
            match opinion.status {
                Status::Affected(FixState::FixedIn) => opinion.status = Status::Affected(FixState::OtherChannel),
                Status::Fixed => {}
                _ => return Err(Inapplicable::Channel),
            }
        }
        if matches!(opinion.status, Status::Affected(_)) {
            if module == ModuleMatch::Unclear {
                opinion.status = Status::Suspected(SuspectedReason::ModuleUnknown);
            } else if opinion.confidence == Confidence::Suspected {
                opinion.status = Status::Suspected(SuspectedReason::Derived);
            }
        }
        Ok(opinion)
    }

    /// Compares: what runs first, since it is what can be attacked.
    fn stand(
        &self,
        ruling: &Ruling<'a>,
        version: Option<&Version<'_>>,
        operand: Operand,
        versions: &Versions<'_>,
    ) -> (Standing<'a>, Operand, bool) {
        let installed = ruling.judge(version);
        if let Some(running) = &versions.running {
            let standing = ruling.judge(Some(running));
            if standing.order.is_some() {
                return (standing, Operand::RunningKernel, installed.status == Status::Fixed);
            }
        }
        if installed.status == Status::Fixed
            && let Some(previous) = &versions.previous
        {
            let standing = ruling.judge(Some(previous));
            if standing.status == Status::Affected(FixState::FixedIn) {
                let status = Status::Affected(FixState::RestartNeeded);
                return (Standing { status, ..standing }, Operand::OldCode, true);
            }
        }
        (installed, operand, false)
    }

    fn conclude(&self, opinion: Opinion<'a>, contradicted: bool, facts: &HostFacts<'a>) -> Verdict<'a> {
        let mut status = opinion.status;
        let holds_kernel_code = !matches!(self.package.role, PackageRole::KernelMeta | PackageRole::KernelCompanion);
        if !holds_kernel_code && matches!(status, Status::Affected(_) | Status::Suspected(_) | Status::Unknown(_)) {
            status = Status::NoKernelCode;
        }
        let live_patch = facts.kernel.and_then(|kernel| kernel.live_patches.first()).map(String::as_str);
        let live_patch = live_patch.filter(|_| self.kernel == Some(KernelPlace::Running));
        let remedy = match status {
            Status::Affected(FixState::RestartNeeded) => Remedy::Restart,
            Status::Affected(FixState::FixedIn) if opinion.is_installed => Remedy::Reboot,
            Status::Affected(FixState::FixedIn) => Remedy::Upgrade,
            Status::Affected(FixState::OtherChannel) => Remedy::EnableChannel,
            _ => Remedy::None,
        };
        let is_sure = live_patch.is_none() && remedy != Remedy::Restart;
        let most = if is_sure { Confidence::Certain } else { Confidence::Likely };
        Verdict {
            installed: Installed::Package(self.package),
            advisory: opinion.advisory,
            status,
            compared: opinion.compared,
            kernel: self.kernel,
            remedy,
            confidence: opinion.confidence.min(most),
            live_patch,
            contradicted,
        }
    }

    fn compared(&self, operand: Operand, standing: Standing<'a>) -> Compared<'a> {
        let installed = match operand {
            Operand::RunningKernel => Cow::Borrowed(self.running.unwrap_or_default()),
            Operand::OldCode => Cow::Borrowed(self.previous.unwrap_or_default()),
            Operand::InstalledBinary => Cow::Borrowed(self.package.version.as_str()),
            Operand::InstalledSource => self.subject.version.clone(),
        };
        Compared { operand, installed, fixed: standing.bound, order: standing.order }
    }
}
