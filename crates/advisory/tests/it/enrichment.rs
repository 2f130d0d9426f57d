//! The real feeds about CVEs: the whole KEV catalogue, a whole day of EPSS, slices of CVE records.

use std::io::Read;

use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart, PartSummary, Ransomware};
use assay_advisory::{AdvisoryError, CveId, Enrichment, Limits, open_packed};

use crate::support::{origin, shared};

const FEEDS: [(EnrichmentPart, &str); 4] = [
    (EnrichmentPart::CisaKev, "feeds/cisa-kev/known_exploited_vulnerabilities.json"),
    (EnrichmentPart::Epss, "feeds/epss/epss_scores-current.csv.gz"),
    (EnrichmentPart::CveRecords, "feeds/cve-records/vulnrichment-slice.jsonl.xz"),
    (EnrichmentPart::Nvd, "feeds/cve-records/nvd-data-overrides-slice.jsonl.xz"),
];

fn read(builder: &mut EnrichmentBuilder, part: EnrichmentPart, path: &str) -> PartSummary {
    let reader = open_packed(&shared(path), &Limits::default()).unwrap();
    builder.read(part, reader, &origin(path), &Limits::default()).unwrap()
}

fn cve(id: &str) -> CveId {
    id.parse().unwrap()
}

#[test]
fn real_feeds_are_read_whole() {
    let mut builder = EnrichmentBuilder::new();
    let [kev, epss, records, nvd] = FEEDS.map(|(part, path)| read(&mut builder, part, path));
    assert_eq!((kev.records, kev.kept, kev.skipped), (1674, 1674, 0), "{:?}", kev.reasons);
    assert_eq!(kev.published_at.as_deref(), Some("2026-08-21T17:46:43.6019Z"));
    assert_eq!((epss.records, epss.kept, epss.skipped), (313_089, 313_089, 0), "{:?}", epss.reasons);
    assert_eq!(epss.published_at.as_deref(), Some("2026-01-30T12:55:00Z"));
    assert_eq!((records.records, records.kept, records.skipped), (3731, 2432, 0), "{:?}", records.reasons);
    // The slice of NVD-shaped records has neither an id nor a score in its `cve` member.
    assert_eq!((nvd.records, nvd.kept, nvd.skipped), (5569, 0, 5569));

    let enrichment = Enrichment::from_bytes(builder.compile().unwrap()).unwrap();
    enrichment.verify().unwrap();
    assert_eq!(enrichment.parts().len(), 4);

    let zimbra = enrichment.kev(cve("CVE-2026-73570")).unwrap().unwrap();
    assert_eq!((zimbra.date_added, zimbra.due_date), ("2026-08-21", "2026-08-24"));
    assert_eq!(zimbra.ransomware, Ransomware::Unknown);
    assert_eq!(enrichment.kev(cve("CVE-1999-0001")).unwrap(), None);
    let first = enrichment.epss(cve("CVE-1999-0001")).unwrap().unwrap();
    assert_eq!((first.probability, first.percentile), (0.01151, 0.78086));
    assert_eq!(enrichment.epss(cve("CVE-1999-99999")).unwrap(), None);

    let flash = enrichment.vulnerability("CVE-2011-0611").unwrap();
    assert_eq!(flash.kev_date_added.as_deref(), Some("2022-03-03"));
    let score = &flash.cvss[0];
    assert_eq!((score.version.as_str(), score.score, score.source.as_str()), ("3.1", 8.8, "CISA-ADP"));
    let temporary = enrichment.vulnerability("TEMP-0000000-0CA7E3").unwrap();
    assert_eq!((temporary.cvss.len(), temporary.epss), (0, None));
}

#[test]
fn every_row_of_epss_is_found_again() {
    let mut text = String::new();
    let path = FEEDS[1].1;
    open_packed(&shared(path), &Limits::default()).unwrap().read_to_string(&mut text).unwrap();
    let mut builder = EnrichmentBuilder::new();
    builder.read(EnrichmentPart::Epss, text.as_bytes(), &origin(path), &Limits::default()).unwrap();
    let enrichment = Enrichment::from_bytes(builder.compile().unwrap()).unwrap();
    for row in text.lines().skip(2).step_by(17) {
        let members: Vec<&str> = row.split(',').collect();
        let found = enrichment.epss(cve(members[0])).unwrap().unwrap();
        let expected: (f64, f64) = (members[1].parse().unwrap(), members[2].parse().unwrap());
        assert_eq!((found.probability, found.percentile), expected, "{row}");
    }
}

#[test]
fn a_part_is_kept_when_its_feed_fails() {
    let mut builder = EnrichmentBuilder::new();
    for (part, path) in FEEDS {
        read(&mut builder, part, path);
    }
    let old = Enrichment::from_bytes(builder.compile().unwrap()).unwrap();

    let mut next = EnrichmentBuilder::new();
    let (kev, path) = FEEDS[0];
    read(&mut next, kev, path);
    let broken = &b"cve,epss,percentile\nCVE-1999-0001,0.5"[..];
    let failed = next.read(EnrichmentPart::Epss, broken, &origin("epss"), &Limits::default());
    assert!(matches!(failed, Err(AdvisoryError::Malformed { .. })), "{failed:?}");
    for part in [EnrichmentPart::Epss, EnrichmentPart::CveRecords, EnrichmentPart::Nvd] {
        next.keep(part, &old).unwrap();
    }
    let next = Enrichment::from_bytes(next.compile().unwrap()).unwrap();
    assert_eq!(next.parts(), old.parts());
    assert_eq!(next.fingerprint(), old.fingerprint());
}
