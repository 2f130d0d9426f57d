//! From a record to entries: for each vulnerability and each package one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use assay_model::finding::{Confidence, FixState};

use super::ecosystem::{Place, place_of};
use super::package::{module_of, name_of, note_of, other_systems, severity_of, vectors_of};
use super::ranges::{ranges_of, versions_beside};
use super::record::{Affected, Record, Specific};
use super::vulnerability::{Vulnerability, of_distribution, of_library};
use crate::version::VersionOrder;
use crate::{AdvisoryError, AffectedRange, Entry, EntrySink, Level, Platform, RangeEnd, Scope, Statement};

/// Descriptions are cut here, in characters: some publishers put whole articles there.
const DESCRIPTION_CHARS: usize = 2000;

/// Entries of one package and record that are compared with each other; a record of more keeps its repetitions.
const MAX_COMPARED: usize = 64;

/// What makes two parts of a record the same statement: builds of one fix, which differ in nothing but the version.
type Key = (Scope, String, Level, Option<String>, Option<String>);

/// Passes a record's entries to the sink, each after it was counted.
pub(super) fn translate(
    record: &Record,
    sink: &mut dyn EntrySink,
    mut count: impl FnMut() -> Result<(), AdvisoryError>,
) -> Result<(), AdvisoryError> {
    if record.withdrawn.as_ref().is_some_and(|withdrawn| !withdrawn.is_empty()) {
        return Ok(());
    }
    let mut entries: BTreeMap<Key, Vec<Entry>> = BTreeMap::new();
    for affected in &record.affected {
        match entries_of(record, affected, sink) {
            Ok(found) => found.into_iter().for_each(|(scope, entry)| merge(&mut entries, scope, entry)),
            Err(detail) => sink.malformed(&record.id, &detail),
        }
    }
    let (library, distribution) = ([of_library(record)], of_distribution(record));
    for ((scope, ..), entries) in entries {
        let vulnerabilities: &[Vulnerability] = match scope.platform() {
            Platform::Library(_) => &library,
            _ => &distribution,
        };
        for entry in entries {
            for Vulnerability { id, aliases } in vulnerabilities {
                count()?;
                sink.entry(&scope, Entry { id: id.clone(), aliases: aliases.clone(), ..entry.clone() })?;
            }
        }
    }
    Ok(())
}

/// The entries of one package, without their vulnerability; more than one where a source package's installed packages
/// are listed.
fn entries_of(record: &Record, affected: &Affected, sink: &dyn EntrySink) -> Result<Vec<(Scope, Entry)>, String> {
    // Without a package it is about a git repository.
    let Some(package) = &affected.package else { return Ok(Vec::new()) };
    let nothing = Specific::default();
    let specific = affected.ecosystem_specific.as_ref().unwrap_or(&nothing);
    // Which kernels a live patch exists for says nothing of a package.
    if specific.availability.0.starts_with("Livepatch") {
        return Ok(Vec::new());
    }
    let Some(Place { scope, channel, level }) = place_of(package, specific)? else { return Ok(Vec::new()) };
    if !sink.wants(&scope) {
        return Ok(Vec::new());
    }
    let name = name_of(&package.name, scope.platform().as_str() == "pypi")?;
    let order = scope.platform().version_order();
    let statement = statement_of(affected, specific, order)?;
    let mut entry = Entry::new("", name, level, statement);
    entry.channel = channel;
    let version = fixed_version(&entry.statement).unwrap_or_default();
    if order == VersionOrder::Rpm {
        let purl = package.purl.as_deref().unwrap_or_default();
        entry.module = module_of(version, purl, record.summary.as_deref().unwrap_or_default());
    }
    let informational = [&affected.ecosystem_specific, &affected.database_specific].into_iter().flatten();
    entry.status = informational
        .map(|specific| specific.informational.0.clone())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    entry.severity = severity_of(record, affected);
    entry.cvss = vectors_of(record, affected);
    entry.note = note_of(affected);
    if !specific.custom_ranges.is_empty() {
        entry.confidence = Confidence::Likely;
    }
    entry.description = description_of(record);
    entry.reference = reference_of(record);
    Ok(installed_packages(specific, &entry)?.into_iter().map(|entry| (scope.clone(), entry)).collect())
}

