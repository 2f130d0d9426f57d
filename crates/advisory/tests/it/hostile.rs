//! Feeds and databases from a stranger: a clear error, never a panic, never more memory or time than the limits say.

use std::io::Read;

use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart};
use assay_advisory::import::DebianTracker;
use assay_advisory::matcher::{Inventory, explain, judge};
use assay_advisory::{AdvisoryError, CveId, Database, Enrichment, Limits};
use assay_model::evidence::package::Packages;
use proptest::prelude::*;

use crate::support::{compile, origin, package, packages, specimen};

fn advisory_bytes() -> Vec<u8> {
    let tracker = DebianTracker::read(specimen("open-no-dsa").as_bytes(), &Limits::default()).unwrap();
    tracker.compile("bookworm", &origin("debian-tracker")).unwrap()
}

fn enrichment_bytes() -> Vec<u8> {
    let mut builder = EnrichmentBuilder::new();
    let kev = br#"{"dateReleased":"2026-08-21","count":1,"vulnerabilities":[
        {"cveID":"CVE-2024-1000","dateAdded":"2024-03-29","dueDate":"2024-04-19"}]}"#;
    let record = br#"{"cveMetadata":{"cveId":"CVE-2024-1000"},"containers":{"cna":{"metrics":[{"cvssV3_1":
        {"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H","baseScore":10}}]}}}"#;
    for (part, feed) in [
        (EnrichmentPart::CisaKev, &kev[..]),
        (EnrichmentPart::Epss, b"cve,epss,percentile\nCVE-2024-1000,0.5,0.6\n"),
        (EnrichmentPart::CveRecords, record),
    ] {
        builder.read(part, feed, &origin("feed"), &Limits::default()).unwrap();
    }
    builder.compile().unwrap()
}

fn host() -> Packages {
    packages(vec![package("libspecimen1", ("libspecimen", "1.2-3"))])
}

type Usage = fn(Vec<u8>) -> Result<(), AdvisoryError>;

/// Does all that can be done with a database; an error is an answer, a panic is not.
fn use_advisories(bytes: Vec<u8>) -> Result<(), AdvisoryError> {
    let database = Database::from_bytes(bytes)?;
    let host = host();
    judge(&database, &Inventory::of_packages(&host, None))?;
    explain(&database, &Inventory::of_packages(&host, None), "CVE-2024-1000")?;
    database.advisories_of_package("libspecimen")?;
    database.verify()
}

fn use_enrichment(bytes: Vec<u8>) -> Result<(), AdvisoryError> {
    let enrichment = Enrichment::from_bytes(bytes)?;
    enrichment.vulnerability("CVE-2024-1000")?;
    enrichment.kev("CVE-2024-1000".parse::<CveId>().unwrap())?;
    enrichment.verify()
}

#[test]
fn every_flipped_byte_that_matters_is_noticed() {
    let advisories = advisory_bytes();
    let enrichment = enrichment_bytes();
    use_advisories(advisories.clone()).unwrap();
    use_enrichment(enrichment.clone()).unwrap();
    let silent = |bytes: &[u8], usage: Usage| -> Vec<usize> {
        (0..bytes.len())
            .filter(|&at| {
                let mut flipped = bytes.to_vec();
                flipped[at] ^= 0x41;
                usage(flipped).is_ok()
            })
            .collect()
    };
    // Only the padding between two sections, which nothing reads, may change unnoticed.
    for (bytes, unnoticed) in
        [(&advisories, silent(&advisories, use_advisories)), (&enrichment, silent(&enrichment, use_enrichment))]
    {
        assert!(unnoticed.iter().all(|&at| bytes[at] == 0), "{unnoticed:?}");
        assert!(unnoticed.len() < 8 * 8, "{unnoticed:?}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let advisories = advisory_bytes();
    for length in 0..advisories.len() {
        let error = use_advisories(advisories[..length].to_vec()).unwrap_err();
        let is_told = matches!(error, AdvisoryError::NotADatabase { .. } | AdvisoryError::Corrupt { .. });
        assert!(is_told, "cut at {length}: {error}");
    }
    let longer = [advisories, vec![0]].concat();
    assert!(matches!(use_advisories(longer), Err(AdvisoryError::Corrupt { .. })));
}

#[test]
fn other_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let check = |bytes: &[u8], expected: &str| {
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        let error = Database::open(&path).unwrap_err();
        assert_eq!(error.to_string(), expected.replace("FILE", &path.display().to_string()));
    };
    check(b"", "FILE is no advisory database");
    check(b"SQLite format 3\0", "FILE is no advisory database");
    check(&enrichment_bytes(), "FILE is no advisory database");
    let mut newer = advisory_bytes();
    newer[8] = 3;
    check(&newer, "FILE has schema 3, this version reads 2");
    let mut damaged = advisory_bytes();
    damaged[70] ^= 1;
    check(&damaged, "FILE is corrupt: the checksum of its header is wrong");
    let absent = Database::open(&folder.path().join("absent"));
    assert!(matches!(absent, Err(AdvisoryError::Open { .. })));
    assert!(matches!(Database::open(folder.path()), Err(AdvisoryError::Open { .. })));
}

/// Endless text behind a beginning.
struct Endless(&'static [u8], u8);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.0.is_empty() {
            buffer.fill(self.1);
            return Ok(buffer.len());
        }
        self.0.read(buffer)
    }
}

