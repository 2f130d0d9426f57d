//! Judges packages by a database.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::package::{Package, PackageRole, Packages};
use assay_model::finding::FixState;

use super::coverage::{NotCovered, not_covered};
use super::kernel_place::{KernelPlace, kernel_place, running_version};
use super::subject::{Subject, subject};
use super::verdict::{Compared, Operand, Remedy, Status, UnknownReason, Verdict, status_without_comparison};
use crate::AdvisoryError;
use crate::database::{Advisory, Database};
use crate::version::debian::DebianVersion;

/// What a database says about a host's packages.
#[derive(Clone, Debug, Default)]
pub struct Judgement<'a> {
    /// A verdict for each (installed package, advisory of its source package), in the packages' order, then by id.
    pub verdicts: Vec<Verdict<'a>>,
    /// Installed packages that the feed does not cover, in the packages' order.
    pub not_covered: Vec<NotCovered<'a>>,
    /// Installed packages that were judged, those without any advisory included.
    pub judged_packages: usize,
}

impl<'a> Judgement<'a> {
    /// The verdicts that say affected.
    pub fn affected(&self) -> impl Iterator<Item = &Verdict<'a>> {
        self.verdicts.iter().filter(|verdict| verdict.is_affected())
    }
}

/// Judges every installed package. A package of which only configuration is left is not installed.
///
/// # Errors
///
/// When the database is damaged.
pub fn judge<'a>(
    database: &'a Database,
    packages: &'a Packages,
    kernel: Option<&'a Kernel>,
) -> Result<Judgement<'a>, AdvisoryError> {
    let view = database.view()?;
    let mut sources: HashMap<&str, Option<usize>> = HashMap::new();
    let mut judgement = Judgement::default();
    for package in packages.packages.iter().filter(|package| package.state.has_files()) {
        if let Some(reason) = not_covered(package) {
            judgement.not_covered.push(NotCovered { package, reason });
            continue;
        }
        judgement.judged_packages += 1;
        let judged = JudgedPackage::new(package, kernel);
        let index = match sources.get(judged.subject.source) {
            Some(&index) => index,
            None => *sources.entry(judged.subject.source).or_insert(view.find_source(judged.subject.source)?),
        };
        let Some(index) = index else {
            continue;
        };
        let order = judged.order();
        for advisory in view.of_source(index)? {
            judgement.verdicts.push(judged.verdict(advisory?, &order));
        }
    }
    Ok(judgement)
}

/// An installed package, prepared to be judged by many advisories.
pub(crate) struct JudgedPackage<'a> {
    package: &'a Package,
    pub(crate) subject: Subject<'a>,
    kernel: Option<KernelPlace>,
    /// The version of the code in memory, where it is another than the installed one.
    running: Option<&'a str>,
}

/// The versions of a package, parsed.
pub(crate) struct Order<'v> {
    installed: Option<DebianVersion<'v>>,
    running: Option<DebianVersion<'v>>,
}

impl<'a> JudgedPackage<'a> {
    pub(crate) fn new(package: &'a Package, kernel: Option<&'a Kernel>) -> JudgedPackage<'a> {
        let subject = subject(package);
        let place = (package.role == PackageRole::KernelImage).then(|| kernel_place(package, kernel));
        let running = match place {
            Some(KernelPlace::Running) => kernel.and_then(running_version),
            _ => None,
        };
        let running = running.filter(|&running| running != subject.version);
        JudgedPackage { package, subject, kernel: place, running }
    }

    pub(crate) fn order(&self) -> Order<'_> {
        Order {
            installed: DebianVersion::parse(&self.subject.version).ok(),
            running: self.running.and_then(|running| DebianVersion::parse(running).ok()),
        }
    }

    pub(crate) fn verdict(&self, advisory: Advisory<'a>, order: &Order<'_>) -> Verdict<'a> {
        let (status, compared, remedy) = match status_without_comparison(&advisory) {
            Some(status) => (status, self.compared(Operand::InstalledSource, None), Remedy::None),
            None => self.compare(advisory.fixed_version.unwrap_or_default(), order),
        };
        let holds_kernel_code = !matches!(self.package.role, PackageRole::KernelMeta | PackageRole::KernelCompanion);
        let (status, remedy) = match status {
            Status::Affected(_) | Status::Unknown(_) if !holds_kernel_code => (Status::NoKernelCode, Remedy::None),
            status => (status, remedy),
        };
        Verdict { package: self.package, advisory, status, compared, kernel: self.kernel, remedy }
    }

    /// Compares with the version that has the fix: what runs first, since it is what can be attacked.
    fn compare(&self, fixed: &str, order: &Order<'_>) -> (Status, Compared<'a>, Remedy) {
        let Ok(fixed) = DebianVersion::parse(fixed) else {
            let compared = self.compared(Operand::InstalledSource, None);
            return (Status::Unknown(UnknownReason::FixedVersion), compared, Remedy::None);
        };
        let Some(installed) = &order.installed else {
            let compared = self.compared(Operand::InstalledSource, None);
            return (Status::Unknown(UnknownReason::InstalledVersion), compared, Remedy::None);
        };
        let installed_order = installed.cmp(&fixed);
        let running_order = order.running.as_ref().map(|running| running.cmp(&fixed));
        let (operand, order) = match running_order {
            Some(running_order) => (Operand::RunningKernel, running_order),
            None => (Operand::InstalledSource, installed_order),
        };
        let compared = self.compared(operand, Some(order));
        match (order, installed_order) {
            (Ordering::Less, Ordering::Less) => (Status::Affected(FixState::FixedIn), compared, Remedy::Upgrade),
            (Ordering::Less, _) => (Status::Affected(FixState::FixedIn), compared, Remedy::Reboot),
            _ => (Status::Fixed, compared, Remedy::None),
        }
    }

    fn compared(&self, operand: Operand, order: Option<Ordering>) -> Compared<'a> {
        let installed = match (operand, self.running) {
            (Operand::RunningKernel, Some(running)) => Cow::Borrowed(running),
            _ => self.subject.version.clone(),
        };
        Compared { operand, installed, order }
    }
}