fn statement_of(affected: &Affected, specific: &Specific, order: VersionOrder) -> Result<Statement, String> {
    if let Some(reason) = other_systems(specific) {
        return Ok(Statement::NotAffected { reason: Some(reason) });
    }
    let mut ranges = ranges_of(&affected.ranges, order)?;
    if order == VersionOrder::Rpm {
        ranges.iter_mut().for_each(without_zero_epoch);
    }
    let versions = versions_beside(&ranges, &affected.versions, order);
    let unfixed = if specific.urgency.0 == "end-of-life" { FixState::EndOfLife } else { FixState::NoFixYet };
    Ok(Statement::Affected { ranges, versions, unfixed })
}

/// Some publishers write the epoch 0, which packages do not have.
fn without_zero_epoch(range: &mut AffectedRange) {
    if let RangeEnd::Fixed(version) | RangeEnd::LastAffected(version) = &mut range.end
        && let Some(rest) = version.strip_prefix("0:")
    {
        *version = rest.to_owned();
    }
}

/// SUSE's lists of installed packages take the place of the source package that they were built from.
fn installed_packages(specific: &Specific, entry: &Entry) -> Result<Vec<Entry>, String> {
    let is_source = entry.level == Level::Source && fixed_version(&entry.statement).is_some();
    let mut listed = Vec::new();
    // Ubuntu's have other members and say nothing that the source package does not.
    let stated = specific
        .binaries
        .iter()
        .flatten()
        .filter(|(name, version)| is_source && !name.starts_with("binary_") && !version.0.is_empty());
    for (name, version) in stated {
        let statement = Statement::fixed_in(version.0.as_str());
        listed.push(Entry { package: name_of(name, false)?, level: Level::Binary, statement, ..entry.clone() });
    }
    Ok(if listed.is_empty() { vec![entry.clone()] } else { listed })
}

/// Adds an entry. Where two parts of one record say that a package is fixed, in different versions, these are builds of
/// one fix (for different minor releases, or rebuilt): each has it, so the lowest counts.
fn merge(entries: &mut BTreeMap<Key, Vec<Entry>>, scope: Scope, entry: Entry) {
    let order = scope.platform().version_order();
    let key = (scope, entry.package.clone(), entry.level, entry.module.clone(), entry.channel.clone());
    match entries.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert(vec![entry]);
        }
        Slot::Occupied(mut slot) => {
            let known = slot.get_mut();
            if known.len() <= MAX_COMPARED && known.contains(&entry) {
                return;
            }
            let Some(new) = fixed_version(&entry.statement).filter(|_| order == VersionOrder::Rpm) else {
                known.push(entry);
                return;
            };
            let twin = known.iter_mut().find(|known| fixed_version(&known.statement).is_some());
            match twin {
                Some(twin) => {
                    let old = fixed_version(&twin.statement).unwrap_or_default();
                    if order.compare(new, old).is_ok_and(std::cmp::Ordering::is_lt) {
                        *twin = entry;
                    }
                }
                None => known.push(entry),
            }
        }
    }
}

/// The version of a statement that says no more than "fixed in".
fn fixed_version(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Affected { ranges, versions, .. } if versions.is_empty() => match ranges.as_slice() {
            [AffectedRange { introduced: None, end: RangeEnd::Fixed(version) }] => Some(version),
            _ => None,
        },
        _ => None,
    }
}

fn description_of(record: &Record) -> String {
    let texts = [record.summary.as_deref(), record.details.as_deref()];
    let text = texts.into_iter().flatten().map(str::trim).find(|text| !text.is_empty()).unwrap_or_default();
    text.chars().take(DESCRIPTION_CHARS).collect()
}

/// The publisher's page, as far as the record says which it is.
fn reference_of(record: &Record) -> String {
    let stated = record.database_specific.as_ref().map(|specific| specific.url.0.as_str());
    let notices = record.references.iter().filter(|reference| reference.kind == "ADVISORY");
    let addresses = stated.into_iter().chain(notices.map(|reference| reference.url.as_str()));
    let is_address = |text: &&str| text.len() <= 2048 && (text.starts_with("https://") || text.starts_with("http://"));
    addresses.into_iter().find(is_address).unwrap_or_default().to_owned()
}
