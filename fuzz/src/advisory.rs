//! Feeds, and the database compiled from them.

use std::cmp::Ordering;

use assay_advisory::cvss::CvssVector;
use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart};
use assay_advisory::import::{
    DebianTracker, csaf as csaf_documents, openvex as openvex_documents, osv as osv_records, secdb as alpine_secdb,
    vex as vex_documents,
};
use assay_advisory::version::debian::DebianVersion;
use assay_advisory::version::{Version, VersionOrder};
use assay_advisory::{Database, Enrichment, Entry, FeedOrigin, Limits, Scope};
use assay_model::Timestamp;

/// Small enough that a limit is met within the inputs that a fuzzer makes.
pub(crate) fn limits() -> Limits {
    Limits {
        unpacked_bytes: 1 << 20,
        ratio: 250,
        unpack_memory: 8 << 20,
        string_bytes: 1 << 12,
        depth: 16,
        sources: 64,
        records: 256,
        releases: 4,
    }
}

fn origin() -> FeedOrigin {
    FeedOrigin {
        feed: "fuzz".into(),
        source: "memory".into(),
        fetched_at: Timestamp::UNIX_EPOCH,
        digest: String::new(),
    }
}

/// The Debian tracker's JSON; what is accepted also compiles, verifies and answers.
pub fn debian_tracker(data: &[u8]) {
    let Ok(tracker) = DebianTracker::read(data, &limits()) else { return };
    for release in tracker.releases() {
        let bytes = tracker.compile(release, &origin()).expect("what was read fits");
        let database = Database::from_bytes(bytes).expect("what was compiled opens");
        database.verify().expect("what was compiled is sound");
    }
}

/// The compiled database, damaged in any way.
pub fn advisory_database(data: &[u8]) {
    if let Ok(database) = Database::from_bytes(data.to_vec()) {
        let is_sound = database.verify().is_ok();
        for name in ["openssl", "", "~"] {
            let of_source = database.advisories_of_package(name);
            let of_id = database.advisories_of_id(name);
            assert!(!is_sound || (of_source.is_ok() && of_id.is_ok()), "a sound database answers");
        }
    }
    if let Ok(enrichment) = Enrichment::from_bytes(data.to_vec()) {
        let _ = enrichment.verify();
    }
}

/// Two or three versions, one a line: dpkg's order is total.
pub fn debian_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let versions: Vec<DebianVersion<'_>> = text.split('\n').flat_map(DebianVersion::parse).take(3).collect();
    check_total(&versions, |left, right| left.cmp(right));
}

/// Two or three versions, one a line: each order is total on those that it reads.
pub fn versions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for order in VersionOrder::ALL {
        let versions: Vec<Version<'_>> = text.split('\n').flat_map(|line| order.parse(line)).take(3).collect();
        check_total(&versions, |left, right| left.compare(right).expect("both are of one order"));
    }
}

fn check_total<T: std::fmt::Debug>(versions: &[T], compare: impl Fn(&T, &T) -> Ordering) {
    for left in versions {
        assert_eq!(compare(left, left), Ordering::Equal);
        for right in versions {
            assert_eq!(compare(left, right), compare(right, left).reverse(), "{left:?} {right:?}");
            for third in versions {
                let is_chain = compare(left, right).is_le() && compare(right, third).is_le();
                assert!(!is_chain || compare(left, third).is_le(), "{left:?} {right:?} {third:?}");
            }
        }
    }
}

/// A CVSS vector: whatever is read has scores from 0 to 10.
pub fn cvss_vector(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(vector) = CvssVector::parse(text) else { return };
    let scores = [vector.base_score(), vector.temporal_score(), vector.environmental_score(), vector.score()];
    assert!(scores.iter().all(|score| (0.0..=10.0).contains(score)), "{text:?}: {scores:?}");
}

/// EPSS scores, unpacked CSV.
pub fn epss(data: &[u8]) {
    enrich(EnrichmentPart::Epss, data);
}

/// CISA's catalogue of known exploited vulnerabilities.
pub fn kev(data: &[u8]) {
    enrich(EnrichmentPart::CisaKev, data);
}

/// CVE records, one JSON object a line.
pub fn cve_record(data: &[u8]) {
    enrich(EnrichmentPart::CveRecords, data);
}

/// NVD's records.
pub fn nvd(data: &[u8]) {
    enrich(EnrichmentPart::Nvd, data);
}

/// OSV records, or an archive of them.
pub fn osv(data: &[u8]) {
    let mut entries: Vec<(Scope, Entry)> = Vec::new();
    let _ = osv_records::read(data, &limits(), &mut entries);
    let _ = osv_records::read_zip(std::io::Cursor::new(data), &limits(), &mut entries);
    check_entries(&entries);
}

/// CSAF documents, a distribution's or a user's own.
pub fn csaf(data: &[u8]) {
    let mut entries: Vec<(Scope, Entry)> = Vec::new();
    let _ = csaf_documents::read(data, &limits(), &mut entries);
    check_entries(&entries);
    let vex = csaf_documents::read_vex(data, &limits()).unwrap_or_default();
    assert!(vex.statements.iter().all(|statement| !statement.products.is_empty()), "{vex:?}");
}

/// OpenVEX documents, and documents of either format.
pub fn openvex(data: &[u8]) {
    let _ = vex_documents::read(data, &limits());
    let vex = openvex_documents::read(data, &limits()).unwrap_or_default();
    assert!(vex.statements.iter().all(|statement| !statement.products.is_empty()), "{vex:?}");
}

/// Alpine's list of fixes.
pub fn secdb(data: &[u8]) {
    let mut entries: Vec<(Scope, Entry)> = Vec::new();
    let _ = alpine_secdb::read(data, &limits(), &mut entries);
    check_entries(&entries);
}

/// Whatever is read names a package and a vulnerability.
fn check_entries(entries: &[(Scope, Entry)]) {
    for (scope, entry) in entries {
        assert!(!entry.id.is_empty() && !entry.package.is_empty(), "{scope} {entry:?}");
    }
}

fn enrich(part: EnrichmentPart, data: &[u8]) {
    let mut builder = EnrichmentBuilder::new();
    if builder.read(part, data, &origin(), &limits()).is_ok() {
        let bytes = builder.compile().expect("what was read fits");
        Enrichment::from_bytes(bytes).expect("what was compiled opens").verify().expect("what was compiled is sound");
    }
}
