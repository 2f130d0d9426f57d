//! From a document to entries: for each vulnerability and each package of a platform one.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry as Slot};

use assay_model::finding::FixState;

use super::document::{Document, Remark, Vulnerability};
use super::package::{RpmPackage, package_of};
use super::platform::place_of;
use super::product_tree::ProductTree;
use crate::version::VersionOrder;
use crate::{AdvisoryError, Entry, EntrySink, Level, Scope, Statement};

/// Remarks and descriptions are cut here, in characters.
const TEXT_CHARS: usize = 2000;

/// What makes two products of a document the same for a host.
type Key = (Scope, String, Level, Option<String>, Option<String>);

/// Passes a document's entries to the sink.
pub(super) fn translate(
    document: &Document,
    sink: &mut dyn EntrySink,
    mut count: impl FnMut() -> Result<(), AdvisoryError>,
) -> Result<(), AdvisoryError> {
    for vulnerability in &document.vulnerabilities {
        let Some(id) = id_of(vulnerability, document) else {
            sink.malformed(&document.document.tracking.id, "a vulnerability has no id");
            continue;
        };
        for (scope, entry) in entries_of(document, vulnerability, &id, sink) {
            count()?;
            sink.entry(&scope, entry)?;
        }
    }
    Ok(())
}

/// Its CVE, else its first other id, else that of the document where it has one vulnerability.
pub(super) fn id_of(vulnerability: &Vulnerability, document: &Document) -> Option<String> {
    let others = vulnerability.ids.iter().map(|id| id.text.0.as_str());
    let own = Some(document.document.tracking.id.as_str()).filter(|_| document.vulnerabilities.len() == 1);
    let mut ids = vulnerability.cve.as_deref().into_iter().chain(others).chain(own);
    let is_id = |id: &&str| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    ids.find(is_id).map(str::to_owned)
}

fn entries_of(
    document: &Document,
    vulnerability: &Vulnerability,
    id: &str,
    sink: &mut dyn EntrySink,
) -> Vec<(Scope, Entry)> {
    let remarks = Remarks::of(vulnerability, &document.product_tree);
    let common = common(document, vulnerability, id);
    let mut found: BTreeMap<Key, (Rank, Entry)> = BTreeMap::new();
    let mut undefined = 0u64;
    for (status, products) in &vulnerability.product_status {
        for product in products {
            let Some(resolved) = document.product_tree.resolve(product) else {
                undefined += 1;
                continue;
            };
            let Some((scope, channel)) = resolved.platform.and_then(place_of) else { continue };
            let Some(package) = package_of(resolved.component, &resolved.between).filter(|_| sink.wants(&scope)) else {
                continue;
            };
            let Some((rank, statement)) = statement_of(status, &package, remarks.of_product(product)) else { continue };
            // What is not fixed is named by its source package, as is the source of what is.
            let is_source = package.architecture == "src" || package.architecture == "nosrc";
            let level = if is_source { Level::Source } else { Level::Binary };
            let mut entry = Entry::new(id, package.name.clone(), level, statement);
            entry.module = package.module;
            entry.channel = channel;
            status.clone_into(&mut entry.status);
            remarks.of_product(product).fill(&mut entry, &common);
            add(&mut found, scope, rank, entry);
        }
    }
    if undefined > 0 {
        sink.malformed(id, &format!("{undefined} products are not in the product tree, or without end"));
    }
    drop_sources(&mut found);
    found.into_iter().map(|((scope, ..), (_, entry))| (scope, entry)).collect()
}

/// What is the same for every product of a vulnerability.
fn common(document: &Document, vulnerability: &Vulnerability, id: &str) -> Entry {
    let mut common = Entry::new(id, "", Level::Binary, Statement::NotUnderstood);
    let note = |category: &str| vulnerability.notes.iter().find(|note| note.category.0 == category);
    let text = ["summary", "description", "general"].into_iter().find_map(note).map_or("", |note| note.text.0.trim());
    common.description = text.chars().take(TEXT_CHARS).collect();
    let own = vulnerability.references.iter().find(|reference| reference.category.0 == "self");
    let address = own.map(|reference| reference.url.0.as_str()).filter(|url| url.starts_with("https://"));
    address.unwrap_or_default().clone_into(&mut common.reference);
    let severity = document.document.aggregate_severity.as_ref().map(|severity| severity.text.0.to_ascii_lowercase());
    common.severity = severity.unwrap_or_default();
    let notice = &document.document.tracking.id;
    if notice != id && notice.len() <= 128 {
        common.aliases.push(notice.clone());
    }
    common
}

