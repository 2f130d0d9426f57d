//! Databases whose checksums are right and whose content is not: every reference is checked when it is followed.

use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance};
use proptest::prelude::*;
use twox_hash::XxHash3_64;

use crate::database::{EnrichmentBuilder, EnrichmentPart};
use crate::import::DebianTracker;
use crate::matcher::{Inventory, explain, judge};
use crate::{AdvisoryError, Database, Enrichment, FeedOrigin, Limits};

const SECTION_TABLE: usize = 64;
const SECTION: usize = 32;

/// Does all that can be done with a database; an error is an answer, a panic is not.
type Usage = fn(Vec<u8>) -> Result<(), AdvisoryError>;

fn number(bytes: &[u8], at: usize) -> usize {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize
}

fn number32(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// Start and end of each section, as the header says.
fn sections(bytes: &[u8]) -> Vec<(usize, usize)> {
    let entries = (0..number32(bytes, 20)).map(|index| SECTION_TABLE + SECTION * index);
    entries.map(|at| (number(bytes, at + 8), number(bytes, at + 8) + number(bytes, at + 16))).collect()
}

/// Makes all checksums right again.
fn seal(bytes: &mut [u8]) {
    for (index, (start, end)) in sections(bytes).into_iter().enumerate() {
        let hash = XxHash3_64::oneshot(&bytes[start..end]);
        let at = SECTION_TABLE + SECTION * index + 24;
        bytes[at..at + 8].copy_from_slice(&hash.to_le_bytes());
    }
    let end = SECTION_TABLE + SECTION * number32(bytes, 20) + number32(bytes, 16);
    let header = [&bytes[..32], &bytes[40..end]].concat();
    bytes[32..40].copy_from_slice(&XxHash3_64::oneshot(&header).to_le_bytes());
}

fn origin() -> FeedOrigin {
    FeedOrigin {
        feed: "feed".to_owned(),
        source: "test".to_owned(),
        fetched_at: "2026-11-20T06:00:00Z".parse().unwrap(),
        digest: String::new(),
    }
}

fn advisory_bytes() -> Vec<u8> {
    let json = br#"{"a":{"CVE-2024-1":{"description":"x","releases":{"sid":{"status":"resolved","fixed_version":"2"}}},
        "CVE-2024-2":{"releases":{"sid":{"status":"open","nodsa":"Minor issue"}}}},
        "b":{"CVE-2024-2":{"releases":{"sid":{"status":"undetermined"}}}}}"#;
    DebianTracker::read(&json[..], &Limits::default()).unwrap().compile("sid", &origin()).unwrap()
}

fn enrichment_bytes() -> Vec<u8> {
    let mut builder = EnrichmentBuilder::new();
    let kev = br#"{"dateReleased":"2026-08-21","count":1,"vulnerabilities":[
        {"cveID":"CVE-2024-1000","dateAdded":"2024-03-29","dueDate":"2024-04-19"}]}"#;
    let record = br#"{"cveMetadata":{"cveId":"CVE-2024-1000"},"containers":{"cna":{"metrics":[{"cvssV3_1":
        {"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H","baseScore":10}}]}}}"#;
    builder.read(EnrichmentPart::CisaKev, &kev[..], &origin(), &Limits::default()).unwrap();
    builder.read(EnrichmentPart::CveRecords, &record[..], &origin(), &Limits::default()).unwrap();
    builder.compile().unwrap()
}

fn use_advisories(bytes: Vec<u8>) -> Result<(), AdvisoryError> {
    let package = |source: &str| Package {
        name: source.to_owned(),
        version: "1".to_owned(),
        architecture: "amd64".to_owned(),
        source_name: source.to_owned(),
        source_version: "1".to_owned(),
        state: PackageState::Installed,
        held: false,
        origin: PackageOrigin::Unknown,
        role: PackageRole::Ordinary,
        recorded_at: None,
        previous_version: None,
        provenance: Provenance::default(),
    };
    let database = Database::from_bytes(bytes)?;
    let packages =
        Packages { format: "dpkg".to_owned(), packages: vec![package("a"), package("b")], ..Packages::default() };
    let judgement = judge(&database, &Inventory::of_packages(&packages, None))?;
    for verdict in &judgement.verdicts {
        let _ = (verdict.affected_package(), verdict.comparison(), verdict.advisory.to_record());
        verdict.advisory.description()?;
    }
    explain(&database, &Inventory::of_packages(&packages, None), "CVE-2024-2")?;
    database.verify()
}

fn use_enrichment(bytes: Vec<u8>) -> Result<(), AdvisoryError> {
    let enrichment = Enrichment::from_bytes(bytes)?;
    enrichment.vulnerability("CVE-2024-1000")?;
    let mut builder = EnrichmentBuilder::new();
    for part in EnrichmentPart::ALL {
        builder.keep(part, &enrichment)?;
    }
    builder.compile()?;
    enrichment.verify()
}

#[test]
fn sealing_changes_nothing() {
    for bytes in [advisory_bytes(), enrichment_bytes()] {
        let mut sealed = bytes.clone();
        seal(&mut sealed);
        assert_eq!(sealed, bytes);
    }
}

/// Sets each 32-bit number of each table to absurd values.
#[test]
fn references_that_lead_nowhere_are_noticed_or_harmless() {
    let usages: [(Vec<u8>, Usage); 2] = [(advisory_bytes(), use_advisories), (enrichment_bytes(), use_enrichment)];
    for (bytes, usage) in usages {
        let mut noticed = 0;
        for (start, end) in sections(&bytes) {
            for at in (start..end.saturating_sub(3)).step_by(4) {
                for value in [u32::MAX, u32::MAX - 4, i32::MAX as u32, bytes.len() as u32, 1] {
                    let mut damaged = bytes.clone();
                    damaged[at..at + 4].copy_from_slice(&value.to_le_bytes());
                    seal(&mut damaged);
                    noticed += usize::from(usage(damaged).is_err());
                }
            }
        }
        assert!(noticed > 50, "only {noticed} damages were noticed");
    }
}

/// A table that claims four thousand million records costs no time and no memory.
#[test]
fn absurd_counts_end_at_the_first_record_that_is_not_there() {
    let mut bytes = advisory_bytes();
    let (sources, _) = sections(&bytes)[0];
    bytes[sources + 8..sources + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    seal(&mut bytes);
    assert!(matches!(use_advisories(bytes), Err(AdvisoryError::Corrupt { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let usages: [(Vec<u8>, Usage); 2] =
            [(advisory_bytes(), use_advisories), (enrichment_bytes(), use_enrichment)];
        for (mut bytes, usage) in usages {
            let first = sections(&bytes)[0].0;
            for (at, byte) in &damage {
                let at = first + at.index(bytes.len() - first);
                bytes[at] = *byte;
            }
            seal(&mut bytes);
            let _ = usage(bytes);
        }
    }
}
