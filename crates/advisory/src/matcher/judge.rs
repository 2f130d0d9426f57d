//! Judges packages by a database.
//!
//! Packages are grouped by source, so that a record is read and its versions parsed once for all the binary packages of
//! the source: a kernel has some ten thousand records, and a handful of packages.

use std::borrow::Cow;
use std::collections::BTreeMap;

use assay_model::evidence::package::Packages;

use super::coverage::{NotCovered, not_covered};
use super::host::HostFacts;
use super::inventory::Inventory;
use super::judged_package::JudgedPackage;
use super::libraries::OwnedLibrary;
use super::ruling::Ruling;
use super::verdict::{Status, Verdict};
use crate::AdvisoryError;
use crate::database::{Database, View};
use crate::entry::Level;
use crate::version::VersionOrder;

/// What a database says about a host's packages, or libraries.
#[derive(Clone, Debug, Default)]
pub struct Judgement<'a> {
    /// The verdicts that are neither fixed nor not affected, in the packages' order, then by id.
    pub verdicts: Vec<Verdict<'a>>,
    /// Installed packages that the feed does not cover, in the packages' order.
    pub not_covered: Vec<NotCovered<'a>>,
    /// Libraries that are judged as a part of the package that owns them.
    pub owned: Vec<OwnedLibrary<'a>>,
    /// Packages or libraries that were judged, those without any advisory included.
    pub judged: usize,
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

    /// Counts a verdict that says no more than that all is well; gives back any other.
    pub(super) fn count(&mut self, verdict: Verdict<'a>) -> Option<Verdict<'a>> {
        match verdict.status {
            Status::Fixed => self.fixed += 1,
            Status::NotAffected => self.not_affected += 1,
            Status::Affected(_) | Status::Suspected(_) | Status::Unknown(_) | Status::NoKernelCode => {
                return Some(verdict);
            }
        }
        None
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
pub fn judge<'a>(database: &'a Database, inventory: &Inventory<'a>) -> Result<Judgement<'a>, AdvisoryError> {
    let mut judgement = Judgement::default();
    let facts = HostFacts::new(database.header().scope.platform(), inventory);
    let groups = group(inventory.packages, &facts, &mut judgement);
    let mut by_position: Vec<Vec<Verdict<'a>>> = Vec::new();
    by_position.resize_with(inventory.packages.packages.len(), Vec::new);
    visit(database, &facts, &groups, |position, verdict| {
        if let Some(verdict) = judgement.count(verdict)
            && let Some(verdicts) = by_position.get_mut(position)
        {
            verdicts.push(verdict);
        }
    })?;
    judgement.verdicts.reserve_exact(by_position.iter().map(Vec::len).sum());
    for verdicts in &mut by_position {
        judgement.verdicts.append(verdicts);
    }
    Ok(judgement)
}

/// Gives a verdict for each (installed package, vulnerability that an advisory about it names): by source, then
/// package, then id.
///
/// # Errors
///
/// When the database is damaged.
pub fn for_each_verdict<'a>(
    database: &'a Database,
    inventory: &Inventory<'a>,
    mut each: impl FnMut(Verdict<'a>),
) -> Result<(), AdvisoryError> {
    let facts = HostFacts::new(database.header().scope.platform(), inventory);
    let groups = group(inventory.packages, &facts, &mut Judgement::default());
    visit(database, &facts, &groups, |_, verdict| each(verdict))
}

/// Installed packages that the feed covers, by source; each with its position among all packages.
type Groups<'a> = BTreeMap<Cow<'a, str>, Vec<(usize, JudgedPackage<'a>)>>;

fn group<'a>(packages: &'a Packages, facts: &HostFacts<'a>, judgement: &mut Judgement<'a>) -> Groups<'a> {
    let mut groups = Groups::new();
    let installed = packages.packages.iter().enumerate().filter(|(_, package)| package.state.has_files());
    for (position, package) in installed {
        if let Some(reason) = not_covered(package) {
            judgement.not_covered.push(NotCovered { package, reason });
            continue;
        }
        judgement.judged += 1;
        let judged = JudgedPackage::new(package, facts);
        groups.entry(judged.subject.source.clone()).or_default().push((position, judged));
    }
    groups
}

fn visit<'a>(
    database: &'a Database,
    facts: &HostFacts<'a>,
    groups: &Groups<'a>,
    mut each: impl FnMut(usize, Verdict<'a>),
) -> Result<(), AdvisoryError> {
    let view = database.view()?;
    let order = facts.platform.version_order();
    for (source, packages) in groups {
        let of_source = shelf(&view, source, order)?;
        for (position, judged) in packages {
            // The rows of source packages and of binary packages are one table: where the names are the same, each
            // record says which of the two it means.
            let of_binary =
                if *judged.package.name == **source { Vec::new() } else { shelf(&view, &judged.package.name, order)? };
            let of_source = of_source.iter().filter(|ruling| {
                ruling.advisory.level == Level::Source || ruling.advisory.package == judged.package.name
            });
            let of_binary = of_binary.iter().filter(|ruling| ruling.advisory.level == Level::Binary);
            let versions = judged.versions(order);
            for_each_id(of_source, of_binary, |rulings| {
                if let Ok(verdict) = judged.verdict(rulings, &versions, facts) {
                    each(*position, verdict);
                }
            });
        }
    }
    Ok(())
}

/// The records of a name, ready to judge; none where the feed does not know it.
pub(super) fn shelf<'a>(view: &View<'a>, name: &str, order: VersionOrder) -> Result<Vec<Ruling<'a>>, AdvisoryError> {
    let Some(index) = view.find_package(name)? else {
        return Ok(Vec::new());
    };
    view.of_package(index)?.map(|advisory| Ruling::new(advisory?, order)).collect()
}

/// Gives the rulings about one vulnerability after another; both lists are sorted by it.
pub(super) fn for_each_id<'r, 'a: 'r>(
    left: impl Iterator<Item = &'r Ruling<'a>>,
    right: impl Iterator<Item = &'r Ruling<'a>>,
    mut each: impl FnMut(&[&'r Ruling<'a>]),
) {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    let mut group: Vec<&Ruling<'_>> = Vec::new();
    loop {
        let id = match (left.peek(), right.peek()) {
            (Some(left), Some(right)) => left.advisory.id.min(right.advisory.id),
            (Some(one), None) | (None, Some(one)) => one.advisory.id,
            (None, None) => return,
        };
        group.clear();
        while let Some(ruling) = left.next_if(|ruling| ruling.advisory.id == id) {
            group.push(ruling);
        }
        while let Some(ruling) = right.next_if(|ruling| ruling.advisory.id == id) {
            group.push(ruling);
        }
        each(&group);
    }
}