/// Which of two statements about the same package counts: the higher.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    NotAffected,
    UnderInvestigation,
    Affected,
    Fixed,
}

/// What a status says of a package; absent for a source package's statement that the installed ones make as well.
fn statement_of(status: &str, package: &RpmPackage, remarks: ProductRemarks<'_>) -> Option<(Rank, Statement)> {
    Some(match status {
        "fixed" | "first_fixed" | "recommended" => match package.version.as_str() {
            "" => (Rank::Fixed, Statement::NotUnderstood),
            version => (Rank::Fixed, Statement::fixed_in(version)),
        },
        "known_affected" | "first_affected" | "last_affected" => {
            let unfixed = remarks.unfixed();
            let statement = match package.version.as_str() {
                "" => Statement::unfixed(unfixed),
                version => Statement::Affected { ranges: Vec::new(), versions: vec![version.to_owned()], unfixed },
            };
            (Rank::Affected, statement)
        }
        "known_not_affected" => (Rank::NotAffected, Statement::NotAffected { reason: remarks.reason() }),
        "under_investigation" => (Rank::UnderInvestigation, Statement::UnderInvestigation),
        _ => (Rank::UnderInvestigation, Statement::NotUnderstood),
    })
}

fn add(found: &mut BTreeMap<Key, (Rank, Entry)>, scope: Scope, rank: Rank, entry: Entry) {
    let key = (scope, entry.package.clone(), entry.level, entry.module.clone(), entry.channel.clone());
    match found.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert((rank, entry));
        }
        Slot::Occupied(mut slot) => {
            let (known_rank, known) = slot.get_mut();
            let is_lower = match (fixed_version(known), fixed_version(&entry)) {
                (Some(known), Some(new)) => VersionOrder::Rpm.compare(new, known).is_ok_and(std::cmp::Ordering::is_lt),
                _ => false,
            };
            if rank > *known_rank || (rank == *known_rank && is_lower) {
                (*known_rank, *known) = (rank, entry);
            }
        }
    }
}

/// Leaves out the fixed source packages of those scopes and channels whose installed packages are listed.
fn drop_sources(found: &mut BTreeMap<Key, (Rank, Entry)>) {
    let is_fixed = |rank: &Rank| *rank == Rank::Fixed;
    let installed: Vec<(Scope, Option<String>)> = found
        .iter()
        .filter(|((_, _, level, ..), (rank, _))| *level == Level::Binary && is_fixed(rank))
        .map(|((scope, _, _, _, channel), _)| (scope.clone(), channel.clone()))
        .collect();
    let installed: std::collections::BTreeSet<_> = installed.into_iter().collect();
    found.retain(|(scope, _, level, _, channel), (rank, _)| {
        *level == Level::Binary || !is_fixed(rank) || !installed.contains(&(scope.clone(), channel.clone()))
    });
}

fn fixed_version(entry: &Entry) -> Option<&str> {
    let Statement::Affected { ranges, .. } = &entry.statement else { return None };
    ranges.iter().find_map(|range| match &range.end {
        crate::RangeEnd::Fixed(version) => Some(version.as_str()),
        _ => None,
    })
}

/// What is said of a vulnerability's products beside their status, by product.
struct Remarks<'d> {
    by_product: HashMap<&'d str, ProductRemarks<'d>>,
    of_all: ProductRemarks<'d>,
}

/// What is said of one product.
#[derive(Clone, Copy, Default)]
struct ProductRemarks<'d> {
    flag: Option<&'d Remark>,
    impact: Option<&'d Remark>,
    fix: Option<&'d Remark>,
    no_fix: Option<&'d Remark>,
    workaround: Option<&'d Remark>,
    vectors: [Option<&'d str>; 3],
}

