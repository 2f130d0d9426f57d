//! Base scores against the lists of Red Hat's cvss library, through the reader of CVE records.

use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart};
use assay_advisory::{CveId, Enrichment, Limits};

use crate::support::{origin, read_shared};

/// Lists whose first number is the base score.
const LISTS: [&str; 7] = [
    "vectors_simple2",
    "vectors_calculator2",
    "vectors_cvsslib2",
    "vectors_simple3",
    "vectors_simple31",
    "vectors_cvsslib3",
    "vectors_simple4",
];

#[test]
fn base_scores_are_those_of_the_lists() {
    let mut rows: Vec<(String, f64)> = Vec::new();
    for list in LISTS {
        for line in read_shared(&format!("vectors/cvss/redhat/{list}")).lines() {
            let (vector, scores) = line.split_once(" - ").unwrap();
            let first = scores.trim_matches(['(', ')']).split(',').next().unwrap();
            rows.push((vector.to_owned(), first.parse().unwrap()));
        }
    }
    assert!(rows.len() > 7000, "{} rows", rows.len());
    let id = |index: usize| format!("CVE-2024-{}", 10_000 + index);
    let records: Vec<String> = rows.iter().enumerate().map(|(index, row)| record(&id(index), &row.0)).collect();
    let mut builder = EnrichmentBuilder::new();
    let part = EnrichmentPart::CveRecords;
    let summary =
        builder.read(part, records.join("\n").as_bytes(), &origin("cve-records"), &Limits::default()).unwrap();
    assert_eq!(summary.reasons, [""; 0]);
    let enrichment = Enrichment::from_bytes(builder.compile().unwrap()).unwrap();
    for (index, (vector, expected)) in rows.iter().enumerate() {
        let ratings = enrichment.cvss(id(index).parse::<CveId>().unwrap()).unwrap();
        assert_eq!(ratings[0].score, expected.abs(), "{vector}");
        assert_eq!(ratings[0].vector, vector);
    }
}

fn record(id: &str, vector: &str) -> String {
    format!(
        r#"{{"cveMetadata":{{"cveId":"{id}","state":"PUBLISHED"}},"containers":{{"cna":{{"metrics":[
            {{"cvssV3_1":{{"vectorString":"{vector}","baseScore":0.0}}}}]}}}}}}"#
    )
}
