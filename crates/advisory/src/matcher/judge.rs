//! Judges packages by a database.
//!
//! Packages are grouped by source, so that a record is read and its fixed version parsed once for all the binary
//! packages of the source: a kernel has some ten thousand records, and a handful of packages.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

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
    /// The verdicts that are neither fixed nor not affected, in the packages' order, then by id.
    pub verdicts: Vec<Verdict<'a>>,
    /// Installed packages that the feed does not cover, in the packages' order.
    pub not_covered: Vec<NotCovered<'a>>,
    /// Installed packages that were judged, those without any advisory included.
    pub judged_packages: usize,
    /// Number of verdicts that say fixed.
    pub fixed: usize,
    /// Number of verdicts that say not affected.
    pub not_affected: usize,
}

impl<'a> Judgement<'a> {
    /// The verdicts that say affected.
    pub fn affected(&self) -> impl Iterator<Item = &Verdict<'a>> {
        self.verdicts.iter().filter(|verdict| verdict.is_affected())
    }
}

/// Judges every installed package. A package of which only configuration is left is not installed.
///
/// Verdicts that say fixed or not affected are only counted, as there are four of them for each other one; for a single
/// vulnerability [`explain`](super::explain::explain) gives them, for all of them [`for_each_verdict`].
///
/// # Errors
///
/// When the database is damaged.
pub fn judge<'a>(
    database: &'a Database,
    packages: &'a Packages,
    kernel: Option<&'a Kernel>,
) -> Result<Judgement<'a>, AdvisoryError> {
    let mut judgement = Judgement::default();
    let groups = group(packages, kernel, &mut judgement);
    let mut by_position: Vec<Vec<Verdict<'a>>> = Vec::new();
    by_position.resize_with(packages.packages.len(), Vec::new);
    visit(database, &groups, |position, verdict| match verdict.status {
        Status::Fixed => judgement.fixed += 1,
        Status::NotAffected => judgement.not_affected += 1,
        Status::Affected(_) | Status::Unknown(_) | Status::NoKernelCode => {
            if let Some(verdicts) = by_position.get_mut(position) {
                verdicts.push(verdict);
            }
        }
    })?;
    judgement.verdicts.reserve_exact(by_position.iter().map(Vec::len).sum());
    for verdicts in &mut by_position {
        judgement.verdicts.append(verdicts);
    }
    Ok(judgement)
}

/// Gives a verdict for each (installed package, advisory of its source package): by source, then package, then id.
///
/// # Errors
///
/// When the database is damaged.
pub fn for_each_verdict<'a>(
    database: &'a Database,
    packages: &'a Packages,
    kernel: Option<&'a Kernel>,
    mut each: impl FnMut(Verdict<'a>),
) -> Result<(), AdvisoryError> {
    visit(database, &group(packages, kernel, &mut Judgement::default()), |_, verdict| each(verdict))
}

/// Installed packages that the feed covers, by source; each with its position among all packages.
type Groups<'a> = BTreeMap<&'a str, Vec<(usize, JudgedPackage<'a>)>>;

fn group<'a>(packages: &'a Packages, kernel: Option<&'a Kernel>, judgement: &mut Judgement<'a>) -> Groups<'a> {
    let mut groups = Groups::new();
    let installed = packages.packages.iter().enumerate().filter(|(_, package)| package.state.has_files());
    for (position, package) in installed {
        if let Some(reason) = not_covered(package) {
            judgement.not_covered.push(NotCovered { package, reason });
            continue;
        }
        judgement.judged_packages += 1;
        let judged = JudgedPackage::new(package, kernel);
        groups.entry(judged.subject.source).or_default().push((position, judged));
    }
    groups
}

fn visit<'a>(
    database: &'a Database,
    groups: &Groups<'a>,
    mut each: impl FnMut(usize, Verdict<'a>),
) -> Result<(), AdvisoryError> {
    let view = database.view()?;
    let mut rulings = Vec::new();
    for (source, packages) in groups {
        let Some(index) = view.find_source(source)? else {
            continue;
        };
        rulings.clear();
        for advisory in view.of_source(index)? {
            rulings.push(Ruling::new(advisory?));
        }
        for (position, judged) in packages {
            let order = judged.order();
            for ruling in &rulings {
                each(*position, judged.verdict(ruling, &order));
            }
        }
    }
    Ok(())
}

/// An advisory, prepared to judge many packages.
pub(crate) struct Ruling<'a> {
    advisory: Advisory<'a>,
    judges_by: JudgesBy<'a>,
}

enum JudgesBy<'a> {
    /// Nothing has to be compared.
    Status(Status),
    /// The version that has the fix.
    Version(DebianVersion<'a>),
}

impl<'a> Ruling<'a> {
    pub(crate) fn new(advisory: Advisory<'a>) -> Ruling<'a> {
        let judges_by = match status_without_comparison(&advisory) {
            Some(status) => JudgesBy::Status(status),
            None => match DebianVersion::parse(advisory.fixed_version.unwrap_or_default()) {
                Ok(fixed) => JudgesBy::Version(fixed),
                Err(_) => JudgesBy::Status(Status::Unknown(UnknownReason::FixedVersion)),
            },
        };
        Ruling { advisory, judges_by }
    }
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

    pub(crate) fn verdict(&self, ruling: &Ruling<'a>, order: &Order<'_>) -> Verdict<'a> {
        let (status, compared, remedy) = match &ruling.judges_by {
            JudgesBy::Status(status) => (*status, self.compared(Operand::InstalledSource, None), Remedy::None),
            JudgesBy::Version(fixed) => self.compare(fixed, order),
        };
        let holds_kernel_code = !matches!(self.package.role, PackageRole::KernelMeta | PackageRole::KernelCompanion);
        let (status, remedy) = match status {
            Status::Affected(_) | Status::Unknown(_) if !holds_kernel_code => (Status::NoKernelCode, Remedy::None),
            status => (status, remedy),
        };
        let advisory = ruling.advisory;
        Verdict { package: self.package, advisory, status, compared, kernel: self.kernel, remedy }
    }

    /// Compares with the version that has the fix: what runs first, since it is what can be attacked.
    fn compare(&self, fixed: &DebianVersion<'_>, order: &Order<'_>) -> (Status, Compared<'a>, Remedy) {
        let Some(installed) = &order.installed else {
            let compared = self.compared(Operand::InstalledSource, None);
            return (Status::Unknown(UnknownReason::InstalledVersion), compared, Remedy::None);
        };
        let installed_order = installed.cmp(fixed);
        let running_order = order.running.as_ref().map(|running| running.cmp(fixed));
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