#[test]
fn endless_feeds_are_stopped() {
    let small = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    let check = |start: &'static [u8], fill: u8, limits: &Limits, expected: &str| {
        let read = DebianTracker::read(Endless(start, fill), limits);
        assert_eq!(read.unwrap_err().to_string(), expected, "{:?}", String::from_utf8_lossy(start));
    };
    let string = "debian-tracker: length of a string is over the limit of 1048576";
    check(b"{\"", b'a', &Limits::default(), string);
    check(b"{\"a\":{\"CVE-2024-1000\":{\"description\":\"", b'x', &Limits::default(), string);
    let depth = "debian-tracker: depth of nesting is over the limit of 64";
    check(b"{\"a\":{\"CVE-2024-1000\":{\"unknown\":", b'[', &Limits::default(), depth);
    check(
        b"{\"a\":{\"CVE-2024-1000\":{\"unknown\":[",
        b' ',
        &small,
        "debian-tracker: size in bytes is over the limit of 8388608",
    );
    let epss = EnrichmentBuilder::new().read(
        EnrichmentPart::Epss,
        Endless(b"cve,epss,percentile\n", b'\n'),
        &origin("epss"),
        &Limits { records: 1000, ..Limits::default() },
    );
    assert_eq!(epss.unwrap_err().to_string(), "epss: number of records is over the limit of 1000");
}

#[test]
fn counts_are_limited() {
    let sources: Vec<String> = (0..11)
        .map(|n| format!(r#""source{n}":{{"CVE-2024-1000":{{"releases":{{"sid":{{"status":"open"}}}}}}}}"#))
        .collect();
    let json = format!("{{{}}}", sources.join(","));
    let check = |limits: Limits, expected: Option<&str>| {
        let error = DebianTracker::read(json.as_bytes(), &limits).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), expected);
    };
    let limits = Limits::default;
    check(limits(), None);
    let sources = "debian-tracker: number of source packages is over the limit of 10";
    check(Limits { sources: 10, ..limits() }, Some(sources));
    check(Limits { records: 10, ..limits() }, Some("debian-tracker: number of records is over the limit of 10"));
    check(Limits { releases: 0, ..limits() }, Some("debian-tracker: number of releases is over the limit of 0"));
    let releases: Vec<String> = (0..65).map(|n| format!(r#""r{n}":{{"status":"open"}}"#)).collect();
    let many = format!(r#"{{"a":{{"CVE-2024-1000":{{"releases":{{{}}}}}}}}}"#, releases.join(","));
    assert!(matches!(DebianTracker::read(many.as_bytes(), &limits()), Err(AdvisoryError::Parse { .. })));
}

#[test]
fn what_is_no_tracker_is_refused() {
    let check = |json: &str, expected: &str| {
        let error = DebianTracker::read(json.as_bytes(), &Limits::default()).unwrap_err();
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let found = format!("{error}{cause}");
        assert!(found.starts_with(expected), "{json}: {found}");
    };
    check("", "failed to parse debian-tracker: EOF while parsing a value");
    check("{}", "debian-tracker: the document: it has no record of any release");
    check("<html>", "failed to parse debian-tracker: expected value");
    check("[]", "failed to parse debian-tracker: invalid type: sequence, expected an object of source packages");
    let release = |state: &str| format!(r#"{{"a":{{"CVE-2024-1000":{{"releases":{{"sid":{state}}}}}}}}}"#);
    check(&release(r#"{"status":1}"#), "failed to parse debian-tracker: invalid type: integer `1`, expected a string");
    check(&release("{}"), "failed to parse debian-tracker: missing field `status`");
    check(&format!("{} {{}}", release(r#"{"status":"open"}"#)), "failed to parse debian-tracker: trailing characters");
    check(
        &release(r#"{"status":"open"}"#).replace("sid", "../x"),
        "debian-tracker: CVE-2024-1000: \"../x\" is no code name of a release",
    );
    check(
        &release(r#"{"status":"open"}"#).replace("CVE-2024-1000", "a b"),
        "debian-tracker: \"a b\": this is no name of a vulnerability",
    );
    let twice = r#"{"a":{"CVE-2024-1000":{"releases":{"sid":{"status":"open"}}}},"a":{"CVE-2024-1000":{"releases":{"sid":{"status":"open"}}}}}"#;
    check(twice, "debian-tracker: a CVE-2024-1000: it comes twice for sid");
    let whole = specimen("open");
    for length in (0..whole.trim_end().len()).step_by(7) {
        let cut = DebianTracker::read(&whole.as_bytes()[..length], &Limits::default());
        assert!(matches!(cut, Err(AdvisoryError::Parse { .. })), "cut at {length}: {cut:?}");
    }
}

#[test]
fn a_feed_that_only_looks_odd_is_read() {
    let json = r#"{"a":{"CVE-2024-1000":{"debianbug":"see #1","new":[{"x":null}],"releases":{"sid":
        {"status":"open","nodsa":null,"nodsa_reason":null,"urgency":null,"new":1}}}},"b":{}}"#;
    let database = compile(json, "sid");
    assert_eq!(database.header().record_count, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let usages: [(Vec<u8>, Usage); 2] =
            [(advisory_bytes(), use_advisories), (enrichment_bytes(), use_enrichment)];
        for (mut bytes, usage) in usages {
            for (at, byte) in &damage {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            let _ = usage(bytes.clone());
            bytes.truncate(cut.index(bytes.len()));
            let _ = usage(bytes);
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "[\\[\\]{}\":,a-z0-9 #\\\\-]{0,64}") {
        let _ = DebianTracker::read(text.as_bytes(), &Limits::default());
        for part in EnrichmentPart::ALL {
            let _ = EnrichmentBuilder::new().read(part, text.as_bytes(), &origin("feed"), &Limits::default());
        }
    }
}