impl<'d> Remarks<'d> {
    fn of(vulnerability: &'d Vulnerability, tree: &'d ProductTree) -> Remarks<'d> {
        let mut remarks = Remarks { by_product: HashMap::new(), of_all: ProductRemarks::default() };
        for remark in &vulnerability.flags {
            remarks.each(tree, remark, |product| product.flag = product.flag.or(Some(remark)));
        }
        for remark in vulnerability.threats.iter().filter(|threat| threat.category.0 == "impact") {
            remarks.each(tree, remark, |product| product.impact = product.impact.or(Some(remark)));
        }
        for remark in &vulnerability.remediations {
            remarks.each(tree, remark, |product| {
                let place = match remark.category.0.as_str() {
                    "vendor_fix" => &mut product.fix,
                    "no_fix_planned" | "none_available" => &mut product.no_fix,
                    "workaround" | "mitigation" => &mut product.workaround,
                    _ => return,
                };
                *place = place.or(Some(remark));
            });
        }
        for score in &vulnerability.scores {
            let vectors = [&score.cvss_v4, &score.cvss_v3, &score.cvss_v2];
            let vectors = vectors.map(|vector| vector.as_ref().map(|vector| vector.vector_string.0.as_str()));
            for product in &score.products {
                remarks.by_product.entry(product).or_default().vectors = vectors;
            }
        }
        remarks
    }

    /// Does something for each product of a remark; one that names none is about all.
    fn each(&mut self, tree: &'d ProductTree, remark: &'d Remark, change: impl Fn(&mut ProductRemarks<'d>)) {
        let groups = remark.group_ids.iter().flat_map(|group| tree.group(group));
        for product in remark.product_ids.iter().chain(groups) {
            change(self.by_product.entry(product).or_default());
        }
        if remark.product_ids.is_empty() && remark.group_ids.is_empty() {
            change(&mut self.of_all);
        }
    }

    fn of_product(&self, product: &str) -> ProductRemarks<'d> {
        let own = self.by_product.get(product).copied().unwrap_or_default();
        ProductRemarks {
            flag: own.flag.or(self.of_all.flag),
            impact: own.impact.or(self.of_all.impact),
            fix: own.fix.or(self.of_all.fix),
            no_fix: own.no_fix.or(self.of_all.no_fix),
            workaround: own.workaround.or(self.of_all.workaround),
            vectors: own.vectors,
        }
    }
}

impl ProductRemarks<'_> {
    /// Why there is no fix, in Red Hat's words where it uses them.
    fn unfixed(&self) -> FixState {
        let Some(remark) = self.no_fix else { return FixState::NoFixYet };
        match (remark.category.0.as_str(), remark.details.0.to_ascii_lowercase().as_str()) {
            (_, "out of support scope") => FixState::EndOfLife,
            (_, "fix deferred") => FixState::NoDsa,
            ("no_fix_planned", _) => FixState::Ignored,
            _ => FixState::NoFixYet,
        }
    }

    /// Why it is not affected.
    fn reason(&self) -> Option<String> {
        let flag = self.flag.map(|flag| flag.label.0.as_str());
        let impact = self.impact.map(|impact| impact.details.0.as_str());
        // SUSE has the word for the severity there.
        let impact = impact.filter(|impact| impact.trim().contains(' '));
        let reason = flag.into_iter().chain(impact).find(|reason| !reason.is_empty())?;
        Some(reason.chars().take(TEXT_CHARS).collect())
    }

    fn fill(&self, entry: &mut Entry, common: &Entry) {
        entry.description.clone_from(&common.description);
        entry.reference.clone_from(&common.reference);
        entry.aliases.clone_from(&common.aliases);
        let rated = self.impact.map(|impact| impact.details.0.as_str()).filter(|word| word.len() <= 32);
        entry.severity = rated.map_or_else(|| common.severity.clone(), str::to_ascii_lowercase);
        entry.cvss =
            self.vectors.into_iter().flatten().filter(|vector| !vector.is_empty()).map(str::to_owned).collect();
        let notice = self.fix.and_then(|fix| fix.url.0.rsplit('/').next()).filter(|notice| notice.starts_with("RH"));
        if let Some(notice) = notice.filter(|notice| !entry.aliases.iter().any(|alias| alias == notice)) {
            entry.aliases.push(notice.chars().take(64).collect());
        }
        if !matches!(entry.statement, Statement::NotAffected { .. }) {
            let remarks = [self.no_fix, self.workaround].into_iter().flatten();
            let texts: Vec<&str> =
                remarks.map(|remark| remark.details.0.trim()).filter(|text| !text.is_empty()).collect();
            entry.note = texts.join("; ").chars().take(TEXT_CHARS).collect();
        }
    }
}
