//! What a record says of one package beside the versions: its name, module, severity, remark.

use super::record::{Affected, Import, Record, Severity, Specific};
use crate::import::lenient::Word;
use crate::import::purl::PackageUrl;

/// Remarks are cut here, in characters.
const NOTE_CHARS: usize = 1000;

/// Debian's word for what nobody has rated.
const UNRATED: &str = "not yet assigned";

/// The longest name, in bytes; Go's module paths and Maven's coordinates are long.
const MAX_NAME: usize = 512;

/// A package's name in the spelling of the evidence.
///
/// # Errors
///
/// When it cannot be a name.
pub(super) fn name_of(name: &str, is_pypi: bool) -> Result<String, String> {
    let is_name = (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control);
    if !is_name {
        return Err(format!("{name:.40?} is no name of a package"));
    }
    if !is_pypi {
        return Ok(name.to_owned());
    }
    // PEP 503.
    let mut normal = String::with_capacity(name.len());
    for char in name.chars() {
        match char {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.extend(char.to_lowercase()),
        }
    }
    Ok(normal)
}

/// The module stream of an rpm package, where its version is that of a module's build: as the package URL or the summary
/// (`Moderate: nodejs:18 security update`) says, else `*`.
pub(super) fn module_of(version: &str, purl: &str, summary: &str) -> Option<String> {
    if let Some(module) = PackageUrl::read(purl).and_then(|purl| purl.module()) {
        return Some(module);
    }
    if !version.contains(".module") {
        return None;
    }
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_alphanumeric() || "._+-".contains(char));
    let is_stream = |word: &&str| word.split_once(':').is_some_and(|(name, stream)| is_name(name) && is_name(stream));
    let mut streams = summary.split_whitespace().filter(is_stream);
    match (streams.next(), streams.next()) {
        (Some(stream), None) => Some(stream.to_owned()),
        _ => Some("*".to_owned()),
    }
}

/// The publisher's word for how bad it is; empty where it has none.
pub(super) fn severity_of(record: &Record, affected: &Affected) -> String {
    let specifics = [&affected.ecosystem_specific, &affected.database_specific, &record.database_specific];
    let specifics = || specifics.into_iter().flatten();
    if specifics().any(|specific| !specific.informational.0.is_empty()) {
        return "informational".to_owned();
    }
    let words = specifics().flat_map(|specific| [&specific.ubuntu_priority, &specific.severity, &specific.urgency]);
    let rated = affected.severity.iter().chain(&record.severity).filter(|severity| !is_cvss(severity));
    // `Important: kernel security update`.
    let prefix = record.summary.as_deref().and_then(|summary| summary.split_once(": ")).map(|(prefix, _)| prefix);
    let prefix = prefix.filter(|word| ["Critical", "Important", "Moderate", "Low"].contains(word));
    let words =
        words.map(|Word(word)| word.as_str()).chain(rated.map(|severity| severity.score.0.as_str())).chain(prefix);
    let mut words = words.filter(|word| (1..=64).contains(&word.len()) && !word.contains('/') && *word != UNRATED);
    words.next().unwrap_or_default().to_ascii_lowercase()
}

/// CVSS vectors: those of the package, else those of the record.
pub(super) fn vectors_of(record: &Record, affected: &Affected) -> Vec<String> {
    let vectors = |severities: &[Severity]| -> Vec<String> {
        severities.iter().filter(|severity| is_cvss(severity)).map(|severity| severity.score.0.clone()).collect()
    };
    let own = vectors(&affected.severity);
    if own.is_empty() { vectors(&record.severity) } else { own }
}

fn is_cvss(severity: &Severity) -> bool {
    severity.kind.starts_with("CVSS_")
}

/// Why it concerns no Linux host, where the record names the systems it concerns and Linux is not among them.
pub(super) fn other_systems(specific: &Specific) -> Option<String> {
    let only = |systems: &[String]| {
        let is_linux = systems.iter().any(|system| ["linux", "unix"].contains(&system.to_ascii_lowercase().as_str()));
        (!systems.is_empty() && !is_linux).then(|| format!("only on {}", systems.join(", ")))
    };
    if let Some(affects) = &specific.affects
        && let Some(reason) = only(&affects.os.texts)
    {
        return Some(reason);
    }
    let mut systems: Vec<String> = Vec::new();
    for import in &specific.imports {
        only(&import.goos.texts)?;
        systems
            .extend(import.goos.texts.iter().filter(|system| !systems.contains(system)).cloned().collect::<Vec<_>>());
    }
    only(&systems)
}

/// The remark: which parts of a Go module, and fixes that its ranges cannot express; why RustSec's is no vulnerability.
pub(super) fn note_of(affected: &Affected) -> String {
    let Some(specific) = &affected.ecosystem_specific else { return String::new() };
    let import = |import: &Import| match (import.path.0.as_str(), import.symbols.texts.as_slice()) {
        (path, []) => format!("in {path}"),
        (path, symbols) => format!("in {path}: {}", symbols.join(", ")),
    };
    let mut parts: Vec<String> =
        specific.imports.iter().filter(|import| !import.path.0.is_empty()).map(import).collect();
    let events = specific.custom_ranges.iter().flat_map(|range| &range.events);
    let events: Vec<&str> = events.map(super::record::Event::version).filter(|version| *version != "0").collect();
    if !events.is_empty() {
        parts.push(format!("the publisher also gives versions that are none of the module: {}", events.join(", ")));
    }
    parts.join("; ").chars().take(NOTE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_evidence() {
        assert_eq!(name_of("Foo_.Bar--baz", true), Ok("foo-bar-baz".to_owned()));
        assert_eq!(name_of("Foo_.Bar", false), Ok("Foo_.Bar".to_owned()));
        assert!(name_of("", true).is_err());
        assert!(name_of("a\nb", false).is_err());
        assert!(name_of(&"a".repeat(513), false).is_err());
    }

    #[test]
    fn modules_are_named_or_any() {
        let check = |version: &str, purl: &str, summary: &str, expected: Option<&str>| {
            assert_eq!(module_of(version, purl, summary).as_deref(), expected, "{version} {summary}");
        };
        check("1-2.el8", "", "Moderate: nodejs:18 security update", None);
        check("1-2.module_el8.5.0+119+9a9ec082", "", "Moderate: nodejs:18 security update", Some("nodejs:18"));
        check("1-2.module+el8.5.0+1", "", "virt:rhel and virt-devel:rhel security update", Some("*"));
        check("1-2.module+el8.5.0+1", "", "container-tools bug fix update", Some("*"));
        check("1-2.el9", "pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs%3A18", "", Some("nodejs:18"));
    }
}
